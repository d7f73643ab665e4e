"""What a camera learned goes when the camera is gone."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cameras.memories import remove_stray_memories
from cameras.models import Camera
from cameras.services import remove_camera
from tests.factories import make_camera


def remember(folder: object) -> Path:
    return Path(default_storage.path(default_storage.save(f"memories/{folder}/1-0.memory", ContentFile(b"pictures"))))


def test_memories_of_cameras_that_are_gone_are_removed(media: Path, camera: Camera) -> None:
    removed = make_camera()
    remove_camera(camera=removed)
    kept = [remember(camera.pk), remember(removed.pk), remember("notes")]
    gone = remember(uuid4())
    assert remove_stray_memories() == 1
    assert all(path.exists() for path in kept), "a removed camera may be looked at until its events are gone"
    assert not gone.parent.exists()


def test_nothing_may_be_learned_yet(media: Path, db: None) -> None:
    assert remove_stray_memories() == 0
