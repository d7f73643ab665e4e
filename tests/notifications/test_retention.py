"""What was told longer ago than an instance keeps is forgotten; what goes on stays."""

from __future__ import annotations

from datetime import timedelta

from cameras.models import Camera
from notifications.models import Attempt, Delivery, Escalation, InboxItem, Notice, Rule
from notifications.retention import retire
from project.accounts.models import User
from tests.notifications.conftest import NOON, Clock
from tests.notifications.story import Scene, channel_of, pass_on


def test_the_old_goes_and_the_new_stays(camera: Camera, operator: User, clock: Clock) -> None:
    channel_of(operator, "webhook")
    scene = Scene(camera)
    scene.event(0)
    pass_on()
    clock.at(301)
    pass_on()
    Escalation.objects.create(notice=Notice.objects.get(), rule=Rule.objects.get(), due_at=NOON, state="finished")
    clock.set(NOON + timedelta(days=29))
    assert retire() == 0
    scene.event(29 * 86_400, category="view")
    pass_on()
    clock.set(NOON + timedelta(days=31))
    assert retire() == 2
    assert Notice.objects.get().category == "view"
    assert (Delivery.objects.count(), Attempt.objects.count(), InboxItem.objects.count()) == (2, 2, 1)
    assert not Escalation.objects.exists()


def test_what_is_still_open_is_kept_however_old(camera: Camera, operator: User, clock: Clock) -> None:
    Scene(camera).event(0)
    pass_on()
    clock.set(NOON + timedelta(days=40))
    retire()
    assert Notice.objects.count() == 1
