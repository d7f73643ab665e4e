"""What all pages of the administration have in common: their look, who sees them, and that they keep no history.

Who did what is in the audit trail; Django's own history would be a second one that can be changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter

from project.accounts.models import Role, User
from project.accounts.rights import role_in, sees_every_site, sites_of

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Page
    from django.contrib.admin import StackedInline, TabularInline
else:
    from unfold.admin import ModelAdmin as Page
    from unfold.admin import StackedInline, TabularInline

__all__ = [
    "ForManagers",
    "ForSuperusers",
    "Page",
    "ReadOnly",
    "SiteFilter",
    "StackedInline",
    "TabularInline",
    "Unlogged",
]

COLOURS = ("success", "info", "warning", "danger")
TRAIL = "admin:audit_auditentry_changelist"
_MANAGES = "_manages_something"
"""Of the user of one request, as what was found is kept."""


class Unlogged:
    """A page without Django's history: what is written is recorded in the audit trail by the services."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """In the trail."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """In the trail."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """In the trail."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the trail knows of it."""
        return redirect(f"{reverse(TRAIL)}?target_id={object_id}")


class ReadOnly:
    """Nobody adds, changes or deletes it here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


class ForSuperusers:
    """Whoever could change people could make a superuser of themselves: other staff do not see these pages."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return sees_every_site(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers, whatever Django's own permissions say."""
        return sees_every_site(request.user)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class ForManagers:
    """Staff see and change what belongs to the sites that they manage: roles decide here as everywhere."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Staff that manage a site."""
        return manages_something(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of its site."""
        return self._manages(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of a site."""
        return manages_something(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of its site."""
        return self._manages(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of its site."""
        return self._manages(request, obj)

    def _manages(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return manages_something(request.user)
        return role_in(obj.site_id, request.user) >= Role.MANAGER


class SiteFilter(admin.SimpleListFilter):
    """The sites that one manages."""

    title = "site"
    parameter_name = "site"
    column = "site_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Names by id."""
        sites = sites_of(request.user, at_least=Role.MANAGER)
        return [(str(pk), name) for pk, name in sites.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Of the chosen one, as far as it is one of these."""
        chosen = {pk: pk for pk, _ in self.lookup_choices}.get(self.value() or "")
        return queryset.filter(**{self.column: chosen}) if chosen else queryset


class SpanFilter(RangeDateTimeFilter):  # type: ignore[misc]
    """From when until when, in UTC; what is no time is as if it had not been given."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The rows of that span."""
        for end, lookup in (("from", "gte"), ("to", "lte")):
            day, hour = (self.used_parameters.get(f"{self.parameter_name}_{end}_{part}") for part in (0, 1))
            try:
                moment = parse_datetime(f"{day}T{hour or '00:00'}")
            except ValueError:
                continue
            if moment is not None:
                queryset = queryset.filter(**{f"{self.parameter_name}__{lookup}": moment.replace(tzinfo=UTC)})
        return queryset


def manages_something(user: Any) -> bool:
    """Whether there is anything to manage for the user; each page asks it for each in the side bar, so it is kept."""
    if not hasattr(user, _MANAGES):
        found = sees_every_site(user, at_least=Role.MANAGER) or sites_of(user, at_least=Role.MANAGER).exists()
        setattr(user, _MANAGES, found)
    return bool(getattr(user, _MANAGES))


def label(text: str, colour: str = "") -> SafeString:
    """A coloured word; `colour` is one of COLOURS, or none."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colour})


def navigation(request: HttpRequest) -> Sequence[dict[str, Any]]:
    """The pages that this person may open, for the side bar."""
    assert isinstance(request.user, User)
    groups = [
        {
            "title": app["name"],
            "items": [
                {
                    "title": model["name"],
                    "icon": _ICONS.get(model["object_name"], "database"),
                    "link": model["admin_url"],
                }
                for model in app["models"]
                if model["admin_url"]
            ],
        }
        for app in admin.site.get_app_list(request)
    ]
    overview = {"title": "Overview", "icon": "dashboard", "link": reverse("admin:index")}
    return [{"items": [overview]}, *groups]


_ICONS = {
    "AuditEntry": "history",
    "Camera": "videocam",
    "Channel": "send",
    "Delivery": "outgoing_mail",
    "Event": "notifications_active",
    "RetentionPolicy": "auto_delete",
    "Rule": "rule",
    "Site": "location_on",
    "Snooze": "snooze",
    "Token": "key",
    "User": "group",
    "Worker": "memory",
}
