"""The rendered scenes: the same each time, seamless as loops, and with each anomaly to be seen when the script says."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from cameras.demo.actors import Picture, Track
from cameras.demo.render import FRAMES_PER_SECOND, frames, render
from cameras.demo.scenes import SCENES, SECONDS, Scene

every_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.key)


def picture_at(scene: Scene, time: float, *, anomalies: bool = True) -> Picture:
    return next(frames(scene, seed=1, anomalies=anomalies, begin=time))


@every_scene
def test_a_seed_gives_the_same_pictures_each_time(scene: Scene) -> None:
    assert np.array_equal(picture_at(scene, 3.0), picture_at(scene, 3.0))


@every_scene
def test_the_last_picture_is_followed_by_the_first(scene: Scene) -> None:
    last, first, second = (
        picture.astype(int)
        for picture in (picture_at(scene, SECONDS - 0.1), picture_at(scene, 0.0), picture_at(scene, 0.1))
    )
    step = np.abs(second - first).mean()
    assert np.abs(first - last).mean() < 1.5 * step


@every_scene
def test_each_anomaly_is_seen_in_its_time_and_only_then(scene: Scene) -> None:
    for anomaly in scene.anomalies:
        middle = (anomaly.begins + anomaly.ends) / 2
        assert not np.array_equal(picture_at(scene, middle), picture_at(scene, middle, anomalies=False))
        for outside in (anomaly.begins - 0.2, anomaly.ends + 0.1):
            assert np.array_equal(picture_at(scene, outside), picture_at(scene, outside, anomalies=False))


def test_a_track_comes_back_after_a_whole_number_of_laps() -> None:
    track = Track(start=10, y=0, speed=7 * 800 / SECONDS)
    assert track.x(SECONDS) == pytest.approx(track.x(0.0))


def test_a_rendered_file_plays(tmp_path: Path) -> None:
    path = render(SCENES[0], tmp_path / "scene.mp4", seed=1, seconds=1.0)
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert sum(1 for _ in container.decode(video=0)) == FRAMES_PER_SECOND
    assert [file.name for file in tmp_path.iterdir()] == ["scene.mp4"]
