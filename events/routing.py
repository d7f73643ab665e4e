"""Where each socket leads."""

from __future__ import annotations

from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from events.consumers import EventSocket, LiveSocket

# path() is typed for views only: https://channels.readthedocs.io/en/stable/topics/routing.html
websocket_urlpatterns = [
    path("ws/events", EventSocket.as_asgi()),  # type: ignore[arg-type]
    path("ws/live", LiveSocket.as_asgi()),  # type: ignore[arg-type]
    re_path(r"", WebsocketDenier.as_asgi()),  # type: ignore[arg-type]
]
