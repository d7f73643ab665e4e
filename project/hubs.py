"""What the sockets of one web process share: one subscription, one query, one clock, instead of one per socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar
from weakref import WeakKeyDictionary

from django.db import Error as DatabaseError
from redis import RedisError

from project.outage import Outage

log = logging.getLogger(__name__)

Member = TypeVar("Member")
Job = Callable[[Outage], Awaitable[None]]
"""Runs until it fails; says `outage.over()` when what it needs is there."""

_PAUSE_SECONDS = 0.5
_EXPECTED = (RedisError, DatabaseError, OSError, TimeoutError)


class Hub(Generic[Member]):
    """Its jobs run from its first member to its last, and are begun again when they fail: nobody there costs nothing.

    There is one of each kind per event loop, and a web process has one event loop.
    """

    _by_loop: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, Any]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._by_loop = WeakKeyDictionary()

    def __init__(self) -> None:
        self.members: set[Member] = set()
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    def here(cls) -> Self:
        """The hub of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in cls._by_loop:
            cls._by_loop[loop] = cls()
        hub: Self = cls._by_loop[loop]
        return hub

    def jobs(self) -> Mapping[str, Job]:
        """What the hub does, by what to call it in the log."""
        raise NotImplementedError

    def enter(self, member: Member) -> None:
        """Serve this member from now on."""
        self.members.add(member)
        if not self._tasks:
            self._tasks = [asyncio.create_task(_keep(what, job)) for what, job in self.jobs().items()]

    def leave(self, member: Member) -> None:
        """Forget this member, if it is one."""
        self.members.discard(member)
        if not self.members and self._tasks:
            ending = asyncio.create_task(_end(self._tasks))
            _endings.add(ending)
            ending.add_done_callback(_endings.discard)
            self._tasks = []


_endings: set[asyncio.Task[None]] = set()


async def all_at_rest() -> None:
    """Waits until the jobs of all hubs without members have ended: before the event loop itself does."""
    loop = asyncio.get_running_loop()
    endings = [ending for ending in _endings if ending.get_loop() is loop]
    if endings:
        await asyncio.wait(endings)


async def _end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Asks the tasks to end until they do: redis-py swallows a cancellation that comes while it connects."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=0.1)


async def _keep(what: str, job: Job) -> None:
    """Runs the job for ever: Redis restarted empty, or a database that was away, heals by itself."""
    outage = Outage(log, what)
    while True:
        try:
            await job(outage)
        except _EXPECTED as error:
            outage.met(error)
        except Exception:  # a mistake of ours must not end a service that hundreds of sockets share
            log.exception("%s failed", what)
        await asyncio.sleep(_PAUSE_SECONDS)
