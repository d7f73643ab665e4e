"""What is told and to whom, as the API shows and takes it. Secrets of a target leave masked, always."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cameras.models import Camera
from cameras.serializers import MySites
from events.models import Severity
from notifications.models import Attempt, Channel, Delivery, InboxItem, Preference, Rule, Snooze
from notifications.ruling import MOST_NAMED, TOO_MANY
from notifications.services import LONGEST_SNOOZE
from notifications.severity import rank_of
from notifications.targets import masked_target
from project.accounts.models import Role, Site, User
from project.accounts.permissions import require
from project.accounts.rights import sites_of


class NamedNumber(serializers.ChoiceField):
    """A name outside, a number in the column, so that rows can be compared by it."""

    numbers: ClassVar[dict[str, int]]
    names: ClassVar[list[Any]]

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=self.names, **options)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        """The number."""
        return self.numbers[super().to_internal_value(data)]

    def to_representation(self, value: int) -> str:  # type: ignore[override]
        """The name."""
        return next(name for name, number in self.numbers.items() if number == value)


class SeverityField(NamedNumber):
    """low, medium, high or critical."""

    numbers: ClassVar = {name: rank_of(name) for name in Severity.values}
    names: ClassVar = Severity.choices


class RoleField(NamedNumber):
    """viewer, operator or manager."""

    numbers: ClassVar = {role.label: role.value for role in Role}
    names: ClassVar = list(numbers)


@extend_schema_field({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})
class ClockTime(serializers.TimeField):
    """What a clock on the wall shows, 22:00 or 22:00:00: the time zone is told elsewhere, so none is taken here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], format="%H:%M:%S", **options)


class Mine(serializers.PrimaryKeyRelatedField[Any]):
    """Rows that the asker may see; any other does not exist."""

    def __init__(self, model: type[Any], **options: Any) -> None:
        self._model = model
        super().__init__(queryset=model._default_manager.none(), **options)

    @classmethod
    def many_init(cls, *args: Any, **options: Any) -> Any:
        """As the base class has it, but with an end."""
        return Few(child_relation=cls(*args), **options)

    def get_queryset(self) -> Any:
        """Of the asker's sites."""
        asker = self.context["request"].user
        if self._model is not User:
            return self._model.objects.for_user(asker)
        return User.objects.filter(memberships__site__in=sites_of(asker)).distinct()


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    """A channel: one's own, or a site's."""

    site = MySites(required=False, allow_null=True)
    target = serializers.DictField(
        child=serializers.CharField(max_length=4000, trim_whitespace=False),
        source="shown_target",
        help_text="Texts by name, as the kind needs them. Secret ones come masked; sent back so, they stay.",
    )
    severity_floor = SeverityField(required=False)

    class Meta:
        model = Channel
        fields: ClassVar = [
            *("id", "site", "kind", "name", "target", "severity_floor", "language", "enabled"),
            *("disabled_reason", "disabled_at", "created_at"),
        ]
        read_only_fields: ClassVar = ["disabled_reason", "disabled_at", "created_at"]

    def to_representation(self, instance: Channel) -> dict[str, Any]:
        """Without secrets."""
        instance.shown_target = masked_target(instance)  # type: ignore[attr-defined]
        return super().to_representation(instance)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A channel stays whose it is, and of its kind: its target means nothing to another."""
        if "shown_target" in attrs:
            attrs["target"] = attrs.pop("shown_target")
        if self.instance is not None:
            for name in ("site", "kind"):
                if name in attrs and attrs.pop(name) != getattr(self.instance, name):
                    raise serializers.ValidationError({name: ["It cannot change: add another channel instead."]})
        return attrs


class Few(serializers.ManyRelatedField):
    """At most MOST_NAMED of them: each is looked up on its own."""

    def to_internal_value(self, data: Any) -> Any:
        """The rows."""
        if isinstance(data, list | tuple) and len(data) > MOST_NAMED:
            raise serializers.ValidationError(TOO_MANY)
        return super().to_internal_value(data)


class StepSerializer(serializers.Serializer[Any]):
    """One step of an escalation."""

    after_minutes = serializers.IntegerField(min_value=1, help_text="Since the event was written down.")
    role = RoleField(required=False, allow_null=True)
    people = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MOST_NAMED)
    channels = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_NAMED)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As JSON has it."""
        step: dict[str, Any] = super().to_internal_value(data)
        if "channels" in step:
            step["channels"] = [str(pk) for pk in step["channels"]]
        return step


