"""What an entry of the trail says, and that it comes with what it tells of or not at all."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from cameras.models import Camera
from project.accounts.models import Site, User
from project.audit import guards, origin, trail
from project.audit.log_ins import BLOCKED, record_failure
from project.audit.models import AppendOnlyError, AuditEntry, AuditHead
from project.audit.pruning import prune
from project.audit.verification import verify
from project.errors import Conflict
from tests.factories import NOON


def newest() -> AuditEntry:
    entry: AuditEntry | None = AuditEntry.objects.first()
    assert entry is not None
    return entry


def test_an_entry_says_who_did_what_to_what_and_outlives_it(camera: Camera, manager: User) -> None:
    trail.record("camera.changed", by=manager, target=camera, changes={"alarm_budget": (2.0, 5.0)}, details={"why": 1})
    camera_id, site_id = str(camera.pk), camera.site_id
    Site.objects.filter(pk=site_id).delete()
    manager.delete()
    entry = newest()
    assert (entry.number, entry.action, entry.user_name, entry.way) == (1, "camera.changed", "mina", "system")
    assert (entry.target_kind, entry.target_id, entry.target_name) == ("camera", camera_id, "Gate")
    assert (entry.site_id, entry.site_name) == (site_id, "Harbour")
    assert json.loads(entry.changes) == {"alarm_budget": [2.0, 5.0]}
    assert json.loads(entry.details) == {"why": 1}
    assert list(verify()) == []


def test_addresses_are_masked_and_secrets_hidden(camera: Camera) -> None:
    changes = {"source": (camera.source, "rtsp://user:new-canary@192.0.2.11/x"), "password": ("canary-a", "canary-b")}
    details = {"said": "could not open rtsp://user:canary-c@192.0.2.1/", "token": "canary-d"}
    trail.record("camera.changed", target=camera, changes=changes, details=details)
    entry = newest()
    assert "canary" not in entry.changes + entry.details
    assert json.loads(entry.changes)["source"] == ["rtsp://***@192.0.2.10/stream", "rtsp://***@192.0.2.11/x"]


def at(monkeypatch: pytest.MonkeyPatch, hours: float) -> datetime:
    """Set the clock to so many hours from noon."""
    moment = NOON + timedelta(hours=hours)
    monkeypatch.setattr("project.audit.trail.timezone.now", lambda: moment)
    return moment


def test_who_looks_is_recorded_also_while_the_clock_is_set_back(
    camera: Camera, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks() -> bool:
        return trail.record_once("camera.watched", by=manager, target=camera, within=timedelta(hours=1))

    at(monkeypatch, 0)
    assert [looks(), looks()] == [True, False]
    at(monkeypatch, -8)
    assert [looks(), looks()] == [True, False]
    at(monkeypatch, 0.5)
    assert not looks()


def test_somebody_who_guesses_is_recorded_also_while_the_clock_is_set_back(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in (0, 0, -8, -8):
        at(monkeypatch, hours)
        record_failure(username="mina", blocked=True)
    assert AuditEntry.objects.filter(action=BLOCKED).count() == 2


@pytest.mark.parametrize("wrong", [-50_000, 50_000])
def test_a_clock_that_was_years_wrong_for_a_moment_prunes_nothing_young_and_ends_no_pruning(
    db: None, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    for hours in (-1, wrong, -0.5):
        at(monkeypatch, hours)
        trail.record("something")
    now = at(monkeypatch, 0)
    assert prune(before=now - timedelta(days=1)) == 0
    later = at(monkeypatch, 23.2)
    assert prune(before=later - timedelta(days=1)) == 2
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [3, 4]
    assert list(verify()) == []


@transaction.atomic
def fail_after_recording(camera: Camera) -> None:
    trail.record("camera.changed", target=camera)
    raise Conflict("The action failed.")


def test_an_action_that_fails_leaves_no_entry_and_no_hole(camera: Camera) -> None:
    trail.record("first")
    with pytest.raises(Conflict):
        fail_after_recording(camera)
    trail.record("second")
    assert list(AuditEntry.objects.values_list("number", "action")) == [(2, "second"), (1, "first")]


def test_the_request_says_from_where(db: None) -> None:
    def answer(_: HttpRequest) -> HttpResponse:
        trail.record("looked")
        return HttpResponse()

    token = {"Authorization": "Bearer vga_x", "X-Forwarded-For": "203.0.113.9"}
    for path, headers in (("/api/v1/events/", token), ("/api/v1/events/", {}), ("/admin/", {}), ("/admin/", token)):
        origin.remember(answer)(RequestFactory().get(path, headers=headers, REMOTE_ADDR="192.0.2.7"))
    ways = AuditEntry.objects.order_by("number").values_list("address", "way")
    assert list(ways) == [("192.0.2.7", way) for way in ("token", "session", "admin", "admin")]


def test_the_model_refuses_to_change(db: None) -> None:
    trail.record("first")
    entry = newest()
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="other"),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
    ):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET action = 'other' WHERE number = 1",
        "DELETE FROM audit_auditentry WHERE number = 2",
        "DELETE FROM audit_auditentry",
    ],
)
def test_the_database_refuses_to_change(db: None, statement: str) -> None:
    guards.install(connection)
    trail.record("first")
    trail.record("second")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    trail.record("third")
    assert AuditHead.objects.get().number == 3
    guards.remove(connection)
