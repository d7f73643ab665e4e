"""Points the settings at a Valkey of the tests."""

from __future__ import annotations

from typing import Any

from tests.support.valkey import ValkeyServer


def use(settings: Any, server: ValkeyServer) -> None:
    """Live pictures and the channel layer go through this server, for the length of the test."""
    settings.REDIS_URL = server.url
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [server.url]}}}
    settings.ALLOWED_HOSTS = ["testserver"]
