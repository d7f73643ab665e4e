"""How recordings and what is kept for how long look outside."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from events.models import Recording, RetentionPolicy
from events.moments import DAYS, MOMENTS

BASE = "/api/v1/recordings"


class RecordingQuery(serializers.Serializer[Any]):
    """Of which camera, and what touches which time."""

    camera = serializers.UUIDField(required=False)

    # `from` is a word of Python.
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The fields, with the name `from` that no attribute may have."""
        moment = serializers.DateTimeField
        return {
            **super().get_fields(),
            "from": moment(required=False, validators=MOMENTS, help_text="Recordings that end after it."),
            "to": moment(required=False, validators=MOMENTS, help_text="Recordings that begin before it."),
        }


class RecordingSerializer(serializers.ModelSerializer[Recording]):
    """A segment of what a camera sent."""

    site = serializers.IntegerField(source="site_id", read_only=True)
    camera = serializers.UUIDField(source="camera_id", read_only=True)
    video = serializers.SerializerMethodField()

    class Meta:
        model = Recording
        fields: ClassVar = [
            *("id", "site", "camera", "started_at", "ended_at", "bytes", "codec", "playable", "moved", "flagged"),
            "video",
        ]
        read_only_fields = fields

    def get_video(self, recording: Recording) -> str:
        """The path of the file."""
        return f"{BASE}/{recording.pk}/video.mp4"


class TimelineQuery(serializers.Serializer[Any]):
    """Of which camera and day."""

    camera = serializers.UUIDField()
    day = serializers.DateField(validators=DAYS, help_text="As people at the camera's site call it.")


class SpanSerializer(serializers.Serializer[Any]):
    """A span that was recorded without a gap."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The fields, with the name `from` that no attribute may have."""
        return {
            "from": serializers.DateTimeField(),
            "to": serializers.DateTimeField(),
            "moved": serializers.BooleanField(help_text="Whether anything moved in it."),
        }


class TimelineSerializer(serializers.Serializer[Any]):
    """What was recorded of a camera on one day."""

    camera = serializers.UUIDField()
    day = serializers.DateField()
    spans = SpanSerializer(many=True)


class RetentionSerializer(serializers.ModelSerializer[RetentionPolicy]):
    """For how many days a site keeps what; null: as long as the instance does."""

    defaults = serializers.SerializerMethodField()

    class Meta:
        model = RetentionPolicy
        fields: ClassVar = ["recording_days", "media_days", "event_days", "defaults"]

    def get_defaults(self, policy: RetentionPolicy) -> dict[str, int]:
        """Of the instance."""
        from events.policies import INSTANCE

        return {kind: INSTANCE[kind]() for kind in INSTANCE}


class EstimateSerializer(serializers.Serializer[Any]):
    """What recording a camera all the time would take."""

    bytes_per_second = serializers.FloatField(allow_null=True, help_text="As measured; null before it was.")
    bytes_per_day = serializers.IntegerField(allow_null=True)
    kept_days = serializers.IntegerField(help_text="By the rules of its site.")
    fitting_days = serializers.FloatField(
        allow_null=True, help_text="As many days as there is room for now, other cameras aside."
    )
    text = serializers.CharField(help_text="The same in plain English.")
