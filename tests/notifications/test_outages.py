"""A camera that is away is told of once, and once when it is back."""

from __future__ import annotations

import pytest

from cameras.health import CameraHealth
from cameras.models import Camera
from notifications import outages
from notifications.models import Delivery, InboxItem, Notice, Outage
from notifications.transports.protocol import TransportError
from notifications.transports.threads import thread_of
from project.accounts.models import Site, User
from tests.factories import make_camera
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import channel_of, pass_on, rule_of

pytestmark = pytest.mark.usefixtures("operator")


class World:
    """How each camera is, and a control worker that looks every ten seconds."""

    def __init__(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self._clock, self._now = clock, 0
        self.states: dict[str, str] = {}
        monkeypatch.setattr(outages, "health_of", self._health)

    def runs(self, seconds: int, **states: str) -> None:
        """For so many seconds, in which these cameras are like this."""
        self.states |= states
        until = self._now + seconds
        while self._now < until:
            self._now += 10
            self._clock.at(self._now)
            outages.look_after_cameras()
            pass_on()

    def sleeps(self, seconds: int) -> None:
        """Vigil itself is away."""
        self._now += seconds

    def _health(self, camera: Camera, *, now: float) -> CameraHealth:
        state = self.states.get(camera.name, "watching")
        return CameraHealth(state, NOON, detail="The camera does not answer.")  # type: ignore[arg-type]


@pytest.fixture
def world(clock: Clock, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(clock, monkeypatch)
    world.runs(130)
    return world


def told() -> list[str]:
    return list(Delivery.objects.order_by("created_at").values_list("reason", flat=True))


@pytest.mark.parametrize("state", ["offline", "stalled", "failed", "waiting", "connecting"])
def test_it_is_told_once_and_once_when_it_is_back(world: World, state: str) -> None:
    world.runs(60, Gate=state)
    assert told() == []
    world.runs(200, Gate=state)
    assert told() == ["offline"]
    item = InboxItem.objects.get()
    assert (item.title, item.link) == ("Camera offline: Gate", f"/live/{Camera.objects.get().pk}")
    assert "The camera does not answer." in item.body
    world.runs(200, Gate="watching")
    assert told() == ["offline", "back"]
    assert InboxItem.objects.get().title == "Camera back: Gate"
    assert not Outage.objects.exists()
    assert Notice.objects.get().closed_at is not None


def test_a_short_gap_is_not_told(world: World) -> None:
    for _ in range(5):
        world.runs(50, Gate="stalled")
        world.runs(50, Gate="watching")
    assert told() == []


def test_one_that_comes_and_goes_is_told_once(world: World) -> None:
    world.runs(120, Gate="offline")
    for _ in range(5):
        world.runs(40, Gate="watching")
        world.runs(90, Gate="offline")
    assert told() == ["offline"]
    world.runs(120, Gate="watching")
    assert told() == ["offline", "back"]


def test_a_camera_that_somebody_stops_is_not_away(world: World) -> None:
    world.runs(200, Gate="stopped")
    assert told() == []
    world.runs(120, Gate="offline")
    world.runs(120, Gate="stopped")
    world.runs(120, Gate="watching")
    assert told() == ["offline"], "nothing came back by itself"


@pytest.mark.parametrize("seconds", [20, 3600, -7200])
def test_a_vigil_that_was_just_started_waits_for_its_cameras(world: World, seconds: int) -> None:
    world.sleeps(seconds)
    world.runs(110, Gate="waiting")
    assert told() == []
    world.runs(20, Gate="watching")
    assert not Outage.objects.exists()
    world.sleeps(3600)
    world.runs(200, Gate="waiting")
    assert told() == ["offline"]


def test_after_the_clock_was_set_back_a_camera_that_goes_is_told(world: World) -> None:
    world.sleeps(-7200)
    world.runs(130)
    world.runs(80, Gate="offline")
    assert told() == ["offline"]


def test_what_was_away_before_a_restart_is_told_back_after_it(world: World) -> None:
    world.runs(120, Gate="offline")
    world.sleeps(3600)
    world.runs(50, Gate="watching")
    assert told() == ["offline"]
    world.runs(60, Gate="watching")
    assert told() == ["offline", "back"]


def test_a_camera_that_is_removed_is_forgotten(world: World, camera: Camera) -> None:
    world.runs(120, Gate="offline")
    Camera.objects.update(removed_at=NOON)
    world.runs(120)
    assert (told(), Outage.objects.count()) == (["offline"], 0)


def test_a_rule_may_leave_it_out(world: World, site: Site) -> None:
    rule_of(site, categories=["unusual"])
    world.runs(120, Gate="offline")
    assert told() == []


def test_each_camera_by_itself(world: World, site: Site, operator: User, sink: Sink) -> None:
    make_camera(site=site, name="Yard")
    channel_of(operator, "webhook")
    world.runs(120, Gate="offline")
    world.runs(120, Yard="offline")
    world.runs(120, Gate="watching")
    assert sink.titles == ["Camera offline: Gate", "Camera offline: Yard", "Camera back: Gate"]
    assert sink.messages[0].facts["kind"] == "offline"


def test_many_at_once_are_one_message_and_one_when_they_are_back(
    world: World, site: Site, operator: User, sink: Sink
) -> None:
    channel_of(operator, "email")
    names = [f"Camera {number}" for number in range(12)]
    for name in names:
        make_camera(site=site, name=name)
    world.runs(120, **dict.fromkeys(names, "waiting"))
    assert sink.titles == ["12 cameras offline at Harbour"]
    assert sink.messages[0].body.startswith("Camera 0, Camera 1, Camera 10, Camera 11, Camera 2")
    assert Notice.objects.filter(closed_at=None).count() == 12
    world.runs(200, **dict.fromkeys(names, "watching"))
    assert sink.titles[1:] == ["12 cameras back at Harbour"]
    assert not Outage.objects.exists()


def test_one_of_many_that_is_back_takes_the_place_of_no_message_about_the_others(
    world: World, site: Site, operator: User, sink: Sink
) -> None:
    channel_of(operator, "email")
    sink.failures += [TransportError("Away.") for _ in range(20)]
    names = [f"Camera {number}" for number in range(5)]
    for name in names:
        make_camera(site=site, name=name)
    world.runs(120, **dict.fromkeys(names, "waiting"))
    for name in names[:4]:
        world.runs(80, **{name: "watching"})
    assert InboxItem.objects.filter(title="5 cameras offline at Harbour").exists()
    sink.failures.clear()
    world.runs(700)
    assert set(sink.titles) == {"5 cameras offline at Harbour", *(f"Camera back: {name}" for name in names[:4])}


def test_many_that_are_back_are_not_told_before_it_is_told_that_they_were_away(
    world: World, site: Site, operator: User, sink: Sink
) -> None:
    channel_of(operator, "email")
    sink.failures.append(TransportError("Too much.", retry_after=600))
    names = [f"Camera {number}" for number in range(5)]
    for name in names:
        make_camera(site=site, name=name)
    world.runs(120, **dict.fromkeys(names, "waiting"))
    world.runs(700, **dict.fromkeys(names, "watching"))
    assert sink.titles == ["5 cameras offline at Harbour", "5 cameras back at Harbour"]


def test_messages_about_many_replace_none_about_other_cameras(
    world: World, site: Site, operator: User, sink: Sink
) -> None:
    channel_of(operator, "web_push")
    names = [f"Camera {number}" for number in range(10)]
    for name in names:
        make_camera(site=site, name=name)
    world.runs(120, **dict.fromkeys(names[:5], "waiting"))
    world.runs(120, **dict.fromkeys(names[5:], "waiting"))
    world.runs(120, **dict.fromkeys(names[:1], "watching"))
    assert [title[:9] for title in sink.titles] == ["5 cameras", "5 cameras", "Camera ba"]
    assert len({thread_of(message) for message in sink.messages}) == 3
