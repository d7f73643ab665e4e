"""A labelled dataset through the classes of the live loop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.evaluation.dataset import Dataset, DatasetInvalid
from inference.evaluation.labelled import Judged
from inference.evaluation.result import Result, result_of
from inference.eye.protocol import Eye
from inference.learn import RecordingUnreadable
from tests.inference.evaluation.conftest import judge
from tests.inference.eyes import FakeEye
from tests.inference.watching import SETTINGS
from tests.support.labelled import ANOMALOUS, TEST_FRAMES, strolls, write_video


def result(judged: Judged) -> Result:
    return result_of(judged, eye="motion", device="cpu", analysis_fps=5.0, alarm_budget=2.0)


def test_somebody_where_nobody_goes_stands_out(judged: Judged) -> None:
    figures = result(judged)
    assert figures.frames == 3 * TEST_FRAMES
    assert figures.micro_auc is not None
    assert figures.micro_auc > 0.9
    assert figures.macro_auc is not None
    assert figures.macro_auc > 0.9
    assert figures.pixel_auc is not None
    assert figures.pixel_auc > 0.8
    assert (figures.event_recall, figures.intervals, figures.false_alarms_per_hour) == (1.0, 2, 0.0)
    assert figures.learning_progress == 1.0
    assert figures.clip_aucs[1] is None
    assert figures.fps_without_decoding > figures.fps > 0.0


def test_every_frame_has_a_score_that_owes_nothing_to_what_comes_later(
    dataset: Dataset, eye: Eye, tmp_path: Path
) -> None:
    half = TEST_FRAMES // 2
    clip = dataset.test[0]
    # Stored without loss: an encoder may spend its bits on the beginning in another way if there is an end.
    whole = write_video(tmp_path / "whole.mkv", strolls(TEST_FRAMES, ANOMALOUS[0], 5000), codec="ffv1")
    cut = write_video(tmp_path / "cut.mkv", strolls(TEST_FRAMES, ANOMALOUS[0], 5000)[:half], codec="ffv1")
    clips = replace(clip, video=whole), replace(clip, video=cut, frames=half, anomalous=((20, half),))
    seen = judge(replace(dataset, folder=tmp_path, train=dataset.train[:1], test=clips), eye).clips
    assert len(seen[0].scores) == TEST_FRAMES
    assert seen[0].scores.max() > 0.0
    np.testing.assert_array_equal(seen[0].scores[:half], seen[1].scores)


def test_neither_another_run_nor_another_order_changes_a_score(
    judged: Judged, dataset: Dataset, eye: Eye, tmp_path: Path
) -> None:
    turned = judge(replace(dataset, folder=tmp_path, test=dataset.test[::-1]), eye)
    for before, after in zip(judged.clips, turned.clips[::-1], strict=True):
        np.testing.assert_array_equal(before.scores, after.scores)


def test_until_the_window_is_full_a_frame_has_no_threshold_and_the_score_zero(dataset: Dataset) -> None:
    eye = FakeEye()
    eye.window = 3
    (clip,) = judge(replace(dataset, train=dataset.train[:1], test=dataset.test[:1]), eye).clips
    assert np.isinf([frame.threshold for frame in clip.frames]).tolist() == [True] * 2 + [False] * (TEST_FRAMES - 2)
    assert not clip.scores.any()
    assert set(eye.batches) == {1}


def test_fewer_frames_a_second_take_their_labels_along(dataset: Dataset, eye: Eye) -> None:
    seen = judge(replace(dataset, fps=10.0, train=dataset.train[:1]), eye, replace(SETTINGS, analysis_fps=5.0))
    for clip in seen.clips:
        assert [frame.number for frame in clip.frames] == list(range(0, TEST_FRAMES, 2))
        np.testing.assert_array_equal(clip.labels, clip.clip.labels[::2])


def test_without_masks_there_is_no_pixel_figure(dataset: Dataset, eye: Eye, tmp_path: Path) -> None:
    normal = dataset.test[1]
    figures = result(judge(replace(dataset, folder=tmp_path, train=(normal.video,), test=(normal,)), eye))
    assert figures.pixel_auc is None
    assert figures.micro_auc is None
    assert figures.event_recall is None
    assert figures.learning_progress < 1.0


def test_a_clip_of_another_length_is_refused(dataset: Dataset, eye: Eye, tmp_path: Path) -> None:
    shown = replace(dataset, folder=tmp_path, train=(dataset.test[1].video,))
    for frames in (TEST_FRAMES - 1, TEST_FRAMES + 1):
        clip = replace(dataset.test[0], frames=frames)
        with pytest.raises(DatasetInvalid, match=rf"test\[0\]\.frames is {frames}, but 01\.mp4 has 60 pictures"):
            judge(replace(shown, test=(clip,)), eye)


def test_a_clip_that_is_no_video_is_named(dataset: Dataset, eye: Eye, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_text("not a video")
    with pytest.raises(RecordingUnreadable, match=r"broken\.mp4"):
        judge(replace(dataset, train=(broken,)), eye)
