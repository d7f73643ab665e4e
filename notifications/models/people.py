"""What one person wants, and what that person was told within Vigil."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from notifications.models.notices import Notice
from notifications.severity import LOW, Choices
from project.accounts.models import Site, check_time_zone


class Preference(models.Model):
    """When and of what somebody wants to be told; who has no row is told at any time."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="preference"
    )
    time_zone = models.CharField(max_length=64, blank=True, default="", validators=[check_time_zone])
    """An IANA name; empty: that of the site that is told of."""
    severity_floor = models.PositiveSmallIntegerField(choices=Choices, default=LOW)
    quiet_starts = models.TimeField(null=True, blank=True)
    quiet_ends = models.TimeField(null=True, blank=True)
    """Before `quiet_starts`: of the next day. Both empty: never quiet. In `time_zone`."""
    quiet_weekdays = models.JSONField(default=list, blank=True)
    """0 for Monday to 6, of the day on which they begin; none: every day."""
    critical_breaks_quiet = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"


class InboxItem(models.Model):
    """Something told within Vigil. Of one notice there is one item, which changes as more comes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox")
    site = models.ForeignKey(Site, null=True, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="+")
    severity = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True, default="")
    link = models.CharField(max_length=200, blank=True, default="")
    """Within Vigil, such as /events/<id>."""
    at = models.DateTimeField()
    """When what it tells of happened."""
    created_at = models.DateTimeField()
    """When it last changed."""
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["user", "-created_at", "-id"], name="inbox_newest_of_user")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "notice"], name="one_item_per_notice")]

    def __str__(self) -> str:
        return self.title
