"""The audit trail for the staff: to read, to search, to take along as a table; never to change."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.paginator import InfinitePaginator

from project.accounts.models import Membership, Role, User
from project.accounts.rights import sees_every_site, sites_of
from project.administration import ForManagers, Page, ReadOnly, SiteFilter, SpanFilter, Unlogged, label
from project.audit import origin
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


class ActionFilter(admin.SimpleListFilter):
    """What was done."""

    title, parameter_name = "action", "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each once, by one look into the index a value: DISTINCT would read every row."""
        found: list[str] = []
        while len(found) < MOST_CHOICES:
            rest = AuditEntry.objects.filter(action__gt=found[-1] if found else "").order_by("action")
            action = rest.values_list("action", flat=True).first()
            if action is None:
                break
            found.append(action)
        return [(action, action) for action in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """All that did the chosen thing."""
        return queryset.filter(action=self.value()) if self.value() else queryset


class PersonFilter(admin.SimpleListFilter):
    """Who did it. The people are asked, who are few, and not the trail, which is long."""

    title, parameter_name = "who", "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All of one's sites; who else did something there is found by the search."""
        people = User.objects.order_by("username")
        if not sees_every_site(request.user):
            mine = Membership.objects.filter(site__in=sites_of(request.user, at_least=Role.MANAGER))
            people = people.filter(pk__in=mine.values("user"))
        return [(name, name) for name in people.values_list("username", flat=True)[:MOST_CHOICES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Of the chosen person, whatever they were called then."""
        if not self.value():
            return queryset
        return queryset.filter(user_id__in=User.objects.filter(username=self.value()).values("pk"))


class WayFilter(admin.SimpleListFilter):
    """How they came in."""

    title, parameter_name = "way", "way"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All there are."""
        return [(way, way) for way in (origin.SESSION, origin.TOKEN, origin.ADMIN, origin.SYSTEM)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Those that came that way."""
        return queryset.filter(way=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ForManagers, Unlogged, Admin):
    """Who did what: of the sites that one manages; all of it for superusers."""

    list_display = ("number", "when", "shown_action", "who", "what", "where", "address", "way")
    list_display_links = ("number", "when")
    list_filter: ClassVar = [ActionFilter, PersonFilter, SiteFilter, WayFilter, ("at", SpanFilter)]
    list_filter_submit = True
    search_fields = ("user_name", "target_name", "^target_id", "^address", "^request_id", "details")
    search_help_text = "Person, what it was done to, details; how its id, the address or the request id begins"
    ordering = ("-number",)
    sortable_by = ()  # there is no index for other orders
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = InfinitePaginator
    list_per_page = 50
    actions = ("as_table",)
    fieldsets = (
        (None, {"fields": ("number", "when", "shown_action", "who", "where", "target", "what_changed", "more")}),
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

    @admin.display(description="at (UTC)", ordering="at")
    def when(self, entry: AuditEntry) -> SafeString:
        """To the second, in one line."""
        moment = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        return format_html('<span class="whitespace-nowrap">{}</span>', moment)

    @admin.display(description="what", ordering="target_name")
    def what(self, entry: AuditEntry) -> str:
        """What it was done to, as it was called."""
        return entry.target_name

    @admin.display(description="site", ordering="site_name")
    def where(self, entry: AuditEntry) -> str:
        """As the site was called."""
        return entry.site_name

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
