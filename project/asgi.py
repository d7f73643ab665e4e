"""The web process: Django for HTTP, Channels for sockets. It loads no model, no decoder and no picture library."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django_application = get_asgi_application()  # before anything that imports models

import celery_app  # noqa: E402, F401 - makes it the app that tasks are sent with
from project.accounts.socket_authentication import SocketAuthentication  # noqa: E402
from project.body_limit import BodyLimit  # noqa: E402
from project.hubs import all_at_rest  # noqa: E402


async def lifespan(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """The server's start and stop: hubs begin with their first socket by themselves, and end with their last."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await all_at_rest()
    await send({"type": "lifespan.shutdown.complete"})


# By name, like the apps' URLs: the project knows that its apps have sockets, but imports none of them.
application = ProtocolTypeRouter(
    {
        "http": BodyLimit(django_application, settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
        "websocket": SocketAuthentication(URLRouter(import_string("events.routing.websocket_urlpatterns"))),
        "lifespan": lifespan,
    }
)
