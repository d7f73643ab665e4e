"""How much one person, or one address of a stranger, may ask of the API in a minute: 429 with Retry-After above it.

Counted in Redis, so that all web processes count together. It is fairness, not a lock: while Redis is away nobody is
refused, and nobody waits for it. Log-ins are counted elsewhere, in the database: `project.accounts.attempts`.
"""

from __future__ import annotations

import hashlib
import logging
import math
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from project.accounts.attempts import client_address, network_of
from project.outage import Outage

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which asks for the throttle when it is loaded

log = logging.getLogger(__name__)

WINDOW = 60
"""Seconds."""
TIMEOUT = 0.2
"""Seconds that a request waits for Redis; after it nobody asks for PAUSE seconds."""
PAUSE = 5.0
_MEDIA = re.compile(r"\.(jpe?g|png|mp4|m4s|m3u8|ts)/?$")
_EXPORT = re.compile(r"/export(\.csv)?/?$")


class FairUse(BaseThrottle):
    """The limit of each kind of request, by `VIGIL_RATE_*`; 0 is none."""

    seconds: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this one is still within the limit."""
        kind = kind_of(request.method or "GET", request.path)
        if request.user.is_authenticated:
            self.seconds = counters().count(f"{kind}:user-{request.user.pk}", settings.VIGIL_RATES[kind])
        else:
            self.seconds = count_stranger(client_address(request._request))
        return not self.seconds

    def wait(self) -> float | None:
        """Seconds until there is room again."""
        return self.seconds


def kind_of(method: str, path: str) -> str:
    """exports, media (a player asks for a clip in many pieces), reads or writes."""
    if _EXPORT.search(path):
        return "exports"
    if method not in SAFE_METHODS:
        return "writes"
    return "media" if _MEDIA.search(path) else "reads"


def count_stranger(address: str) -> float:
    """Count a request of nobody we know, or one that was refused; seconds to wait, 0 where it is within the limit."""
    digest = hashlib.sha256(network_of(address).encode()).hexdigest()[:16]
    return counters().count(f"strangers:{digest}", settings.VIGIL_RATES["strangers"])


@lru_cache(maxsize=4)
def _counters(url: str) -> Counters:
    return Counters(url)


def counters() -> Counters:
    """Those in this instance's Redis."""
    return _counters(settings.REDIS_URL)


class Counters:
    """Requests of this minute and the last, by name."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
        )
        self._outage = Outage(log, "counting requests for their limits")
        self._asks_again_at = 0.0

    def count(self, name: str, limit: int) -> float:
        """Count one under this name; seconds until there is room where there is none, and then it is not counted."""
        if limit <= 0 or not settings.VIGIL_RATE_LIMITS or time.monotonic() < self._asks_again_at:
            return 0.0
        try:
            wait = self._count(f"vigil:rate:{name}", limit)
        except (redis.RedisError, OSError) as error:
            self._outage.met(error)
            self._asks_again_at = time.monotonic() + PAUSE
            return 0.0
        self._outage.over()
        return wait

    def _count(self, name: str, limit: int) -> float:
        minute, into = divmod(time.time(), WINDOW)
        this, last = f"{name}:{minute:.0f}", f"{name}:{minute - 1:.0f}"
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.incr(this)
            pipe.expire(this, 2 * WINDOW)
            pipe.get(last)
            now, _, before = pipe.execute()
        wait = seconds_to_wait(now=int(now), before=int(before or 0), into=into, limit=limit)
        if wait:
            self._redis.decr(this)
        return wait


def seconds_to_wait(*, now: int, before: int, into: float, limit: int) -> float:
    """0 where `now` requests of this minute and what still counts of the `before` of the last are within the limit.

    The last minute counts by the part of it that lies in the 60 seconds up to now, as if its requests had come evenly;
    `into` is how many seconds of this minute have passed.
    """
    if now + before * (1 - into / WINDOW) <= limit:
        return 0.0
    if now > limit:
        # In the next minute these, without the one that was refused, are those before.
        return WINDOW - into + WINDOW * (1 - (limit - 1) / (now - 1))
    return float(math.ceil(WINDOW * (1 - (limit - now) / before) - into)) or 1.0
