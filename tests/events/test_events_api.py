"""Events over REST: what is listed, in which order, and what people can do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from cameras.models import Camera
from events.models import Event, EventTransition
from events.scores import SecondScore, save_scores
from events.serializers import represent
from project.accounts.models import Site, User
from tests.factories import NOON, make_camera, make_event

LIST = "/api/v1/events/"


@pytest.fixture
def look(api: Callable[..., APIClient], viewer: User) -> Callable[..., list[str]]:
    """What the viewer gets for these parameters: the ids, in order."""

    def ids(**parameters: Any) -> list[str]:
        response = api(viewer).get(LIST, parameters)
        assert response.status_code == 200, response.data
        return [row["id"] for row in response.data["results"]]

    return ids


def at(event: Event) -> str:
    return f"{LIST}{event.pk}/"


def test_an_event_looks_as_agreed(api: Any, viewer: User, camera: Camera) -> None:
    files = {"heat": "events/x/heat.jpg", "usual-2": "b", "usual-1": "a"}
    event = make_event(camera=camera, box=[0.1, 0.2, 0.3, 0.4], snapshot_path="events/x/snapshot.jpg", evidence=files)
    EventTransition.objects.create(event=event, sequence=1, kind="opened", at=NOON, new_status="new")
    (row,) = api(viewer).get(LIST).json()["results"]
    assert row == {
        "id": str(event.pk),
        "site": camera.site_id,
        "camera": str(camera.pk),
        "camera_name": "Gate",
        "category": "unusual",
        "severity": "medium",
        "status": "new",
        "score": 2.5,
        "threshold": 1.2,
        "provisional": False,
        "box": [0.1, 0.2, 0.3, 0.4],
        "reasons": [],
        "started_at": "2026-11-01T12:00:00Z",
        "peak_at": "2026-11-01T12:00:00Z",
        "ended_at": "2026-11-01T12:00:00Z",
        "snapshot": f"/api/v1/events/{event.pk}/snapshot.jpg",
        "heat": f"/api/v1/events/{event.pk}/heat.jpg",
        "usual": [f"/api/v1/events/{event.pk}/usual-{number}.jpg" for number in (1, 2)],
        "clip": None,
        "sequence": event.sequence,
        "flagged": False,
        "acknowledged_by": None,
    }
    detail = api(viewer).get(at(event)).json()
    (transition,) = detail.pop("transitions")
    assert detail == {**row, "recordings": []}
    assert (transition["kind"], transition["new_status"], transition["by"]) == ("opened", "new", None)


def test_the_sockets_carry_what_rest_shows(api: Any, viewer: User, camera: Camera) -> None:
    event = make_event(camera=camera, clip_path="events/x/clip.mp4", ended_at=None)
    assert represent(event) == api(viewer).get(LIST).json()["results"][0]


def test_the_newest_comes_first_page_by_page(api: Any, viewer: User, camera: Camera) -> None:
    # Some at the same moment: a page may end between them.
    events = [make_event(camera=camera, started_at=NOON + timedelta(seconds=n // 3)) for n in range(10)]
    seen, url = [], f"{LIST}?page_size=4"
    while url:
        page = api(viewer).get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 10
    expected = sorted(events, key=lambda event: (event.started_at, event.pk), reverse=True)
    assert seen == [str(event.pk) for event in expected]


def test_several_sites_make_one_list_there_and_back(
    api: Any, viewer: User, superuser: User, camera: Camera, other_site: Site
) -> None:
    viewer.memberships.create(site=other_site)
    cameras = [camera, make_camera(site=other_site)]
    for number in range(33):
        status, severity = ("new", "resolved")[number % 5 % 2], ("low", "high", "critical")[number % 3]
        moment = NOON + timedelta(seconds=number // 6)
        make_event(camera=cameras[number % 2], started_at=moment, status=status, severity=severity)

    def walk(user: User) -> list[list[str]]:
        """All pages to the last one, and back."""
        client, pages, page = api(user), [], {"next": f"{LIST}?page_size=5"}
        for way in ("next", "previous"):
            while url := page[way]:
                page = client.get(url).json()
                pages.append([row["id"] for row in page["results"]])
        return pages

    pages = walk(viewer)
    assert len({event_id for page in pages for event_id in page}) == 33
    assert pages == walk(superuser), "as one list, which needs no merging"
    make_event()
    assert walk(viewer) == pages


def test_filters_hold_for_the_merged_list(look: Any, viewer: User, camera: Camera, other_site: Site) -> None:
    viewer.memberships.create(site=other_site)
    cameras = [camera, make_camera(site=other_site), make_camera()]
    statuses, severities = ("new", "acknowledged", "resolved"), ("low", "high", "critical")
    for number in range(81):
        which, status, severity = number % 3, statuses[number // 3 % 3], severities[number // 9 % 3]
        moment = NOON - timedelta(seconds=number)
        make_event(camera=cameras[which], status=status, severity=severity, started_at=moment)
    for asked in (
        {"status": ["new", "acknowledged"]},
        {"severity": ["low", "critical"]},
        {"status": ["new", "resolved"], "severity": ["high", "low"]},
        {"camera": camera.pk, "status": ["new", "resolved"]},
        {"category": "unusual"},
    ):
        found = Event.objects.filter(site_id__in=[camera.site_id, other_site.pk])
        for name, value in asked.items():
            found = found.filter(**{f"{name}__in" if isinstance(value, list) else name: value})
        assert look(**asked, page_size=100) == [str(pk) for pk in found.values_list("pk", flat=True)], asked
    assert look(camera=cameras[2].pk) == []


def test_filters_narrow(look: Any, camera: Camera, site: Site) -> None:
    plain = make_event(camera=camera)
    other = make_event(
        camera=make_camera(site=site),
        status="acknowledged",
        severity="critical",
        category="covered",
        started_at=NOON + timedelta(hours=1),
    )
    both = [str(other.pk), str(plain.pk)]
    assert look() == look(site=site.pk) == look(status=["new", "acknowledged"]) == both
    for parameters in (
        {"camera": other.camera_id},
        {"status": "acknowledged"},
        {"severity": "critical"},
        {"category": "covered"},
        {"started_after": "2026-11-01T13:00:00Z"},
        {"status": "acknowledged", "severity": ["critical", "high"]},
    ):
        assert look(**parameters) == [str(other.pk)], parameters
    assert look(started_before="2026-11-01T22:00:00+09:00") == [str(plain.pk)]
    assert look(status="new", severity="critical") == []


def test_since_gives_the_changes_of_a_site_in_order(look: Any, camera: Camera, site: Site) -> None:
    first, second, third = (make_event(camera=camera, sequence=n, started_at=NOON - timedelta(n)) for n in (5, 9, 7))
    assert look(site=site.pk, since=5) == [str(third.pk), str(second.pk)]
    assert look(site=site.pk, since=0) == [str(first.pk), str(third.pk), str(second.pk)]
    assert look(site=site.pk, since=9) == []


def test_a_gap_longer_than_a_page_is_followed_by_its_cursor(api: Any, viewer: User, camera: Camera) -> None:
    for number in range(1, 8):
        make_event(camera=camera, sequence=number, started_at=NOON - timedelta(number))
    page = api(viewer).get(LIST, {"site": camera.site_id, "since": 1, "page_size": 4}).json()
    rest = api(viewer).get(page["next"]).json()
    assert [row["sequence"] for row in page["results"] + rest["results"]] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"camera": "gate"}, "camera"),
        ({"site": "harbour"}, "site"),
        ({"site": 2**63}, "site"),
        ({"status": "open"}, "status"),
        ({"severity": ["low", "awful"]}, "severity"),
        ({"category": "a\0b"}, "category"),
        ({"started_after": "yesterday"}, "started_after"),
        ({"started_before": "0001-01-01T00:00:00+14:00"}, "started_before"),
        ({"site": 1, "since": -1}, "since"),
        ({"since": 5}, "since"),
    ],
)
def test_a_bad_filter_names_its_field(api: Any, viewer: User, parameters: dict[str, Any], field: str) -> None:
    response = api(viewer).get(LIST, parameters)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]


@pytest.mark.parametrize("position", ["cD1ub25zZW5zZQ==", "cD0wMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAw", "%00", "cD05OTk5"])
@pytest.mark.parametrize("order", [{}, {"site": 1, "since": 0}])
def test_a_cursor_that_was_tampered_with_is_not_found(
    api: Any, viewer: User, position: str, order: dict[str, int]
) -> None:
    response = api(viewer).get(LIST, {"cursor": position, **order})
    assert response.status_code == (200 if position == "cD05OTk5" and order else 404)


class TestDeciding:
    """The verbs."""

    def test_with_and_without_the_slash(self, api: Any, operator: User, camera: Camera) -> None:
        client, event = api(operator), make_event(camera=camera)
        answer = client.post(at(event) + "acknowledge", {"note": "on my way"}, format="json")
        assert (answer.status_code, answer.json()["status"], answer.json()["acknowledged_by"]) == (
            200,
            "acknowledged",
            "omar",
        )
        (row,) = answer.json()["transitions"]
        assert (row["kind"], row["by"], row["note"]) == ("acknowledged", "omar", "on my way")
        assert client.post(at(event) + "resolve/").json()["status"] == "resolved"
        assert client.post(at(event) + "reopen").json()["status"] == "new"
        assert client.post(at(event) + "dismiss").json()["status"] == "dismissed"
        assert client.get(at(event).rstrip("/")).json()["status"] == "dismissed"

    def test_the_second_is_told_what_the_first_did(self, api: Any, operator: User, camera: Camera) -> None:
        event = make_event(camera=camera)
        api(operator).post(at(event) + "acknowledge")
        answer = api(operator).post(at(event) + "acknowledge")
        assert answer.status_code == 409
        assert answer.json() == {
            "code": "event_acknowledged",
            "message": "This event is acknowledged already.",
            "fields": {},
        }
        assert EventTransition.objects.count() == 1

    def test_a_note_needs_a_text(self, api: Any, operator: User, camera: Camera) -> None:
        event = make_event(camera=camera)
        assert api(operator).post(at(event) + "note", {}).json()["fields"].keys() == {"note"}
        assert api(operator).post(at(event) + "note", {"note": "x" * 2001}).status_code == 400
        assert api(operator).post(at(event) + "note", {"note": "a fox"}).status_code == 200


def test_scores_around_the_event(api: Any, viewer: User, camera: Camera) -> None:
    event = make_event(camera=camera, ended_at=NOON + timedelta(seconds=5))
    save_scores(camera.pk, [SecondScore(int(NOON.timestamp()) + n, 1.5 + n, 1.0) for n in range(3)])
    curve = api(viewer).get(at(event) + "scores").json()
    assert (curve["from"], curve["step"]) == ("2026-11-01T11:59:00Z", 1)
    assert len(curve["scores"]) == len(curve["thresholds"]) == 126
    assert curve["scores"][59:64] == [None, 1.5, 2.5, 3.5, None]
    assert curve["thresholds"][60] == 1.0
    assert curve["band"] is None, "three seconds tell nothing"


def test_scores_come_with_the_band_of_ordinary_ones(api: Any, viewer: User, camera: Camera) -> None:
    event = make_event(camera=camera)
    first = int(NOON.timestamp()) - 7200
    save_scores(camera.pk, [SecondScore(first + n, 0.5, 1.0) for n in range(3600)])
    band = api(viewer).get(at(event) + "scores").json()["band"]
    assert band == {"median": 0.5, "high": 0.5, "basis": "day"}


def test_a_curve_of_a_day_is_cut(api: Any, viewer: User, camera: Camera) -> None:
    event = make_event(camera=camera, ended_at=NOON + timedelta(days=1))
    assert len(api(viewer).get(at(event) + "scores").json()["scores"]) == 7201


def test_a_list_asks_the_database_little(
    api: Any, viewer: User, camera: Camera, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_event(camera=camera, acknowledged_by=viewer, sequence=number)
    client = api(viewer)
    with django_assert_max_num_queries(5):
        assert len(client.get(LIST).json()["results"]) == 20
