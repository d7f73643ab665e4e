"""A camera, who runs it at the moment, and how it is."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from cameras.validators import check_masks, check_source_allowed, check_zones
from project.accounts.models import Site
from project.accounts.rights import SiteOwnedQuerySet
from project.encryption import EncryptedTextField
from project.masking import masked


class CameraManager(models.Manager.from_queryset(SiteOwnedQuerySet)):  # type: ignore[misc]
    """The cameras that were not removed."""

    def get_queryset(self) -> SiteOwnedQuerySet:
        queryset: SiteOwnedQuerySet = super().get_queryset().filter(removed_at=None)
        return queryset


_A_NAME = RegexValidator(r"^[a-z][a-z0-9_-]*\Z", "An eye is named in lower-case letters, such as motion.")


class Camera(models.Model):
    """A picture source that Vigil watches."""

    class DesiredState(models.TextChoices):
        RUNNING = "running"
        STOPPED = "stopped"

    class DeviceClass(models.TextChoices):
        ANY = "any", "any"
        CPU = "cpu", "CPU"
        CUDA = "cuda", "GPU (CUDA)"

    class RecordingMode(models.TextChoices):
        OFF = "off", "off"
        MOVEMENT = "movement", "while something moves"
        ALWAYS = "always", "always"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(max_length=120)
    source = EncryptedTextField(validators=[check_source_allowed])
    """May hold a password: people are shown `masked_source`."""
    analysis_source = EncryptedTextField(blank=True, default="", validators=[check_source_allowed])
    """A sub-stream to analyse; empty: `source` itself."""
    analysis_fps = models.FloatField(default=5.0, validators=[MinValueValidator(1.0), MaxValueValidator(25.0)])
    live_fps = models.FloatField(default=5.0, validators=[MinValueValidator(1.0), MaxValueValidator(15.0)])
    device_class = models.CharField(max_length=8, choices=DeviceClass, default=DeviceClass.ANY)
    desired_state = models.CharField(max_length=8, choices=DesiredState, default=DesiredState.RUNNING)
    alarm_budget = models.FloatField(default=2.0, validators=[MinValueValidator(0.0), MaxValueValidator(1000.0)])
    """At most so many false alarms a day."""
    eye = models.CharField(max_length=40, default="motion", validators=[_A_NAME])
    zones = models.JSONField(default=list, blank=True, validators=[check_zones])
    """[{"name": str, "kind": "watch" | "ignore", "polygon": [[x, y], ...]}], 0..1; checked by `cameras.geometry`."""
    masks = models.JSONField(default=list, blank=True, validators=[check_masks])
    """[[[x, y], ...], ...]: privacy masks, 0..1."""
    recording = models.CharField(max_length=8, choices=RecordingMode, default=RecordingMode.OFF)
    """What is kept beside the clips of events; never with sound."""
    settings_version = models.PositiveIntegerField(default=1, editable=False)
    memory_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True, editable=False)
    """Then it is gone for people, but its events are evidence and stay until their time is over."""

    objects = CameraManager()
    with_removed = SiteOwnedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        base_manager_name = "with_removed"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "name"],
                condition=models.Q(removed_at=None),
                name="camera_name_unique_in_site",
                violation_error_message="This site has a camera with this name already: choose another.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_source(self) -> str:
        """`source` without its secrets."""
        return masked(self.source)


class Lease(models.Model):
    """Who runs a camera. One row per camera, made with it; all times are the database's, seconds since 1970.

    `epoch` is the fencing token: it grows with each claim, and whoever holds an older one is superseded.
    """

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, primary_key=True, related_name="lease")
    owner = models.CharField(max_length=200, blank=True, default="", db_index=True)
    epoch = models.PositiveBigIntegerField(default=0)
    claimed_at = models.FloatField(default=0.0)
    expires_at = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.camera_id} #{self.epoch} by {self.owner or 'nobody'}"


class Claim(models.Model):
    """When each epoch of a camera began: what decides whether a late record of an older epoch is still true."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="claims")
    epoch = models.PositiveBigIntegerField()
    owner = models.CharField(max_length=200)
    claimed_at = models.FloatField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["camera", "epoch"], name="one_claim_per_epoch")]

    def __str__(self) -> str:
        return f"{self.camera_id} #{self.epoch} by {self.owner}"


class Worker(models.Model):
    """An inference worker, as its heartbeat last described it."""

    name = models.CharField(max_length=200, primary_key=True)
    host = models.CharField(max_length=200)
    device = models.CharField(max_length=40)
    """`cpu`, `cuda:0`."""
    device_class = models.CharField(max_length=8, default="cpu")
    queue = models.CharField(max_length=200)
    slots = models.PositiveIntegerField()
    seen_at = models.FloatField(default=0.0)
    """Database time, seconds since 1970."""

    def __str__(self) -> str:
        return self.name


class Health(models.Model):
    """How a camera is, as the worker that runs it last said. What people are shown is derived: see `health`."""

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, primary_key=True, related_name="health_row")
    epoch = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=16, default="connecting")
    since = models.FloatField(default=0.0)
    detail = models.CharField(max_length=300, blank=True, default="")
    progress = models.FloatField(default=0.0)
    frames_per_second = models.FloatField(default=0.0)
    last_frame_at = models.FloatField(null=True)
    dropped = models.PositiveBigIntegerField(default=0)
    threshold = models.FloatField(default=0.0)
    provisional = models.BooleanField(default=True)
    trusted_in = models.FloatField(null=True)
    """Seconds of normal footage until the threshold is no longer provisional."""
    bytes_per_second = models.FloatField(default=0.0)
    """Compressed, of the source; 0 while it is not known. Kept when the camera is lost."""
    reported_at = models.FloatField(default=0.0)
    """Database time, seconds since 1970."""

    def __str__(self) -> str:
        return f"{self.camera_id}: {self.state}"


class MemorySnapshot(models.Model):
    """The newest saved Memory of a camera: a name in the media storage, fenced by epoch."""

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, primary_key=True, related_name="memory_snapshot")
    epoch = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=200)
    """Of the eye that made the features; another eye starts anew."""
    path = models.CharField(max_length=300)
    learned_seconds = models.FloatField(default=0.0)
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"memory of {self.camera_id}"


class Request(models.Model):
    """Something a person asked of an inference worker and waits for: a connection test, learning from a recording."""

    class Kind(models.TextChoices):
        TEST_CONNECTION = "test_connection"
        LEARN = "learn"
        BACKTEST = "backtest"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, null=True, related_name="requests")
    payload = EncryptedTextField(default="")
    """JSON; a source in it may hold a password."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    progress = models.FloatField(default=0.0)
    message = models.TextField(blank=True, default="")
    """Plain English: what was found, or exactly what is wrong."""
    preview = models.BinaryField(null=True)
    """JPEG."""
    result = models.JSONField(null=True)
    """Of a back-test: figures by name."""
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = SiteOwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"
