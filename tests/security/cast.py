"""The people of the matrix with what they hold in their hands, and the site they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cameras.models import Camera, Request, Worker
from events.models import Event, Recording, RetentionPolicy, Status
from notifications.models import Rule, Snooze
from project.accounts.models import Role, Site, User
from project.accounts.tokens import issue_api_key
from project.audit import trail
from project.audit.models import AuditEntry
from tests.factories import (
    make_camera,
    make_channel,
    make_delivery,
    make_event,
    make_member,
    make_recording,
    make_site,
    make_user,
)
from tests.security.hands import Hand, browser, expired, key, script, switched_off
from tests.security.policies import Person as P

HOUR = timedelta(hours=1)
MARKS = ("-7f3a", "canary-password")
"""What is in every name of the site, and in no other; strangers must not read it anywhere."""


@dataclass
class World:
    """One site with all that routes are about; a route names what it needs."""

    site: Site = field(default_factory=lambda: make_site(name="Harbour-7f3a"))
    elsewhere: Site = field(default_factory=lambda: make_site(name="Airport"))

    def __post_init__(self) -> None:
        self.viewer = make_member(username="vera-7f3a", site=self.site, role=Role.VIEWER)
        self.operator = make_member(username="omar-7f3a", site=self.site, role=Role.OPERATOR)
        self.manager = make_member(username="mina-7f3a", site=self.site, role=Role.MANAGER)
        self.foreign = make_member(username="stan", site=self.elsewhere, role=Role.MANAGER)
        self.staff = make_user(username="stella", is_staff=True)
        self.superuser = make_user(username="root", is_staff=True, is_superuser=True)
        self.camera: Camera = make_camera(site=self.site, name="Gate-7f3a")
        self.event: Event = make_event(camera=self.camera)
        self.resolved: Event = make_event(camera=self.camera, status=Status.RESOLVED)
        self.request = Request.objects.create(site=self.site, kind=Request.Kind.TEST_CONNECTION, payload="{}")
        self.token = issue_api_key(user=self.viewer, name="script")[0]
        self.worker = Worker.objects.create(name="w", host="h", device="cpu", queue="q", slots=1, seen_at=1.0)
        trail.record("camera.changed", by=self.manager, target=self.camera, changes={"alarm_budget": (2, 3)})
        self.entry = AuditEntry.objects.first()
        self.recording: Recording = make_recording(camera=self.camera)
        self.channel = make_channel(site=self.site, name="Hook-7f3a")
        self.delivery = make_delivery(channel=self.channel)
        self.policy = RetentionPolicy.objects.create(site=self.site, media_days=30)
        self.rule = Rule.objects.create(site=self.site, name="Nights-7f3a")
        self.snooze = Snooze.objects.create(site=self.site, camera=self.camera, until=timezone.now() + HOUR)
        self._keep_files()
        self.hands = self._hands()

    def of(self, name: str) -> Any:
        """What a route's address or body names: `event` is the id of the event; anything else is itself.

        So is what stands behind `text:`, such as the name of a role.
        """
        if name.startswith("text:"):
            return name.removeprefix("text:")
        value = getattr(self, name, name)
        return value.pk if hasattr(value, "pk") else value

    def marks(self) -> list[str]:
        """What no stranger may read."""
        secret = (self.event, self.camera, self.request, self.recording, self.channel, self.delivery, self.rule)
        return [*MARKS, *(str(row.pk) for row in secret)]

    def _keep_files(self) -> None:
        folder = f"events/{self.event.pk}"
        names = {name: f"{folder}/{name}" for name in ("snapshot.jpg", "clip.mp4", "heat.jpg", "usual-1.jpg")}
        for name in [*names.values(), self.recording.path]:
            default_storage.save(name, ContentFile(b"evidence"))
        evidence = {"heat": names["heat.jpg"], "usual-1": names["usual-1.jpg"]}
        files = {"snapshot_path": names["snapshot.jpg"], "clip_path": names["clip.mp4"], "evidence": evidence}
        Event.objects.filter(pk=self.event.pk).update(**files)

    def _hands(self) -> dict[P, Hand]:
        scripted = {P.KEY_VIEWER: Role.VIEWER, P.KEY_OPERATOR: Role.OPERATOR, P.KEY_MANAGER: Role.MANAGER}
        members = {P.VIEWER: self.viewer, P.OPERATOR: self.operator, P.MANAGER: self.manager}
        others = {P.FOREIGN: self.foreign, P.STAFF: self.staff, P.SUPERUSER: self.superuser}
        return {
            P.NOBODY: Hand(),
            **{person: browser(user) for person, user in (members | others).items()},
            P.DISABLED: switched_off(self._another_manager("dora-7f3a")),
            P.EXPIRED: expired(self._another_manager("egon-7f3a")),
            P.ACCESS: script(self.manager),
            **{person: key(self.manager, role=role) for person, role in scripted.items()},
            P.KEY_ELSEWHERE: key(self.superuser, site=self.elsewhere),
        }

    def _another_manager(self, username: str) -> User:
        return make_member(username=username, site=self.site, role=Role.MANAGER)
