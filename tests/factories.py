"""Rows for tests: `make_camera(site=site, name="Gate")`; whatever is not said gets a plain value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from cameras.models import Camera, Health, Lease
from events.models import Event, Recording
from events.segments import Segment
from notifications.models import Channel, Delivery
from notifications.severity import HIGH
from project.accounts.models import Membership, Role, Site, User

_numbers = count(1)
NOON = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)


def make_user(**values: Any) -> User:
    """Somebody with the password `correct horse`."""
    values = {"username": f"user{next(_numbers)}", "password": "correct horse"} | values
    return User.objects.create_user(**values)


def make_site(**values: Any) -> Site:
    """A site."""
    return Site.objects.create(**({"name": f"Site {next(_numbers)}"} | values))


def make_member(*, site: Site, role: Role = Role.VIEWER, **user: Any) -> User:
    """A user with a role in the site."""
    member = make_user(**user)
    Membership.objects.create(user=member, site=site, role=role)
    return member


def make_camera(**values: Any) -> Camera:
    """A camera with its lease and health rows, as `cameras.services.register_camera` makes them."""
    defaults = {"name": f"Camera {next(_numbers)}", "source": "rtsp://user:canary-password@192.0.2.10/stream"}
    if "site" not in values:
        values["site"] = make_site()
    camera: Camera = Camera.objects.create(**(defaults | values))
    Lease.objects.create(camera=camera)
    Health.objects.create(camera=camera)
    return camera


def make_event(**values: Any) -> Event:
    """A closed event that nobody has touched."""
    if "camera" not in values:
        values["camera"] = make_camera()
    started_at = values.setdefault("started_at", NOON)
    defaults = {
        "site": values["camera"].site,
        "epoch": 1,
        "score": 2.5,
        "threshold": 1.2,
        "peak_at": started_at,
        "ended_at": started_at,
        "sequence": next(_numbers),
    }
    event: Event = Event.objects.create(**(defaults | values))
    return event


def make_channel(*, site: Site, **values: Any) -> Channel:
    """A webhook of the site, at an address where nobody is."""
    target = json.dumps({"url": "https://192.0.2.1/hook", "secret": "canary-password-of-the-webhook"})
    values = {"name": f"Channel {next(_numbers)}", "kind": Channel.Kind.WEBHOOK, "target": target} | values
    return Channel.objects.create(site=site, **values)


def make_delivery(*, channel: Channel, **values: Any) -> Delivery:
    """A message that got there."""
    number = next(_numbers)
    values = {"key": f"key {number}", "reason": Delivery.Reason.FIRST, "state": Delivery.State.SENT} | values
    values |= {"kind": channel.kind, "severity": HIGH, "due_at": NOON, "created_at": NOON}
    return Delivery.objects.create(channel=channel, site=channel.site, **values)


def make_recording(**values: Any) -> Recording:
    """Half a minute of a camera, as a worker writes it down; without its file."""
    if "camera" not in values:
        values["camera"] = make_camera()
    camera, began = values["camera"], round(values.get("started_at", NOON).timestamp() * 1000)
    segment = Segment(camera.pk, 1, began, began + 30_000, "h264", True, False)
    defaults = {
        "id": segment.segment_id,
        "site": camera.site,
        "epoch": 1,
        "started_at": NOON,
        "ended_at": datetime.fromtimestamp(segment.ended / 1000, UTC),
        "path": segment.name,
        "bytes": 8,
        "codec": "h264",
        "playable": True,
        "moved": False,
    }
    recording: Recording = Recording.objects.create(**(defaults | values))
    return recording
