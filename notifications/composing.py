"""Puts a delivery into words: the recipient's language and time zone, a link, the picture of the moment."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from events.models import Event
from notifications.message import Fact, Message
from notifications.models import Delivery, Preference
from notifications.queue import PICTURED
from notifications.severity import name_of
from notifications.texts import name_category, say

LARGEST_PICTURE = 2_000_000
"""Bytes. A picture above it is left out: mail servers refuse large letters."""


def compose(delivery: Delivery) -> Message:
    """The message, as it is true now: what was counted with it since is in a later one."""
    language, zone = _language(delivery), _zone(delivery)
    title, body = _words(delivery, language, zone)
    return Message(
        key=delivery.key,
        severity=name_of(delivery.severity),
        language=language,
        title=title if len(title) <= 120 else f"{title[:119]}…",
        body=body,
        at=_moment(delivery, "started_at"),
        link=f"{settings.VIGIL_BASE_URL}{link_of(delivery)}",
        picture=_picture(delivery) if delivery.kind in PICTURED else None,
        facts=delivery.facts | {"reason": delivery.reason},
    )


def link_of(delivery: Delivery) -> str:
    """Where in the UI it is shown."""
    facts = delivery.facts
    if facts.get("event"):
        return f"/events/{facts['event']}"
    return f"/live/{facts['camera']}" if facts.get("camera") else "/"


def _words(delivery: Delivery, language: str, zone: ZoneInfo) -> tuple[str, str]:
    facts, reason = delivery.facts, delivery.reason
    at = _moment(delivery, "started_at").astimezone(zone)
    values = {
        "severity": say(language, f"severity.{facts.get('severity', 'low')}"),
        "category": name_category(language, str(facts.get("category", ""))),
        "camera": facts.get("camera_name"),
        "site": facts.get("site_name"),
        "channel": facts.get("channel_name"),
        "time": f"{at:%Y-%m-%d %H:%M:%S}",
        "zone": zone.key,
        "minutes": _minutes(language, facts.get("waiting_minutes")),
        "detail": facts.get("detail", ""),
        "count": facts.get("cameras"),
        "names": facts.get("camera_names"),
    }
    kind = facts.get("kind", "event") if reason != Delivery.Reason.ESCALATION else "escalation"
    lines = [say(language, f"{kind}.body", **values)]
    if kind == "event" and reason == Delivery.Reason.WORSE:
        lines.append(say(language, "worse.body"))
    if kind == "event" and facts.get("more"):
        since = _moment(delivery, "since").astimezone(zone)
        lines.append(say(language, "event.more", more=facts["more"], since=f"{since:%H:%M}"))
    if kind == "offline" and values["detail"]:
        lines.append(str(values["detail"]))
    return say(language, f"{kind}.title", **values), "\n".join(lines)


def _minutes(language: str, minutes: Fact) -> str:
    return say(language, "minutes.one" if minutes == 1 else "minutes", minutes=minutes)


def _language(delivery: Delivery) -> str:
    if delivery.recipient is not None:
        return delivery.recipient.language
    return delivery.channel.language if delivery.channel else "en"


def _zone(delivery: Delivery) -> ZoneInfo:
    wish = Preference.objects.filter(user=delivery.recipient_id).first() if delivery.recipient_id else None
    site = delivery.site
    return ZoneInfo((wish.time_zone if wish else "") or (site.time_zone if site else "UTC"))


def _moment(delivery: Delivery, name: str) -> datetime:
    text = delivery.facts.get(name)
    return datetime.fromisoformat(str(text)) if text else timezone.now()


def _picture(delivery: Delivery) -> bytes | None:
    """The snapshot, where it is stored by now."""
    if delivery.event_id is None:
        return None
    path = Event.objects.filter(pk=delivery.event_id).values_list("snapshot_path", flat=True).first()
    if not path:
        return None
    try:
        with default_storage.open(path) as file:
            picture: bytes = file.read(LARGEST_PICTURE + 1)
    except OSError:
        return None
    return picture if len(picture) <= LARGEST_PICTURE else None
