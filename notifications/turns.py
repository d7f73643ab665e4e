"""Whose turn it is: receivers that take their time must not take up all threads. Kept in memory, by each process.

* A receiver is quick once it took a message within QUICK, and took longer for none lately. It may hold AT_ONCE
  threads; any other one, so also one that is new here, may hold one.
* Those that are not quick hold at most three threads in four together: some are always left for those that are.
* What is worse than all that is under way to them need not wait for it.
* Of one notice a channel is sent one message at a time: where a later one takes the place of an earlier one, it must
  not arrive first. Nor must it be told that cameras of a site are back before it is told that they are away, and one
  message may be about many cameras; programs alone hear of each camera by itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from notifications.models import Channel, Delivery
from notifications.queue import OUTAGE, PROGRAMS
from notifications.targets import target_of

QUICK = 1.0
"""Seconds."""
LATELY = 600.0
"""Seconds for which a receiver counts as slow: one that is slow now and then is not to be believed in between."""
AT_ONCE = 3
LETTERS = "the instance's mail server"
Sequence = tuple[UUID | None, UUID | int]
"""The messages to a channel that must arrive in order: of a notice, or of a site's cameras that are away."""


@dataclass(frozen=True, slots=True)
class _Sending:
    receiver: str
    severity: int
    sequence: Sequence | None


class Turns:
    """Which deliveries are under way, and who was quick. All of it may be called by any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._under_way: dict[UUID, _Sending] = {}
        self._quick: set[str] = set()
        self._slow_at: dict[str, float] = {}

    def begin(self, delivery: Delivery, *, threads: int) -> bool:
        """Whether it is its turn, with so many threads in all; if so, it is under way until `end`."""
        if delivery.channel is None:
            return True  # an inbox takes no time
        receiver, sequence = _receiver_of(delivery.channel), sequence_of(delivery)
        with self._lock:
            sending = self._under_way.values()
            if sequence and any(each.sequence == sequence for each in sending):
                return False
            is_quick = receiver in self._quick
            here = [each for each in sending if each.receiver == receiver]
            slow = [each for each in sending if each.receiver not in self._quick]
            if not _fits(delivery, here, AT_ONCE if is_quick or receiver == LETTERS else 1):
                return False
            if not is_quick and not _fits(delivery, slow, max(1, threads * 3 // 4)):
                return False
            self._under_way[delivery.pk] = _Sending(receiver, delivery.severity, sequence)
            return True

    def is_under_way(self, sequence: Sequence) -> bool:
        """Whether a message of these is."""
        with self._lock:
            return any(each.sequence == sequence for each in self._under_way.values())

    def end(self, delivery: Delivery, *, took: bool | None, seconds: float = 0.0) -> None:
        """It is under way no more: its receiver took it in so long, or did not. None: nobody asked the receiver."""
        with self._lock:
            ended, now = self._under_way.pop(delivery.pk, None), self._clock()
            if ended is None or took is None:
                return
            if seconds > QUICK:
                self._slow_at[ended.receiver] = now
                self._quick.discard(ended.receiver)
            elif took and now - self._slow_at.get(ended.receiver, -math.inf) > LATELY:
                self._quick.add(ended.receiver)


def sequence_of(delivery: Delivery) -> Sequence | None:
    """None: it belongs to no others."""
    if delivery.reason in OUTAGE and delivery.kind not in PROGRAMS and delivery.site_id:
        return delivery.channel_id, delivery.site_id
    return (delivery.channel_id, delivery.notice_id) if delivery.notice_id else None


def _fits(delivery: Delivery, sending: Collection[_Sending], most: int) -> bool:
    return len(sending) < most or delivery.severity > max(each.severity for each in sending)


def _receiver_of(channel: Channel) -> str:
    """What is slow as one: a channel, or the server that the letters of all who have none of their own go through."""
    own = channel.kind != Channel.Kind.EMAIL or target_of(channel).get("host")
    return str(channel.pk) if own else LETTERS
