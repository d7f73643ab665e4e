"""The live view of one web process: one Redis subscription, each new picture read once and given to all who watch.

A viewer gets the newest picture or none: at most two are on their way to it, and what it had no time for is replaced.
So a slow viewer delays nobody and costs one reference. A picture's age is counted from the worker's monotonic clock,
Redis's own count of the key's time to live, and ours: two hosts' wall clocks are never compared.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID, uuid4

from django.conf import settings
from redis import RedisError
from redis.asyncio import Redis

from events.camera_status import Status, statuses_of
from events.live_frames import DEMAND, DEMAND_EVERY_SECONDS, KEPT_MILLISECONDS, LINK, NOTICE, Demand, frame_key, unpack
from events.live_viewer import Picture, Subscription
from project.hubs import Hub, Job
from project.outage import Outage

STATUS_EVERY_SECONDS = 1.0
STATUS_AT_MOST_EVERY_SECONDS = 0.2
"""However fast viewers subscribe."""
FRESHNESS_EVERY_SECONDS = 0.25
REDIS_PATIENCE_SECONDS = 2.0


class LiveHub(Hub[Subscription]):
    """Its members are subscriptions: one viewer's wish to see one camera."""

    def __init__(self) -> None:
        super().__init__()
        self._id = uuid4().hex
        self._by_camera: dict[UUID, set[Subscription]] = defaultdict(set)
        self._noticed: set[UUID] = set()
        self._news = asyncio.Event()
        self._wishes_changed = asyncio.Event()
        self._status_wanted = asyncio.Event()

    def jobs(self) -> Mapping[str, Job]:
        return {
            "hearing of new pictures": self._listen,
            "fetching pictures": self._fetch,
            "telling workers what is watched": self._demand,
            "checking that pictures are fresh": self._check_freshness,
            "telling how cameras are": self._tell_statuses,
        }

    def enter(self, member: Subscription) -> None:
        self._by_camera[member.camera_id].add(member)
        super().enter(member)
        self._wishes_changed.set()
        self._status_wanted.set()
        self._notice(member.camera_id)  # there may be a picture already, made for somebody else

    def leave(self, member: Subscription) -> None:
        watching = self._by_camera[member.camera_id]
        watching.discard(member)
        if not watching:
            del self._by_camera[member.camera_id]
        self._wishes_changed.set()
        super().leave(member)

    def wishes_changed(self) -> None:
        """A member wants another rate than before."""
        self._wishes_changed.set()

    # --- pictures -------------------------------------------------------------------------------------------------
    def _notice(self, camera_id: UUID) -> None:
        if camera_id in self._by_camera:
            self._noticed.add(camera_id)
            self._news.set()

    async def _listen(self, outage: Outage) -> None:
        async with _connection() as redis, redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(NOTICE)
            outage.over()
            for camera_id in self._by_camera:
                self._notice(camera_id)  # whatever was published while nobody listened
            while True:
                message = await channel.get_message(timeout=1.0)
                if message is not None:
                    with suppress(ValueError):  # no id: not ours
                        self._notice(UUID(message["data"].decode()))

    async def _fetch(self, outage: Outage) -> None:
        async with _connection() as redis:
            while True:
                await self._news.wait()
                self._news.clear()
                # All cameras with news in one round trip: under load it gets longer, not slower.
                cameras, self._noticed = list(self._noticed), set()
                for picture in await _pictures(redis, cameras):
                    for subscription in self._by_camera.get(picture.header.camera, ()):
                        subscription.offer(picture)
                outage.over()

    async def _demand(self, outage: Outage) -> None:
        async with _connection() as redis:
            try:
                while True:
                    self._wishes_changed.clear()
                    await redis.publish(DEMAND, self._wishes().to_bytes())
                    outage.over()
                    await _wait_for(self._wishes_changed, DEMAND_EVERY_SECONDS)
            finally:
                # The last viewer left: no worker needs to make another picture.
                with suppress(RedisError, OSError):
                    await redis.publish(DEMAND, self._wishes().to_bytes())

    def _wishes(self) -> Demand:
        return Demand(self._id, {id: max(each.fps for each in watching) for id, watching in self._by_camera.items()})

    # --- how the cameras are --------------------------------------------------------------------------------------
    async def _check_freshness(self, outage: Outage) -> None:
        while True:
            await asyncio.sleep(FRESHNESS_EVERY_SECONDS)
            for subscription in list(self.members):
                subscription.check_freshness()

    async def _tell_statuses(self, outage: Outage) -> None:
        while True:
            self._status_wanted.clear()
            asked = list(self.members)  # not those who come while we wait for the answer
            statuses = await statuses_of({subscription.camera_id for subscription in asked})
            outage.over()
            for subscription in asked:
                if subscription in self.members:
                    self._tell_status(subscription, statuses)
            await asyncio.sleep(STATUS_AT_MOST_EVERY_SECONDS)
            await _wait_for(self._status_wanted, STATUS_EVERY_SECONDS - STATUS_AT_MOST_EVERY_SECONDS)

    @staticmethod
    def _tell_status(subscription: Subscription, statuses: Mapping[UUID, Status]) -> None:
        status = statuses.get(subscription.camera_id)
        if status is None or status.site_id not in subscription.viewer.sites:
            subscription.viewer.lose(subscription.camera_id)
        else:
            subscription.tell_status(status.message)


def _connection() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=REDIS_PATIENCE_SECONDS, **LINK)


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    """Waits for the event, but no longer than this."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


async def _pictures(redis: Redis, camera_ids: Sequence[UUID]) -> list[Picture]:
    """The newest picture of each camera that has one."""
    async with redis.pipeline(transaction=True) as pipeline:  # a picture and its own time to live, not its successor's
        for camera_id in camera_ids:
            pipeline.get(frame_key(camera_id))
            pipeline.pttl(frame_key(camera_id))
        values = await pipeline.execute()
    now = time.monotonic()
    found = (_picture(data, left, now) for data, left in zip(values[::2], values[1::2], strict=True))
    return [picture for picture in found if picture is not None]


def _picture(data: bytes | None, left: int, now: float) -> Picture | None:
    """The picture in `data`, which Redis will keep for `left` milliseconds more."""
    if data is None or left < 0:
        return None
    try:
        header, jpeg, age = unpack(data)
    except ValueError:  # of another version of Vigil
        return None
    return Picture(header, jpeg, captured_at=now - age - (KEPT_MILLISECONDS - left) / 1000)
