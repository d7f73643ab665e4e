"""Who of a site is told of what, and what is not told for a while."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from cameras.models import Camera
from notifications.models.channels import Channel
from notifications.severity import CRITICAL, MEDIUM, Choices
from project.accounts.models import Role, Site
from project.accounts.rights import SiteOwnedQuerySet


class Rule(models.Model):
    """What is told to whom: all that it narrows must hold. Whoever may not see the site is never told."""

    class Holidays(models.TextChoices):
        AS_OTHER_DAYS = "as_other_days", "as on other days"
        NEVER = "never", "never on holidays"
        ALL_DAY = "all_day", "all day on holidays"
        ONLY = "only", "only on holidays"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(max_length=80)
    enabled = models.BooleanField(default=True)
    cameras = models.ManyToManyField(Camera, blank=True, related_name="+")
    """None: all of the site."""
    severity_floor = models.PositiveSmallIntegerField(choices=Choices, default=MEDIUM)
    categories = models.JSONField(default=list, blank=True)
    """As events were opened, and `offline`; none: all."""
    weekdays = models.JSONField(default=list, blank=True)
    """0 for Monday to 6, of the day on which the span begins; none: every day. All of this in the site's time zone."""
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    """Before `starts`: of the next day. Both empty: the whole day."""
    holidays = models.JSONField(default=list, blank=True)
    """Dates, such as 2026-12-25."""
    on_holidays = models.CharField(max_length=16, choices=Holidays, default=Holidays.AS_OTHER_DAYS)
    role = models.PositiveSmallIntegerField(choices=Role, null=True, blank=True)
    """Everybody with this role or a higher one is told; empty: nobody by role."""
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    channels = models.ManyToManyField(Channel, blank=True, related_name="rules")
    """Of the site."""
    escalate_from = models.PositiveSmallIntegerField(choices=Choices, default=CRITICAL)
    escalation = models.JSONField(default=list, blank=True)
    """[{"after_minutes": int, "role": int | null, "people": [id], "channels": [id]}], in rising order of minutes."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SiteOwnedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class SiteSetup(models.Model):
    """The site has been given its first rule; whoever removes that means it."""

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.site_id} is set up"


class Snooze(models.Model):
    """Nothing is told of a camera, or by a rule, until then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="snoozes")
    camera = models.ForeignKey(Camera, null=True, on_delete=models.CASCADE, related_name="snoozes")
    rule = models.ForeignKey(Rule, null=True, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SiteOwnedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(rule=None, camera__isnull=False) | models.Q(rule__isnull=False, camera=None),
                name="snooze_of_a_camera_or_a_rule",
            )
        ]

    def __str__(self) -> str:
        return f"{self.camera or self.rule} until {self.until:%Y-%m-%d %H:%M}"
