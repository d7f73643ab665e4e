"""One object per model, loaded once, within a budget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from inference.device import CPU, Device
from inference.eye.protocol import Eye
from inference.pool import ModelKey, ModelPool, ModelTooLarge
from tests.inference.eyes import FakeEye

A, B, C = (ModelKey(name) for name in "abc")


class Loader:
    """Loads eyes of 10 bytes and counts them."""

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def __call__(self, key: ModelKey) -> Callable[[Device], Eye]:
        def load(device: Device) -> Eye:
            self.loaded.append(key.name)
            return FakeEye(device, name=key.name, weight_bytes=10)

        return load


@pytest.fixture
def loader() -> Loader:
    return Loader()


def test_eight_cameras_that_ask_at_once_get_one_object(loader: Loader) -> None:
    pool = ModelPool(CPU, 100, load=loader)
    together = threading.Barrier(8)

    def ask(_: int) -> Eye:
        together.wait(10)
        return pool.get(A)

    with ThreadPoolExecutor(8) as cameras:
        eyes = list(cameras.map(ask, range(8)))
    assert len({id(eye) for eye in eyes}) == 1
    assert loader.loaded == ["a"]


def test_a_new_eye_is_warmed_before_a_camera_gets_it(loader: Loader) -> None:
    eye = ModelPool(CPU, 100, load=loader).get(A)
    assert isinstance(eye, FakeEye)
    assert eye.batches == [1]


def test_over_budget_the_one_asked_for_longest_ago_goes(loader: Loader) -> None:
    pool = ModelPool(CPU, 20, load=loader)
    for key in (A, B, A, C):
        pool.get(key)
    assert pool.used_bytes == 20
    pool.get(A)
    assert loader.loaded == ["a", "b", "c"]
    pool.get(B)
    assert loader.loaded == ["a", "b", "c", "b"]


def test_an_eye_in_use_is_never_loaded_twice(loader: Loader) -> None:
    pool = ModelPool(CPU, 20, load=loader)
    used = pool.get(A)
    pool.get(B)
    pool.get(C)
    assert pool.get(A) is used
    assert loader.loaded == ["a", "b", "c"]


def test_what_does_not_fit_beside_those_in_use_says_so(loader: Loader) -> None:
    pool = ModelPool(CPU, 15, load=loader)
    used = pool.get(A)
    with pytest.raises(ModelTooLarge, match="b needs"):
        pool.get(B)
    assert pool.get(A) is used


def test_reset_lets_go(loader: Loader) -> None:
    pool = ModelPool(CPU, 100, load=loader)
    pool.get(A)
    pool.reset()
    assert pool.used_bytes == 0