class RuleSerializer(serializers.ModelSerializer[Rule]):
    """A rule of a site."""

    site = MySites()
    severity_floor = SeverityField(required=False)
    escalate_from = SeverityField(required=False)
    role = RoleField(required=False, allow_null=True)
    cameras = Mine(Camera, many=True, required=False)
    people = Mine(User, many=True, required=False)
    channels = Mine(Channel, many=True, required=False)
    categories = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7
    )
    starts = ClockTime(required=False, allow_null=True)
    ends = ClockTime(required=False, allow_null=True)
    holidays = serializers.ListField(child=serializers.CharField(max_length=10), required=False, max_length=MOST_NAMED)
    escalation = StepSerializer(many=True, required=False, max_length=20)  # type: ignore[call-arg]

    class Meta:
        model = Rule
        fields: ClassVar = [
            *("id", "site", "name", "enabled", "cameras", "severity_floor", "categories", "weekdays", "starts", "ends"),
            *("holidays", "on_holidays", "role", "people", "channels", "escalate_from", "escalation", "created_at"),
        ]
        read_only_fields: ClassVar = ["created_at"]

    def validate_site(self, site: Site) -> Site:
        """Its managers make its rules: nobody else learns from the answer which ids there are."""
        require(Role.MANAGER, site.pk, self.context["request"])
        return site

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A rule stays in its site."""
        if self.instance is not None and attrs.pop("site", self.instance.site) != self.instance.site:
            raise serializers.ValidationError({"site": ["A rule cannot move to another site."]})
        return attrs


class PreferenceSerializer(serializers.ModelSerializer[Preference]):
    """What I want to be told, and when not."""

    severity_floor = SeverityField(required=False)
    quiet_starts = ClockTime(required=False, allow_null=True)
    quiet_ends = ClockTime(required=False, allow_null=True)
    quiet_weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7
    )

    class Meta:
        model = Preference
        fields: ClassVar = [
            *("time_zone", "severity_floor", "quiet_starts", "quiet_ends", "quiet_weekdays", "critical_breaks_quiet"),
        ]


class SnoozeSerializer(serializers.ModelSerializer[Snooze]):
    """Nothing is told of a camera, or by a rule, for so many minutes."""

    camera = serializers.UUIDField(source="camera_id", required=False, allow_null=True)
    rule = serializers.UUIDField(source="rule_id", required=False, allow_null=True)
    minutes = serializers.IntegerField(
        write_only=True, default=60, min_value=1, max_value=LONGEST_SNOOZE // timedelta(minutes=1)
    )
    by = serializers.CharField(source="by.username", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Snooze
        fields: ClassVar = ["id", "site", "camera", "rule", "minutes", "until", "by", "created_at"]
        read_only_fields: ClassVar = ["site", "until", "created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Minutes become a moment."""
        return {**attrs, "until": timezone.now() + timedelta(minutes=attrs.pop("minutes"))}


class InboxItemSerializer(serializers.ModelSerializer[InboxItem]):
    """Something I was told within Vigil, in my language."""

    severity = serializers.ChoiceField(choices=Severity.choices, read_only=True)

    class Meta:
        model = InboxItem
        fields: ClassVar = ["id", "site", "severity", "title", "body", "link", "at", "created_at", "read_at"]
        read_only_fields = fields


class ReadSerializer(serializers.Serializer[Any]):
    """Which items are read; none named: all."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)


class UnreadSerializer(serializers.Serializer[Any]):
    """How many items are unread."""

    unread = serializers.IntegerField()


class WebPushKeySerializer(serializers.Serializer[Any]):
    """A key of this Vigil."""

    public_key = serializers.CharField(help_text="base64url without padding.")


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try."""

    class Meta:
        model = Attempt
        fields: ClassVar = ["number", "at", "duration_ms", "error"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """What became of one message over one channel."""

    severity = SeverityField(read_only=True)
    event = serializers.UUIDField(source="event_id", read_only=True, allow_null=True)
    recipient = serializers.CharField(source="recipient.username", read_only=True, default=None, allow_null=True)
    channel_name = serializers.CharField(source="channel.name", read_only=True, default=None, allow_null=True)
    tries = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields: ClassVar = [
            *("id", "site", "event", "reason", "severity", "recipient", "kind", "channel", "channel_name", "state"),
            *("attempts", "error", "duration_ms", "created_at", "sent_at", "tries"),
        ]
        read_only_fields = fields
