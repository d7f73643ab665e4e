"""The trail over REST: whole for superusers, of their sites for managers, for nobody else."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from typing import Any

import pytest

from cameras.models import Camera
from project.accounts.models import Site, User
from project.audit import trail
from project.audit.models import AuditEntry
from tests.factories import make_camera

LIST, TABLE = "/api/v1/audit/", "/api/v1/audit/export.csv"


@pytest.fixture(autouse=True)
def _entries(manager: User, superuser: User, camera: Camera, other_site: Site) -> None:
    trail.record("login.succeeded", by=manager, target=manager)
    trail.record("camera.changed", by=manager, target=camera, changes={"alarm_budget": (2.0, 5.0)})
    trail.record("camera.changed", by=superuser, target=make_camera(site=other_site, name="Runway"))
    trail.record("event.noted", by=manager, site=camera.site, details={"note": "a fox"})


def numbers(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [entry["number"] for entry in answer.json()["results"]]


def test_everybody_sees_as_far_as_they_manage(api: Any, superuser: User, manager: User) -> None:
    assert numbers(api(superuser).get(LIST)) == [4, 3, 2, 1]
    assert numbers(api(manager).get(LIST)) == [4, 2]
    entry = api(manager).get(LIST).json()["results"][1]
    assert (entry["user_name"], entry["target_name"], entry["changes"]) == (
        "mina",
        "Gate",
        {"alarm_budget": [2.0, 5.0]},
    )


def test_operators_and_strangers_see_nothing(api: Any, operator: User, stranger: User) -> None:
    for user, status in ((None, 401), (operator, 403), (stranger, 403)):
        assert [api(user).get(url).status_code for url in (LIST, TABLE)] == [status] * 2


def test_the_list_narrows(api: Any, superuser: User, manager: User, camera: Camera, other_site: Site) -> None:
    client = api(superuser)
    at = AuditEntry.objects.get(number=3).at.isoformat()
    assert numbers(client.get(LIST, {"action": "camera.changed"})) == [3, 2]
    assert numbers(client.get(LIST, {"action": "event."})) == [4]
    assert numbers(client.get(LIST, {"user": manager.pk})) == [4, 2, 1]
    assert numbers(client.get(LIST, {"site": other_site.pk})) == [3]
    assert numbers(client.get(LIST, {"target": str(camera.pk)})) == [2]
    assert numbers(client.get(LIST, {"after": at})) == [4, 3]
    assert numbers(client.get(LIST, {"before": at})) == [2, 1]
    assert numbers(api(manager).get(LIST, {"site": other_site.pk})) == []
    assert client.get(LIST, {"after": "yesterday"}).status_code == 400


def test_pages_follow_the_chain(api: Any, superuser: User) -> None:
    first = api(superuser).get(LIST, {"page_size": 3}).json()
    assert [entry["number"] for entry in first["results"]] == [4, 3, 2]
    assert numbers(api(superuser).get(first["next"])) == [1]


def test_a_table_is_safe_to_open_and_its_taking_is_recorded(api: Any, manager: User, site: Site) -> None:
    for name in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"):
        trail.record("camera.changed", by=manager, target=make_camera(site=site, name=name))
    answer = api(manager).get(TABLE, {"action": "camera."})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["target_name"] for row in rows] == ["'\rx", "'\tx", "'@SUM(A1)", "'-1", "'+1", "'=1+1", "Gate"]
    newest = AuditEntry.objects.first()
    assert newest is not None
    assert (newest.action, newest.user_name, newest.details) == (
        "audit.exported",
        "mina",
        '{"entries":7,"from":2,"to":10}',
    )


@pytest.mark.parametrize("position", ["abc", "-1", "9" * 40])
def test_a_cursor_that_was_tampered_with_is_none(api: Any, superuser: User, position: str) -> None:
    cursor = b64encode(f"p={position}".encode()).decode()
    assert api(superuser).get("/api/v1/audit/", {"cursor": cursor}).status_code == 404
