"""Recordings over REST: who sees them, what a day looks like, and what is evidence."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cameras.models import Camera, Health, Lease
from events.models import EventTransition, Recording
from events.recording_views import RecordingViewSet
from events.recordings import save_segment
from events.segments import Segment
from project.accounts.models import User
from project.audit.models import AuditEntry
from tests.factories import NOON, make_camera, make_event

LIST = "/api/v1/recordings/"
EPOCH = 3


def segment(camera: Camera, start: float, *, seconds: float = 30.0, moved: bool = False, epoch: int = EPOCH) -> Segment:
    """`start`: seconds from noon."""
    began = round((NOON.timestamp() + start) * 1000)
    return Segment(camera.pk, epoch, began, began + round(seconds * 1000), "h264", True, moved)


def recorded(camera: Camera, start: float, **values: Any) -> Recording:
    """With its file."""
    Lease.objects.filter(camera=camera).update(epoch=EPOCH)
    made = segment(camera, start, **values)
    default_storage.save(made.name, ContentFile(bytes(1000)))
    assert save_segment(made, size=1000, database_time=0.0)
    return Recording.objects.get(pk=made.segment_id)


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """A folder of the test's own."""


def test_a_segment_is_written_once_however_often_it_is_told(camera: Camera) -> None:
    recording = recorded(camera, 0)
    Recording.objects.update(flagged=True)
    assert save_segment(segment(camera, 0), size=1000, database_time=0.0)
    assert Recording.objects.get() == recording
    assert Recording.objects.get().flagged
    assert default_storage.exists(recording.path)


def test_what_a_superseded_worker_recorded_is_refused(camera: Camera) -> None:
    Lease.objects.filter(camera=camera).update(epoch=EPOCH + 1)
    assert not save_segment(segment(camera, 0), size=1, database_time=0.0)
    assert not save_segment(segment(make_camera(), 0), size=1, database_time=0.0)
    assert not Recording.objects.exists()


def test_a_name_says_all(camera: Camera) -> None:
    for moved in (False, True):
        made = segment(camera, 0, moved=moved)
        assert Segment.of(made.name) == made
    for name in (f"x{made.name}", made.name.replace("recordings/", "events/"), made.name.replace("11-01", "11-02")):
        assert Segment.of(name) is None


class TestRights:
    def test_a_viewer_watches_and_flags_nothing(self, api: Any, viewer: User, camera: Camera) -> None:
        recording = recorded(camera, 0)
        client = api(viewer)
        (shown,) = client.get(LIST).json()["results"]
        assert shown["id"] == str(recording.pk)
        response = client.get(shown["video"], headers={"range": "bytes=0-9"})
        assert (response.status_code, response["Content-Range"]) == (206, "bytes 0-9/1000")
        assert b"".join(response.streaming_content) == bytes(10)
        assert response["Cache-Control"] == "private, no-cache"
        assert client.post(f"{LIST}{recording.pk}/flag").status_code == 403

    def test_a_stranger_finds_nothing(self, api: Any, stranger: User, camera: Camera) -> None:
        recording = recorded(camera, 0)
        client = api(stranger)
        for query in ({}, {"camera": camera.pk}):
            assert client.get(LIST, query).json()["results"] == []
        for path in ("", "/video.mp4"):
            assert client.get(f"{LIST}{recording.pk}{path}").status_code == 404
        for verb in ("flag", "unflag"):
            assert client.post(f"{LIST}{recording.pk}/{verb}").status_code == 404
        day = {"camera": camera.pk, "day": "2026-11-01"}
        assert client.get(f"{LIST}timeline", day).status_code == 404
        assert client.get(f"/api/v1/cameras/{camera.pk}/recording-estimate").status_code == 404
        assert client.get(f"/api/v1/sites/{camera.site_id}/retention").status_code == 404
        assert client.patch(f"/api/v1/sites/{camera.site_id}/retention", {}).status_code == 404

    def test_nobody_must_log_in(self, api: Any, camera: Camera) -> None:
        recording = recorded(camera, 0)
        for path in ("", f"{recording.pk}", f"{recording.pk}/video.mp4", "timeline"):
            assert api().get(LIST + path).status_code == 401


