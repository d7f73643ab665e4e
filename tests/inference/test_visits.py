"""How much it says that something was never seen."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory.visits import AWAY_SECONDS, CELLS, LEAST, Visits
from inference.types import Floats

PATH = np.array([[(column + 0.5) / CELLS[1], 0.5] for column in range(CELLS[1])], np.float32)


def shown(walks: list[Floats]) -> Visits:
    """Somebody walks there, one after the other."""
    visits = Visits()
    for walk, places in enumerate(walks):
        for step, place in enumerate(places):
            visits.learn((len(PATH) + 2 * AWAY_SECONDS) * walk + step, place[None], bytes([walk, step]))
    return visits


def test_where_everybody_keeps_to_the_path_another_place_is_news() -> None:
    assert shown([PATH] * 16).certainty == 1.0


def test_where_each_goes_a_way_of_his_own_a_new_one_is_no_news() -> None:
    ways = [PATH + np.array([0.0, 0.1 * way - 0.4], np.float32) for way in range(8)]
    assert shown(ways).certainty == LEAST


def test_the_more_was_seen_the_more_it_says() -> None:
    certainties = [shown([PATH] * walks).certainty for walks in (1, 2, 4, 8)]
    assert certainties == sorted(certainties)
    assert certainties[0] == LEAST


def test_who_stays_comes_again_every_ten_seconds() -> None:
    visits = Visits()
    for number in range(5 * 35):
        visits.learn(0.2 * number, PATH[:1], number.to_bytes(2))
    assert visits.array().sum() == 4.0


def test_the_same_footage_again_is_nothing_new() -> None:
    once = shown([PATH, PATH])
    before = once.array().copy()
    for step, place in enumerate(PATH):
        once.learn(1000.0 + step, place[None], bytes([0, step]))
    assert np.array_equal(once.array(), before)


def test_it_goes_on_from_its_array() -> None:
    visits, other = shown([PATH] * 4), Visits()
    other.restore(visits.array())
    assert other.certainty == visits.certainty
    with pytest.raises(ValueError, match="other parts"):
        other.restore(np.zeros((2, 2), np.float32))
