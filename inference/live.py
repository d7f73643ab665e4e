"""The worker's side of the live view: what viewers want to see, and the newest picture of each camera to Redis.

A camera loop never waits for Redis: `publish` fills a slot in which the newest picture wins, and a thread empties all
slots at once. While Redis is away pictures are dropped and, after 3 s, nobody wants any.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from uuid import UUID

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from events.live_frames import (
    DEMAND,
    DEMAND_HELD_SECONDS,
    KEPT_MILLISECONDS,
    LINK,
    NOTICE,
    STALE_SECONDS,
    Demand,
    LiveHeader,
    frame_key,
    pack,
)
from project.outage import Outage

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.5
"""Between two tries to reach Redis."""


class Demands:
    """What all web processes want to see at the moment. Safe to ask from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._heard: dict[str, tuple[float, Demand]] = {}

    def hear(self, demand: Demand) -> None:
        """A web process said what it wants; that replaces what it wanted before."""
        deadline = self._clock() + DEMAND_HELD_SECONDS
        fresh = {hub: entry for hub, entry in self._heard.items() if entry[0] > self._clock()}
        # Replaced as a whole, never changed: other threads read it without a lock.
        self._heard = fresh | {demand.hub: (deadline, demand)}

    def wanted(self, camera_id: UUID) -> float:
        """Frames per second; 0.0 where nobody watches."""
        now = self._clock()
        rates = (demand.cameras.get(camera_id, 0.0) for deadline, demand in self._heard.values() if deadline > now)
        return max(rates, default=0.0)


class LivePublisher:
    """One per worker, shared by its camera loops. Two daemon threads, from the beginning until `close`."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._demands = Demands()
        self._slots: dict[UUID, tuple[LiveHeader, bytes, float]] = {}
        self._lock = threading.Lock()
        self._filled = threading.Event()
        self._closing = threading.Event()
        self._dropped = 0
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for name, target in (("live-demand", self._listen), ("live-frames", self._send))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def dropped(self) -> int:
        """Pictures that did not reach Redis: a newer one came first, or Redis was away."""
        return self._dropped

    def wanted(self, camera_id: UUID) -> float:
        """How many pictures a second of this camera somebody wants to see; 0.0: nobody, so make none."""
        return self._demands.wanted(camera_id)

    def publish(self, header: LiveHeader, jpeg: bytes, *, monotonic: float) -> None:
        """Shows the picture to whoever watches its camera. Returns at once and never raises.

        `monotonic` is `time.monotonic()` of when the picture's packet arrived, as in `Frame`.
        """
        with self._lock:
            self._dropped += header.camera in self._slots
            self._slots[header.camera] = (header, jpeg, monotonic)
        self._filled.set()

    def close(self) -> None:
        """Ends both threads, within about a second."""
        self._closing.set()
        self._filled.set()
        for thread in self._threads:
            thread.join(2.0)

    def _connect(self, socket_timeout: float) -> redis.Redis:
        # No retry: by the time it succeeds there is a newer picture.
        return redis.Redis.from_url(self._url, socket_timeout=socket_timeout, retry=Retry(NoBackoff(), 0), **LINK)

    def _listen(self) -> None:
        outage = Outage(log, "hearing what viewers want to see")
        while not self._closing.is_set():
            try:
                self._hear_demands(outage)
            except (redis.RedisError, OSError) as error:
                outage.met(error)
                self._closing.wait(_PAUSE_SECONDS)

    def _hear_demands(self, outage: Outage) -> None:
        with self._connect(socket_timeout=1.0) as client, client.pubsub(ignore_subscribe_messages=True) as channel:
            channel.subscribe(DEMAND)
            outage.over()
            while not self._closing.is_set():
                message = channel.get_message(timeout=0.5)
                if message is not None:
                    with contextlib.suppress(ValueError):  # of another version of Vigil, or no demand at all
                        self._demands.hear(Demand.from_bytes(message["data"]))

    def _send(self) -> None:
        outage = Outage(log, "showing live pictures")
        with self._connect(socket_timeout=0.5) as client:
            while True:
                self._filled.wait()
                if self._closing.is_set():
                    return
                pictures = self._take()
                try:
                    self._deliver(client, pictures)
                    outage.over()
                except (redis.RedisError, OSError) as error:
                    with self._lock:
                        self._dropped += len(pictures)
                    outage.met(error)
                    self._closing.wait(_PAUSE_SECONDS)

    def _take(self) -> list[tuple[LiveHeader, bytes, float]]:
        with self._lock:
            self._filled.clear()
            pictures, self._slots = list(self._slots.values()), {}
        return pictures

    @staticmethod
    def _deliver(client: redis.Redis, pictures: list[tuple[LiveHeader, bytes, float]]) -> None:
        now = time.monotonic()
        with client.pipeline(transaction=False) as pipeline:
            for header, jpeg, monotonic in pictures:
                age = max(0.0, now - monotonic)
                if age < STALE_SECONDS:
                    pipeline.set(frame_key(header.camera), pack(header, jpeg, age=age), px=KEPT_MILLISECONDS)
                    pipeline.publish(NOTICE, str(header.camera))
            pipeline.execute()
