"""Cameras over MQTT, from the rows to what a subscriber finds at a real Mosquitto."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cameras.models import Camera
from notifications.announcements import TAKEN_BACK_FOR, announce_cameras
from notifications.models import Channel
from notifications.transports.mqtt import Mqtt
from project.accounts.models import Site
from tests.factories import make_camera
from tests.support.broker import Broker, broker
from tests.support.listeners import listener


@pytest.fixture(autouse=True)
def local(settings: Any) -> None:
    settings.VIGIL_ALLOWED_TARGET_NETWORKS = ["127.0.0.0/8"]


def add_channel(site: Site, target: dict[str, str]) -> Channel:
    return Channel.objects.create(site=site, kind="mqtt", name="House", target=json.dumps(dict(Mqtt().check(target))))


def devices(server: Broker) -> set[str]:
    kept = server.retained()
    return {kept[topic]["device"]["name"] for topic in kept if topic.endswith("/config")}


def test_a_site_makes_its_own_cameras_known_and_takes_back_what_went(camera: Camera, other_site: Site) -> None:
    make_camera(site=other_site, name="Runway")
    yard = make_camera(site=camera.site, name="Yard")
    with broker() as server:
        add_channel(camera.site, server.target)
        announce_cameras()
        assert devices(server) == {"Gate", "Yard"}
        assert server.retained()[f"vigil/{camera.site_id}/{camera.pk}/availability"] == b"offline"
        Camera.objects.filter(pk=camera.pk).update(name="Main gate")
        Camera.objects.filter(pk=yard.pk).update(removed_at=timezone.now())
        announce_cameras()
        assert devices(server) == {"Main gate"}
        assert not [topic for topic in server.retained() if str(yard.pk) in topic]


def test_a_camera_that_went_long_ago_is_left_alone(camera: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(removed_at=timezone.now() - TAKEN_BACK_FOR - timedelta(days=1))
    with broker() as server:
        add_channel(camera.site, server.target)
        announce_cameras()
        assert server.messages == []


def test_a_broker_that_is_down_hides_no_other(camera: Camera) -> None:
    with listener() as gone:
        add_channel(camera.site, {"host": "127.0.0.1", "port": str(gone.port), "tls": "no"})
    with broker() as server:
        add_channel(camera.site, server.target)
        off = add_channel(camera.site, {**server.target, "prefix": "off"})
        Channel.objects.filter(pk=off.pk).update(enabled=False)
        announce_cameras()
        assert devices(server) == {"Gate"}
        assert not [topic for topic in server.retained() if topic.startswith("off/")]
