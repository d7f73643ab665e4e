"""`manage.py rescore EVENT`"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from events.models import Event, EventTransition
from events.records import MEMORY
from inference import sink
from inference.device import choose_device, limit_threads
from inference.eye.protocol import Eye
from inference.eye.registry import eye_factory
from inference.learn import RecordingUnreadable
from inference.normality import NotThisEye
from inference.rescore import PeakNotInClip, clip_in_words, features_in_words, is_within, rescore, rescore_clip
from inference.stored import StoredFeatures
from inference.types import CameraSettings

NOT_KEPT = (
    "What this event was scored from is not kept: it is of the picture as a whole (a covered lens, say), its time is "
    "over, or an older version of Vigil saw it."
)


class Command(BaseCommand):
    """Scores in this process, beside whatever workers run; changes nothing."""

    help = "Score an event again, from what was kept of it and from the pixels of its clip, and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        parser.add_argument("event", help="its id, as in the address of its page")

    def handle(self, *_: Any, event: str, **__: Any) -> None:
        """Say each number; fails where one is not what it must be."""
        found = _event(event)
        content = sink.load_features(found.pk)
        if content is None:
            raise CommandError(NOT_KEPT)
        settings = sink.load_settings(found.camera_id)
        eye = _eye(settings)
        try:
            stored = StoredFeatures.from_bytes(content)
            memory = _memory(found) or sink.load_memory(found.camera_id, stored.version.fingerprint)
            if memory is None:
                raise CommandError("What the camera knew is not kept, nor has it saved what it knows now: try later.")
            replaced = stored.version.replaced if _memory(found) else settings.memory_version
            again = rescore(stored, memory, eye.memory_class, replaced=replaced)
        except (NotThisEye, ValueError) as error:
            raise CommandError(f"This event cannot be scored by the eye {eye.name}: {error}.") from error
        self.stdout.write(f"Scored {stored.surprise:.3f} when it happened, at a threshold of {stored.threshold:.2f}.")
        self.stdout.write(features_in_words(stored, again))
        if not found.clip_path or not default_storage.exists(found.clip_path):
            self.stdout.write("It has no clip to score.")
            return
        try:
            with _clip(found.clip_path) as path:
                pixels = rescore_clip(path, _began(found), stored, settings, eye, memory)
        except (PeakNotInClip, RecordingUnreadable) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(clip_in_words(stored, pixels))
        if settings.analysis_source:
            self.stdout.write("This camera is judged by another stream than its clips are of: they need not agree.")
        elif again.same_memory and not is_within(stored, pixels):
            raise CommandError("That is more than encoding it once more explains.")


def _event(wanted: str) -> Event:
    try:
        found: Event | None = Event.objects.filter(pk=UUID(wanted)).first()
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"There is no event {wanted}: give the id that stands in the address of its page.")
    return found


def _eye(settings: CameraSettings) -> Eye:
    device = choose_device(os.environ)
    limit_threads(device)
    return eye_factory(settings.eye)(device)


def _memory(event: Event) -> bytes | None:
    """What the camera knew when the event opened."""
    name = event.evidence.get(MEMORY, "")
    if not name or not default_storage.exists(name):
        return None
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def _began(event: Event) -> float:
    """When the first picture of its clip was captured, seconds since 1970."""
    row: EventTransition = EventTransition.objects.get(event=event, kind="clip", path=event.clip_path)
    return row.at.timestamp()


@contextmanager
def _clip(name: str) -> Iterator[Path]:
    """As a file of this machine, wherever it is stored."""
    with default_storage.open(name) as stored, tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        shutil.copyfileobj(stored, file)
        file.flush()
        yield Path(file.name)
