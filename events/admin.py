"""Events for the staff: evidence to read, filter and, with the right, remove; never to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.models import Camera
from events.models import Event, EventTransition
from events.retention import remove_events
from project.accounts.rights import sites_of

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Event]
    Inline = admin.TabularInline[EventTransition, Event]
else:  # Django's own are not generic
    Admin, Inline = admin.ModelAdmin, admin.TabularInline


class Evidence:
    """Nobody adds or changes it here: events change by what workers write and people decide."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


class TransitionInline(Evidence, Inline):
    """The timeline, oldest first."""

    model = EventTransition
    fields = ("sequence", "kind", "old_status", "new_status", "at", "by", "note", "score")
    readonly_fields = fields
    ordering = ("sequence",)
    can_delete = False
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventTransition]:
        """With the names of those who decided."""
        return super().get_queryset(request).select_related("by")


class SiteFilter(admin.SimpleListFilter):
    """The sites of the one who asks."""

    title = "site"
    parameter_name = "site"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Names by id."""
        return [(str(pk), name) for pk, name in sites_of(request.user).values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Of the chosen one, as far as it is one of these."""
        chosen = {pk: pk for pk, _ in self.lookup_choices}.get(self.value() or "")
        return queryset.filter(**{self.parameter_name: chosen}) if chosen else queryset


class CameraFilter(SiteFilter):
    """The cameras of the one who asks."""

    title = "camera"
    parameter_name = "camera"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Names by id."""
        cameras = Camera.objects.for_user(request.user).order_by("name")
        return [(str(pk), name) for pk, name in cameras.values_list("pk", "name")]


@admin.register(Event)
class EventAdmin(Evidence, Admin):
    """What the cameras saw, of the sites of the one who asks."""

    list_display = ("started_at", "camera", "site", "category", "severity", "status", "score", "ended_at", "flagged")
    list_filter = ("status", "severity", "flagged", CameraFilter, SiteFilter, "started_at")
    list_select_related = ("camera", "site")
    ordering = ("-started_at", "-id")
    show_full_result_count = False
    inlines: ClassVar = [TransitionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """As `for_user` has it everywhere."""
        return cast("QuerySet[Event]", Event.objects.for_user(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """As Django says; but evidence is unflagged first."""
        return super().has_delete_permission(request, obj) and not (obj and obj.flagged)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Whoever may delete an event deletes its timeline with it; to alter that alone is nobody's right."""
        lost = [str(event) for event in objs]
        needed = set() if self.has_delete_permission(request) else {str(Event._meta.verbose_name)}
        return lost, {str(Event._meta.verbose_name_plural): len(lost)}, needed, []

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        """With its files."""
        remove_events([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """With their files."""
        remove_events(list(queryset.values_list("pk", flat=True)))
