"""The members of a site, for its managers."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from project.accounts import attempts, members
from project.accounts.api.access import ManagesAccount, managed_site, person
from project.accounts.api.fields import RoleField
from project.accounts.models import Membership
from project.accounts.rights import sites_of
from project.accounts.throttles import refuse_too_many
from project.pagination import ByName


class MemberSerializer(serializers.Serializer[Any]):
    """Somebody with a role in the site."""

    user = serializers.IntegerField(source="user_id", read_only=True)
    username = serializers.CharField(max_length=150)
    role = RoleField()


class RoleSerializer(serializers.Serializer[Any]):
    """Another role."""

    role = RoleField()


class ByUserName(ByName):
    """Members in the order of their names."""

    ordering = ("username", "id")


class MemberViewSet(ManagesAccount, mixins.ListModelMixin, viewsets.GenericViewSet[Membership]):
    """Who works at the site. Managers see and change it; everybody may leave."""

    serializer_class = MemberSerializer
    pagination_class = ByUserName
    lookup_field = "user_id"
    queryset = Membership.objects.none()

    def get_queryset(self) -> QuerySet[Membership]:
        """The members of a site that the asker manages."""
        if getattr(self, "swagger_fake_view", False):
            return Membership.objects.none()
        rows = Membership.objects.select_related("user").annotate(username=F("user__username"))
        return rows.filter(site=managed_site(self.request, self.kwargs["site_id"]))

    @extend_schema(request=MemberSerializer, responses={201: MemberSerializer})
    def create(self, request: Request, site_id: str) -> Response:
        """Add a user by name. Who cannot be added is not told apart from who does not exist."""
        site = managed_site(request, site_id)
        asked = MemberSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        guess = attempts.guess_at(request._request, person(request).username, what="add member")
        refuse_too_many(guess)
        added = members.add_member(site=site, by=person(request), **asked.validated_data)
        attempts.take_back(guess)
        return Response(MemberSerializer(self.get_queryset().get(pk=added.pk)).data, status=201)

    @extend_schema(request=RoleSerializer, responses=MemberSerializer)
    def partial_update(self, request: Request, site_id: str, user_id: str) -> Response:
        """Change somebody's role; it counts at once."""
        member = self.get_object()
        asked = RoleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        members.change_role(membership=member, role=asked.validated_data["role"], by=person(request))
        return Response(MemberSerializer(member).data)

    @extend_schema(responses={204: OpenApiResponse(description="Done.")})
    def destroy(self, request: Request, site_id: str, user_id: str) -> Response:
        """Remove somebody, or leave; it counts at once."""
        member = self._mine() if user_id == str(person(request).pk) else self.get_object()
        members.remove_member(membership=member, by=person(request))
        return Response(status=204)

    def _mine(self) -> Membership:
        """Of the asker, in a site that they see."""
        sites = sites_of(self.request.user)
        mine = Membership.objects.filter(user=person(self.request), site__in=sites, site=self.kwargs["site_id"])
        found = mine.first()
        return found if found is not None else self.get_object()
