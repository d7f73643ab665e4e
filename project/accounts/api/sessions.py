"""Where I am logged in, and how to end it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth import logout
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from project.accounts import log_ins
from project.accounts.api.access import ManagesAccount, person, session_key
from project.accounts.models import LogIn

DONE = OpenApiResponse(description="Done.")


class PlaceSerializer(serializers.Serializer[Any]):
    """Where I am logged in."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["browser", "script"], help_text="A session, or a pair of tokens.")
    address = serializers.IPAddressField()
    user_agent = serializers.CharField(help_text="What the browser or script calls itself.")
    created_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(help_text="To the minute.")
    current = serializers.BooleanField(help_text="Whether this is the session that asks.")


class PlacePageSerializer(serializers.Serializer[Any]):
    """All of them on one page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PlaceSerializer(many=True)


class PlaceViewSet(ManagesAccount, viewsets.GenericViewSet[LogIn]):
    """My sessions and those of my scripts. API keys are listed under `auth/keys`."""

    queryset = LogIn.objects.none()
    pagination_class = None

    @extend_schema(responses=forced_singular_serializer(PlacePageSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """Where I am logged in, the place seen last first."""
        places = log_ins.places_of(person(request), session_key=session_key(request))
        return Response({"next": None, "previous": None, "results": PlaceSerializer(places, many=True).data})

    @extend_schema(responses={204: DONE})
    def destroy(self, request: Request, pk: str) -> Response:
        """Log me out there, at once."""
        log_ins.end_log_in(user=person(request), id=uuid.UUID(pk))
        return Response(status=204)


class LogOutEverywhereView(ManagesAccount, APIView):
    """For who has lost a device, or fears so."""

    @extend_schema(request=None, responses={204: DONE})
    def post(self, request: Request) -> Response:
        """End all my sessions, tokens and API keys, this one too."""
        log_ins.end_everywhere(user=person(request))
        if session_key(request):
            logout(request._request)
        return Response(status=204)
