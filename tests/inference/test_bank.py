"""Nearest-neighbour density in bounded room."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory.bank import CAPACITY, Bank


def test_an_empty_bank_is_infinitely_far() -> None:
    assert np.isinf(Bank(2, 0.1).distances(np.zeros((3, 2), np.float32))).all()


def test_what_was_seen_often_is_near_and_the_rest_as_far_as_it_is() -> None:
    bank = Bank(2, 0.1)
    bank.learn(np.zeros((10, 2), np.float32))
    near, far = bank.distances(np.array([[0.05, 0.0], [3.0, 4.0]], np.float32))
    assert near == pytest.approx(0.05, abs=1e-3)
    assert far == pytest.approx(5.0)


def test_one_odd_moment_does_not_make_the_next_one_normal() -> None:
    bank = Bank(1, 0.1, mass=3.0)
    bank.learn(np.zeros((100, 1), np.float32))
    odd = np.full((1, 1), 5.0, np.float32)
    bank.learn(odd)
    assert bank.distances(odd)[0] == pytest.approx(5.0)
    bank.learn(odd)
    bank.learn(odd)
    assert bank.distances(odd)[0] == pytest.approx(0.0, abs=1e-3)


def test_room_stays_bounded_and_nothing_seen_is_far_from_what_is_kept() -> None:
    random = np.random.default_rng(0)
    bank, seen = Bank(3, 0.01), random.normal(size=(6000, 3)).astype(np.float32)
    for start in range(0, len(seen), 500):
        bank.learn(seen[start : start + 500])
    assert len(bank) <= CAPACITY
    assert bank.seen == pytest.approx(6000)
    nearest = np.sqrt(((seen[:500, None] - bank.arrays()["centres"][None]) ** 2).sum(axis=2)).min(axis=1)
    assert nearest.max() <= 2.0 * bank.radius


def test_a_full_bank_uses_most_of_its_room() -> None:
    """Vectors of 64 numbers that differ in ten ways, as appearances do: their distances are much alike."""
    random = np.random.default_rng(0)
    bank, ways = Bank(64, 0.5), random.normal(size=(10, 64))
    sizes = []
    for _ in range(1500):
        bank.learn((random.normal(size=(4, 10)) @ ways).astype(np.float32))
        sizes.append(len(bank))
    assert bank.radius > 0.5
    assert min(sizes[sizes.index(max(sizes)) :]) >= CAPACITY // 5


def test_a_bank_goes_on_from_its_arrays() -> None:
    random = np.random.default_rng(1)
    bank, other = Bank(2, 0.05), Bank(2, 0.05)
    bank.learn(random.normal(size=(300, 2)).astype(np.float32))
    other.restore(bank.arrays())
    query = random.normal(size=(20, 2)).astype(np.float32)
    assert (other.distances(query) == bank.distances(query)).all()


def test_arrays_of_another_eye_are_refused() -> None:
    with pytest.raises(ValueError, match="another size"):
        Bank(3, 0.05).restore(Bank(2, 0.05).arrays())
