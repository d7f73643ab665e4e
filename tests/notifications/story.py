"""What happens at a camera, told as its worker tells it, and then passed on as the control worker does it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from cameras.models import Camera
from events.services import write_records
from notifications.dispatch import dispatch_all
from notifications.first_rule import ensure_first_rule
from notifications.models import Channel, Rule
from notifications.sender import send_due
from project.accounts.models import Site, User
from tests.events.worker import NOON, Told, claim
from tests.factories import make_camera


class Scene:
    """One camera and its worker."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self._epoch = claim(camera, at=NOON - 3600)

    @classmethod
    def at(cls, site: Site, name: str) -> Scene:
        """With a camera of its own."""
        return cls(make_camera(site=site, name=name))

    def event(self, at: float, severity: str = "high", *, category: str = "unusual", closed: bool = True) -> UUID:
        """An event, `at` seconds after noon."""
        told = Told(self.camera.pk, self._epoch)
        records = [told.opened(at, severity=severity, category=category)]
        write_records([*records, told.closed(at)] if closed else records)
        return told.event_id

    def seen_earlier(self, at: float, severity: str = "high") -> None:
        """The worker that takes over tells that what ended a moment ago had begun before."""
        self._epoch = claim(self.camera, at=NOON + at)
        told = Told(self.camera.pk, self._epoch)
        write_records([told.opened(at, severity=severity), told.closed(at + 1)])

    def grows(self, at: float, severity: str) -> UUID:
        """An event that begins low and becomes as bad as this one second later."""
        told = Told(self.camera.pk, self._epoch)
        write_records([told.opened(at, severity="low")])
        pass_on()
        write_records([told.peaked(at + 1, 9.0, severity=severity)])
        return told.event_id


def pass_on() -> None:
    """What the control worker does each second."""
    dispatch_all()
    send_due()


def channel_of(owner: User | Site, kind: str = "email", **values: Any) -> Channel:
    """A channel of a person or a site."""
    whose: dict[str, Any] = {"site": owner} if isinstance(owner, Site) else {"user": owner}
    target = json.dumps({"address": "somebody@example.org", "password": "canary-password"})
    return Channel.objects.create(**({"kind": kind, "name": "Letters", "target": target} | whose | values))


def rule_of(site: Site, **values: Any) -> Rule:
    """The only rule of the site: all of it to operators, unless said otherwise."""
    ensure_first_rule(site_id=site.pk)
    Rule.objects.filter(site=site).delete()
    many = {name: values.pop(name) for name in ("cameras", "people", "channels") if name in values}
    rule: Rule = Rule.objects.create(**({"site": site, "name": "All", "severity_floor": 0, "role": 20} | values))
    for name, rows in many.items():
        getattr(rule, name).set(rows)
    return rule
