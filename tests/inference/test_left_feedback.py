"""A false alarm for something that was left, from the event to the camera that forgives it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from cameras.models import Camera
from events.records import features_name
from events.services import dismiss_event, reopen_event
from inference import sink
from inference.memory.attributes import LEFT
from inference.memory.feedback import Feedback
from inference.rescore import rescore
from inference.station import WorkerStation
from inference.stored import FeatureLog, StoredFeatures
from inference.types import Box, Decision, Features
from project.accounts.models import User
from tests.factories import make_event
from tests.inference.test_left import knowledge, watching
from tests.inference.watching import Watch, opened
from tests.support.made_up import Bag
from tests.support.scenes import FPS, day

pytestmark = pytest.mark.django_db
SECONDS = 18
BAG, MOVED, ELSEWHERE = (Bag(x, 130, begins=0) for x in (180, 184, 60))
LARGE = Bag(170, 110, begins=0, width=50, height=40)


def show(watch: Watch, bags: Sequence[Bag]) -> list[Decision]:
    """The events that open while these stand there."""
    pictures = day(SECONDS, first=round(75 * FPS))
    for bag in bags:
        pictures = [bag(picture, number) for number, picture in enumerate(pictures)]
    return opened(watch.show(pictures))


@pytest.fixture(scope="module")
def kept() -> bytes:
    """What a camera's loop keeps of an event about BAG."""
    watch = watching()
    assert len(show(watch, [BAG])) == 1
    log, kept = FeatureLog(watch.eye.fingerprint, 0), b""
    for judgement, decisions in watch.decided:
        log.see(judgement)
        for decision in decisions:
            kept = log.told(decision) or kept
    return kept


class Room:
    """A camera with an event about a bag, and its worker."""

    def __init__(self, station: WorkerStation, camera: Camera, operator: User, kept: bytes) -> None:
        self._station, self._camera, self._by = station, camera, operator
        self.event: UUID = make_event(camera=camera).pk
        sink.store_features(features_name(self.event), kept, self.event)

    def dismiss(self) -> None:
        dismiss_event(event_id=self.event, by=self._by)

    def reopen(self) -> None:
        reopen_event(event_id=self.event, by=self._by)

    def events(self, *bags: Bag, watch: Watch | None = None) -> list[Decision]:
        """Of a camera of the same past, or another, that knows what people said."""
        watch, settings = watch or watching(), sink.load_settings(self._camera.pk)
        watch.normality = self._station.load_normality(settings, watch.eye, watch.normality)
        return show(watch, bags)


@pytest.fixture
def room(station: WorkerStation, camera: Camera, operator: User, media: Path, kept: bytes) -> Room:
    return Room(station, camera, operator, kept)


def test_it_is_told_no_more_there_until_that_is_undone(room: Room) -> None:
    room.dismiss()
    assert not room.events(MOVED)
    room.reopen()
    assert len(room.events(MOVED)) == 1


def test_elsewhere_it_is_told_even_while_the_forgiven_one_stands_there(room: Room) -> None:
    room.dismiss()
    (event,) = room.events(BAG, ELSEWHERE)
    assert event.box is not None
    assert event.box.right < 0.5


def test_that_it_is_taken_away_is_told_no_more_either(room: Room) -> None:
    def used_to_it() -> Watch:
        watch = Watch()
        watch.show([BAG(picture, number) for number, picture in enumerate(day(75))])
        return watch

    (event,) = room.events(watch=used_to_it())
    assert event.reasons[0].text.startswith("something that always was here is gone")
    room.dismiss()
    assert not room.events(watch=used_to_it())


def test_something_much_larger_is_told_there(room: Room) -> None:
    room.dismiss()
    assert len(room.events(LARGE)) == 1


def test_what_is_kept_is_where_it_was(kept: bytes) -> None:
    stored = StoredFeatures.from_bytes(kept)
    assert stored.features.attributes.keys() == stored.trail.attributes.keys() == {LEFT}
    spared = Feedback([stored.trail])
    box = Box(*(float(edge) for edge in stored.trail.boxes[0]))
    assert spared.spares(box)
    assert not spared.spares(box._replace(right=box.right + 0.1))
    with pytest.raises(ValueError, match="not by one moment"):
        rescore(stored, knowledge(), watching().eye.memory_class, replaced=0)


def test_what_was_left_and_what_moves_are_told_apart(kept: bytes) -> None:
    left = StoredFeatures.from_bytes(kept).trail
    moving = Features(0.0, left.boxes, {"speed": np.ones((len(left.boxes), 1), np.float32)})
    normality = watching().normality
    assert normality.unforgiven(moving, Feedback([left]), "day") is moving
    assert len(normality.unforgiven(left, Feedback([moving]), "day").boxes) == len(left.boxes)
    assert not len(normality.unforgiven(left, Feedback([left]), "day").boxes)
