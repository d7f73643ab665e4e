"""The list of events as CSV, for managers and their spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cameras.models import Camera
from events import exports_csv, services
from events.models import Event
from project.accounts.models import Membership, Role, Site, User
from project.audit.models import AuditEntry
from tests.factories import NOON, make_camera, make_event

Api = Callable[..., Any]
URL = "/api/v1/events/export.csv"
EVIL = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    'a "quoted", thing\r\nof two lines',
]

REASONS = [{"attribute": "speed", "surprise": 2.5, "text": text} for text in ("fast", "never here")]


def rows(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_row_has_what_the_list_has(api: Api, manager: User, camera: Camera) -> None:
    event = make_event(camera=camera, reasons=REASONS, severity="high")
    services.acknowledge_event(event_id=event.pk, by=manager, note="on my way")
    answer = api(manager).get(URL)
    (row,) = rows(answer)
    assert row == {
        **{"id": str(event.pk), "site": "Harbour", "camera": "Gate", "category": "unusual", "severity": "high"},
        **{"status": "acknowledged", "score": "2.5", "threshold": "1.2", "provisional": "false"},
        **dict.fromkeys(("started_at", "peak_at", "ended_at"), "2026-11-01T12:00:00.000Z"),
        **{"acknowledged_by": "mina", "reasons": "fast; never here", "notes": "on my way"},
    }
    assert answer["Content-Type"].startswith("text/csv; charset=utf-8")
    assert answer["X-Truncated"] == "false"


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_is_a_formula_and_every_text_comes_back(api: Api, manager: User, site: Site, evil: str) -> None:
    event = make_event(camera=make_camera(site=site, name=evil))
    services.note_event(event_id=event.pk, by=manager, note=evil)
    (row,) = rows(api(manager).get(URL))
    for cell in (row["camera"], row["notes"]):
        assert cell.removeprefix("'") == evil
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_every_line_ends_as_rfc_4180_says_and_excel_knows_the_encoding(api: Api, manager: User, camera: Camera) -> None:
    Camera.objects.update(name="정문")
    make_event(camera=camera)
    body = b"".join(api(manager).get(URL).streaming_content)
    assert body.startswith(b"\xef\xbb\xbfid,site,camera,")
    assert body.count(b"\r\n") == body.count(b"\n") == 2
    assert "정문" in body.decode()


def test_filters_are_those_of_the_list(api: Api, manager: User, camera: Camera) -> None:
    make_event(camera=camera, status="resolved")
    new = make_event(camera=camera, started_at=NOON + timedelta(hours=1))
    assert [row["id"] for row in rows(api(manager).get(URL, {"status": "new"}))] == [str(new.pk)]
    assert len(rows(api(manager).get(URL, {"started_after": "2026-11-01T12:30:00Z"}))) == 1
    assert api(manager).get(URL, {"status": "lost"}).status_code == 400


def test_only_sites_that_the_asker_manages(
    api: Api, manager: User, operator: User, viewer: User, camera: Camera, other_site: Site
) -> None:
    make_event(camera=camera)
    watched = make_camera(site=other_site, name="Runway")
    make_event(camera=watched)
    Membership.objects.create(user=manager, site=other_site, role=Role.OPERATOR)
    assert [row["camera"] for row in rows(api(manager).get(URL))] == ["Gate"]
    assert rows(api(manager).get(URL, {"camera": str(watched.pk)})) == []
    assert [api(who).get(URL).status_code for who in (None, viewer, operator)] == [401, 403, 403]


def test_it_is_read_in_steps_in_order_and_ends_somewhere(
    api: Api, manager: User, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports_csv, "STEP", 2)
    monkeypatch.setattr(exports_csv, "MOST_ROWS", 5)
    for hour in range(7):
        make_event(camera=camera, started_at=NOON + timedelta(hours=hour))
    answer = api(manager).get(URL)
    hours = [row["started_at"][11:13] for row in rows(answer)]
    assert hours == ["18", "17", "16", "15", "14"]
    assert answer["X-Truncated"] == "true"
    monkeypatch.setattr(exports_csv, "MOST_ROWS", 7)
    assert api(manager).get(URL)["X-Truncated"] == "false", "these are all"


def test_the_trail_has_it_before_the_first_byte(api: Api, manager: User, camera: Camera) -> None:
    make_event(camera=camera)
    answer = api(manager).get(URL, {"status": "new"})
    entry = AuditEntry.objects.get(action="events.exported")
    assert (entry.user_name, '"rows":1' in entry.details.replace(" ", "")) == ("mina", True)
    Event.objects.all().delete()
    assert rows(answer) == [], "what was removed meanwhile is left out"


def test_who_loses_the_right_while_reading_gets_no_more(
    api: Api, manager: User, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports_csv, "STEP", 2)
    for hour in range(6):
        make_event(camera=camera, started_at=NOON + timedelta(hours=hour))
    pieces = iter(api(manager).get(URL).streaming_content)
    assert next(pieces).startswith(b"\xef\xbb\xbfid,")
    assert next(pieces).count(b"\r\n") == 2
    Membership.objects.filter(user=manager).update(role=Role.OPERATOR)
    assert b"".join(pieces) == b""
