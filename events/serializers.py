"""How an event looks outside: the same in REST and on the sockets."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from events.models import Event, EventTransition, Feedback
from events.recordings import recordings_of
from events.records import HEAT, USUAL

BASE = "/api/v1/events"
"""Written out, because the inference workers represent events too and need not load every view to do so."""


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    """Why a moment was surprising, in one attribute."""

    attribute = serializers.CharField()
    surprise = serializers.FloatField()
    text = serializers.CharField()


class EventSerializer(serializers.ModelSerializer[Event]):
    """An event. Needs `camera` and `acknowledged_by` loaded."""

    site = serializers.IntegerField(source="site_id", read_only=True)
    camera = serializers.UUIDField(source="camera_id", read_only=True)
    camera_name = serializers.CharField(source="camera.name", read_only=True)
    box = serializers.ListField(
        child=serializers.FloatField(), min_length=4, max_length=4, read_only=True, allow_null=True
    )
    reasons = ReasonSerializer(many=True, read_only=True)
    snapshot = serializers.SerializerMethodField()
    heat = serializers.SerializerMethodField()
    usual = serializers.SerializerMethodField()
    clip = serializers.SerializerMethodField()
    acknowledged_by = serializers.CharField(
        source="acknowledged_by.username", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Event
        fields: ClassVar = [
            *("id", "site", "camera", "camera_name", "category", "severity", "status", "score", "threshold"),
            *("provisional", "box", "reasons", "started_at", "peak_at", "ended_at"),
            *("snapshot", "heat", "usual", "clip", "sequence", "acknowledged_by", "flagged"),
        ]
        read_only_fields = fields

    def get_snapshot(self, event: Event) -> str | None:
        """The path of the picture, or null until there is one."""
        return f"{BASE}/{event.pk}/snapshot.jpg" if event.snapshot_path else None

    def get_heat(self, event: Event) -> str | None:
        """The path of the picture with what was unusual in it coloured, or null where there is none."""
        return f"{BASE}/{event.pk}/{HEAT}.jpg" if HEAT in event.evidence else None

    def get_usual(self, event: Event) -> list[str]:
        """The paths of up to three pictures of what the camera usually sees, the most similar first."""
        return [f"{BASE}/{event.pk}/{name}.jpg" for name in USUAL if name in event.evidence]

    def get_clip(self, event: Event) -> str | None:
        """The path of the clip, or null until there is one."""
        return f"{BASE}/{event.pk}/clip.mp4" if event.clip_path else None


class TransitionSerializer(serializers.ModelSerializer[EventTransition]):
    """One line of an event's timeline."""

    by = serializers.CharField(source="by.username", read_only=True, default=None, allow_null=True)

    class Meta:
        model = EventTransition
        fields: ClassVar = ["id", "sequence", "kind", "old_status", "new_status", "at", "by", "note", "score"]
        read_only_fields = fields


class EventDetailSerializer(EventSerializer):
    """An event with its timeline, oldest first."""

    transitions = TransitionSerializer(many=True, read_only=True)
    recordings = serializers.SerializerMethodField()

    class Meta(EventSerializer.Meta):
        fields: ClassVar = [*EventSerializer.Meta.fields, "transitions", "recordings"]
        read_only_fields = fields

    def get_recordings(self, event: Event) -> list[UUID]:
        """The recordings that show some of it, oldest first."""
        return recordings_of(event)


class ActionSerializer(serializers.Serializer[Any]):
    """What a person says when changing an event."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NoteSerializer(serializers.Serializer[Any]):
    """A remark on an event."""

    note = serializers.CharField(max_length=2000)


class BandSerializer(serializers.Serializer[Any]):
    """How surprising the camera's ordinary seconds are."""

    median = serializers.FloatField(help_text="Half of the seconds are at or under it.")
    high = serializers.FloatField(help_text="99 % of the seconds are at or under it.")
    basis = serializers.ChoiceField(["hour", "day"], help_text="The same hour of the days before, or the day before.")


class ScoresSerializer(serializers.Serializer[Any]):
    """The surprise of each second around an event, null where nothing was scored."""

    # `from` is a word of Python.
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The fields, with the name `from` that no attribute may have."""
        return {
            "from": serializers.DateTimeField(),
            "step": serializers.IntegerField(help_text="Seconds."),
            "scores": serializers.ListField(child=serializers.FloatField(allow_null=True)),
            "thresholds": serializers.ListField(child=serializers.FloatField(allow_null=True)),
            "band": BandSerializer(allow_null=True, help_text="Null while there is too little history."),
        }


class MissedSerializer(serializers.Serializer[Any]):
    """A moment at which there should have been an alarm."""

    moment = serializers.DateTimeField(help_text="When it was; not in the future.")
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class FeedbackSerializer(serializers.ModelSerializer[Feedback]):
    """What one person said of a camera's judgement."""

    by = serializers.CharField(source="by.username", read_only=True, default=None, allow_null=True)
    event = serializers.UUIDField(source="event_id", read_only=True, allow_null=True)

    class Meta:
        model = Feedback
        fields: ClassVar = ["id", "kind", "event", "moment", "note", "by", "at", "undone_at"]
        read_only_fields = fields


class CameraFeedbackSerializer(serializers.Serializer[Any]):
    """What people said of a camera's judgement."""

    false_alarms = serializers.IntegerField(help_text="Those that hold: not undone.")
    missed = serializers.IntegerField()
    newest = FeedbackSerializer(many=True, help_text="The newest hundred, undone ones too.")


class BacktestSerializer(serializers.Serializer[Any]):
    """The change to test; at least one of both."""

    alarm_budget = serializers.FloatField(min_value=0.0, max_value=1000.0, required=False, allow_null=True)
    dismiss = serializers.UUIDField(required=False, allow_null=True, help_text="An event of this camera.")


def represent(event: Event) -> dict[str, Any]:
    """The event as REST shows it, in plain JSON values."""
    return dict(_serializer().to_representation(event))


@cache
def _serializer() -> EventSerializer:
    """One for all: to copy its fields takes longer than to use them."""
    return EventSerializer()
