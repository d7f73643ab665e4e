"""What the default eye sees in drawn pictures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from inference.device import CPU
from inference.eye.motion import MAX_PATCHES, MotionEye
from inference.types import Features, Pixels, Window
from tests.support.scenes import FPS, SIZE, Thing, draw, frames, noisy, place


@pytest.fixture(scope="module")
def eye() -> MotionEye:
    return MotionEye(CPU)


def pair(*things: Thing, number: int = 20, seed: int = 0) -> Window:
    """Two consecutive pictures of the place with these things."""
    scene = place(seed)
    pictures = [noisy(draw(scene, things, n), n) for n in (number, number + 1)]
    return Window(tuple(frames(pictures, first=number)))


def seen(eye: MotionEye, before: Pixels, now: Pixels) -> Features:
    return eye.look([Window(tuple(frames([before, now])))])[0]


def test_in_a_still_scene_nothing_moves(eye: MotionEye) -> None:
    features = eye.look([pair()])[0]
    assert features.boxes.shape == (0, 4)
    assert features.attributes["place"].shape == (0, 2)


def test_the_first_frame_of_a_camera_shows_no_motion(eye: MotionEye) -> None:
    (frame,) = frames([place()])
    features = eye.look([Window((frame,))])[0]
    assert len(features.boxes) == 0
    assert features.view.shape == (45, 80)


@pytest.mark.parametrize(("fps", "looks"), [(20.0, 8), (5.0, 8), (1.0, 4)])
def test_the_whole_picture_is_looked_at_twice_a_second_at_most(eye: MotionEye, fps: float, looks: int) -> None:
    scene = place()
    shown = list(frames([scene] * (round(4 * fps) + 1), fps=fps))
    seen = eye.look([Window(pair) for pair in pairwise(shown)])
    looked = [features for features in seen if features.view.size]
    assert len(looked) == looks
    for features in seen:
        assert np.isnan(features.colour) == np.isnan(features.sharpness) == (not features.view.size)


@pytest.mark.parametrize("speed", [4.0, 8.0])
def test_a_thing_is_found_where_it_is_and_as_fast_as_it_is(eye: MotionEye, speed: float) -> None:
    thing = Thing(90, speed, width=24, height=40)  # a body: what is smaller moves less of what is looked at
    features = eye.look([pair(thing)])[0]
    x, y = thing.speed * 21 / SIZE[0], (thing.y + thing.height / 2) / SIZE[1]
    nearest = int(np.abs(features.attributes["place"] - (x, y)).sum(axis=1).argmin())
    assert features.attributes["place"][nearest] == pytest.approx((x, y), abs=0.12)
    left, top, right, bottom = features.boxes[nearest]
    assert left < x + 0.03 < right
    assert top < y < bottom
    fastest = features.attributes["speed"].max()
    assert fastest == pytest.approx(speed * FPS / SIZE[0], rel=0.4)
    assert features.attributes["velocity"][features.attributes["speed"].argmax()][0] > 0


def test_twice_the_time_between_frames_is_half_the_speed(eye: MotionEye) -> None:
    window = pair(Thing(90, 6.0, width=14, height=30))
    slow = Window(tuple(frames([frame.pixels for frame in window.frames], fps=FPS / 2)))
    quick, lazy = (features.attributes["speed"].max() for features in eye.look([window, slow]))
    assert lazy == pytest.approx(quick / 2, rel=1e-4)


def test_the_colour_is_that_of_what_moves(eye: MotionEye) -> None:
    def colour(bgr: tuple[int, int, int]) -> np.ndarray:
        seen = eye.look([pair(Thing(90, 6.0, width=14, height=30, colour=bgr))])[0]
        mean: np.ndarray = seen.attributes["colour"].mean(axis=0)
        return mean

    red, blue, grey = colour((40, 40, 220)), colour((220, 60, 60)), colour((90, 90, 90))
    assert red[0] > 0.3
    assert blue[1] < -0.3
    assert np.abs(grey).max() < 0.2


def test_a_lamp_is_no_motion(eye: MotionEye) -> None:
    scene = place()
    assert len(seen(eye, scene, np.clip(scene.astype(int) + 30, 0, 255).astype(np.uint8)).boxes) == 0


def test_a_batch_of_several_cameras_is_as_if_each_was_alone(eye: MotionEye) -> None:
    windows = [pair(Thing(90, 6.0)), pair(seed=1), pair(Thing(40, 3.0), Thing(120, 9.0), seed=2)]
    together = eye.look(windows)
    for window, features in zip(windows, together, strict=True):
        (alone,) = eye.look([window])
        assert (alone.boxes == features.boxes).all()
        for name, values in alone.attributes.items():
            assert values == pytest.approx(features.attributes[name], abs=1e-5, nan_ok=True)


def test_many_things_have_their_appearance_looked_at_by_turns(eye: MotionEye) -> None:
    things = [Thing(y, 5.0, start=x) for y in (10, 60, 120) for x in (0.0, 60.0, 120.0, 180.0)]
    pictures = [frame.pixels for frame in pair(*things).frames]
    looked = []
    for number in (20, 21):
        appearance = eye.look([Window(tuple(frames(pictures, first=number)))])[0].attributes["appearance"]
        known = ~np.isnan(appearance).any(axis=1)
        assert len(appearance) > MAX_PATCHES
        assert known.sum() <= MAX_PATCHES
        looked.append(set(np.nonzero(known)[0]))
    assert not looked[0] & looked[1]


def test_what_looks_alike_is_nearer_than_what_does_not(eye: MotionEye) -> None:
    def appearance(thing: Thing) -> np.ndarray:
        seen = eye.look([pair(thing, number=number) for number in range(12, 36)])  # before whatever is behind it
        mean: np.ndarray = np.nanmean(np.concatenate([each.attributes["appearance"] for each in seen]), axis=0)
        return mean

    person, same = (appearance(Thing(y, 6.0, width=24, height=40)) for y in (80, 84))
    vehicle = appearance(Thing(80, 6.0, width=70, height=40, colour=(20, 20, 230)))
    assert np.linalg.norm(person - same) < np.linalg.norm(person - vehicle)


def test_a_picture_of_another_size_starts_anew(eye: MotionEye) -> None:
    small = place()[:120, :200]
    (before,), (now,) = frames([place()]), frames([np.ascontiguousarray(small)], first=1)
    assert len(eye.look([Window((before, now))])[0].boxes) == 0


def test_the_fingerprint_is_that_of_the_weights_and_the_same_each_time(eye: MotionEye) -> None:
    assert MotionEye(CPU).fingerprint == eye.fingerprint
    assert eye.weight_bytes > 0
