"""Which worker takes which orphan."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cameras.sharing import Candidate, Orphan, share_of

CLASSES = st.sampled_from(["cpu", "cuda"])


def orphans(*classes: str) -> list[Orphan]:
    return [Orphan(UUID(int=number), device_class, 1) for number, device_class in enumerate(classes, start=1)]


def test_the_emptier_worker_takes_more() -> None:
    workers = [Candidate("a", "cpu", 8, held=4), Candidate("b", "cpu", 8, held=0)]
    assert len(share_of("b", orphans(*["any"] * 4), workers)) == 4
    assert share_of("a", orphans(*["any"] * 4), workers) == []


def test_a_large_worker_takes_more_than_a_small_one() -> None:
    workers = [Candidate("a", "cpu", 4, held=0), Candidate("b", "cpu", 12, held=0)]
    assert len(share_of("b", orphans(*["any"] * 8), workers)) == 6


def test_a_camera_that_needs_cuda_waits_for_it() -> None:
    assert share_of("a", orphans("cuda"), [Candidate("a", "cpu", 4, held=0)]) == []


def test_a_worker_that_leaves_takes_nothing() -> None:
    assert share_of("a", orphans("any"), [Candidate("a", "cpu", 0, held=0)]) == []


@given(
    st.lists(st.tuples(CLASSES, st.integers(0, 6), st.integers(0, 6)), max_size=5),
    st.lists(st.sampled_from(["any", "cpu", "cuda"]), max_size=20),
)
def test_workers_that_see_the_same_never_reach_for_the_same(
    sizes: list[tuple[str, int, int]], classes: list[str]
) -> None:
    workers = [Candidate(f"w{n}", device, slots, held) for n, (device, slots, held) in enumerate(sizes)]
    taken = [orphan for worker in workers for orphan in share_of(worker.name, orphans(*classes), workers)]

    assert len({orphan.camera_id for orphan in taken}) == len(taken)
    for worker in workers:
        mine = share_of(worker.name, orphans(*classes), workers)
        assert len(mine) <= max(0, worker.slots - worker.held)
        assert all(orphan.device_class in ("any", worker.device_class) for orphan in mine)
    room = sum(max(0, worker.slots - worker.held) for worker in workers)
    if all(device_class == "any" for device_class in classes):
        assert len(taken) == min(room, len(classes))
