"""One thread that looks for all cameras: batches, what is dropped, and what CUDA does to it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from uuid import UUID

import pytest
import torch

from inference.batch_size import LONGEST_LOOK, QUICK_LOOKS, BatchSize
from inference.batching import Batcher, BatcherClosed, Superseded
from inference.types import Features
from tests.inference.eyes import FakeEye, window

CAMERAS = [UUID(int=n) for n in range(40)]


@pytest.fixture
def eye() -> FakeEye:
    return FakeEye()


@pytest.fixture
def batcher(eye: FakeEye) -> Iterator[Batcher]:
    batcher = Batcher(eye, max_batch=4, max_wait=0.05, max_queue=8)
    yield batcher
    eye.may_look.set()
    batcher.close()


def hold(eye: FakeEye, batcher: Batcher) -> Future[Features]:
    """Keeps the thread in a look, so that what follows waits in the queue."""
    eye.may_look.clear()
    held = batcher.submit(UUID(int=999), window(-1.0))
    assert eye.looks.acquire(timeout=10)
    return held


def test_each_camera_gets_its_own_features(batcher: Batcher) -> None:
    futures = [batcher.submit(camera, window(float(n))) for n, camera in enumerate(CAMERAS[:4])]
    assert [future.result(10).at for future in futures] == [0.0, 1.0, 2.0, 3.0]


def test_windows_of_several_cameras_go_in_one_batch_up_to_its_limit(eye: FakeEye, batcher: Batcher) -> None:
    hold(eye, batcher)
    futures = [batcher.submit(camera, window()) for camera in CAMERAS[:6]]
    eye.may_look.set()
    for future in futures:
        future.result(10)
    assert eye.batches == [1, 4, 2]


def test_a_newer_window_takes_the_place_of_an_older_one_of_its_camera(eye: FakeEye, batcher: Batcher) -> None:
    hold(eye, batcher)
    older, newer = batcher.submit(CAMERAS[0], window(1.0)), batcher.submit(CAMERAS[0], window(2.0))
    with pytest.raises(Superseded):
        older.result(10)
    eye.may_look.set()
    assert newer.result(10).at == 2.0
    assert batcher.dropped == 1


def test_a_camera_that_asks_again_keeps_its_place(eye: FakeEye, batcher: Batcher) -> None:
    hold(eye, batcher)
    waiting = [batcher.submit(camera, window(float(n))) for n, camera in enumerate(CAMERAS[:6])]
    again = batcher.submit(CAMERAS[0], window(9.0))
    order: list[float] = []
    for future in (again, *waiting[1:]):
        future.add_done_callback(lambda done: order.append(done.result().at))
    eye.may_look.set()
    waiting[-1].result(10)
    again.result(10)
    assert order[0] == 9.0


def test_the_queue_is_bounded(eye: FakeEye, batcher: Batcher) -> None:
    hold(eye, batcher)
    futures = [batcher.submit(camera, window()) for camera in CAMERAS[:10]]
    eye.may_look.set()
    dropped = [future for future in futures if future.exception(10)]
    assert dropped == futures[:2]
    assert batcher.dropped == 2


def test_out_of_memory_halves_the_batch_for_good(eye: FakeEye, batcher: Batcher) -> None:
    hold(eye, batcher)
    futures = [batcher.submit(camera, window(float(n))) for n, camera in enumerate(CAMERAS[:4])]
    eye.fail_at(2, torch.OutOfMemoryError("CUDA out of memory"))
    eye.may_look.set()
    assert [future.result(10).at for future in futures] == [0.0, 1.0, 2.0, 3.0]
    assert eye.batches == [1, 4, 2, 2]
    assert batcher.max_batch == 2


def test_out_of_memory_on_a_single_window_reaches_its_camera(eye: FakeEye, batcher: Batcher) -> None:
    eye.fail_at(1, torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(torch.OutOfMemoryError):
        batcher.submit(CAMERAS[0], window()).result(10)
    assert batcher.submit(CAMERAS[0], window(3.0)).result(10).at == 3.0


def test_a_lost_cuda_context_is_fatal(eye: FakeEye) -> None:
    fatal: list[BaseException] = []
    batcher = Batcher(eye, fatal=fatal.append)
    eye.fail_at(1, RuntimeError("CUDA error: an illegal memory access was encountered"))
    with pytest.raises(RuntimeError, match="illegal memory access"):
        batcher.submit(CAMERAS[0], window()).result(10)
    batcher.close()
    assert len(fatal) == 1


def test_a_picture_that_is_refused_costs_the_other_cameras_nothing(eye: FakeEye, batcher: Batcher) -> None:
    hold(eye, batcher)
    futures = [batcher.submit(camera, window(float(n))) for n, camera in enumerate(CAMERAS[:4])]
    for look in (2, 4):  # the batch, and then the second of its windows alone
        eye.fail_at(look, ValueError("odd picture"))
    eye.may_look.set()
    with pytest.raises(ValueError, match="odd picture"):
        futures[1].result(10)
    assert [futures[n].result(10).at for n in (0, 2, 3)] == [0.0, 2.0, 3.0]
    assert eye.batches == [1, 4, 1, 1, 1, 1]
    assert batcher.max_batch == 4


def test_a_slow_look_halves_the_batch(eye: FakeEye) -> None:
    times = iter([0.0, 0.1, 10.0, 10.0 + 1.5 * LONGEST_LOOK])
    batcher = Batcher(eye, max_batch=4, max_wait=0.05, clock=lambda: next(times))
    held = hold(eye, batcher)
    futures = [batcher.submit(camera, window()) for camera in CAMERAS[:4]]
    eye.may_look.set()
    for future in (held, *futures):
        future.result(10)
    assert batcher.max_batch == 2
    batcher.close()


def test_a_batch_grows_again_little_by_little_and_never_beyond_memory() -> None:
    size = BatchSize(8)
    size.took(8, 2.0 * LONGEST_LOOK)
    size.took(1, 2.0 * LONGEST_LOOK)
    for _ in range(QUICK_LOOKS):
        size.took(1, 0.1)  # says nothing of what more would take
    for _ in range(QUICK_LOOKS):
        size.took(2, 0.1)
        size.took(2, 0.9 * LONGEST_LOOK)
    assert size.now == 2
    for _ in range(QUICK_LOOKS):
        size.took(2, 0.1)
    assert size.now == 3
    assert size.too_large(8) == 4
    for _ in range(10 * QUICK_LOOKS):
        size.took(4, 0.1)
    assert size.now == 4


def test_a_single_window_that_is_slow_stays_a_batch_of_one() -> None:
    size = BatchSize(2)
    for _ in range(3):
        size.took(1, 5.0 * LONGEST_LOOK)
    assert size.now == 1


def test_any_other_error_reaches_the_camera_and_the_thread_goes_on(eye: FakeEye) -> None:
    fatal: list[BaseException] = []
    batcher = Batcher(eye, fatal=fatal.append)
    eye.fail_at(1, ValueError("odd picture"))
    with pytest.raises(ValueError, match="odd picture"):
        batcher.submit(CAMERAS[0], window()).result(10)
    assert batcher.submit(CAMERAS[0], window(1.0)).result(10).at == 1.0
    batcher.close()
    assert not fatal


def test_close_tells_who_waits(eye: FakeEye) -> None:
    batcher = Batcher(eye, max_wait=0.0)
    held = hold(eye, batcher)
    waiting = batcher.submit(CAMERAS[0], window())
    eye.may_look.set()
    batcher.close()
    assert held.result(10).at == -1.0
    assert waiting.done()
    with pytest.raises(BatcherClosed):
        batcher.submit(CAMERAS[0], window())
