"""What people say of a camera's judgement, and who may say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cameras.models import Camera
from events import services
from events.feedback import patterns_of
from events.models import EventAlias, Feedback
from events.records import FEATURES, features_name, media_name
from events.retention import remove_events
from inference import sink
from project.accounts.models import User
from project.errors import Conflict
from tests.events.worker import NOON, Told, claim
from tests.factories import make_event

THEN = datetime(2026, 10, 31, 3, 0, tzinfo=UTC)


def at(camera: Camera, what: str) -> str:
    return f"/api/v1/cameras/{camera.pk}/{what}"


def version(camera: Camera) -> int:
    camera.refresh_from_db()
    return camera.settings_version


def keep_features(event_id: Any, content: bytes = b"features") -> None:
    default_storage.save(features_name(event_id), ContentFile(content))


class TestFalseAlarm:
    """Dismissing teaches, reopening undoes."""

    def test_dismissing_teaches_and_the_worker_hears_of_it(self, operator: User, camera: Camera, media: Path) -> None:
        event = make_event(camera=camera)
        keep_features(event.pk)
        services.dismiss_event(event_id=event.pk, by=operator)
        row = Feedback.objects.get()
        assert (row.kind, row.event, row.camera, row.by) == ("false_alarm", event, camera, operator)
        assert version(camera) == 2
        assert patterns_of(camera.pk) == [b"features"]

    def test_reopening_undoes_it_and_the_worker_hears_of_that_too(
        self, operator: User, camera: Camera, media: Path
    ) -> None:
        event = make_event(camera=camera)
        keep_features(event.pk)
        services.dismiss_event(event_id=event.pk, by=operator)
        services.reopen_event(event_id=event.pk, by=operator)
        assert Feedback.objects.get().undone_at is not None
        assert version(camera) == 3
        assert patterns_of(camera.pk) == []
        services.dismiss_event(event_id=event.pk, by=operator)
        assert patterns_of(camera.pk) == [b"features"]

    def test_reopening_what_was_resolved_changes_nothing_for_the_worker(self, operator: User, camera: Camera) -> None:
        event = make_event(camera=camera, status="resolved")
        services.reopen_event(event_id=event.pk, by=operator)
        assert version(camera) == 1

    def test_of_two_who_dismiss_one_teaches(self, operator: User, camera: Camera) -> None:
        event = make_event(camera=camera)
        services.dismiss_event(event_id=event.pk, by=operator)
        with pytest.raises(Conflict):
            services.dismiss_event(event_id=event.pk, by=operator)
        assert (Feedback.objects.count(), version(camera)) == (1, 2)

    def test_an_event_told_by_two_workers_teaches_what_the_second_saw_where_the_first_kept_nothing(
        self, operator: User, camera: Camera, media: Path
    ) -> None:
        event = make_event(camera=camera)
        alias = EventAlias.objects.create(id=uuid4(), event=event)
        keep_features(alias.pk, b"second")
        services.dismiss_event(event_id=event.pk, by=operator)
        assert patterns_of(camera.pk) == [b"second"]

    def test_where_the_features_come_after_the_dismissal_the_worker_hears_of_it_again(
        self, operator: User, camera: Camera, media: Path
    ) -> None:
        event, other = make_event(camera=camera), make_event(camera=camera)
        services.dismiss_event(event_id=event.pk, by=operator)
        sink.store_features(media_name(other.pk, 1, "features.npz"), b"features", other.pk)
        assert version(camera) == 2
        sink.store_features(media_name(event.pk, 1, "features.npz"), b"features", event.pk)
        assert version(camera) == 3

    def test_where_the_record_that_names_them_comes_later_still_the_worker_hears_of_it_once_more(
        self, operator: User, camera: Camera, media: Path
    ) -> None:
        told = Told(camera.pk, claim(camera, at=NOON))
        services.write_records([told.opened(0)])
        services.dismiss_event(event_id=told.event_id, by=operator)
        stored = sink.store_features(media_name(told.event_id, told.epoch, "features.npz"), b"newer", told.event_id)
        assert (version(camera), patterns_of(camera.pk)) == (3, [])
        services.write_records([told.record("evidence", 1, name=FEATURES, path=stored)])
        assert (version(camera), patterns_of(camera.pk)) == (4, [b"newer"])
        keep_features(told.event_id)
        assert patterns_of(camera.pk) == [b"newer"], "what a record names goes before what an older worker kept"

    def test_what_was_taught_outlives_the_event(self, operator: User, camera: Camera, media: Path) -> None:
        kept, undone = make_event(camera=camera), make_event(camera=camera)
        for event in (kept, undone):
            keep_features(event.pk)
            services.dismiss_event(event_id=event.pk, by=operator)
        services.reopen_event(event_id=undone.pk, by=operator)
        remove_events([kept.pk, undone.pk])
        assert not default_storage.exists(features_name(kept.pk))
        assert patterns_of(camera.pk) == [b"features"]

    def test_one_camera_learns_nothing_from_another(self, operator: User, camera: Camera, media: Path) -> None:
        event = make_event()
        keep_features(event.pk)
        services.dismiss_event(event_id=event.pk, by=operator)
        assert patterns_of(camera.pk) == []


class TestMissed:
    """It is kept and counted, and lowers nothing."""

    def test_it_is_kept_and_counted(self, api: Any, operator: User, viewer: User, camera: Camera) -> None:
        said = {"moment": THEN.isoformat(), "note": "somebody climbed over the fence"}
        answer = api(operator).post(at(camera, "missed"), said)
        assert answer.status_code == 201
        assert (answer.json()["kind"], answer.json()["moment"]) == ("missed", "2026-10-31T03:00:00Z")
        assert version(camera) == 1
        shown = api(viewer).get(at(camera, "feedback")).json()
        assert (shown["missed"], shown["false_alarms"]) == (1, 0)
        assert shown["newest"] == [answer.json()]

    def test_what_is_undone_is_shown_but_not_counted(self, api: Any, operator: User, camera: Camera) -> None:
        event = make_event(camera=camera)
        services.dismiss_event(event_id=event.pk, by=operator)
        assert api(operator).get(at(camera, "feedback")).json()["false_alarms"] == 1
        services.reopen_event(event_id=event.pk, by=operator)
        shown = api(operator).get(at(camera, "feedback")).json()
        assert (shown["false_alarms"], len(shown["newest"])) == (0, 1)

    def test_the_future_cannot_have_been_missed(self, api: Any, operator: User, camera: Camera) -> None:
        tomorrow = timezone.now() + timedelta(days=1)
        answer = api(operator).post(at(camera, "missed"), {"moment": tomorrow.isoformat()})
        assert answer.status_code == 400
        assert "still to come" in answer.json()["fields"]["moment"][0]
        assert api(operator).post(at(camera, "missed"), {}).status_code == 400

    def test_viewers_look_operators_report_and_strangers_find_nothing(
        self, api: Any, viewer: User, stranger: User, camera: Camera
    ) -> None:
        said = {"moment": THEN.isoformat()}
        assert api(viewer).post(at(camera, "missed"), said).status_code == 403
        assert api(stranger).post(at(camera, "missed"), said).status_code == 404
        assert api(stranger).get(at(camera, "feedback")).status_code == 404
        assert api().get(at(camera, "feedback")).status_code == 401
        assert api().post(at(camera, "missed"), said).status_code == 401
        assert not Feedback.objects.exists()
