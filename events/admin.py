"""Events for the staff: evidence to look at, to filter and, by superusers, to remove; never to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cameras.models import Camera
from events.admin_retention import RetentionPolicyAdmin
from events.models import Event, EventTransition
from events.records import HEAT, USUAL
from events.retention import remove_by_hand
from project.accounts.models import Role
from project.accounts.rights import sees_every_site
from project.administration import ForManagers, Page, ReadOnly, SiteFilter, SpanFilter, TabularInline, Unlogged, label

__all__ = ["EventAdmin", "RetentionPolicyAdmin"]

if TYPE_CHECKING:
    Admin = Page[Event]
    Inline = TabularInline[EventTransition, Event]
else:
    Admin, Inline = Page, TabularInline

_SEVERITIES = {"low": "info", "medium": "warning", "high": "danger", "critical": "danger"}
_STATUSES = {"new": "danger", "acknowledged": "warning", "resolved": "success"}


class TransitionInline(ReadOnly, Inline):
    """The timeline, oldest first."""

    model = EventTransition
    fields = ("sequence", "kind", "old_status", "new_status", "at", "by", "note", "score")
    readonly_fields = fields
    ordering = ("sequence",)
    verbose_name_plural = "timeline"
    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the event."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventTransition]:
        """With the names of those who decided."""
        return super().get_queryset(request).select_related("by")


class CameraFilter(SiteFilter):
    """The cameras of the one who asks."""

    title = "camera"
    parameter_name = "camera"
    column = "camera_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Names by id."""
        cameras = Camera.objects.for_user(request.user, at_least=Role.MANAGER).order_by("name")
        return [(str(pk), name) for pk, name in cameras.values_list("pk", "name")]


@admin.register(Event)
class EventAdmin(ReadOnly, ForManagers, Unlogged, Admin):
    """What the cameras saw, of the sites that one manages."""

    list_display = (
        "started_at",
        "camera",
        "site",
        "category",
        "shown_severity",
        "shown_status",
        "score",
        "ended_at",
        "flagged",
    )
    list_filter: ClassVar = ["status", "severity", "flagged", CameraFilter, SiteFilter, ("started_at", SpanFilter)]
    list_filter_submit = True
    list_select_related = ("camera", "site")
    search_fields = ("camera__name", "category")
    ordering = ("-started_at", "-id")
    show_full_result_count = False
    inlines: ClassVar = [TransitionInline]
    fieldsets = (
        (None, {"fields": ("pictures", "film")}),
        ("Event", {"fields": ("site", "camera", "category", "shown_severity", "shown_status", "acknowledged_by")}),
        ("When", {"fields": ("started_at", "peak_at", "ended_at")}),
        ("Why", {"fields": ("score", "threshold", "provisional", "why")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """As `for_user` has it everywhere."""
        return cast("QuerySet[Event]", Event.objects.for_user(request.user, at_least=Role.MANAGER))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Evidence is removed by superusers alone; what is flagged is unflagged first."""
        return sees_every_site(request.user) and not (obj and obj.flagged)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Whoever may delete an event deletes its timeline with it; to alter that alone is nobody's right."""
        lost = [str(event) for event in objs]
        needed = set() if self.has_delete_permission(request) else {str(Event._meta.verbose_name)}
        return lost, {str(Event._meta.verbose_name_plural): len(lost)}, needed, []

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        """With its files."""
        remove_by_hand(events=[obj], by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """With their files."""
        remove_by_hand(events=list(queryset), by=request.user)

    @admin.display(description="severity", ordering="severity")
    def shown_severity(self, event: Event) -> SafeString:
        """How bad it is."""
        return label(event.severity, _SEVERITIES.get(event.severity, ""))

    @admin.display(description="status", ordering="status")
    def shown_status(self, event: Event) -> SafeString:
        """What people made of it."""
        return label(event.status, _STATUSES.get(event.status, ""))

    @admin.display(description="pictures")
    def pictures(self, event: Event) -> SafeString:
        """The peak, what was unusual in it, and what is usual; from where the API serves them."""
        names = ["snapshot"] if event.snapshot_path else []
        names += ["heat"] if event.evidence.get(HEAT) else []
        shown = [(reverse(f"event-{name}", args=[event.pk]), name) for name in names]
        for number, key in enumerate(USUAL, start=1):
            if event.evidence.get(key):
                shown.append((reverse("event-usual", args=[event.pk, number]), f"usual {number}"))
        images = format_html_join("", '<img src="{}" alt="{}" width="320" loading="lazy">', shown)
        return format_html('<div class="flex flex-wrap gap-4">{}</div>', images) if shown else SafeString("-")

    @admin.display(description="clip")
    def film(self, event: Event) -> SafeString:
        """From before to after."""
        if not event.clip_path:
            return SafeString("-")
        clip, poster = (reverse(f"event-{name}", args=[event.pk]) for name in ("clip", "snapshot"))
        # Nothing is fetched before it is played: the trail is to say who opened it, not who came past.
        return format_html('<video src="{}" poster="{}" controls preload="none" width="656"></video>', clip, poster)

    @admin.display(description="reasons")
    def why(self, event: Event) -> SafeString:
        """What explains it, in words."""
        texts = [(str(reason.get("text", "")),) for reason in event.reasons]
        return format_html_join("", "<div>{}</div>", texts) or SafeString("-")
