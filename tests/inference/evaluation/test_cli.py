"""`./vigil evaluate`, as people and scripts see it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import cv2
import pytest

from inference.evaluation.cli import main
from tests.support.labelled import ANOMALOUS, TEST_FRAMES

KEYS = (
    "dataset",
    "eye",
    "micro_auc",
    "macro_auc",
    "pixel_auc",
    "baseline_micro_auc",
    "fps",
    "frames",
    "event_recall",
    "false_alarms_per_hour",
)


def size_of(picture: Path) -> tuple[int, int]:
    pixels = cv2.imread(str(picture))
    assert pixels is not None
    return pixels.shape[1], pixels.shape[0]


@pytest.fixture
def little(folder: Path, tmp_path: Path) -> Path:
    """A dataset of one clip, and hardly anything to learn from."""
    content = {
        "name": "little",
        "fps": 5,
        "train": [{"video": str(folder / "test/02.mp4")}],
        "test": [{"video": str(folder / "test/01.mp4"), "frames": TEST_FRAMES, "anomalous": ANOMALOUS[0]}],
    }
    (tmp_path / "dataset.json").write_text(json.dumps(content))
    return tmp_path


def last_line(capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, Any]]:
    """What was said before the JSON, and the JSON."""
    *lines, last = capsys.readouterr().out.splitlines()
    return "\n".join(lines), json.loads(last)


def test_a_dataset_ends_in_one_line_of_json_and_a_chart_per_clip(
    little: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(little), "--json", "--plot", str(tmp_path / "charts")]) == 0
    said, result = last_line(capsys)
    assert set(KEYS) <= set(result)
    assert (result["dataset"], result["frames"], result["pixel_auc"]) == ("little", TEST_FRAMES, None)
    assert "the training clips are too short" in said
    assert [size_of(chart) for chart in (tmp_path / "charts").iterdir()] == [(1200, 440)]


def test_the_file_stands_for_its_folder_and_fewer_frames_are_looked_at(
    little: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(little / "dataset.json"), "--json", "--fps", "2.5", "--budget", "5"]) == 0
    _, result = last_line(capsys)
    assert (result["frames"], result["analysis_fps"], result["alarm_budget"]) == (TEST_FRAMES // 2, 2.5, 5.0)


def test_an_attribute_can_be_left_out(little: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(little), "--json", "--without", "speed", "--without", "appearance"]) == 0
    _, result = last_line(capsys)
    assert result["eye"] == "motion without appearance, speed"
    assert result["micro_auc"] is not None


def test_own_footage_is_told_in_words_and_pictures(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learn = sorted((folder / "train").iterdir())
    arguments = [str(folder / "test" / "01.mp4"), "--plot", str(tmp_path), "--json", "--learn", *map(str, learn)]
    assert main(arguments) == 0
    said, report = last_line(capsys)
    assert re.search(r"01\.mp4: 6[78] s learned, 12 s judged \(60 frames\)\.", said)
    (video,) = report["videos"]
    (event,) = video["events"]
    assert 4.0 <= event["started"] <= 5.0
    assert re.search(rf"Event from 0:04\.\d to .*: {re.escape(event['reasons'][0]['text'])}\.", said)
    assert sum(video["unusual_attributes"].values()) == pytest.approx(1.0)
    best = report["moments"][0]
    assert 4.0 <= best["seconds"] <= 9.0
    assert best["box"][1] > 0.5
    assert size_of(tmp_path / "unusual.jpg")[0] > 1000


def test_a_folder_is_judged_but_for_what_is_no_video(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(folder / "train" / "01.mp4", tmp_path / "yard.mp4")
    (tmp_path / "broken.mp4").write_text("not a video")
    (tmp_path / "notes.txt").touch()
    monkeypatch.chdir(tmp_path)
    assert main(["."]) == 0
    said = capsys.readouterr().out
    assert re.search(r"yard\.mp4: 1[67] s learned, 17 s judged \(85 frames\)\.", said)
    assert "Too short to alarm" in said
    assert "No event would have been opened." in said
    assert "Left out: broken.mp4 cannot be read as a video" in said
    assert "notes" not in said
    assert (tmp_path / "unusual.jpg").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no file or folder nowhere."),
        (["."], "has neither a dataset.json nor a video in it."),
        (["notes.txt"], "notes.txt cannot be read as a video"),
        (["notes.txt", "--learn", "notes.txt"], "All videos are given with --learn: none is left"),
        (["notes.txt", "--eye", "third"], "There is no eye named 'third'."),
        (["notes.txt", "--eye", "no.such:eye"], "The eye 'no.such:eye' cannot be loaded"),
        (
            ["notes.txt", "--without", "spede"],
            "The eye motion tells no attribute 'spede' that --without could leave out.",
        ),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "notes.txt").write_text("not a video")
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_a_dataset_names_what_it_learns_from(little: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(little), "--learn", "other.mp4"]) == 1
    assert "--learn is for footage without labels" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "nan", "five"])
def test_a_rate_is_a_number_above_zero(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([".", "--fps", number])
    assert "--fps" in capsys.readouterr().err
