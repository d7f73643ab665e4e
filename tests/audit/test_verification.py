"""Whatever is done to the trail is found, and where."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cameras.models import Camera
from project.accounts.models import User
from project.audit import chain, guards, origin, trail
from project.audit.models import AuditEntry, AuditHead
from project.audit.pruning import prune
from project.audit.verification import Finding, verify

COLUMNS = [field.column for field in AuditEntry._meta.fields]


@pytest.fixture
def heads(settings: Any, tmp_path: Path) -> Path:
    """The file that hears of heads."""
    settings.VIGIL_AUDIT_FILE = str(tmp_path / "heads.jsonl")
    return tmp_path / "heads.jsonl"


@pytest.fixture
def entries(heads: Path, camera: Camera, manager: User, django_capture_on_commit_callbacks: Any) -> list[AuditEntry]:
    """Seven entries, each with a value in every column, and their heads in the file."""
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(7):
            with origin.coming_from(address="192.0.2.7", way="session", request_id=f"request-{number}"):
                trail.record("camera.changed", by=manager, target=camera, changes={"n": (0, number)}, details={"n": 1})
    return list(AuditEntry.objects.order_by("number"))


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def numbers(findings: Iterator[Finding]) -> list[int]:
    return [finding.number for finding in findings]


@pytest.fixture
def guarded(db: None) -> Iterator[None]:
    """The triggers that tests do without."""
    guards.install(connection)
    yield
    guards.remove(connection)


def test_a_whole_trail_is_whole(guarded: None, entries: list[AuditEntry], heads: Path, capsys: Any) -> None:
    assert len(heads.read_text().splitlines()) == 7
    call_command("audit", "verify", "--heads", str(heads))
    assert "is whole: 7 entries" in capsys.readouterr().out


def test_a_trail_that_nothing_guards_is_told_of(guarded: None, entries: list[AuditEntry]) -> None:
    call_command("audit", "verify")
    if connection.vendor == "sqlite":
        execute("DROP TRIGGER audit_no_delete")
    else:
        execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_no_change")
    with pytest.raises(CommandError, match="triggers are gone") as failed:
        call_command("audit", "verify")
    assert failed.value.returncode == 1
    call_command("audit", "guard")
    call_command("audit", "verify")
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("UPDATE audit_auditentry SET user_name = 'x'")


def test_heads_that_are_none_compare_nothing(guarded: None, entries: list[AuditEntry], heads: Path) -> None:
    """The wrong file, or a log in another form."""
    heads.write_text("INFO audit head number=1\n")
    with pytest.raises(CommandError, match="nothing to compare with"):
        call_command("audit", "verify", "--heads", str(heads))


def test_heads_may_come_from_a_pipe(guarded: None, entries: list[AuditEntry], heads: Path) -> None:
    def verify_against(told: str) -> None:
        reading, writing = os.pipe()
        os.write(writing, told.encode())
        os.close(writing)
        try:
            call_command("audit", "verify", "--heads", f"/dev/fd/{reading}")
        finally:
            os.close(reading)

    verify_against(heads.read_text())
    with pytest.raises(CommandError, match="not whole"):
        verify_against(heads.read_text().replace(entries[-1].digest, "0" * 64))


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("place", [1, 4, 7])
def test_one_changed_byte_is_found_in_any_column(entries: list[AuditEntry], column: str, place: int) -> None:
    value = getattr(entries[place - 1], column)
    for position in positions(value):
        execute(f"UPDATE audit_auditentry SET {column} = %s WHERE number = %s", changed(value, position), place)
        found = numbers(verify())
        assert found, (column, position)
        assert min(abs(number - place) for number in found) <= 1
        back = value if column != "number" else place
        where = changed(value, position) if column == "number" else place
        execute(f"UPDATE audit_auditentry SET {column} = %s WHERE number = %s", back, where)
    assert list(verify()) == []


def positions(value: object) -> range:
    return range(len(value)) if isinstance(value, str) and value else range(1)


def changed(value: Any, position: int) -> Any:
    """The value with another character, or one bit or microsecond more."""
    if isinstance(value, str):
        other = "x" if value[position : position + 1] != "x" else "y"
        return value[:position] + other + value[position + 1 :]
    if isinstance(value, int):
        return value + 1000
    return value.replace(microsecond=(value.microsecond + 1) % 1_000_000)


def forge(number: int) -> None:
    """An entry that looks right on its own."""
    fields = AuditEntry.objects.order_by("number").values()[0] | {"number": number}
    previous = fields.pop("previous")
    del fields["digest"]
    digest = chain.digest_of(fields, previous=previous)
    AuditEntry(**fields, previous=previous, digest=digest).save(force_insert=True)


def test_an_entry_before_the_first_is_found(entries: list[AuditEntry]) -> None:
    forge(0)
    assert 0 in numbers(verify())


@pytest.mark.parametrize("number", [1, 4, 7])
def test_an_entry_in_the_place_of_one_that_was_pruned_is_found(entries: list[AuditEntry], number: int) -> None:
    prune(before=timezone.now())
    assert list(verify()) == []
    forge(number)
    assert numbers(verify())


def test_what_an_interrupted_pruning_left_is_whole_and_no_less_looked_at(
    entries: list[AuditEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("project.audit.pruning.STEP", 3)
    monkeypatch.setattr("project.audit.pruning.time.sleep", end)
    with pytest.raises(KeyboardInterrupt):
        prune(before=timezone.now())
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [4, 5, 6, 7, 8]
    assert list(verify()) == []
    execute("UPDATE audit_auditentry SET user_name = 'somebody else' WHERE number = 5")
    assert numbers(verify()) == [5]


@pytest.mark.parametrize("place", range(1, 8))
def test_a_missing_entry_is_found(entries: list[AuditEntry], place: int) -> None:
    execute("DELETE FROM audit_auditentry WHERE number = %s", place)
    assert place in numbers(verify())


def test_a_cut_end_is_found_by_the_heads_even_where_the_head_row_was_cut_too(
    entries: list[AuditEntry], heads: Path
) -> None:
    execute("DELETE FROM audit_auditentry WHERE number > 5")
    AuditHead.objects.update(number=5, digest=entries[4].digest)
    assert list(verify()) == []
    assert numbers(verify(heads.read_text().splitlines())) == [6, 7]
    execute("DELETE FROM audit_auditentry")
    AuditHead.objects.all().delete()
    assert numbers(verify(heads.read_text().splitlines())) == list(range(1, 8))


def test_a_chain_written_anew_is_found_by_the_heads(entries: list[AuditEntry], heads: Path, capsys: Any) -> None:
    previous = entries[2].digest
    for row in AuditEntry.objects.filter(number__gt=3).order_by("number").values():
        del row["previous"], row["digest"]
        row["user_name"] = "somebody else"
        digest = chain.digest_of(row, previous=previous)
        statement = "UPDATE audit_auditentry SET user_name = %s, previous = %s, digest = %s WHERE number = %s"
        execute(statement, row["user_name"], previous, digest, row["number"])
        previous = digest
    AuditHead.objects.update(digest=previous)
    assert list(verify()) == [], "whoever can write the table can compute it anew"
    with pytest.raises(CommandError) as failed:
        call_command("audit", "verify", "--heads", str(heads))
    assert failed.value.returncode == 1
    assert "entry 4 was written anew" in capsys.readouterr().err


def test_the_log_serves_as_heads(entries: list[AuditEntry]) -> None:
    lines = [
        '{"event": "camera changed"}',
        "not json",
        f'{{"event": "audit head", "number": 9, "digest": "{"0" * 64}"}}',
    ]
    assert numbers(verify(lines)) == [9]
