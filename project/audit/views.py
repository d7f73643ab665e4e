"""The audit trail over REST, for managers as far as their sites go, for superusers whole."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from project.accounts.models import Role
from project.accounts.rights import sees_every_site, sites_of
from project.audit.exports import MOST_ROWS, export_csv
from project.audit.filters import AuditFilter
from project.audit.models import AuditEntry, AuditQuerySet
from project.audit.serializers import AuditEntrySerializer
from project.pagination import NewestFirst, is_number


class ManagersRead(BasePermission):
    """Whoever manages a site reads what was done there."""

    message = "Only managers of a site may see its audit trail."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Of any site."""
        user = request.user
        return sees_every_site(user, at_least=Role.MANAGER) or sites_of(user, at_least=Role.MANAGER).exists()


class NewestNumberFirst(NewestFirst):
    """Pages in the order of the chain."""

    ordering = ("-number",)

    def is_position(self, text: str, request: Request) -> bool:
        """A number of an entry."""
        return is_number(text)


@extend_schema_view(list=extend_schema(summary="What was done in the sites that I manage, the newest first"))
class AuditViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AuditEntry]):
    """Who did what, when and from where. Nothing of it can be changed."""

    serializer_class = AuditEntrySerializer
    permission_classes = (IsAuthenticated, ManagersRead)
    pagination_class = NewestNumberFirst
    filterset_class = AuditFilter
    queryset = AuditEntry.objects.none()

    def get_queryset(self) -> QuerySet[AuditEntry]:
        """Of the sites one manages; log-ins and the like, which belong to no site, are for superusers."""
        entries: QuerySet[AuditEntry] = AuditEntry.objects.for_user(self.request.user, at_least=Role.MANAGER)
        return entries

    @extend_schema(
        summary=f"The same as a table for spreadsheets, the newest {MOST_ROWS:,} entries",
        responses={(200, "text/csv"): OpenApiTypes.BINARY},
    )
    @action(detail=False, url_path=r"export\.csv", pagination_class=None)
    def export(self, request: Request) -> HttpResponse:
        """That it was taken is in the trail itself."""
        entries = cast(AuditQuerySet, self.filter_queryset(self.get_queryset()))
        return as_attachment(export_csv(entries=entries, by=request.user))


def as_attachment(table: bytes) -> HttpResponse:
    """The table as a file to keep."""
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "private, no-store"}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)
