"""Whether Redis is there, asked without patience."""

from __future__ import annotations

import redis
from django.conf import settings

TIMEOUT = 1.0
"""Seconds. The clients of Celery and Channels would try again for six: too long for somebody who waits for a page."""


def knock() -> None:
    """Raises redis.RedisError or OSError unless Redis answers at once."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=None
    )
    with client:
        client.ping()
