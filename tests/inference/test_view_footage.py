"""Views disturbed, on real footage: learned on the first half, watched on the second."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import pytest

from inference.memory import DensityMemory
from inference.normality import Normality
from inference.types import Decision, Pixels
from tests.inference.watching import Watch, halves, opened
from tests.support.scenes import FPS
from tests.support.tampering import HARMLESS, TAMPERING, black, infrared

VIDEOS = ("vtest.avi", "retail-1080p-hevc.mp4", "car-detection.mp4")
LEARNED = int(75 * FPS)


@cache
def knowledge(path: Path) -> bytes:
    """What a camera knows that has seen the first half for 75 seconds, again and again where it is shorter."""
    watch = Watch()
    watch.show(list(islice(cycle(halves(path)[0]), LEARNED)))
    return watch.normality.to_bytes()


def watching(path: Path) -> tuple[Watch, list[Pixels]]:
    """A camera that knows the first half, and the second for at least 25 seconds."""
    watch = Watch()
    watch.normality = Normality.from_bytes(knowledge(path), DensityMemory, fingerprint=watch.eye.fingerprint)
    return watch, list(islice(cycle(halves(path)[1]), int(25 * FPS)))


def told(decisions: Sequence[Decision]) -> list[str]:
    """The kinds of the view events that opened."""
    views = [decision for decision in opened(decisions) if decision.category == "view"]
    return [view.reasons[0].text.partition(":")[0] for view in views]


@pytest.mark.parametrize("video", VIDEOS)
def test_an_untouched_view_is_no_event(footage: Path, video: str) -> None:
    watch, second = watching(footage / "videos" / video)
    assert not told(watch.show(second))


@pytest.mark.parametrize("harmless", HARMLESS)
@pytest.mark.parametrize("video", VIDEOS[1:])
def test_light_and_what_passes_close_by_are_no_view_event(footage: Path, video: str, harmless: str) -> None:
    watch, second = watching(footage / "videos" / video)
    watch.show(second[:10])
    assert not told(watch.show([HARMLESS[harmless](picture, number) for number, picture in enumerate(second)]))


@pytest.mark.parametrize("tampering", TAMPERING)
@pytest.mark.parametrize("video", VIDEOS)
def test_each_disturbance_is_told_within_ten_seconds(footage: Path, video: str, tampering: str) -> None:
    watch, second = watching(footage / "videos" / video)
    kind, tamper = TAMPERING[tampering]
    watch.show(second[:10])
    seconds = watch.normality.learned_seconds
    decisions = watch.show([tamper(picture, number) for number, picture in enumerate(second[: int(10 * FPS)])])
    assert told(decisions) == [kind]
    assert watch.normality.learned_seconds == pytest.approx(seconds, abs=2.0)


@pytest.mark.parametrize("video", VIDEOS)
def test_a_frozen_picture_is_told_within_ten_seconds(footage: Path, video: str) -> None:
    watch, second = watching(footage / "videos" / video)
    watch.show(second[:10])
    assert told(watch.show([second[10]] * int(10 * FPS))) == ["frozen"]


def test_another_scene_is_told(footage: Path) -> None:
    watch, second = watching(footage / "videos" / "retail-1080p-hevc.mp4")
    watch.show(second[:10])
    assert told(watch.show(halves(footage / "videos" / "car-detection.mp4")[1][:50])) == ["moved"]


def test_the_switch_to_infrared_and_back_is_no_event(footage: Path) -> None:
    watch, second = watching(footage / "videos" / "retail-1080p-hevc.mp4")
    night = [infrared(picture, number) for number, picture in enumerate(islice(cycle(second), LEARNED))]
    assert not opened(watch.show([*second[:10], *night]))
    assert watch.normality.mode == "night"
    assert watch.normality.progress == 1.0
    before = len(watch.judgements)
    assert not told(watch.show([*second[10:40], *night[:40]]))
    assert not any(judgement.learning for judgement in watch.judgements[before:])
    assert told(watch.show([black(picture, number) for number, picture in enumerate(night[40:90])])) == ["covered"]
