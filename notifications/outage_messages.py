"""Tells of cameras that are away or back: each by itself, or all in one message where many go at once.

Where a worker is gone all its cameras are away in the same moment: whoever may see twenty of them gets one message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cameras.models import Camera
from notifications.audience import Audience, Topic
from notifications.facts import Facts, facts_of_outage
from notifications.models import Delivery, Notice
from notifications.models.notices import OFFLINE
from notifications.queue import PROGRAMS, Telling, queue_telling
from notifications.recipients import Addressee
from notifications.severity import HIGH

MANY = 3
"""More of a site than this in one moment are one message."""
NAMED = 10


@dataclass(frozen=True, slots=True)
class CameraNews:
    """One camera that is away, or back."""

    camera: Camera
    notice: Notice
    at: datetime
    detail: str = ""


def tell(news: Sequence[CameraNews], reason: Delivery.Reason, now: datetime) -> None:
    """Queue the messages. To be called in the transaction in which the notices changed."""
    sites = {each.camera.site for each in news}
    for site in sites:
        audience = Audience(site, now)
        heard: dict[str, tuple[Addressee, list[CameraNews]]] = {}
        for each in news:
            if each.camera.site_id == site.pk:
                topic = Topic(each.camera.pk, OFFLINE, HIGH)
                for addressee in audience.addressees(audience.rules_for(topic), topic):
                    heard.setdefault(addressee.place, (addressee, []))[1].append(each)
        for addressee, about in heard.values():
            _queue(addressee, about, reason, now)


def _queue(addressee: Addressee, about: Sequence[CameraNews], reason: Delivery.Reason, now: datetime) -> None:
    for_program = addressee.channel is not None and addressee.channel.kind in PROGRAMS
    if len(about) > MANY and not for_program:
        first = about[0]
        facts = _facts_of_many(about, reason)
        queue_telling(Telling(first.notice, reason, HIGH, facts, about_more=True), [addressee], now)
        return
    for each in about:
        queue_telling(Telling(each.notice, reason, HIGH, _facts(each, reason)), [addressee], now)


def _facts(news: CameraNews, reason: Delivery.Reason) -> Facts:
    return facts_of_outage(news.notice, news.camera, kind=reason.value, at=news.at, detail=news.detail)


def _facts_of_many(about: Sequence[CameraNews], reason: Delivery.Reason) -> Facts:
    """As of the first; no single camera or notice is named as the one that it is about."""
    names = sorted(each.camera.name for each in about)
    shown = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    none: Facts = {"camera": None, "notice": None}
    many: Facts = {"kind": f"{reason.value}_many", "cameras": len(about), "camera_names": shown}
    return _facts(about[0], reason) | none | many
