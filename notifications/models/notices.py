"""What there is to tell, before it is known whom."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from cameras.models import Camera
from notifications.models.rules import Rule
from notifications.severity import Choices
from project.accounts.models import Site

OFFLINE = "offline"
"""The category of a camera that is away."""


class Notice(models.Model):
    """What is told of one camera and category in one window: the first event, and a count of those that follow.

    Of a camera and category one notice is open at a time. Its counts and its window change by compare-and-set.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(max_length=40)
    worst = models.PositiveSmallIntegerField(choices=Choices)
    """The worst severity told."""
    first_at = models.DateTimeField()
    """When the first event began."""
    last_at = models.DateTimeField()
    event_id = models.UUIDField(null=True)
    """The event to show; not a foreign key, since events go when their time is over. Null: a camera that is away."""
    count = models.PositiveIntegerField(default=0)
    """Events, the first included."""
    told = models.PositiveIntegerField(default=0)
    """`count` as everybody was told."""
    hinted = models.PositiveIntegerField(default=0)
    """`count` as those were told whose messages replace each other."""
    revision = models.PositiveIntegerField(default=0)
    """Grows with each telling."""
    next_hint_at = models.DateTimeField()
    window_ends = models.DateTimeField(null=True)
    """Until then the next event only counts. Null: until it is over."""
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["window_ends"], condition=models.Q(closed_at=None), name="open_notice_by_window"),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["camera", "category"], condition=models.Q(closed_at=None), name="one_open_notice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} at {self.camera_id}, {self.count} times"


class Escalation(models.Model):
    """How far a notice has gone along the chain of a rule."""

    class State(models.TextChoices):
        WAITING = "waiting"
        STOPPED = "stopped"
        """Somebody took all of it on."""
        FINISHED = "finished"
        """All was said of `event_id`, which still waits for somebody."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="escalations")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    """The next one."""
    event_id = models.UUIDField(null=True)
    """Which it follows: for it the steps before were taken."""
    since = models.DateTimeField(null=True)
    """From when its steps count, by the clock as it is set now; null: to be found out."""
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="escalation_due")
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "rule"], name="one_escalation_per_rule")]

    def __str__(self) -> str:
        return f"step {self.step}, {self.state}"


class Outage(models.Model):
    """A camera that is away, or was a moment ago."""

    camera = models.OneToOneField(Camera, primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    back_since = models.DateTimeField(null=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="+")
    """What was told; null: nothing yet."""

    def __str__(self) -> str:
        return f"{self.camera_id} away since {self.since:%Y-%m-%d %H:%M:%S}"


class Watch(models.Model):
    """Since when Vigil has been looking for cameras that are away, without a break. One row."""

    begun_at = models.DateTimeField()
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"since {self.begun_at:%Y-%m-%d %H:%M:%S}"
