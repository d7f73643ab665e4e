"""Makes a site's cameras known over its MQTT channels, and takes back those that went. Writes no rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from cameras.health import health_of, with_health
from cameras.models import Camera
from notifications.models import Channel
from notifications.outages import THERE
from notifications.targets import target_of
from notifications.transports.home_assistant import AnnouncedCamera, announce, withdraw
from notifications.transports.protocol import TransportError
from project.masking import scrub

TAKEN_BACK_FOR = timedelta(days=7)
"""After its removal a camera is taken back again and again, for the broker may have been down."""

log = structlog.get_logger(__name__)


def announce_cameras(*, now: datetime | None = None) -> None:
    """Tell each broker what there is, for it may have lost it. Raises nothing that a broker may cause."""
    since = (now or timezone.now()) - TAKEN_BACK_FOR
    channels = Channel.objects.filter(kind=Channel.Kind.MQTT, enabled=True, site__isnull=False)
    for channel in channels.select_related("site"):
        there = [
            _announced(camera, channel, online=health_of(camera, now=camera.database_now).state in THERE)
            for camera in with_health(Camera.objects.filter(site=channel.site))
        ]
        gone = Camera.with_removed.filter(site=channel.site, removed_at__gte=since)
        try:
            announce(there, target_of(channel))
            withdraw([_announced(camera, channel, online=False) for camera in gone], target_of(channel))
        except TransportError as error:
            log.warning("cameras not made known", channel=str(channel.pk), error=scrub(str(error)))


def _announced(camera: Camera, channel: Channel, *, online: bool) -> AnnouncedCamera:
    assert channel.site is not None
    return AnnouncedCamera(
        id=str(camera.pk), name=camera.name, site=channel.site.pk, site_name=channel.site.name, online=online
    )
