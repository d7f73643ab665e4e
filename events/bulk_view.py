"""Many events decided at once, over REST."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from events.bulk import ACTIONS, MOST, Outcome, decide_events
from project.accounts.models import User
from project.accounts.permissions import OperatorsSomewhere


class BulkSerializer(serializers.Serializer[Any]):
    """What to do with which events."""

    action = serializers.ChoiceField(choices=list(ACTIONS))
    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DecidedSerializer(serializers.Serializer[Any]):
    """One event and what became of it."""

    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    message = serializers.CharField(allow_blank=True, help_text="For people, where it was not done.")


class BulkResultSerializer(serializers.Serializer[Any]):
    """Each event that was named, once, in the order given."""

    results = DecidedSerializer(many=True)


class BulkView(APIView):
    """For a night's worth of alarms."""

    permission_classes = (IsAuthenticated, OperatorsSomewhere)

    @extend_schema(
        summary="Acknowledge, resolve or dismiss up to 200 events",
        operation_id="events_bulk",
        request=BulkSerializer,
        responses={200: BulkResultSerializer},
    )
    def post(self, request: Request) -> Response:
        """Each event is decided on its own: the answer says of each what became of it."""
        asked = BulkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        action, ids, note = (asked.validated_data[name] for name in ("action", "ids", "note"))
        decided = decide_events(action=action, event_ids=ids, by=cast(User, request.user), note=note)
        return Response(BulkResultSerializer({"results": decided}).data)
