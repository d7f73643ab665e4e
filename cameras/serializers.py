"""Cameras and what is asked about them, as the API shows and takes them. Sources leave masked, always."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from cameras.health import STATES, health_of
from cameras.models import Camera, Request
from cameras.requests import progress_of
from project.accounts.models import Site
from project.accounts.rights import sites_of
from project.masking import masked

_corner = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)
_polygon = serializers.ListField(child=_corner, min_length=3)
_zone = inline_serializer(
    "Zone",
    {
        "name": serializers.CharField(),
        "kind": serializers.ChoiceField(choices=["watch", "ignore"]),
        "polygon": _polygon,
    },
    many=True,
)


@extend_schema_field(_zone)
class ZonesField(serializers.JSONField):
    """Checked by the model's validator."""


@extend_schema_field(serializers.ListField(child=_polygon))
class MasksField(serializers.JSONField):
    """Checked by the model's validator."""


class SourceField(serializers.CharField):
    """Shown masked. Sent back as it was shown, it keeps what is stored; what may be stored, the service decides."""

    def to_representation(self, value: str) -> str:
        """Without secrets."""
        return masked(value)


@extend_schema_field(serializers.IntegerField())
class MySites(serializers.PrimaryKeyRelatedField[Site]):
    """A site that the asker may see; any other does not exist."""

    def get_queryset(self) -> Any:
        """The asker's sites."""
        return sites_of(self.context["request"].user)


class HealthSerializer(serializers.Serializer[Any]):
    """How a camera is."""

    state = serializers.ChoiceField(choices=STATES)
    since = serializers.DateTimeField()
    detail = serializers.CharField(help_text="Plain English: what is wrong, and often what to do.")
    progress = serializers.FloatField(help_text="Of learning, 0..1.")
    frames_per_second = serializers.FloatField()
    last_frame_at = serializers.DateTimeField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True, help_text="Surprise from which on it alarms.")
    provisional = serializers.BooleanField(
        help_text="Too little history to promise the alarm budget: some alarms may be false, some be held back."
    )
    trusted_in_seconds = serializers.FloatField(
        allow_null=True, help_text="Of normal footage, until the threshold is no longer provisional."
    )


class CameraSerializer(serializers.ModelSerializer[Camera]):
    """A camera with its health."""

    site = MySites()
    source = SourceField(  # type: ignore[assignment]
        max_length=2000, help_text="rtsp(s)://, http(s):// or a file below the footage folder."
    )
    analysis_source = SourceField(max_length=2000, allow_blank=True, required=False)
    zones = ZonesField(required=False)
    masks = MasksField(required=False)
    health = serializers.SerializerMethodField()

    class Meta:
        model = Camera
        fields: ClassVar = [
            *("id", "site", "name", "source", "analysis_source", "analysis_fps", "live_fps", "device_class"),
            *(
                "desired_state",
                "alarm_budget",
                "eye",
                "zones",
                "masks",
                "recording",
                "health",
                "created_at",
                "updated_at",
            ),
        ]
        read_only_fields: ClassVar = ["id", "health", "created_at", "updated_at"]
        validators: ClassVar[
            list[Any]
        ] = []  # names are compared by the service, which also wins the race between two askers

    @extend_schema_field(HealthSerializer)
    def get_health(self, camera: Any) -> dict[str, Any]:
        """Derived; the view has read the camera with `with_health`."""
        return dict(HealthSerializer(health_of(camera, now=camera.database_now)).data)

    def validate_site(self, site: Site) -> Site:
        """A camera stays where it is: its events, and who may see them, belong to the site."""
        if self.instance is not None and site != self.instance.site:
            raise serializers.ValidationError("A camera cannot move to another site: remove it here and add it there.")
        return site


class TestSerializer(serializers.Serializer[Any]):
    """What to test: a new source, or that of a camera whose masked source is sent back."""

    site = MySites()
    source = serializers.CharField(max_length=2000)  # type: ignore[assignment]
    camera = serializers.UUIDField(required=False, allow_null=True)


class BacktestResultSerializer(serializers.Serializer[Any]):
    """What a change would have done in the last days."""

    events_now = serializers.IntegerField(help_text="Events that there were, false alarms aside.")
    would_vanish = serializers.IntegerField(help_text="Of those.")
    would_appear = serializers.IntegerField(help_text="Beside those.")
    days = serializers.FloatField(help_text="Of scores that it was tested on.")
    threshold_now = serializers.FloatField()
    threshold_then = serializers.FloatField()


class RequestSerializer(serializers.ModelSerializer[Request]):
    """A question to a worker, and its answer when there is one."""

    state = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    preview = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta:
        model = Request
        fields: ClassVar = ["id", "kind", "state", "progress", "message", "preview", "result"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Request.State.choices))
    def get_state(self, request: Request) -> str:
        """waiting, running, done or failed."""
        return progress_of(request, now=timezone.now()).state

    def get_progress(self, request: Request) -> float:
        """0..1."""
        return progress_of(request, now=timezone.now()).progress

    def get_message(self, request: Request) -> str:
        """What was found, or exactly what is wrong."""
        return progress_of(request, now=timezone.now()).message

    def get_preview(self, request: Request) -> str | None:
        """A JPEG as a data: address."""
        if not request.preview:
            return None
        return "data:image/jpeg;base64," + base64.b64encode(bytes(request.preview)).decode()

    @extend_schema_field(BacktestResultSerializer(allow_null=True))
    def get_result(self, request: Request) -> dict[str, float] | None:
        """Of a back-test that is done."""
        result: dict[str, float] | None = request.result
        return result
