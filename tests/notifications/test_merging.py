"""What waits for its channel is merged into what comes later, unless that says less."""

from __future__ import annotations

import pytest

from cameras.models import Camera
from notifications.models import Delivery
from notifications.transports.protocol import TransportError
from project.accounts.models import Site, User
from tests.notifications.conftest import Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on, rule_of


@pytest.fixture
def scene(camera: Camera, clock: Clock) -> Scene:
    return Scene(camera)


def away(minutes: float) -> TransportError:
    return TransportError("Away.", retry_after=minutes * 60)


def reasons(sink: Sink) -> list[object]:
    return [message.facts["reason"] for message in sink.messages]


def test_an_escalation_is_told_beside_a_count(
    scene: Scene, site: Site, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    rule_of(site, escalation=[{"after_minutes": 4, "role": 20}])
    scene.event(0, "critical")
    pass_on()
    clock.at(241)
    sink.failures.append(away(6))
    pass_on()
    scene.event(241, "high")
    for second in (242, 310, 900):
        clock.at(second)
        pass_on()
    assert sorted(map(str, reasons(sink))) == ["escalation", "first", "more"]


def test_an_escalation_that_failed_is_not_overtaken_by_a_count(
    scene: Scene, site: Site, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    rule_of(site, escalation=[{"after_minutes": 4, "role": 20}])
    scene.event(0, "critical")
    pass_on()

    def more_comes() -> None:
        """While it is under way."""
        scene.event(240, "high")
        pass_on()
        raise away(1)

    sink.takes_time.append(more_comes)
    for second in (241, 330, 700):
        clock.at(second)
        pass_on()
    assert "escalation" in reasons(sink)


def test_a_count_says_that_it_is_worse_where_nobody_was_told_yet(
    scene: Scene, operator: User, sink: Sink, clock: Clock
) -> None:
    channel_of(operator, "webhook")
    scene.event(0, "medium")
    pass_on()
    clock.at(10)
    sink.failures.append(away(2))
    scene.event(10, "critical")
    pass_on()
    clock.at(20)
    scene.event(20)
    for second in (20, 71, 200):
        clock.at(second)
        pass_on()
    assert reasons(sink) == ["first", "worse"]
    assert sink.messages[1].facts["count"] == 3
    assert Delivery.objects.filter(kind="webhook", state="merged").count() == 1
