"""The audit trail for the staff: to read, to search, to take along as a table; never to change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from project.accounts.models import Role
from project.administration import ForManagers, Page, ReadOnly, SiteFilter, SpanFilter, Unlogged, label
from project.audit.exports import export_csv
from project.audit.log_ins import BLOCKED, FAILED
from project.audit.models import AuditEntry, AuditQuerySet
from project.audit.serializers import from_json
from project.audit.views import as_attachment

if TYPE_CHECKING:
    Admin = Page[AuditEntry]
else:
    Admin = Page

MOST_CHOICES = 200
_COLOURS = {FAILED: "warning", BLOCKED: "danger"}
_BY_END = {"removed": "danger", "dismissed": "warning", "stopped": "warning", "registered": "success"}


class ChoiceFilter(admin.SimpleListFilter):
    """What there is, as far as the one who asks may see it."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each value once."""
        seen = model_admin.get_queryset(request).order_by(self.column).values_list(self.column, flat=True)
        return [(str(value), str(value)) for value in seen.distinct()[:MOST_CHOICES] if value]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """With the chosen value."""
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class ActionFilter(ChoiceFilter):
    """What was done."""

    title, parameter_name, column = "action", "action", "action"


class PersonFilter(ChoiceFilter):
    """Who did it."""

    title, parameter_name, column = "who", "who", "user_name"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ForManagers, Unlogged, Admin):
    """Who did what: of the sites that one manages; all of it for superusers."""

    list_display = ("number", "at", "shown_action", "who", "target_name", "site_name", "address", "way")
    list_display_links = ("number", "at")
    list_filter: ClassVar = [ActionFilter, PersonFilter, SiteFilter, "way", ("at", SpanFilter)]
    list_filter_submit = True
    search_fields = ("user_name", "target_name", "target_id", "address", "request_id", "details")
    search_help_text = "Person, what it was done to or its id, address, request id, details"
    ordering = ("-number",)
    show_full_result_count = False
    list_per_page = 50
    actions = ("as_table",)
    fieldsets = (
        (None, {"fields": ("number", "at", "shown_action", "who", "site_name", "target", "what_changed", "more")}),
        ("From where", {"fields": ("address", "way", "request_id")}),
        ("Chain", {"fields": ("previous", "digest")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """As over REST."""
        return cast("QuerySet[AuditEntry]", AuditEntry.objects.for_user(request.user, at_least=Role.MANAGER))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Also by what it was done to, as the history of a thing asks."""
        return lookup == "target_id" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Which entries, `get_queryset` says."""
        return self.has_module_permission(request)

    @admin.display(description="action", ordering="action")
    def shown_action(self, entry: AuditEntry) -> SafeString:
        """What was done."""
        colour = _COLOURS.get(entry.action) or _BY_END.get(entry.action.rpartition(".")[2], "")
        return label(entry.action, colour)

    @admin.display(description="who", ordering="user_name")
    def who(self, entry: AuditEntry) -> str:
        """Nobody is named where Vigil did it, or a stranger tried."""
        return entry.user_name or ("Vigil" if entry.way == "system" else "somebody")

    @admin.display(description="what it was done to")
    def target(self, entry: AuditEntry) -> str:
        """Its name at that time, kind and id."""
        return f"{entry.target_name} ({entry.target_kind} {entry.target_id})" if entry.target_kind else ""

    @admin.display(description="what changed")
    def what_changed(self, entry: AuditEntry) -> SafeString:
        """From what to what."""
        rows = [f"{name}: {_short(old)} → {_short(new)}" for name, (old, new) in from_json(entry.changes).items()]
        return _lines(rows)

    @admin.display(description="details")
    def more(self, entry: AuditEntry) -> SafeString:
        """What else is known."""
        return _lines([f"{name}: {_short(value)}" for name, value in from_json(entry.details).items()])

    @admin.action(description="Take along as a table (CSV)", permissions=["view"])
    def as_table(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> HttpResponse:
        """That it was taken is in the trail itself."""
        return as_attachment(export_csv(entries=cast(AuditQuerySet, queryset), by=request.user))


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(rows: list[str]) -> SafeString:
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', "\n".join(rows)) if rows else SafeString("-")
