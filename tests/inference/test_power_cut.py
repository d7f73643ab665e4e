"""Power cuts, at any moment and again and again: what `add` returned from is in the database in the end.

kill -9 cannot show this, since the kernel still writes what a dead process wrote. Here both disks forget: the spool's
what was not synced, the database's what it committed since it was last made durable.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.records import EventRecord
from inference.spool import Spool
from inference.writer import BatchWriter
from tests.inference.fakes import FakeClock, FakeDatabase, is_away
from tests.inference.forgetful import ForgetfulFiles
from tests.inference.records import make_record

Plan = list[str]
MOVES = ("add", "write", "wait", "cut")
CRUEL: Plan = [*["add"] * 12, "write", "wait", "write", "add", "cut", "add"]
"""Has the database make a dozen records durable and the spool forget them, then cuts the power twice."""


class Machine:
    """The part of a worker that keeps events, on disks that forget."""

    def __init__(self, folder: Path, files: ForgetfulFiles, *, makes_durable: bool = True) -> None:
        self._folder, self._files, self._makes_durable = folder, files, makes_durable
        self._clock, self._database = FakeClock(), FakeDatabase()
        self._durable: list[EventRecord] = []
        self.added: list[EventRecord] = []
        self._start()

    def play(self, plan: Plan) -> list[EventRecord]:
        """Does all that, and at last gives the worker the time to write what it has; what the database has then."""
        for move in plan:
            match move:
                case "add":
                    self._add()
                case "write":
                    self._writer.step()
                case "wait":
                    self._clock.advance(31)  # the writer does its chores every 30 s
                case _:
                    self._cut()
        self._cut()
        while self._writer.spool.pending():
            self._clock.advance(1)
            self._writer.step()
        return self._database.records

    def _start(self) -> None:
        self._writer = BatchWriter(
            Spool(self._folder, self._files, segment_bytes=2048),
            self._database.write,
            passing=is_away,
            durable=self._checkpoint,
            clock=self._clock,
        )

    def _add(self) -> None:
        self.added.append(make_record(len(self.added)))
        self._writer.add(self.added[-1])

    def _checkpoint(self) -> bool:
        if self._makes_durable:
            self._durable = list(self._database.records)
        return True

    def _cut(self) -> None:
        self._files.crash()
        self._database.records[:] = self._durable
        self._start()


@given(plan=st.lists(st.sampled_from(MOVES), max_size=60))
def test_no_record_is_lost_or_doubled(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    machine = Machine(tmp_path_factory.mktemp("spool"), ForgetfulFiles())
    written = machine.play(plan)
    assert len(written) == len(set(written))
    assert set(written) == set(machine.added)


def test_the_cruel_plan_is_survived(tmp_path: Path) -> None:
    machine = Machine(tmp_path, ForgetfulFiles())
    assert set(machine.play(CRUEL)) == set(machine.added)


def test_without_the_sync_records_are_lost(tmp_path: Path) -> None:
    machine = Machine(tmp_path, ForgetfulFiles(honours_sync=False))
    assert set(machine.play(CRUEL)) < set(machine.added)


def test_without_the_checkpoint_records_are_lost(tmp_path: Path) -> None:
    """The spool forgets what the database only says that it has."""
    machine = Machine(tmp_path, ForgetfulFiles(), makes_durable=False)
    assert set(machine.play(CRUEL)) < set(machine.added)
