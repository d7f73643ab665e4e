"""What goes to whom, and each attempt at it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from notifications.models.channels import Channel
from notifications.models.notices import Notice
from notifications.severity import Choices
from project.accounts.models import Site

IN_APP = "in_app"
"""The kind of what goes to a person's inbox: it has no channel."""


class Delivery(models.Model):
    """One message to one recipient over one channel."""

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        SENT = "sent", "sent"
        FAILED = "failed", "failed for good"
        GIVEN_UP = "given_up", "given up"
        MERGED = "merged", "merged into a later one"
        HELD = "held", "held back in quiet hours"

    class Reason(models.TextChoices):
        FIRST = "first"
        WORSE = "worse"
        MORE = "more"
        ESCALATION = "escalation"
        OFFLINE = "offline"
        BACK = "back"
        CHANNEL_BROKEN = "channel_broken"
        TEST = "test"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    """The same for every attempt; sent along, so that whoever gets it twice can tell."""
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="deliveries")
    revision = models.PositiveIntegerField(default=0)
    """Of the notice; which of two messages is the later one, whatever the clock said."""
    site = models.ForeignKey(Site, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    event_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=16, choices=Reason)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    """Null: whoever listens to a site's channel."""
    channel = models.ForeignKey(Channel, null=True, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=12)
    severity = models.PositiveSmallIntegerField(choices=Choices)
    facts = models.JSONField(default=dict)
    """What is told, in no language: see `notifications.facts`."""
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
    """Until then one worker is at it."""
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")
    """The last one; plain English, no secrets."""
    duration_ms = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(fields=["-severity", "due_at"], condition=models.Q(state="queued"), name="delivery_to_send"),
            models.Index(fields=["recipient", "-created_at", "-id"], name="delivery_newest_of_user"),
            models.Index(fields=["site", "-created_at", "-id"], name="delivery_newest_of_site"),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} by {self.kind}: {self.state}"


class Attempt(models.Model):
    """One try to deliver. Append-only."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    error = models.CharField(max_length=300, blank=True, default="")
    """Empty: it got there."""

    class Meta:
        ordering: ClassVar = ["number", "id"]

    def __str__(self) -> str:
        return f"#{self.number}: {self.error or 'sent'}"
