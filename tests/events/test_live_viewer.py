"""What one viewer is sent of one camera."""

from __future__ import annotations

import time
from uuid import uuid4

from events.live_frames import LiveHeader
from events.live_viewer import LiveMailbox, Picture, Subscription


class Somebody:
    """A viewer who is told nothing that matters here."""

    def __init__(self) -> None:
        self.sites = frozenset({1})
        self.pictures = LiveMailbox()

    def tell(self, message: object) -> None:
        """As `Viewer.tell`."""

    def lose(self, camera_id: object) -> None:
        """As `Viewer.lose`."""


def picture(*, at: float, sequence: int = 1) -> Picture:
    return Picture(LiveHeader(uuid4(), epoch=1, sequence=sequence, at=at), b"jpeg", time.monotonic())


def test_pictures_between_two_analysed_frames_are_sent_too() -> None:
    """At 15 frames a second three pictures carry the number of the same analysed frame."""
    subscription = Subscription(Somebody(), uuid4(), site_id=1, fps=1000.0)
    for number in range(3):
        subscription.offer(picture(at=100.0 + number / 15))
        assert subscription.take() is not None
        subscription.acknowledge()
        time.sleep(0.001)


def test_the_same_picture_is_sent_once() -> None:
    subscription = Subscription(Somebody(), uuid4(), site_id=1, fps=1000.0)
    subscription.offer(picture(at=100.0))
    assert subscription.take() is not None
    subscription.offer(picture(at=100.0))
    assert subscription.take() is None
