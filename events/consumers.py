"""The two sockets of Vigil. They translate: rights, limits, pictures and numbers are looked after elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from channels.db import database_sync_to_async

from cameras.models import Camera
from events.broadcast import encode
from events.event_hub import EventHub, sequences_of
from events.live_hub import LiveHub
from events.live_viewer import LiveMailbox, Subscription
from events.watching import note_watched_live
from project.sockets import Mailbox, Socket

SUBSCRIPTIONS = 64
"""Cameras on one socket."""
HIGHEST_FPS, LOWEST_FPS = 15.0, 0.2


class EventSocket(Socket):
    """`/ws/events`: `hello` with the numbers of the visitor's sites, then each change, and the numbers regularly.

    `inbox.changed` goes to the sockets of one user alone.
    """

    _greeting: asyncio.Task[None] | None = None

    @property
    def user_id(self) -> int:
        return self.visitor.user_id

    async def opened(self) -> None:
        EventHub.here().enter(self)
        await self._greet()

    def closed(self) -> None:
        EventHub.here().leave(self)

    def sites_changed(self, sites: frozenset[int]) -> None:
        self.mailbox.clear()  # it may hold changes of a site that may not be seen any more
        self._greeting = asyncio.create_task(self._greet())

    async def _greet(self) -> None:
        # Entered before the numbers are read: a change is told, or counted in them, or both.
        self.tell_text(encode({"type": "hello", "sites": await sequences_of(self.sites)}), first=True)


class LiveSocket(Socket):
    """`/ws/live`: the newest pictures of the cameras that the client subscribes to."""

    actions: ClassVar = {"subscribe": "subscribe", "unsubscribe": "unsubscribe", "ack": "acknowledge"}

    def __init__(self) -> None:
        super().__init__()
        self._subscriptions: dict[UUID, Subscription] = {}

    @property
    def pictures(self) -> LiveMailbox:
        assert isinstance(self.mailbox, LiveMailbox)
        return self.mailbox

    def make_mailbox(self) -> Mailbox:
        return LiveMailbox()

    def closed(self) -> None:
        for camera_id in list(self._subscriptions):
            self._unsubscribe(camera_id)

    def sites_changed(self, sites: frozenset[int]) -> None:
        for camera_id, subscription in list(self._subscriptions.items()):
            if subscription.site_id not in sites:
                self.lose(camera_id)

    def lose(self, camera_id: UUID) -> None:
        """The camera may not be seen any more, or is gone."""
        self._unsubscribe(camera_id)
        self._tell_not_found(camera_id)

    async def acknowledge(self, message: Mapping[str, Any]) -> None:
        """The client has shown a picture and may be sent another."""
        camera_id = _camera_id(message)
        if camera_id in self._subscriptions:
            self._subscriptions[camera_id].acknowledge()

    async def unsubscribe(self, message: Mapping[str, Any]) -> None:
        """The client shows the camera no longer."""
        self._unsubscribe(_camera_id(message))

    async def subscribe(self, message: Mapping[str, Any]) -> None:
        """The client shows the camera from now on, or at another pace."""
        camera_id, fps = _camera_id(message), message.get("fps")
        known = self._subscriptions.get(camera_id) if camera_id else None
        if known is not None:
            known.fps = _fps(fps, known.fps)
            LiveHub.here().wishes_changed()
            return
        if len(self._subscriptions) >= SUBSCRIPTIONS:
            self.tell_error("too_many", f"One socket shows at most {SUBSCRIPTIONS} cameras.")
            return
        camera = await _find(camera_id, self.sites) if camera_id else None
        if camera is None:
            self._tell_not_found(camera_id)
        elif not self.ended:
            subscription = Subscription(self, camera.pk, camera.site_id, _fps(fps, camera.live_fps))
            self._subscriptions[camera.pk] = subscription
            LiveHub.here().enter(subscription)
            await note_watched_live(camera, self.visitor, _address(self.scope))

    def _unsubscribe(self, camera_id: UUID | None) -> None:
        subscription = self._subscriptions.pop(camera_id, None) if camera_id else None
        if subscription is not None:
            self.pictures.withdraw(subscription)
            LiveHub.here().leave(subscription)

    def _tell_not_found(self, camera_id: UUID | None) -> None:
        about = {"camera": str(camera_id)} if camera_id else {}
        self.tell({"type": "error", "code": "not_found", "message": "There is no such camera.", **about})


def _address(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _camera_id(message: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(message["camera"])
    except (KeyError, ValueError, AttributeError, TypeError):
        return None


def _fps(wanted: object, default: float) -> float:
    """Pictures a second: what was asked for, within reason, or the default."""
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return default
    return float(min(HIGHEST_FPS, max(LOWEST_FPS, wanted)))  # compared first: JSON has numbers that no float holds


@database_sync_to_async
def _find(camera_id: UUID, sites: frozenset[int]) -> Camera | None:
    """The camera, if it is in one of the sites that the visitor may see."""
    camera: Camera | None = Camera.objects.filter(site__in=sites, pk=camera_id).first()
    return camera