def test_opening_a_recording_is_audited_once(api: Any, viewer: User, camera: Camera) -> None:
    recording = recorded(camera, 0)
    for _ in range(3):
        response = api(viewer).get(f"{LIST}{recording.pk}/video.mp4")
        assert len(b"".join(response.streaming_content)) == 1000
    (entry,) = AuditEntry.objects.filter(action="recording.opened")
    assert entry.target_id == str(recording.pk)


def test_an_operator_flags_and_it_is_audited(api: Any, operator: User, camera: Camera) -> None:
    recording = recorded(camera, 0)
    for verb in ("flag", "flag", "unflag"):
        assert api(operator).post(f"{LIST}{recording.pk}/{verb}").json()["flagged"] is (verb == "flag")
    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["recording.flagged", "recording.unflagged"]


def test_what_goes_while_it_is_asked_for_is_not_found(
    api: Any, operator: User, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = recorded(camera, 0)
    modified = default_storage.get_modified_time

    def gone_next(name: str) -> datetime:
        found: datetime = modified(name)
        default_storage.delete(name)
        return found

    monkeypatch.setattr(default_storage, "get_modified_time", gone_next)
    assert api(operator).get(f"{LIST}{recording.pk}/video.mp4").status_code == 404
    shown = RecordingViewSet.get_object

    def gone_too(view: RecordingViewSet) -> Recording:
        found = shown(view)
        Recording.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(RecordingViewSet, "get_object", gone_too)
    assert api(operator).post(f"{LIST}{recording.pk}/flag").status_code == 404


def test_a_list_is_of_one_camera_and_time(api: Any, viewer: User, camera: Camera) -> None:
    recorded(make_camera(site=camera.site), 0)
    for start in (0, 30, 60, 90):
        recorded(camera, start)
    query = {"camera": camera.pk, "from": (NOON + timedelta(seconds=40)).isoformat()}
    query["to"] = (NOON + timedelta(seconds=80)).isoformat()
    page = api(viewer).get(LIST, query).json()
    starts = [datetime.fromisoformat(each["started_at"]) - NOON for each in page["results"]]
    assert [start.total_seconds() for start in starts] == [60, 30]
    page = api(viewer).get(LIST, {"camera": camera.pk, "page_size": 3}).json()
    assert len(page["results"]) == 3
    assert len(api(viewer).get(page["next"]).json()["results"]) == 1
    assert set(api(viewer).get(LIST, {"camera": "gate", "from": "soon"}).json()["fields"]) == {"camera", "from"}


def test_a_day_is_shown_as_spans(api: Any, viewer: User, camera: Camera) -> None:
    for start, moved in ((0, False), (30, False), (60, True), (90, True), (600, True)):
        recorded(camera, start, moved=moved)
    recorded(camera, -86_400)
    body = api(viewer).get(f"{LIST}timeline", {"camera": camera.pk, "day": "2026-11-01"}).json()
    spans = [
        (
            (datetime.fromisoformat(span["from"]) - NOON).total_seconds(),
            (datetime.fromisoformat(span["to"]) - NOON).total_seconds(),
            span["moved"],
        )
        for span in body["spans"]
    ]
    assert spans == [(0, 60, False), (60, 120, True), (600, 630, True)]


def test_a_day_is_that_of_the_site(api: Any, viewer: User, camera: Camera) -> None:
    camera.site.time_zone = "Asia/Seoul"
    camera.site.save()
    recorded(camera, 3 * 3600 - 10)  # a quarter of it before midnight in Seoul
    for day, seconds in (("2026-11-01", 10), ("2026-11-02", 20)):
        (span,) = api(viewer).get(f"{LIST}timeline", {"camera": camera.pk, "day": day}).json()["spans"]
        length = datetime.fromisoformat(span["to"]) - datetime.fromisoformat(span["from"])
        assert length.total_seconds() == seconds


def test_an_event_names_the_recordings_that_show_it(api: Any, viewer: User, camera: Camera) -> None:
    rows = [recorded(camera, start) for start in (0, 30, 60, 90)]
    recorded(make_camera(site=camera.site), 30)
    event = make_event(camera=camera, started_at=NOON + timedelta(seconds=40))
    event.ended_at = NOON + timedelta(seconds=70)
    event.save()
    assert api(viewer).get(f"/api/v1/events/{event.pk}/").json()["recordings"] == [str(row.pk) for row in rows[1:3]]


def test_an_operator_flags_an_event(api: Any, operator: User, viewer: User, camera: Camera) -> None:
    event = make_event(camera=camera)
    url = f"/api/v1/events/{event.pk}/"
    assert api(viewer).post(f"{url}flag").status_code == 403
    body = api(operator).post(f"{url}flag", {"note": "for the police"}).json()
    assert (body["flagged"], body["status"]) == (True, "new")
    api(operator).post(f"{url}flag")
    assert api(operator).post(f"{url}unflag").json()["flagged"] is False
    told = EventTransition.objects.order_by("sequence").values_list("kind", "note")
    assert list(told) == [("flagged", "for the police"), ("unflagged", "")]
    assert AuditEntry.objects.filter(action="event.flagged").count() == 1


def test_an_estimate_says_what_a_day_takes(api: Any, viewer: User, camera: Camera) -> None:
    url = f"/api/v1/cameras/{camera.pk}/recording-estimate"
    assert api(viewer).get(url).json()["bytes_per_day"] is None
    assert "Not known yet" in api(viewer).get(url).json()["text"]
    Health.objects.filter(camera=camera).update(bytes_per_second=250_000.0)
    body = api(viewer).get(url).json()
    assert body["bytes_per_day"] == 21_600_000_000
    assert body["kept_days"] == 7
    assert body["fitting_days"] >= 0
    assert body["text"].startswith("About 22 GB a day, 151 GB in all for the 7 days that recordings are kept. There is")
    Camera.objects.filter(pk=camera.pk).update(masks=[[[0, 0], [1, 0], [1, 1]]])
    assert "because of its privacy masks it is encoded anew" in api(viewer).get(url).json()["text"]


def test_a_manager_says_how_long_a_site_keeps_what(api: Any, manager: User, operator: User, camera: Camera) -> None:
    url = f"/api/v1/sites/{camera.site_id}/retention"
    assert api(operator).patch(url, {"recording_days": 3}).status_code == 403
    assert api(operator).get(url).json()["recording_days"] is None
    assert api(manager).patch(url, {"recording_days": 3}).json()["recording_days"] == 3
    assert api(manager).patch(url, {"event_days": 90}).json()["recording_days"] == 3
    assert api(manager).patch(url, {"event_days": 0}).status_code == 400
    assert api(manager).patch(url, {"recording_days": None}, format="json").json()["recording_days"] is None
    (first, *_) = AuditEntry.objects.order_by("number")
    assert (first.action, json.loads(first.changes)) == ("retention.changed", {"recording_days": [None, 3]})


def test_the_ends_of_the_calendar_are_refused_by_name(api: Any, viewer: User, camera: Camera) -> None:
    for name, moment in (("from", "0001-01-01T00:00:00Z"), ("to", "9999-12-31T23:59:59Z")):
        answer = api(viewer).get(LIST, {name: moment})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])
    for day in ("0001-01-01", "9999-12-31"):
        answer = api(viewer).get(f"{LIST}timeline", {"camera": str(camera.pk), "day": day})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["day"])
