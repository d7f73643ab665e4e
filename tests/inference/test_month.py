"""What a camera remembers after a month: no more than it may, and no slower to ask.

The month is made by the test; nobody waits for it. By day a small share of it is looked at, by night every five
seconds of it and ten minutes of each day at full rate.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator, Sequence
from types import FunctionType, ModuleType

import numpy as np
import pytest

from inference.eye.protocol import MemoryClass
from inference.memory import DensityMemory
from inference.memory.bank import CAPACITY, Bank
from inference.memory.objects import CENTRES, ObjectMemories
from inference.modes import MODES
from inference.normality import Normality
from inference.types import Features
from tests.inference.busy_month import DAYS, Month, MonthCamera

LABELS = tuple(f"kind {number}" for number in range(80))
"""As many as COCO has."""
SNAPSHOT_LIMIT = 20_000_000
HELD_LIMIT = 10_000_000
"""Bytes in the process, of which the full banks of two modes are about 2 million, a week of surprise in either half
a million, the rings of what is usual 1 million and the pictures 1.5 million."""
SLOWER = 3.0
"""Times as slow on day 30 as on day 1, at most. A bank of a day may be a fifth of a full one, and a full one is what
the costs of an eye are stated for; what grew with the month would be thirty times as slow."""
EITHER_MEMORY = pytest.mark.parametrize(
    ("memory_class", "labels"),
    [
        pytest.param(DensityMemory, (), id="density"),
        pytest.param(ObjectMemories(LABELS), LABELS, id="objects"),
    ],
)


def test_what_hangs_on_an_object_is_counted_once() -> None:
    array = np.zeros(1000)
    assert 8_000 < held([array, array, array[5:], np.zeros(100)[1:]]) < 10_000


@EITHER_MEMORY
def test_a_glimpse_of_each_day_of_a_month(memory_class: MemoryClass, labels: tuple[str, ...]) -> None:
    live(Month(glimpses=2, seconds=3.0, quiet_every=18_000.0, labels=labels), memory_class)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@EITHER_MEMORY
def test_a_whole_month(memory_class: MemoryClass, labels: tuple[str, ...]) -> None:
    sizes = live(Month(glimpses=60, seconds=10.0, quiet_every=5.0, labels=labels), memory_class)
    assert max(sizes[3:]) <= 1.1 * max(sizes[:3])


def live(month: Month, memory_class: MemoryClass) -> list[int]:
    """See it all, and hold what is remembered against what it may be; the bytes held after each fifth day."""
    camera, sizes, snapshots = MonthCamera(Normality(memory_class(), fingerprint="eye-1")), list[int](), list[bytes]()
    for day in range(DAYS):
        for features in month.day(day):
            camera.see(features)
        sizes.append(held(camera.normality))
        snapshots.append(camera.normality.to_bytes())
    young, old = (
        Normality.from_bytes(each, memory_class, fingerprint="eye-1") for each in (snapshots[0], snapshots[-1])
    )
    assert max(map(len, snapshots)) < SNAPSHOT_LIMIT
    assert max(sizes) < HELD_LIMIT
    assert max(len(part) for part in parts_of(old) if isinstance(part, Bank)) <= max(CAPACITY, CENTRES)
    assert old.learned_seconds > young.learned_seconds
    assert slower(young, old, [moment for moment in month.day(DAYS) if len(moment.boxes)][:60]) <= SLOWER
    return sizes


def slower(young: Normality, old: Normality, moments: Sequence[Features]) -> float:
    """How many times as long the old one takes to score a moment, in the median, in either light."""
    spent: dict[Normality, list[float]] = {young: [], old: []}
    for moment in moments:
        for mode in MODES:
            for normality, seconds in spent.items():
                features = normality._known[mode].memory.follow(moment)
                began = time.thread_time()
                normality.score(features, mode)
                seconds.append(time.thread_time() - began)
    return float(np.median(spent[old]) / np.median(spent[young]))


def parts_of(root: object) -> Iterator[object]:
    """All that hangs on an object, but for code; each once."""
    seen, waiting = {id(root)}, [root]
    while waiting:
        each = waiting.pop()
        yield each
        for part in (*gc.get_referents(each), getattr(each, "base", None)):  # of an array that is a part of another
            if id(part) not in seen and not isinstance(part, (type, ModuleType, FunctionType)):
                seen.add(id(part))
                waiting.append(part)


def held(root: object) -> int:
    """Bytes of all that hangs on an object."""
    return sum(map(sys.getsizeof, parts_of(root)))
