"""Rows for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cameras.models import Camera, Health, Lease
from events.models import Event
from project.accounts.models import Membership, Role, Site, User


class UserFactory(DjangoModelFactory[User]):
    """Somebody with the password `correct horse`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None, **_: Any) -> None:  # type: ignore[misc]
        """Set after the row is built, for it is stored hashed."""
        self.set_password(extracted or "correct horse")
        if create:
            self.save(update_fields=["password"])


class SiteFactory(DjangoModelFactory[Site]):
    """A site."""

    class Meta:
        model = Site

    name = factory.Sequence(lambda n: f"Site {n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A user's role in a site."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    site = factory.SubFactory(SiteFactory)
    role = Role.VIEWER


class CameraFactory(DjangoModelFactory[Camera]):
    """A camera with its lease and health rows, as `cameras.services.register_camera` makes them."""

    class Meta:
        model = Camera
        skip_postgeneration_save = True

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Camera {n}")
    source = "rtsp://user:canary-password@192.0.2.10/stream"

    @factory.post_generation
    def rows(self: Camera, create: bool, *_: Any, **__: Any) -> None:  # type: ignore[misc]
        """Its lease and its health."""
        if create:
            Lease.objects.get_or_create(camera=self)
            Health.objects.get_or_create(camera=self)


class EventFactory(DjangoModelFactory[Event]):
    """A closed event, new to people."""

    class Meta:
        model = Event

    camera = factory.SubFactory(CameraFactory)
    site = factory.SelfAttribute("camera.site")
    epoch = 1
    score = 2.5
    threshold = 1.2
    started_at = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
    peak_at = factory.SelfAttribute("started_at")
    ended_at = factory.SelfAttribute("started_at")
    sequence = factory.Sequence(lambda n: n + 1)
