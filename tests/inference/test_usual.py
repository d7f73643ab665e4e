"""The normal pictures that a camera keeps: few, of all hours, and never of what was unusual."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from inference.memory.snapshot import pack, unpack
from inference.types import Frame, Pixels
from inference.usual import CAPACITY, LARGEST, NO_HOUR, TAKE_SECONDS, UsualPictures

DAY = 86_400.0
BEGAN = 19_700 * DAY
HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


def grey(level: int = 128) -> Pixels:
    return np.full((45, 80, 3), level, np.uint8)


def watch(
    usual: UsualPictures,
    seconds: float,
    *,
    start: float = 0.0,
    every: float = 5.0,
    pixels: Pixels | None = None,
    normal: bool = True,
) -> None:
    """Show the same picture from `start` on, seconds after BEGAN."""
    shown = grey() if pixels is None else pixels
    for number in range(int(seconds / every)):
        now = start + number * every
        usual.see(Frame(number, BEGAN + now, now, shown), normal=normal)


def ages(usual: UsualPictures) -> list[float]:
    return [picture.at - BEGAN for picture in usual.kept]


def test_a_picture_is_taken_every_ten_seconds_and_kept_once_past_doubt() -> None:
    usual = UsualPictures()
    watch(usual, 33.0, every=0.2)
    assert ages(usual) == pytest.approx([0.0, 10.0, 20.0], abs=0.5)


def test_what_led_to_something_unusual_is_no_normal_picture() -> None:
    usual = UsualPictures()
    watch(usual, 12.0, every=0.2)
    watch(usual, 20.0, start=12.0, every=0.2, normal=False)
    watch(usual, 6.0, start=32.0, every=0.2)
    assert ages(usual) == pytest.approx([0.0, 32.0], abs=0.5)


def test_a_month_leaves_a_bounded_store_with_every_hour_in_it() -> None:
    usual = UsualPictures()
    watch(usual, 30 * DAY, every=TAKE_SECONDS * 30)
    assert len(usual.kept) == CAPACITY
    assert set(Counter(picture.hour for picture in usual.kept).values()) == {2}
    assert len({age // DAY for age in ages(usual)}) >= 15, "not only of the first days, not only of the last"
    assert len(usual.to_bytes()) < 1_500_000


def test_a_new_hour_takes_room_from_those_that_have_most() -> None:
    usual = UsualPictures()
    watch(usual, 3600.0)
    assert len(usual.kept) == CAPACITY
    watch(usual, 3600.0, start=3600.0)
    assert sorted(Counter(picture.hour for picture in usual.kept).values()) == [24, 24]


def test_no_picture_of_people_is_kept_for_longer_than_a_month() -> None:
    usual = UsualPictures()
    watch(usual, 600.0)
    watch(usual, 60.0, start=31 * DAY)
    assert min(ages(usual)) >= 31 * DAY


def test_an_instance_may_keep_pictures_for_less() -> None:
    usual = UsualPictures()
    usual.under((), keep_seconds=3 * DAY)
    watch(usual, 600.0)
    watch(usual, 60.0, start=2 * DAY)
    assert min(ages(usual)) == 0.0
    watch(usual, 60.0, start=4 * DAY)
    assert min(ages(usual)) >= 2 * DAY


def test_a_picture_that_is_noise_stays_small_or_is_left_out() -> None:
    usual = UsualPictures()
    noise = np.random.default_rng(1).integers(0, 256, (320, 320, 3), np.uint8)
    watch(usual, 60.0, pixels=noise)
    assert all(len(picture.jpeg) <= LARGEST for picture in usual.kept)
    watch(usual, 60.0, start=60.0)
    assert usual.kept


def test_another_host_goes_on_with_the_same_pictures() -> None:
    usual = UsualPictures()
    watch(usual, 120.0)
    other = UsualPictures.from_bytes(usual.to_bytes())
    assert [(picture.at, picture.jpeg) for picture in other.kept] == [(each.at, each.jpeg) for each in usual.kept]
    assert np.array_equal(other.kept[3].small, usual.kept[3].small)
    assert other.to_bytes() == usual.to_bytes()


def test_none_yet_is_a_snapshot_too() -> None:
    assert UsualPictures.from_bytes(UsualPictures().to_bytes()).kept == ()


def test_pictures_made_under_other_masks_are_forgotten() -> None:
    usual = UsualPictures()
    usual.under((HALF,))
    watch(usual, 60.0)
    other = UsualPictures.from_bytes(usual.to_bytes())
    other.under((HALF,))
    assert other.kept
    other.under(())
    assert not other.kept


def test_pictures_of_a_recording_have_no_hour() -> None:
    usual = UsualPictures()
    for number in range(100):
        usual.see(Frame(number, number * 0.2, number * 0.2, grey()), normal=True, dated=False)
    assert {picture.hour for picture in usual.kept} == {NO_HOUR}


def test_what_is_no_snapshot_is_refused() -> None:
    usual = UsualPictures()
    watch(usual, 60.0)
    with pytest.raises(ValueError, match="lacks a part"):
        UsualPictures.from_bytes(pack({name: part for name, part in unpack(usual.to_bytes()).items() if name != "at"}))
    with pytest.raises(ValueError, match="other sizes"):
        UsualPictures.from_bytes(pack(unpack(usual.to_bytes()) | {"seen": np.zeros(3, np.int64)}))
    with pytest.raises(ValueError, match="snapshot"):
        UsualPictures.from_bytes(b"")
