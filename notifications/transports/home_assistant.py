"""Home Assistant's MQTT discovery: each camera as a device with an anomaly, its last event and a snapshot.

What is announced stays with the broker (retained) until it is withdrawn; doing either twice does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from notifications.transports.mqtt import OFF, availability, camera_topic
from notifications.transports.mqtt_session import Post, publish
from notifications.transports.protocol import Target

SECONDS_ON = 300
"""For so long after an event the anomaly is on."""


@dataclass(frozen=True, slots=True)
class AnnouncedCamera:
    """What Home Assistant is told of a camera."""

    id: str
    name: str
    site: int
    site_name: str
    online: bool


def announce(cameras: Iterable[AnnouncedCamera], target: Target) -> None:
    """Make these cameras known, under their present names, with whether they can be reached. Raises TransportError."""
    posts: list[Post] = []
    for camera in cameras:
        posts.append(Post(f"{_topic(camera, target)}/availability", availability(camera.online), retain=True))
        if target["discovery"] != OFF:
            posts += [
                Post(topic, json.dumps(configuration, ensure_ascii=False).encode(), retain=True)
                for topic, configuration in _entities(camera, target).items()
            ]
    if posts:
        publish(posts, target)


def withdraw(cameras: Iterable[AnnouncedCamera], target: Target) -> None:
    """Remove from the broker and Home Assistant what `announce` made. Raises TransportError."""
    posts: list[Post] = []
    for camera in cameras:
        topics = [f"{_topic(camera, target)}/availability"]
        if target["discovery"] != OFF:
            topics += _entities(camera, target)
        posts += [Post(topic, b"", retain=True) for topic in topics]
    if posts:
        publish(posts, target)


def _entities(camera: AnnouncedCamera, target: Target) -> dict[str, dict[str, object]]:
    """Topic -> configuration."""
    topic, own = _topic(camera, target), f"vigil_{camera.id}"
    shared: dict[str, object] = {
        "availability_topic": f"{topic}/availability",
        "device": {
            "identifiers": [own],
            "name": camera.name,
            "manufacturer": "Vigil",
            "model": "Camera",
            "suggested_area": camera.site_name,
        },
        "origin": {"name": "Vigil", "support_url": settings.VIGIL_BASE_URL},
    }
    entities: dict[str, dict[str, object]] = {
        "binary_sensor": {
            "name": "Anomaly",
            "unique_id": f"{own}_anomaly",
            "device_class": "problem",
            "state_topic": f"{topic}/event",
            "value_template": "{{ 'ON' if value_json.facts.kind == 'event' else '' }}",
            "off_delay": SECONDS_ON,
        },
        "sensor": {
            "name": "Last event",
            "unique_id": f"{own}_last_event",
            "icon": "mdi:cctv",
            "state_topic": f"{topic}/event",
            "value_template": "{{ value_json.title[:250] }}",
            "json_attributes_topic": f"{topic}/event",
            "json_attributes_template": "{{ value_json.facts | tojson }}",
        },
        "image": {
            "name": "Snapshot",
            "unique_id": f"{own}_snapshot",
            "image_topic": f"{topic}/snapshot",
            "content_type": "image/jpeg",
        },
    }
    return {f"{target['discovery']}/{kind}/{own}/config": shared | entity for kind, entity in entities.items()}


def _topic(camera: AnnouncedCamera, target: Target) -> str:
    return camera_topic(target, camera.site, camera.id)
