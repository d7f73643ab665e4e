"""The people of the matrix with what they hold in their hands, and the site they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from rest_framework.test import APIClient

from cameras.models import Camera, Request
from events.models import Event, Status
from project.accounts.models import Role, Site, Token, User
from project.accounts.tokens import issue_api_key, issue_tokens
from tests.factories import make_camera, make_event, make_member, make_site, make_user
from tests.security.policies import Person as P

MARKS = ("Harbour-7f3a", "Gate-7f3a", "vera-7f3a", "omar-7f3a", "mina-7f3a", "canary-password")
"""Names of the site that strangers must not read anywhere."""


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
        self._keep_files()

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
        return [*MARKS, str(self.event.pk), str(self.camera.pk), str(self.request.pk)]

    def _keep_files(self) -> None:
        folder = f"events/{self.event.pk}"
        names = {name: f"{folder}/{name}" for name in ("snapshot.jpg", "clip.mp4", "heat.jpg", "usual-1.jpg")}
        for name in names.values():
            default_storage.save(name, ContentFile(b"evidence"))
        evidence = {"heat": names["heat.jpg"], "usual-1": names["usual-1.jpg"]}
        files = {"snapshot_path": names["snapshot.jpg"], "clip_path": names["clip.mp4"], "evidence": evidence}
        Event.objects.filter(pk=self.event.pk).update(**files)


def client_of(person: P, world: World) -> APIClient:
    """A client as this person has it: a browser with a session, or a script with a token."""
    match person:
        case P.NOBODY:
            return _client()
        case P.DISABLED:
            client = _browser(world.manager)
            User.objects.filter(pk=world.manager.pk).update(is_active=False)
            return client
        case P.EXPIRED:
            client = _script(issue_tokens(user=world.manager).access)
            Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
            return client
        case P.ACCESS:
            return _script(issue_tokens(user=world.manager).access)
        case P.KEY_VIEWER | P.KEY_OPERATOR | P.KEY_MANAGER:
            return _script(issue_api_key(user=world.manager, name="script", role=_ROLES[person])[1])
        case P.KEY_ELSEWHERE:
            return _script(issue_api_key(user=world.superuser, name="script", site=world.elsewhere)[1])
    return _browser(getattr(world, person.name.lower()))


_ROLES = {P.KEY_VIEWER: Role.VIEWER, P.KEY_OPERATOR: Role.OPERATOR, P.KEY_MANAGER: Role.MANAGER}


def _client() -> APIClient:
    return APIClient(REMOTE_ADDR="198.51.100.7")  # not this machine, which may read more


def _browser(user: User) -> APIClient:
    client = _client()
    client.force_login(user)
    return client


def _script(secret: str) -> APIClient:
    client = _client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client
