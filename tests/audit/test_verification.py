"""Whatever is done to the trail is found, and where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cameras.models import Camera
from project.accounts.models import User
from project.audit import chain, origin, trail
from project.audit.models import AuditEntry, AuditHead
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


def test_a_whole_trail_is_whole(entries: list[AuditEntry], heads: Path, capsys: Any) -> None:
    assert len(heads.read_text().splitlines()) == 7
    call_command("audit", "verify", "--heads", str(heads))
    assert "is whole: 7 entries" in capsys.readouterr().out


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
