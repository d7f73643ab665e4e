"""What I was told, what I want to be told, and what became of it."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cameras.views import UUID
from events.filters import WholeNumberFilter
from notifications import inbox, services
from notifications.models import Delivery, InboxItem
from notifications.serializers import (
    DeliverySerializer,
    InboxItemSerializer,
    PreferenceSerializer,
    ReadSerializer,
    UnreadSerializer,
    WebPushKeySerializer,
)
from notifications.transports.vapid import public_key
from project.accounts.api.access import NotByKey, is_by_key
from project.accounts.models import Role, User
from project.accounts.rights import sites_of
from project.pagination import NewestFirst


class InboxFilter(django_filters.FilterSet):
    """Only what is unread, where asked."""

    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")


class InboxViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[InboxItem]):
    """What I was told within Vigil, the newest first."""

    serializer_class = InboxItemSerializer
    permission_classes = (IsAuthenticated, NotByKey)
    pagination_class = NewestFirst
    filterset_class = InboxFilter
    queryset = InboxItem.objects.none()

    def get_queryset(self) -> QuerySet[InboxItem]:
        """Mine, of sites that I may still see."""
        return inbox.inbox_of(cast(User, self.request.user))

    @extend_schema(responses=UnreadSerializer)
    @action(detail=False, filterset_class=None, pagination_class=None)
    def unread(self, request: Request) -> Response:
        """How many are unread."""
        return self._unread()

    @extend_schema(request=ReadSerializer, responses=UnreadSerializer)
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        """These are read, or all where none is named; ids that are not mine change nothing."""
        asked = ReadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        inbox.mark_read(user=cast(User, request.user), ids=asked.validated_data.get("ids"))
        return self._unread()

    def _unread(self) -> Response:
        return Response({"unread": self.get_queryset().filter(read_at=None).count()})


class PreferenceView(APIView):
    """What I want to be told, and when not."""

    permission_classes = (IsAuthenticated, NotByKey)

    @extend_schema(operation_id="notifications_preferences", responses=PreferenceSerializer)
    def get(self, request: Request) -> Response:
        """As set, or as it is for who has set nothing."""
        return Response(PreferenceSerializer(services.preference_of(cast(User, request.user))).data)

    @extend_schema(
        operation_id="notifications_change_preferences", request=PreferenceSerializer, responses=PreferenceSerializer
    )
    def patch(self, request: Request) -> Response:
        """Change some of it."""
        asked = PreferenceSerializer(services.preference_of(cast(User, request.user)), data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        changed = services.change_preference(by=cast(User, request.user), **asked.validated_data)
        return Response(PreferenceSerializer(changed).data)


class WebPushKeyView(APIView):
    """The key with which a browser subscribes."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="notifications_web_push_key", responses=WebPushKeySerializer)
    def get(self, request: Request) -> Response:
        """`applicationServerKey` of PushManager.subscribe; what that gives becomes the target of a web_push channel."""
        return Response({"public_key": public_key()})


class DeliveryFilter(django_filters.FilterSet):
    """By site, state or channel."""

    site = WholeNumberFilter(field_name="site_id")
    state = django_filters.ChoiceFilter(choices=Delivery.State.choices)
    channel = django_filters.UUIDFilter(field_name="channel_id")


class DeliveryViewSet(viewsets.ReadOnlyModelViewSet[Delivery]):
    """What became of each message to me, and of all those of the sites that I manage."""

    serializer_class = DeliverySerializer
    permission_classes = (IsAuthenticated,)
    pagination_class = NewestFirst
    filterset_class = DeliveryFilter
    lookup_value_regex = UUID
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        """Mine, and my sites' where I am a manager; an API key does not reach what is personal."""
        user: Any = self.request.user
        managed = Q(site__in=sites_of(user, at_least=Role.MANAGER))
        visible = managed if is_by_key(self.request) else managed | _mine(user)
        return Delivery.objects.filter(visible).select_related("recipient", "channel").prefetch_related("tries")


def _mine(user: Any) -> Q:
    return Q(recipient=user) & (Q(site=None) | Q(site__in=sites_of(user)))
