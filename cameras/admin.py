"""Cameras and workers for the staff: the roles in the sites decide here as everywhere. No secret is ever shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from cameras import requests, services
from cameras.admin_filters import COLOURS, StateFilter
from cameras.estimates import describe_recording
from cameras.health import health_of, with_health
from cameras.models import Camera, Request, Worker
from cameras.serializers import RequestSerializer
from project.accounts.models import Role, User
from project.admin_fields import JSONField
from project.admin_services import ByServices
from project.administration import (
    ForManagers,
    ForSuperusers,
    Page,
    ReadOnly,
    SiteFilter,
    Unlogged,
    label,
)
from project.masking import masked

if TYPE_CHECKING:
    CameraAdminBase = Page[Camera]
    WorkerAdminBase = Page[Worker]
    CameraFormBase = forms.ModelForm[Camera]
else:
    CameraAdminBase = WorkerAdminBase = Page
    CameraFormBase = forms.ModelForm


class CameraForm(CameraFormBase):
    """A camera whose sources are shown masked; as long as they are not typed anew, they stay."""

    try_budget = forms.FloatField(
        label="Try another alarm budget",
        required=False,
        widget=UnfoldAdminDecimalFieldWidget,
        min_value=0.0,
        max_value=1000.0,
        help_text="Changes nothing: what it would have done to the last days' events is said above after saving.",
    )

    class Meta:
        model = Camera
        fields = (
            *("site", "name", "source", "analysis_source", "desired_state", "alarm_budget"),
            *("analysis_fps", "live_fps", "device_class", "eye", "zones", "masks", "recording"),
        )
        widgets: ClassVar = {
            name: UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}) for name in services.SOURCE_FIELDS
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored: dict[str, str] = {name: getattr(self.instance, name) for name in services.SOURCE_FIELDS}
        for name, value in self._stored.items():
            self.initial[name] = masked(value)

    def clean_source(self) -> str:
        """What was typed, or what is stored."""
        return self._unmasked("source")

    def clean_analysis_source(self) -> str:
        """What was typed, or what is stored."""
        return self._unmasked("analysis_source")

    def _unmasked(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        if typed == masked(self._stored[name]):
            return self._stored[name]
        if services.is_masked(typed):
            raise forms.ValidationError(services.WHOLE_ADDRESS)
        return typed


@admin.register(Camera)
class CameraAdmin(ByServices, ForManagers, CameraAdminBase):
    """Cameras of the sites that one manages."""

    form = CameraForm
    formfield_overrides: ClassVar = {models.JSONField: {"form_class": JSONField}}
    list_display = ("name", "site", "state", "detail", "shown_source", "desired_state")
    list_display_links = ("name",)
    list_filter: ClassVar = [StateFilter, SiteFilter, "desired_state", "device_class", "eye"]
    search_fields = ("name", "site__name")
    list_select_related = ("site",)
    readonly_fields = ("state", "detail", "seen", "alarms_from", "last_test", "last_backtest", "recording_takes")
    actions = ("start", "stop", "relearn", "test")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Camera]:
        """Those one may change."""
        return with_health(Camera.objects.for_user(request.user, at_least=Role.MANAGER))

    def get_fieldsets(self, request: HttpRequest, obj: Camera | None = None) -> Any:
        """How it is comes first, where it is anything yet."""
        places = ("zones", "masks")
        settings = tuple(name for name in CameraForm.Meta.fields if name not in places)
        if obj is None:
            return [(None, {"fields": settings}), ("Places", {"fields": places})]
        return [
            ("Health", {"fields": ("state", "detail", "seen", "alarms_from", "last_test", "last_backtest")}),
            ("Settings", {"fields": (*settings, "recording_takes", "try_budget")}),
            ("Places", {"fields": places}),
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """And ask for a back-test, where another budget is tried."""
        budget = form.cleaned_data.pop("try_budget")
        super().save_model(request, obj, form, change)
        if change and budget is not None:
            requests.request_backtest(camera=obj, alarm_budget=budget, by=request.user)
            self.message_user(request, "Asked. In some seconds the answer is on the camera's page.", messages.INFO)

    def add(self, *, by: User, **values: Any) -> Camera:
        """In one of one's sites."""
        return services.register_camera(by=by, **values)

    def change(self, *, by: User, row: Camera, **changes: Any) -> None:
        """What differs."""
        services.change_camera(by=by, camera=row, **changes)

    def remove(self, *, by: User, row: Camera) -> None:
        """Its events stay."""
        services.remove_camera(by=by, camera=row)

    @admin.display(description="state")
    def state(self, camera: Any) -> SafeString:
        """As it is now."""
        state = health_of(camera, now=camera.database_now).state
        return label(state, COLOURS[state])

    @admin.display(description="detail")
    def detail(self, camera: Any) -> str:
        """What to know about it."""
        return health_of(camera, now=camera.database_now).detail

    @admin.display(description="pictures")
    def seen(self, camera: Any) -> str:
        """How many are looked at, and when the last one came."""
        health = health_of(camera, now=camera.database_now)
        if health.last_frame_at is None:
            return ""
        last = f"{health.last_frame_at:%Y-%m-%d %H:%M:%S} UTC"
        return f"{health.frames_per_second:.1f} a second, the last one at {last}; {health.dropped} were not looked at"

    @admin.display(description="alarms from")
    def alarms_from(self, camera: Any) -> str:
        """The threshold that holds."""
        health = health_of(camera, now=camera.database_now)
        if health.threshold is None:
            return ""
        return f"surprise {health.threshold:.2f}{', provisionally' if health.provisional else ''}"

    @admin.display(description="source")
    def shown_source(self, camera: Camera) -> str:
        """Without secrets."""
        return camera.masked_source

    @admin.display(description="last test")
    def last_test(self, camera: Camera) -> str:
        """The answer to the last connection test, with its picture."""
        return _answer(camera, Request.Kind.TEST_CONNECTION) or "none: choose the action in the list"

    @admin.display(description="last back-test")
    def last_backtest(self, camera: Camera) -> str:
        """What the alarm budget that was tried last would have changed."""
        return _answer(camera, Request.Kind.BACKTEST) or "none: try another alarm budget below"

    @admin.display(description="recording it would take")
    def recording_takes(self, camera: Camera) -> str:
        """Disk space, before it is switched on."""
        return describe_recording(camera)

    @admin.action(description="Start watching", permissions=["change"])
    def start(self, request: HttpRequest, queryset: QuerySet[Camera]) -> None:
        """Let workers run them."""
        for camera in queryset:
            services.start_camera(camera=camera, by=request.user)

    @admin.action(description="Stop watching", permissions=["change"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Camera]) -> None:
        """Let no worker run them."""
        for camera in queryset:
            services.stop_camera(camera=camera, by=request.user)

    @admin.action(description="Relearn what is normal", permissions=["change"])
    def relearn(self, request: HttpRequest, queryset: QuerySet[Camera]) -> None:
        """Let them forget what they learned."""
        for camera in queryset:
            services.relearn_camera(camera=camera, by=request.user)

    @admin.action(description="Test the connection", permissions=["change"])
    def test(self, request: HttpRequest, queryset: QuerySet[Camera]) -> None:
        """Ask a worker; the answer is on each camera's page."""
        for camera in queryset:
            requests.request_test(site=camera.site, source=camera.masked_source, camera=camera, by=request.user)
        self.message_user(request, "Asked. In some seconds the answers are on the cameras' pages.", messages.INFO)


def _answer(camera: Camera, kind: str) -> str:
    """What came of the last request of that kind, with its picture where there is one; empty where there is none."""
    last = Request.objects.filter(camera=camera, kind=kind).order_by("-created_at").first()
    if last is None:
        return ""
    text = requests.progress_of(last, now=timezone.now())
    preview = RequestSerializer(last).data["preview"]
    picture = format_html('<br><img src="{}" alt="what the camera sees" width="480">', preview) if preview else ""
    return format_html("{}: {}{}", text.state, text.message, picture)


@admin.register(Worker)
class WorkerAdmin(ReadOnly, ForSuperusers, Unlogged, WorkerAdminBase):
    """The inference workers, as they last described themselves."""

    list_display = ("name", "host", "device", "slots", "queue")
