"""Home Assistant's discovery, as a subscriber that comes later finds it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from notifications.transports.home_assistant import AnnouncedCamera, announce, withdraw
from notifications.transports.mqtt import Mqtt
from tests.notifications.transports.messages import MESSAGE
from tests.support.broker import broker

pytestmark = pytest.mark.usefixtures("local_targets")

GATE = AnnouncedCamera(id="7", name="Gate", site=3, site_name="Harbour", online=True)
YARD = AnnouncedCamera(id="8", name="마당 {{ 1 }}", site=3, site_name="Harbour", online=False)
KINDS = ("binary_sensor", "sensor", "image")


def configurations(kept: dict[str, Any], camera: str) -> dict[str, Any]:
    return {kind: kept[f"homeassistant/{kind}/vigil_{camera}/config"] for kind in KINDS}


def test_each_camera_is_a_device_whose_entities_listen_where_events_are_sent() -> None:
    with broker() as server:
        target = Mqtt().check(server.target)
        announce([GATE, YARD], target)
        announce([GATE, YARD], target)
        kept = server.retained()
        Mqtt().send(MESSAGE, target)
        server.wait_for("vigil/3/7/snapshot")
        used = {topic for topic, _, _ in server.messages}
    gate, yard = configurations(kept, "7"), configurations(kept, "8")
    assert len(kept) == 8
    assert {gate["binary_sensor"]["state_topic"], gate["sensor"]["state_topic"], gate["image"]["image_topic"]} <= used
    assert {each["availability_topic"] for each in gate.values()} == {"vigil/3/7/availability"}
    assert (kept["vigil/3/7/availability"], kept["vigil/3/8/availability"]) == (b"online", b"offline")
    assert len({each["unique_id"] for each in (*gate.values(), *yard.values())}) == 6
    assert {tuple(each["device"]["identifiers"]) for each in gate.values()} == {("vigil_7",)}
    assert yard["sensor"]["device"]["name"] == "마당 {{ 1 }}"


def test_a_new_name_replaces_the_old_one_and_a_camera_that_goes_leaves_nothing() -> None:
    with broker() as server:
        target = Mqtt().check(server.target)
        announce([GATE, YARD], target)
        announce([replace(GATE, name="Main gate")], target)
        assert configurations(server.retained(), "7")["sensor"]["device"]["name"] == "Main gate"
        withdraw([GATE], target)
        withdraw([GATE], target)
        kept = server.retained()
    assert len(kept) == 4
    assert not [topic for topic in kept if "7" in topic]


def test_without_discovery_only_the_availability_is_told() -> None:
    with broker() as server:
        target = Mqtt().check({**server.target, "discovery": "off"})
        announce([GATE], target)
        assert list(server.retained()) == ["vigil/3/7/availability"]
        withdraw([GATE], target)
        assert server.retained() == {}


def test_a_farm_of_cameras_is_announced_at_once() -> None:
    with broker() as server:
        announce([replace(GATE, id=str(number)) for number in range(100)], Mqtt().check(server.target))
        assert len(server.retained()) == 400
