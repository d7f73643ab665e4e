"""An event, every change of it, and the scores of every second."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from cameras.models import Camera
from project.accounts.models import Site
from project.accounts.rights import SiteOwnedQuerySet, sees_every_site, sites_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from project.accounts.models import User


class Status(models.TextChoices):
    """Where an event is in the hands of people."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    """A false alarm."""


class Severity(models.TextChoices):
    """How bad, in rising order."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class EventQuerySet(SiteOwnedQuerySet):
    """Events by the million."""

    def for_user(self, user: User | AnonymousUser, *, at_least: int = 0) -> Self:
        """As everywhere; but the sites are asked for first, since a planner that cannot see them sorts all events."""
        if sees_every_site(user, at_least=at_least):
            return self.all()
        sites = list(sites_of(user, at_least=at_least).values_list("pk", flat=True))
        return self.filter(site_id=sites[0]) if len(sites) == 1 else self.filter(site_id__in=sites)


class Event(models.Model):
    """A span of time in which a camera saw what it had not learned to expect."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No indexes of their own: those below begin with them, and SQLite would choose the shorter and sort.
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="events", db_index=False)
    epoch = models.PositiveBigIntegerField()
    """The newest lease that adopted it or wrote to it: a worker of an older one can no longer end it."""
    category = models.CharField(max_length=40, default="unusual")
    """As it was opened; a judgement about it later is kept elsewhere."""
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.MEDIUM)
    status = models.CharField(max_length=12, choices=Status, default=Status.NEW)
    score = models.FloatField()
    """The peak surprise."""
    threshold = models.FloatField()
    """As it held when the event opened."""
    provisional = models.BooleanField(default=False)
    box = models.JSONField(null=True)
    """[left, top, right, bottom], 0..1, of the peak."""
    reasons = models.JSONField(default=list)
    """[{"attribute": str, "surprise": float, "text": str}], most surprising first."""
    started_at = models.DateTimeField()
    peak_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    snapshot_path = models.CharField(max_length=300, blank=True, default="")
    clip_path = models.CharField(max_length=300, blank=True, default="")
    evidence = models.JSONField(default=dict)
    """Further files that explain it: {"heat": path, "features": path}, named as in `events.records`."""
    sequence = models.PositiveBigIntegerField()
    """The site's number of the last change: `?since=` asks for what is above."""
    trace = models.CharField(max_length=64, blank=True, default="")
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-started_at", "-id"], name="event_newest"),
            models.Index(fields=["site", "-started_at", "-id"], name="event_newest_in_site"),
            models.Index(fields=["camera", "-started_at"], name="event_newest_of_camera"),
            # Most of what is asked for is rare: without these, "new ones" of a quiet week reads a million rows.
            models.Index(fields=["status", "site", "-started_at", "-id", "severity"], name="event_newest_of_status"),
            models.Index(fields=["severity", "site", "-started_at", "-id"], name="event_newest_of_severity"),
            models.Index(fields=["category", "site", "-started_at", "-id"], name="event_newest_of_category"),
            models.Index(fields=["camera", "status", "-started_at"], name="event_newest_status_of_camera"),
            models.Index(fields=["site", "sequence"], name="event_changes_of_site"),
            # The writer looks for what is open or ended a moment ago.
            models.Index(fields=["camera", "ended_at"], name="event_end_of_camera"),
        ]
        constraints: ClassVar = [
            # Two owners of a camera in turn must not both open an event for one anomaly.
            models.UniqueConstraint(
                fields=["camera", "category"], condition=models.Q(ended_at=None), name="one_open_event_per_camera"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} at {self.camera_id}, {self.started_at:%Y-%m-%d %H:%M:%S}"


class EventAlias(models.Model):
    """A second opening of an anomaly that spans a takeover, told late: its records belong to the first event."""

    id = models.UUIDField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="aliases")

    def __str__(self) -> str:
        return f"{self.id} is {self.event_id}"


class EventTransition(models.Model):
    """One change of an event: timeline, audit, outbox and statistics are this one table. Append-only.

    The id of a change that a worker made is that of its record, so a record written twice inserts nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="transitions", db_index=False)
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16)
    """opened, peaked, closed, snapshot, clip, evidence, merged; acknowledged, resolved, dismissed, reopened, noted."""
    old_status = models.CharField(max_length=12, blank=True, default="")
    new_status = models.CharField(max_length=12, blank=True, default="")
    at = models.DateTimeField()
    """When it happened: for a worker's change, when the picture was captured."""
    written_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(blank=True, default="")
    epoch = models.PositiveBigIntegerField(null=True)
    score = models.FloatField(null=True)
    path = models.CharField(max_length=300, blank=True, default="")
    """The media that came with it, kept here so that a file which a better one replaced is removed as well."""
    processed_at = models.DateTimeField(null=True)
    """Set once, by compare-and-set, by whoever tells people about it."""

    class Meta:
        ordering: ClassVar = ["sequence"]
        indexes: ClassVar = [
            models.Index(fields=["event", "sequence"], name="transition_of_event"),
            models.Index(fields=["written_at"], condition=models.Q(processed_at=None), name="transition_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"


class ScoreMinute(models.Model):
    """A camera's peak surprise of each second of one minute, with the threshold that held."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="score_minutes", db_index=False)
    minute = models.PositiveBigIntegerField()
    """Minutes since 1970, UTC."""
    peaks = models.BinaryField()
    """60 little-endian float32; NaN where nothing was scored."""
    thresholds = models.BinaryField()
    """As `peaks`."""
    places = models.BinaryField()
    """60 x 2 bytes: x and y of the peak's centre in 1/255, 0 0 where there is none."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["camera", "minute"], name="one_row_per_minute")]

    def __str__(self) -> str:
        return f"{self.camera_id} at minute {self.minute}"


class FeedbackQuerySet(SiteOwnedQuerySet):
    """Feedback on the cameras of a site."""

    site_lookup = "camera__site"


class Feedback(models.Model):
    """What a person said of a camera's judgement: this was no anomaly, or there was one and nothing alarmed."""

    class Kind(models.TextChoices):
        FALSE_ALARM = "false_alarm", "false alarm"
        MISSED = "missed", "missed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="feedback", db_index=False)
    event = models.ForeignKey(Event, null=True, on_delete=models.SET_NULL, related_name="feedback")
    """The false alarm; null once its time is over, what it taught stays."""
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    moment = models.DateTimeField(null=True)
    """When something was missed."""
    note = models.TextField(blank=True, default="")
    pattern = models.BinaryField(null=True)
    """What the event was scored from, kept here when the event and its media are removed."""

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at"]
        indexes: ClassVar = [models.Index(fields=["camera", "kind", "-at"], name="feedback_newest_of_camera")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event"],
                condition=models.Q(kind="false_alarm", undone_at=None),
                name="one_false_alarm_per_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.camera_id}"
