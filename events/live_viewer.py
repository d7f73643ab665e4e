"""One viewer's share of the live view: which pictures it gets, how many at a time, and when it is told that one is old.

Nothing here waits or knows of Redis: the hub offers pictures, the socket takes them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict
from uuid import UUID

from events.live_frames import STALE_SECONDS, LiveHeader, pack
from project.sockets import Mailbox

CREDIT = 2
"""Pictures on their way to a viewer that it has not yet drawn: one being drawn, one behind it. Without this limit the
buffers on the way hide slowness, and a slow viewer was 12 s behind."""


class Stale(TypedDict):
    """There is no new picture of the camera: what is shown is not live."""

    type: Literal["stale"]
    camera: str
    since: float | None
    """When the last picture was captured, seconds since 1970 on this host's clock; None: there was none."""


@dataclass(slots=True)
class Picture:
    """A picture as the hub read it, shared by all its viewers."""

    header: LiveHeader
    jpeg: bytes
    captured_at: float
    """When its packet arrived at the worker, on this process's monotonic clock."""
    _packed: bytes = b""
    _packed_at: float = float("-inf")

    def age(self, now: float) -> float:
        """Seconds since it was captured."""
        return now - self.captured_at

    def to_bytes(self, now: float) -> bytes:
        """The message for a viewer. Viewers that are told within 20 ms share one copy."""
        if now - self._packed_at > 0.02:
            self._packed = pack(self.header, self.jpeg, age=self.age(now))
            self._packed_at = now
        return self._packed


class Viewer(Protocol):
    """The socket that a subscription belongs to."""

    sites: frozenset[int]

    @property
    def pictures(self) -> LiveMailbox:
        """Where to announce that there is a picture to take."""

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send this when its turn comes."""

    def lose(self, camera_id: UUID) -> None:
        """The camera may not be seen any more, or is gone."""


@dataclass(eq=False, slots=True)
class Subscription:
    """A viewer's wish to see a camera."""

    viewer: Viewer
    camera_id: UUID
    site_id: int
    fps: float
    """At most so many pictures a second."""
    fresh_at: float = field(default_factory=time.monotonic)
    """When the newest picture was captured; until there is one, when the wish began."""
    stale: bool = False
    _seen: tuple[int, float] | None = None
    """Epoch and time of the newest picture."""
    _credit: int = CREDIT
    _due: float = 0.0
    _waiting: Picture | None = None
    _status: Mapping[str, Any] | None = None

    def offer(self, picture: Picture) -> None:
        """There is a picture; it replaces one that the viewer had no time for.

        * A picture of an older lease is a woken zombie's, the same picture again is none: both are ignored.
        * So is an old one: it is never sent as live.
        * A viewer that wants fewer than there are does not get them all.
        """
        now = time.monotonic()
        mark = (picture.header.epoch, picture.header.at)
        if picture.age(now) > STALE_SECONDS or (self._seen and (mark[0] < self._seen[0] or mark == self._seen)):
            return
        self._seen, self.fresh_at, self.stale = mark, picture.captured_at, False
        if now >= self._due:
            self._waiting = picture
            self._announce()

    def take(self) -> bytes | None:
        """The picture to send now, at the cost of one credit."""
        now = time.monotonic()
        if self._waiting is None or self._credit == 0:
            return None
        picture, self._waiting = self._waiting, None
        if picture.age(now) > STALE_SECONDS:
            return None
        self._credit -= 1
        # A quarter early: pictures do not come on the dot, and none should be skipped for that.
        self._due = now + 0.75 / self.fps
        return picture.to_bytes(now)

    def acknowledge(self) -> None:
        """The viewer has drawn a picture."""
        self._credit = min(CREDIT, self._credit + 1)
        self._announce()

    def check_freshness(self) -> None:
        """Tells the viewer, once, when no new picture came for too long."""
        now = time.monotonic()
        if self.stale or now - self.fresh_at <= STALE_SECONDS:
            return
        self.stale, self._waiting = True, None
        since = time.time() - (now - self.fresh_at) if self._seen else None
        message: Stale = {"type": "stale", "camera": str(self.camera_id), "since": since}
        self.viewer.tell(message)

    def tell_status(self, status: Mapping[str, Any]) -> None:
        """Tells the viewer how the camera is, if that is not what it was told last."""
        if status != self._status:
            self._status = status
            self.viewer.tell(status)

    def _announce(self) -> None:
        if self._waiting is not None and self._credit:
            self.viewer.pictures.announce(self)


class LiveMailbox(Mailbox):
    """Texts first; then the pictures that are waiting, in turn, so that no camera starves another."""

    def __init__(self) -> None:
        super().__init__()
        self._announced: deque[Subscription] = deque()

    def announce(self, subscription: Subscription) -> None:
        """A picture can be taken from this subscription."""
        if subscription not in self._announced:
            self._announced.append(subscription)
        self.filled.set()

    def take(self) -> str | bytes | None:
        """What to send next; None where nothing waits."""
        text = super().take()
        if text is not None:
            return text
        while self._announced:
            picture = self._announced.popleft().take()
            if picture is not None:
                return picture
        return None

    def withdraw(self, subscription: Subscription) -> None:
        """The viewer does not want this one any more."""
        if subscription in self._announced:
            self._announced.remove(subscription)

    def clear(self) -> None:
        """Forget what waits."""
        super().clear()
        self._announced.clear()
