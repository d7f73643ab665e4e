"""Any order of takeovers, late spools, repetitions and zombies leaves one event per anomaly, with the right values.

A machine plays one camera and its workers in virtual time, against the real writer and the real leases. What it knows
and the writer does not: which anomaly each record speaks of.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cameras.models import Camera, Claim
from events.models import Event, EventAlias, EventTransition
from events.records import EventRecord
from events.services import open_event_of, write_records
from events.writer import moment
from tests.events.worker import NOON, Told, claim
from tests.factories import make_camera

scores = st.floats(1, 100)


@dataclass
class Worker:
    """Watches the camera from its claim on; superseded, it may go on for ever without knowing."""

    epoch: int
    spool: list[EventRecord] = field(default_factory=list)
    written: int = 0
    """Records of the spool that were offered to the writer at least once."""
    event: Told | None = None
    awake: bool = True
    superseded: bool = False


class Farm(RuleBasedStateMachine):
    """One camera, its workers and the anomalies before it."""

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.camera: Camera = make_camera()
        self.now = 0.0
        self.anomaly = 0
        """Number of the one that goes on or of the last one."""
        self.going_on = False
        self.about: dict[EventRecord, int] = {}
        self.left_behind = False
        """A worker was superseded while it watched the anomaly that goes on, and what it wrote down may come late."""
        self.joined: set[int] = set()
        """Anomalies that share an event with the one before: its end was seen, and not written when it was adopted."""
        self.workers = [Worker(claim(self.camera, at=NOON))]

    @property
    def owner(self) -> Worker:
        return self.workers[-1]

    def note(self, worker: Worker, record: EventRecord) -> None:
        worker.spool.append(record)
        self.about[record] = self.anomaly

    def watchers(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.awake]

    def open(self, worker: Worker, score: float) -> None:
        worker.event = Told(self.camera.pk, worker.epoch)
        self.note(worker, worker.event.opened(self.now, score))
        self.note(worker, worker.event.record("evidence", self.now, name="heat", path=f"{worker.epoch}.jpg"))

    @precondition(lambda self: not self.going_on)
    @rule(score=scores, quiet=st.floats(30, 100))
    def something_begins(self, score: float, quiet: float) -> None:
        self.now += quiet
        self.anomaly, self.going_on, self.left_behind = self.anomaly + 1, True, False
        for worker in self.watchers():
            self.open(worker, score)

    @precondition(lambda self: self.going_on)
    @rule(score=scores)
    def it_goes_on(self, score: float) -> None:
        self.now += 1
        for worker in self.watchers():
            if worker.event:
                self.note(worker, worker.event.peaked(self.now, score))

    @precondition(lambda self: self.going_on)
    @rule()
    def it_ends(self) -> None:
        self.now += 1
        self.going_on = False
        for worker in self.watchers():
            if worker.event:
                self.note(worker, worker.event.closed(self.now))
                worker.event = None

    @rule(score=scores, zombie=st.booleans())
    def another_worker_takes_over(self, score: float, zombie: bool) -> None:
        if self.going_on and self.left_behind:
            # Two takeovers in one anomaly, both with spools left behind, would be a hole wider than the merge gap.
            for worker in self.workers:
                self.write(worker, 0, len(worker.spool))
        self.left_behind = self.going_on
        self.owner.awake, self.owner.superseded = zombie, True
        self.now += 5
        heir = Worker(claim(self.camera, at=NOON + self.now))
        rows = open_event_of(self.camera.pk, heir.epoch)
        self.now += 1
        for row in rows:
            adopted = Told(self.camera.pk, heir.epoch, row.event_id)
            if self.going_on:
                heir.event = adopted
                if not self.tells_of(row.event_id, self.anomaly):
                    self.joined.add(self.anomaly)
                self.note(heir, adopted.peaked(self.now, score))
            else:
                heir.spool.append(adopted.closed(self.now))
        self.workers.append(heir)
        if self.going_on and not heir.event:
            self.open(heir, score)

    def tells_of(self, event_id: UUID, anomaly: int) -> bool:
        ids = {event_id, *EventAlias.objects.filter(event_id=event_id).values_list("pk", flat=True)}
        return any(record.event_id in ids for record, about in self.about.items() if about == anomaly)

    @rule(data=st.data())
    def a_spool_is_written(self, data: st.DataObject) -> None:
        """From anywhere before what is new: each replay begins at a checkpoint that may be old."""
        worker = data.draw(st.sampled_from(self.workers))
        first = data.draw(st.integers(0, worker.written))
        # A dead worker's spool is replayed whole.
        last = len(worker.spool) if worker.superseded else data.draw(st.integers(first, len(worker.spool)))
        self.write(worker, first, last)

    def write(self, worker: Worker, first: int, last: int) -> None:
        write_records(worker.spool[first:last])
        worker.written = max(worker.written, last)

    @invariant()
    def nobody_sees_two_open_events(self) -> None:
        if hasattr(self, "camera"):
            assert Event.objects.filter(camera=self.camera, ended_at=None).count() <= 1

    def teardown(self) -> None:
        if not hasattr(self, "camera"):
            return
        try:
            for worker in self.workers:
                write_records(worker.spool)
            for worker in self.workers:
                assert write_records(worker.spool).written == 0
            self.check()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def check(self) -> None:
        rows = {event.pk: event for event in Event.objects.all()}
        row_of = dict.fromkeys(rows) | {pk: pk for pk in rows} | dict(EventAlias.objects.values_list("pk", "event_id"))
        claimed = dict(Claim.objects.values_list("epoch", "claimed_at"))
        spooled = [record for worker in self.workers for record in worker.spool]
        accepted = [record for record in spooled if record.database_time < claimed.get(record.epoch + 1, 1e12)]
        kept = [record for record in accepted if record.event_id in row_of]

        opened = {record.event_id for record in accepted if record.kind == "opened"}
        assert opened <= set(row_of), "an accepted event is lost"
        assert {record.record_id for record in kept} == set(EventTransition.objects.values_list("pk", flat=True))

        told: dict[object, list[EventRecord]] = defaultdict(list)
        events_of: dict[int, set[object]] = defaultdict(set)
        anomalies_of: dict[object, set[int]] = defaultdict(set)
        for record in kept:
            told[row_of[record.event_id]].append(record)
            if record in self.about:
                events_of[self.about[record]].add(row_of[record.event_id])
                anomalies_of[row_of[record.event_id]].add(self.about[record])
        assert all(len(events) == 1 for events in events_of.values()), "an anomaly has two events"
        for anomalies in anomalies_of.values():
            assert len(anomalies - self.joined) <= 1, "an event has two anomalies"
        for pk, event in rows.items():
            self.check_values(event, told[pk])

    def check_values(self, event: Event, records: list[EventRecord]) -> None:
        assert event.score == max(record.score for record in records)
        assert event.evidence["heat"] in {record.path for record in records if record.kind == "evidence"}
        assert event.started_at == moment(min(record.at for record in records if record.kind == "opened"))
        assert event.started_at <= event.peak_at
        watched = self.owner.event is not None and event.pk in (
            self.owner.event.event_id,
            *EventAlias.objects.filter(pk=self.owner.event.event_id).values_list("event_id", flat=True),
        )
        assert (event.ended_at is None) == watched
        last_words = [record for record in records if record.kind == "closed" and record.epoch == event.epoch]
        if last_words and not watched:
            assert event.ended_at == moment(max(record.at for record in last_words))
        assert event.ended_at is None or event.ended_at >= event.peak_at


def play(examples: int, **how: Any) -> None:
    checks = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), **how
    )
    run_state_machine_as_test(Farm, settings=checks)


@pytest.mark.django_db
def test_any_order_leaves_one_event_per_anomaly() -> None:
    play(25, derandomize=True)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_any_order_whatever_the_seed() -> None:
    play(500)
