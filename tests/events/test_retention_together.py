"""Retention and people who flag at the same moment: an event stays whole, or whoever flags it is told that it went."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from events.flags import flag_event
from events.models import Event
from events.retention import remove_events
from project.accounts.models import User
from tests.factories import NOON, make_camera, make_event, make_site, make_user
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("shared_database")


def flagged(event: Event, user: User) -> bool:
    """Whether the user was told that it is kept."""
    try:
        flag_event(event_id=event.pk, by=user)
    except Event.DoesNotExist:
        return False
    return True


def test_what_somebody_was_told_is_kept_is_there_with_its_files(media: Path) -> None:
    camera, user = make_camera(site=make_site(name="Quay")), make_user()
    for _ in range(10):
        event = make_event(camera=camera, started_at=NOON - timedelta(days=99))
        clip = default_storage.save(f"events/{event.pk}/clip.mp4", ContentFile(b"mp4"))
        Event.objects.filter(pk=event.pk).update(clip_path=clip)
        removed, told = together(partial(remove_events, [event.pk]), partial(flagged, event, user))
        assert removed != told
        assert told == default_storage.exists(clip) == Event.objects.filter(pk=event.pk, clip_path=clip).exists()
