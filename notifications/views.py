"""Channels, rules and snoozes over REST: whose they are decides who sees them, the role who changes them."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from cameras.models import Camera
from cameras.views import UUID
from events.filters import WholeNumberFilter
from notifications import services
from notifications.first_rule import ensure_first_rules
from notifications.models import Channel, Rule, Snooze
from notifications.serializers import ChannelSerializer, DeliverySerializer, RuleSerializer, SnoozeSerializer
from project.accounts.api.access import NotByKey, is_by_key
from project.accounts.attempts import guess_at
from project.accounts.models import Role, User
from project.accounts.permissions import ManagersChange, OperatorsChange, require
from project.accounts.rights import sites_of
from project.accounts.throttles import refuse_too_many
from project.pagination import ByName, NewestFirst


class SiteFilter(django_filters.FilterSet):
    """By site. One that is not the asker's has nothing, like one that does not exist."""

    site = WholeNumberFilter(field_name="site_id")


class ChannelViewSet(viewsets.ModelViewSet[Channel]):
    """My own channels, and those of the sites that I manage."""

    serializer_class = ChannelSerializer
    permission_classes = (IsAuthenticated,)
    pagination_class = ByName
    filterset_class = SiteFilter
    lookup_value_regex = UUID
    queryset = Channel.objects.none()

    def get_queryset(self) -> QuerySet[Channel]:
        """A site's channels say where its alarms go: for its managers. An API key does not reach personal ones."""
        managed = Q(site__in=sites_of(self.request.user, at_least=Role.MANAGER))
        mine = Q() if is_by_key(self.request) else Q(user=cast(User, self.request.user))
        return Channel.objects.filter(mine | managed)

    def perform_create(self, serializer: Any) -> None:
        """Add a channel of my own or, with `site`, of a site that I manage."""
        if site := serializer.validated_data.get("site"):
            require(Role.MANAGER, site.pk, self.request)
        elif is_by_key(self.request):
            raise PermissionDenied(NotByKey.message)
        serializer.instance = services.add_channel(by=cast(User, self.request.user), **serializer.validated_data)

    def perform_update(self, serializer: Any) -> None:
        """Change a channel. A masked secret that is sent back stays; switched on, it is tried again."""
        by = cast(User, self.request.user)
        services.change_channel(by=by, channel=serializer.instance, **serializer.validated_data)

    def perform_destroy(self, instance: Channel) -> None:
        """Remove a channel."""
        services.remove_channel(by=cast(User, self.request.user), channel=instance)

    @extend_schema(request=None, responses=DeliverySerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Send a test message now; `state` and `error` of the answer say what became of it."""
        user, channel = cast(User, request.user), self.get_object()
        refuse_too_many(guess_at(request._request, user.username, what="test of a channel"))
        delivery = services.try_channel(by=user, channel=channel)
        return Response(DeliverySerializer(delivery).data)


class RuleViewSet(viewsets.ModelViewSet[Rule]):
    """The rules of my sites."""

    serializer_class = RuleSerializer
    permission_classes = (IsAuthenticated, ManagersChange)
    pagination_class = ByName
    filterset_class = SiteFilter
    lookup_value_regex = UUID
    queryset = Rule.objects.none()

    def get_queryset(self) -> QuerySet[Rule]:
        """With what their representation shows; each site has its first rule by then."""
        ensure_first_rules(sites_of(self.request.user))
        rules: QuerySet[Rule] = Rule.objects.for_user(self.request.user)
        return rules.select_related("site").prefetch_related("cameras", "people", "channels")

    def perform_create(self, serializer: Any) -> None:
        """Add a rule to a site that I manage, as the serializer saw to."""
        serializer.instance = services.add_rule(by=cast(User, self.request.user), **serializer.validated_data)

    def perform_update(self, serializer: Any) -> None:
        """Change a rule."""
        services.change_rule(by=cast(User, self.request.user), rule=serializer.instance, **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=serializer.instance.pk)

    def perform_destroy(self, instance: Rule) -> None:
        """Remove a rule."""
        services.remove_rule(by=cast(User, self.request.user), rule=instance)


class SnoozeViewSet(
    mixins.ListModelMixin, mixins.CreateModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet[Snooze]
):
    """What is not told for a while, in my sites."""

    serializer_class = SnoozeSerializer
    permission_classes = (IsAuthenticated, OperatorsChange)
    pagination_class = NewestFirst
    filterset_class = SiteFilter
    lookup_value_regex = UUID
    queryset = Snooze.objects.none()

    def get_queryset(self) -> QuerySet[Snooze]:
        """Those that run."""
        return services.running_snoozes().for_user(self.request.user).select_related("by", "camera", "rule")

    def perform_create(self, serializer: Any) -> None:
        """Tell nothing of a camera, or by a rule, for some minutes."""
        asked, user = serializer.validated_data, cast(User, self.request.user)
        wanted: dict[str, Any] = {}
        if asked.get("camera_id"):
            wanted["camera"] = get_object_or_404(Camera.objects.for_user(user), pk=asked["camera_id"])
        if asked.get("rule_id"):
            wanted["rule"] = get_object_or_404(Rule.objects.for_user(user), pk=asked["rule_id"])
        for row in wanted.values():
            require(Role.OPERATOR, row.site_id, self.request)
        serializer.instance = services.snooze(by=user, until=asked["until"], **wanted)

    def perform_destroy(self, instance: Snooze) -> None:
        """Tell again."""
        services.end_snooze(by=cast(User, self.request.user), snooze=instance)
