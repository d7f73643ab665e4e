"""Leases: who may run a camera, and whose records count."""

from __future__ import annotations

import time

import pytest

from cameras.assignments import WorkerInfo
from cameras.leases import accepts, beat, claim_orphans, release
from cameras.models import Camera, Claim, Lease, Worker
from tests.cameras.virtual_time import VirtualTime, virtual_database_time
from tests.factories import make_camera

__all__ = ["virtual_database_time"]

pytestmark = pytest.mark.django_db


def worker(name: str = "a", *, device_class: str = "cpu", slots: int = 8) -> WorkerInfo:
    return WorkerInfo(
        name=name, host="here", device=device_class, device_class=device_class, queue=f"inference.{name}", slots=slots
    )


def test_the_real_database_clock_is_that_of_this_machine() -> None:
    assert abs(beat(worker=worker(), held={}).database_time - time.time()) < 5


def test_a_worker_claims_what_nobody_runs_and_writes_down_when(virtual_database_time: VirtualTime) -> None:
    camera = make_camera()
    beat(worker=worker(), held={})

    (claimed,) = claim_orphans(worker())

    lease = Lease.objects.get(camera=camera)
    assert (claimed.camera_id, claimed.epoch, claimed.desired_state) == (camera.id, 1, "running")
    assert (lease.owner, lease.claimed_at) == ("a", virtual_database_time.now)
    assert Claim.objects.get(camera=camera, epoch=1).claimed_at == lease.claimed_at


def test_a_camera_without_a_lease_row_is_claimed(virtual_database_time: VirtualTime) -> None:
    Lease.objects.filter(camera=make_camera()).delete()
    beat(worker=worker(), held={})
    assert [each.epoch for each in claim_orphans(worker())] == [1]


def test_a_stopped_camera_is_nobodys(virtual_database_time: VirtualTime) -> None:
    make_camera(desired_state=Camera.DesiredState.STOPPED)
    beat(worker=worker(), held={})
    assert claim_orphans(worker()) == []


def test_a_held_lease_is_left_alone_until_it_expires(virtual_database_time: VirtualTime) -> None:
    make_camera()
    beat(worker=worker("a"), held={})
    claim_orphans(worker("a"))
    virtual_database_time.advance(2.9)
    beat(worker=worker("b"), held={})
    assert claim_orphans(worker("b")) == []
    virtual_database_time.advance(0.2)
    assert [each.epoch for each in claim_orphans(worker("b"))] == [2]


def test_an_unsettled_worker_leaves_expired_leases_to_their_owners(virtual_database_time: VirtualTime) -> None:
    expired, given_up = make_camera(), make_camera()
    beat(worker=worker("a"), held={})
    claim_orphans(worker("a"))
    release("a", [given_up.id])
    virtual_database_time.advance(60)
    beat(worker=worker("b"), held={})

    assert [each.camera_id for each in claim_orphans(worker("b"), settled=False)] == [given_up.id]

    answer = beat(worker=worker("a"), held={expired.id: 1})
    assert [each.camera_id for each in answer.assignments] == [expired.id]
    assert answer.lost == ()


def test_who_was_superseded_hears_it(virtual_database_time: VirtualTime) -> None:
    camera = make_camera()
    beat(worker=worker("a"), held={})
    claim_orphans(worker("a"))
    virtual_database_time.advance(4)
    beat(worker=worker("b"), held={})
    claim_orphans(worker("b"))

    answer = beat(worker=worker("a"), held={camera.id: 1})

    assert (answer.lost, answer.assignments) == ((camera.id,), ())


def test_a_worker_hears_of_a_claim_whose_answer_it_missed(virtual_database_time: VirtualTime) -> None:
    camera = make_camera()
    beat(worker=worker(), held={})
    claim_orphans(worker())
    assert [each.camera_id for each in beat(worker=worker(), held={}).assignments] == [camera.id]


def test_the_answer_says_what_is_wanted(virtual_database_time: VirtualTime) -> None:
    camera = make_camera()
    beat(worker=worker(), held={})
    claim_orphans(worker())
    Camera.objects.filter(id=camera.id).update(desired_state="stopped", settings_version=7, memory_version=3)

    (answer,) = beat(worker=worker(), held={camera.id: 1}).assignments

    assert (answer.desired_state, answer.settings_version, answer.memory_version) == ("stopped", 7, 3)


def test_records_of_the_holder_count_and_later_ones_only_if_made_before_the_next_claim(
    virtual_database_time: VirtualTime,
) -> None:
    camera = make_camera()
    beat(worker=worker("a"), held={})
    claim_orphans(worker("a"))
    virtual_database_time.advance(5)
    assert accepts(camera.id, 1, virtual_database_time.now), "expired, but nobody took it"
    beat(worker=worker("b"), held={})
    claim_orphans(worker("b"))
    taken_at = virtual_database_time.now

    assert accepts(camera.id, 2, taken_at)
    assert accepts(camera.id, 1, taken_at - 0.001), "the spool of the dead worker"
    assert not accepts(camera.id, 1, taken_at), "a worker that was asleep"
    assert not accepts(camera.id, 3, taken_at), "an epoch that nobody was given"


def test_a_camera_that_is_gone_accepts_nothing() -> None:
    camera = make_camera()
    camera_id = camera.id
    camera.delete()
    assert not accepts(camera_id, 0, 1.0)


def test_a_worker_that_leaves_gives_all_up_and_keeps_no_share(virtual_database_time: VirtualTime) -> None:
    make_camera()
    make_camera()
    beat(worker=worker("a"), held={})
    claim_orphans(worker("a"))
    beat(worker=worker("b"), held={})

    assert release("a") == 2

    assert Worker.objects.get(name="a").seen_at == 0
    assert len(claim_orphans(worker("b"))) == 2


def test_two_workers_share_what_is_there(virtual_database_time: VirtualTime) -> None:
    for _ in range(8):
        make_camera()
    beat(worker=worker("a"), held={})
    beat(worker=worker("b"), held={})

    first, second = claim_orphans(worker("a")), claim_orphans(worker("b"))

    assert (len(first), len(second)) == (4, 4)


def test_a_clock_that_stepped_back_does_not_keep_a_dead_workers_camera(virtual_database_time: VirtualTime) -> None:
    make_camera()
    beat(worker=worker("a"), held={})
    claim_orphans(worker("a"))
    virtual_database_time.advance(-7200)
    beat(worker=worker("b"), held={})
    assert [each.epoch for each in claim_orphans(worker("b"))] == [2]
