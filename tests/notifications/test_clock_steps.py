"""What waits while the machine's clock is set back waits no longer than it would have: neither hours nor minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cameras.models import Camera
from notifications import clocks, outages
from notifications.models import Delivery, Notice, Snooze, Watch
from notifications.outages import look_after_cameras
from notifications.transports.protocol import TransportError
from project.accounts.models import Site, User
from tests.cameras.virtual_time import VirtualTime
from tests.cameras.virtual_time import virtual_database_time as virtual_database_time
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on, rule_of

HOUR = 3600.0


@pytest.fixture
def scene(camera: Camera, clock: Clock) -> Scene:
    return Scene(camera)


def work(clock: Clock, *moments: float) -> None:
    """What the control worker does at each of these moments."""
    for moment in moments:
        clock.at(moment)
        look_after_cameras()
        pass_on()


def escalations() -> int:
    return Delivery.objects.filter(reason="escalation").count()


@pytest.mark.parametrize("back", [0.5 * HOUR, 2 * HOUR, 30 * HOUR])
def test_a_step_comes_when_it_would_have(scene: Scene, site: Site, manager: User, clock: Clock, back: float) -> None:
    rule_of(site, role=None, escalation=[{"after_minutes": after, "role": 30} for after in (5, 60, 720)])
    scene.event(0, "critical")
    work(clock, 0, 100)
    work(clock, *(moment - back for moment in (110, 290)))
    assert escalations() == 0
    work(clock, 320 - back)
    assert escalations() == 1
    assert Delivery.objects.get(reason="escalation").facts["waiting_minutes"] == 5
    work(clock, *(moment - back for moment in (HOUR - 20, HOUR + 20)))
    assert escalations() == 2
    again = 2 * back
    work(clock, *(moment - again for moment in (HOUR + 30, 12 * HOUR - 30)))
    assert escalations() == 2
    work(clock, 12 * HOUR + 60 - again)
    assert escalations() == 3


def test_one_that_began_after_that_has_its_own_time(scene: Scene, site: Site, manager: User, clock: Clock) -> None:
    rule_of(site, role=None, escalation=[{"after_minutes": 5, "role": 30}])
    work(clock, 0)
    clock.at(-HOUR)
    scene.event(-HOUR, "critical")
    pass_on()
    work(clock, 5 - HOUR, 290 - HOUR)
    assert escalations() == 0
    work(clock, 301 - HOUR)
    assert escalations() == 1


@pytest.mark.parametrize("back", [0.5 * HOUR, 2 * HOUR, 30 * HOUR])
def test_what_waits_for_its_picture_or_to_be_tried_again_comes(
    scene: Scene, operator: User, manager: User, sink: Sink, clock: Clock, back: float
) -> None:
    channel_of(operator, "email")
    channel_of(manager, "webhook")
    sink.failures.append(TransportError("Busy."))
    scene.event(0)
    work(clock, 0)
    assert not sink.messages
    work(clock, 10 - back, 30 - back)
    assert len(sink.messages) == 2


def test_a_count_is_told_when_its_time_has_come(scene: Scene, operator: User, sink: Sink, clock: Clock) -> None:
    channel_of(operator, "webhook")
    scene.event(0)
    work(clock, 0)
    scene.event(1)
    work(clock, 1)
    work(clock, 11 - 300, 70 - 300)
    assert [message.facts["count"] for message in sink.messages] == [1, 2]
    work(clock, 311 - 300)
    assert Notice.objects.get().window_ends == NOON + timedelta(seconds=311)


@pytest.mark.parametrize("minutes", [60, 150])
def test_a_snooze_is_as_long_as_somebody_meant(scene: Scene, site: Site, clock: Clock, minutes: int) -> None:
    """It was made two hours ago: one is over, the other has half an hour to go."""
    until = clock.at(-2 * HOUR) + timedelta(minutes=minutes)
    snooze = Snooze.objects.create(site=site, camera=scene.camera, until=until)
    work(clock, 0, 10 - 3 * HOUR)
    snooze.refresh_from_db()
    assert timedelta() <= snooze.until - (until - timedelta(hours=3)) <= timedelta(seconds=10)


def test_a_snooze_that_was_made_since_holds(scene: Scene, site: Site, clock: Clock) -> None:
    work(clock, 0)
    until = clock.at(-HOUR) + timedelta(minutes=20)
    Snooze.objects.create(site=site, camera=scene.camera, until=until)
    work(clock, 10 - HOUR)
    assert Snooze.objects.get().until == until


@pytest.mark.parametrize("back", [0.5 * HOUR, 2 * HOUR])
def test_what_was_taken_since_is_held_as_long_as_ever(
    scene: Scene, operator: User, sink: Sink, clock: Clock, back: float
) -> None:
    channel_of(operator, "webhook")
    work(clock, 0)

    def another_worker_looks() -> None:
        work(clock, 5 - back)

    clock.at(2 - back)
    sink.takes_time.append(another_worker_looks)
    scene.event(2 - back)
    pass_on()
    assert len(sink.messages) == 1


def test_a_window_that_began_since_ends_when_it_would_have(scene: Scene, clock: Clock) -> None:
    scene.event(0)
    work(clock, 0)
    clock.at(2 - 300)
    scene.event(2 - 300, "critical")  # the notice is one of before, and its window begins again
    pass_on()
    work(clock, 8 - 300)
    notice = Notice.objects.get()
    assert notice.window_ends == NOON + timedelta(seconds=2)
    assert notice.next_hint_at == NOON + timedelta(seconds=62 - 300)


def test_a_receiver_that_failed_since_rests_as_long_as_it_asked(
    scene: Scene, site: Site, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    work(clock, 0)
    clock.at(2 - HOUR)
    sink.failures.append(TransportError("Too much.", retry_after=600))
    for name in ("Pier", "Yard"):
        Scene.at(site, name).event(2 - HOUR)
    pass_on()
    work(clock, 10 - HOUR, 590 - HOUR)
    assert not sink.messages
    work(clock, 730 - HOUR)
    assert len(sink.messages) == 2


def test_hosts_whose_clocks_differ_move_nothing(
    scene: Scene, operator: User, clock: Clock, virtual_database_time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outages, "database_now", clocks.database_now)
    scene.event(0)
    pass_on()
    for moment, ahead in ((100, 0), (110, 60), (120, 0), (130, 60)):
        virtual_database_time.now = clock.at(moment).timestamp()
        clock.at(moment + ahead)
        look_after_cameras()
    assert Notice.objects.get().window_ends == NOON + timedelta(seconds=300)
    assert Watch.objects.get().begun_at == NOON + timedelta(seconds=100)
