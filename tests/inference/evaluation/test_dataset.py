"""What strangers write into dataset.json."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.evaluation.dataset import DatasetInvalid, Masks, read_dataset

GOOD: dict[str, Any] = {
    "name": "yard",
    "fps": 10,
    "train": [{"video": "a.mp4"}],
    "test": [{"video": "b.mp4", "frames": 6, "anomalous": [[0, 2], [2, 4]]}],
}
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    """A folder with the videos; nobody looks into them here."""
    (tmp_path / "a.mp4").touch()
    (tmp_path / "b.mp4").touch()
    return tmp_path


def write(folder: Path, change: Change = lambda content: None) -> Path:
    content = copy.deepcopy(GOOD)
    change(content)
    (folder / "dataset.json").write_text(json.dumps(content))
    return folder


def test_a_good_dataset(yard: Path) -> None:
    dataset = read_dataset(write(yard))
    assert (dataset.name, dataset.fps, dataset.train) == ("yard", 10.0, (yard / "a.mp4",))
    assert dataset.test[0].labels.tolist() == [True] * 4 + [False] * 2
    assert not dataset.has_masks


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c.pop("fps"), "fps is missing in dataset.json."),
        (lambda c: c.update(fps=0), "fps is 0; it must be"),
        (lambda c: c.update(fps="ten"), "fps is 'ten'; it must be"),
        (lambda c: c.update(name=""), "name is ''; it must be a text."),
        (lambda c: c.update(train=[]), "train must be a list of clips, at least one."),
        (lambda c: c.update(test={}), "test must be a list of clips"),
        (lambda c: c.update(train=["a.mp4"]), 'train[0] must be an object such as {"video": "01.mp4"}.'),
        (lambda c: c["train"][0].update(video="x.mp4"), "train[0].video: there is no file"),
        (lambda c: c["test"][0].update(video=3), "test[0].video is 3; it must be the path"),
        (lambda c: c["test"][0].pop("frames"), "test[0].frames is missing in dataset.json."),
        (lambda c: c["test"][0].update(frames=True), "test[0].frames is True; it must be how many"),
        (lambda c: c["test"][0].pop("anomalous"), "test[0].anomalous is missing"),
        (lambda c: c["test"][0].update(anomalous=3), "test[0].anomalous must be a list of [first, end)"),
        (lambda c: c["test"][0].update(anomalous=[[1]]), "test[0].anomalous[0] is [1]; it must be two whole numbers"),
        (lambda c: c["test"][0].update(anomalous=[[4, 7]]), "test[0].anomalous[0] is [4, 7]; it must lie within"),
        (lambda c: c["test"][0].update(anomalous=[[3, 3]]), "0 <= first < end <= 6"),
        (lambda c: c["test"][0].update(anomalous=[[0, 3], [2, 4]]), "test[0].anomalous[1] is [2, 4]; intervals must"),
    ],
)
def test_a_mistake_is_named_with_its_field(yard: Path, change: Change, sentence: str) -> None:
    with pytest.raises(DatasetInvalid, match=re.escape(sentence)):
        read_dataset(write(yard, change))


def test_what_is_no_json_is_named(yard: Path) -> None:
    with pytest.raises(DatasetInvalid, match="cannot be read: No such file"):
        read_dataset(yard)
    for text, sentence in (("{", "is not JSON"), ("[]", "must be an object with the keys name, fps, train and test")):
        (yard / "dataset.json").write_text(text)
        with pytest.raises(DatasetInvalid, match=sentence):
            read_dataset(yard)


def test_masks_are_unpacked_to_the_width_of_the_video(yard: Path) -> None:
    drawn = np.random.default_rng(1).random((6, 4, 10)) > 0.5
    np.savez(yard / "masks.npz", masks_01=np.packbits(drawn, axis=2))
    dataset = read_dataset(write(yard))
    assert dataset.has_masks
    np.testing.assert_array_equal(Masks(dataset, 1).of(3, (10, 4)), drawn[3])
    with pytest.raises(DatasetInvalid, match="4 rows and 2 bytes a row; the video has 20x4 pixels"):
        Masks(dataset, 1).of(3, (20, 4))


def test_masks_that_do_not_fit_are_named(yard: Path) -> None:
    dataset = read_dataset(write(yard))
    np.savez(yard / "masks.npz", masks_1=np.zeros((6, 4, 2), np.uint8))
    with pytest.raises(DatasetInvalid, match=r"masks\.npz has no masks_01"):
        Masks(dataset, 1)
    np.savez(yard / "masks.npz", masks_01=np.zeros((5, 4, 2), np.uint8))
    with pytest.raises(DatasetInvalid, match=r"masks_01 is uint8 of the shape \(5, 4, 2\); it must be uint8 of \(6"):
        Masks(dataset, 1)
    shutil.copyfile(yard / "dataset.json", yard / "masks.npz")
    with pytest.raises(DatasetInvalid, match=r"masks\.npz cannot be read"):
        Masks(dataset, 1)
