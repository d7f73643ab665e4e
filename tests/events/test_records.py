"""A record says itself what no database would take of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.events.worker import Told


@pytest.fixture
def told() -> Told:
    return Told(UUID(int=1), epoch=1)


def test_evidence_comes_back_from_the_spool_as_it_was(told: Told) -> None:
    record = told.record("evidence", 1, name="usual-2", path="events/x/usual-2.jpg")
    assert type(record).from_bytes(record.to_bytes()) == record
    assert record.problem == ""


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": "heat"}, "it names no file"),
        ({"path": "events/x/y.jpg"}, "its evidence is ''"),
        ({"path": "events/x/y.jpg", "name": "usual-4"}, "its evidence is 'usual-4'"),
    ],
)
def test_evidence_that_nobody_could_show_is_said_to_be_wrong(told: Told, values: dict[str, str], problem: str) -> None:
    assert told.record("evidence", 1, **values).problem == problem
