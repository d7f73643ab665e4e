"""What each stage costs is counted for whoever asks, and only then."""

from __future__ import annotations

from inference.device import CPU
from inference.eye.motion import MotionEye
from inference.memory import DensityMemory
from inference.normality import Normality
from inference.stages import measured, staged
from inference.types import Window
from tests.support.scenes import Thing, draw, frames, noisy, place


def test_nothing_is_counted_before_or_after() -> None:
    @staged("twice")
    def twice(number: int) -> int:
        return 2 * number

    assert twice(1) == 2
    with measured() as spent:
        assert twice(number=3) == 6
    assert twice(4) == 8
    assert list(spent) == ["twice"]
    assert spent["twice"] >= 0.0


def test_every_stage_of_a_frame_is_told_apart() -> None:
    pictures = [noisy(draw(place(), [Thing(90, 6.0)], number), number) for number in (20, 21)]
    before, now = frames(pictures)
    eye, normality = MotionEye(CPU), Normality(DensityMemory(), fingerprint="")
    with measured() as spent:
        normality.judge(now, eye.look([Window((before, now))])[0], event_open=False)
    assert set(spent) == {"change", "flow", "describe", "appearance", "view", "score", "learn"}
