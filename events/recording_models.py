"""What is recorded of a camera all the time, and for how long what is kept."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from cameras.models import Camera
from project.accounts.models import Site
from project.accounts.rights import SiteOwnedQuerySet

_DAYS = [MinValueValidator(1), MaxValueValidator(3650)]


class Recording(models.Model):
    """A segment of what a camera sent, whether anything happened or not."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Derived, see `events.segments`."""
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="recordings", db_index=False)
    epoch = models.PositiveBigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    path = models.CharField(max_length=300)
    bytes = models.PositiveBigIntegerField()
    codec = models.CharField(max_length=24)
    playable = models.BooleanField()
    """Whether browsers show it."""
    moved = models.BooleanField()
    """Whether anything moved, as far as anybody looked."""
    flagged = models.BooleanField(default=False)
    """Evidence: kept for ever."""

    objects = SiteOwnedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["camera", "started_at", "id"], name="recording_of_camera"),
            models.Index(fields=["site", "started_at", "id"], name="recording_of_site"),
            # What goes first when the disk is full.
            models.Index(fields=["flagged", "started_at", "id"], name="recording_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.camera_id}, {self.started_at:%Y-%m-%d %H:%M:%S}"


class RetentionPolicy(models.Model):
    """For how many days a site keeps what; null: as long as the instance does."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="+")
    recording_days = models.PositiveIntegerField(null=True, blank=True, validators=_DAYS)
    media_days = models.PositiveIntegerField(null=True, blank=True, validators=_DAYS)
    """Clips and pictures of events; the events themselves stay without."""
    event_days = models.PositiveIntegerField(null=True, blank=True, validators=_DAYS)

    objects = SiteOwnedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "retention policies"

    def __str__(self) -> str:
        return f"retention of {self.site}"
