"""What a message tells, in no language and no time zone: stored with the delivery, put into words when it is sent."""

from __future__ import annotations

from datetime import datetime

from cameras.models import Camera
from events.models import Event
from notifications.message import Fact
from notifications.models import Channel, Notice
from notifications.severity import name_of

Facts = dict[str, Fact]


def facts_of_notice(notice: Notice, camera: Camera, event: Event | None, *, told_before: int = 0) -> Facts:
    """Of an event and those that were counted with it.

    `since` is when the first of them began, `more` how many there were beside it.
    """
    return {
        "kind": "event",
        "event": str(notice.event_id) if notice.event_id else None,
        "notice": str(notice.pk),
        "camera": str(camera.pk),
        "camera_name": camera.name,
        "site": camera.site_id,
        "site_name": camera.site.name,
        "category": notice.category,
        "severity": name_of(notice.worst),
        "status": event.status if event else None,
        "count": notice.count,
        "more": max(0, notice.count - 1),
        "new": max(0, notice.count - told_before),
        "started_at": (event.started_at if event else notice.first_at).isoformat(),
        "since": notice.first_at.isoformat(),
    }


def facts_of_outage(notice: Notice, camera: Camera, *, kind: str, at: datetime, detail: str = "") -> Facts:
    """Of a camera that is away (`offline`) or back again (`back`)."""
    return facts_of_notice(notice, camera, None) | {"kind": kind, "started_at": at.isoformat(), "detail": detail}


def facts_of_channel(channel: Channel, *, kind: str, at: datetime, detail: str = "") -> Facts:
    """Of a channel that is tried (`test`) or was switched off (`channel_broken`)."""
    return {
        "kind": kind,
        "channel": str(channel.pk),
        "channel_name": channel.name,
        "site": channel.site_id,
        "site_name": channel.site.name if channel.site else None,
        "severity": "medium" if kind == "channel_broken" else "low",
        "started_at": at.isoformat(),
        "detail": detail,
    }
