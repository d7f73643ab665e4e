"""A labelled dataset on disk: `dataset.json`, the videos it names, and pixel masks where there are any."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

FILE = "dataset.json"
MASKS = "masks.npz"
Booleans = NDArray[np.bool_]


class DatasetInvalid(ValueError):
    """The dataset cannot be used as it is; the text names the field and what it should be."""


@dataclass(frozen=True, slots=True)
class TestClip:
    """A clip to be judged, with what is true of its frames."""

    __test__ = False  # for pytest: it is not a test

    video: Path
    frames: int
    anomalous: tuple[tuple[int, int], ...]
    """Half-open intervals of frames counted from zero, in order, apart from each other."""

    @property
    def labels(self) -> Booleans:
        """(frames,): whether the frame is anomalous."""
        labels = np.zeros(self.frames, np.bool_)
        for first, end in self.anomalous:
            labels[first:end] = True
        return labels


@dataclass(frozen=True, slots=True)
class Dataset:
    """What `dataset.json` says."""

    folder: Path
    name: str
    fps: float
    """Frames a second in all its videos: the n-th frame is at n / fps seconds, whatever the container says."""
    train: tuple[Path, ...]
    test: tuple[TestClip, ...]

    @property
    def has_masks(self) -> bool:
        return (self.folder / MASKS).is_file()


class Masks:
    """The pixels of one test clip that are anomalous."""

    def __init__(self, dataset: Dataset, number: int) -> None:
        """Of the test clip of that number, counted from 1. Raises DatasetInvalid."""
        self._name, frames = f"masks_{number:02d}", dataset.test[number - 1].frames
        try:
            with np.load(dataset.folder / MASKS) as arrays:
                self._packed: NDArray[np.uint8] = arrays[self._name]
        except KeyError:
            raise DatasetInvalid(f"{MASKS} has no {self._name}: it needs one for each clip in `test`.") from None
        except (OSError, ValueError, BadZipFile) as error:
            raise DatasetInvalid(f"{MASKS} cannot be read: {error}.") from error
        if self._packed.dtype != np.uint8 or self._packed.ndim != 3 or len(self._packed) != frames:
            raise DatasetInvalid(
                f"{MASKS}: {self._name} is {self._packed.dtype} of the shape {self._packed.shape}; it must be uint8 "
                f"of ({frames} frames, rows, columns / 8), as np.packbits(masks, axis=2) makes it."
            )

    def of(self, frame: int, size: tuple[int, int]) -> Booleans:
        """(rows, columns) for a video of that width and height. Raises DatasetInvalid where the size differs."""
        width, height = size
        if self._packed.shape[1:] != (height, (width + 7) // 8):
            raise DatasetInvalid(
                f"{MASKS}: {self._name} is made for pictures of {self._packed.shape[1]} rows and "
                f"{self._packed.shape[2]} bytes a row; the video has {width}x{height} pixels."
            )
        return np.unpackbits(self._packed[frame], axis=1, count=width).astype(np.bool_)


def read_dataset(folder: Path) -> Dataset:
    """Reads and checks `dataset.json`, and that its videos are there. Raises DatasetInvalid."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise DatasetInvalid(f"{folder / FILE} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise DatasetInvalid(f"{folder / FILE} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise DatasetInvalid(f"{folder / FILE} must be an object with the keys name, fps, train and test.")
    fps = _get(content, "fps", "")
    if isinstance(fps, bool) or not isinstance(fps, int | float) or not 0 < fps <= 1000:
        raise DatasetInvalid(f"fps is {fps!r}; it must be the frames a second, above 0 and at most 1000.")
    name = _get(content, "name", "")
    if not isinstance(name, str) or not name:
        raise DatasetInvalid(f"name is {name!r}; it must be a text.")
    train = tuple(_video(folder, entry, place) for entry, place in _entries(content, "train"))
    test = tuple(_clip(folder, entry, place) for entry, place in _entries(content, "test"))
    return Dataset(folder, name, float(fps), train, test)


def _entries(content: Mapping[str, Any], key: str) -> Iterator[tuple[Any, str]]:
    entries = _get(content, key, "")
    if not isinstance(entries, list) or not entries:
        raise DatasetInvalid(f"{key} must be a list of clips, at least one.")
    for number, entry in enumerate(entries):
        yield entry, f"{key}[{number}]"


def _clip(folder: Path, entry: Any, place: str) -> TestClip:
    video = _video(folder, entry, place)
    frames = _get(entry, "frames", f"{place}.")
    if not _is_count(frames) or frames < 1:
        raise DatasetInvalid(f"{place}.frames is {frames!r}; it must be how many frames the video has.")
    intervals = _get(entry, "anomalous", f"{place}.")
    if not isinstance(intervals, list):
        raise DatasetInvalid(f"{place}.anomalous must be a list of [first, end), empty where all is normal.")
    end_before = 0
    for number, interval in enumerate(intervals):
        what = f"{place}.anomalous[{number}] is {interval!r}"
        if not (isinstance(interval, list) and len(interval) == 2 and all(map(_is_count, interval))):
            raise DatasetInvalid(f"{what}; it must be two whole numbers, [first, end).")
        first, end = interval
        if not 0 <= first < end <= frames:
            raise DatasetInvalid(
                f"{what}; it must lie within the clip's {frames} frames, 0 <= first < end <= {frames}."
            )
        if first < end_before:
            raise DatasetInvalid(f"{what}; intervals must be in order and must not overlap.")
        end_before = end
    return TestClip(video, frames, tuple((first, end) for first, end in intervals))


def _video(folder: Path, entry: Any, place: str) -> Path:
    if not isinstance(entry, dict):
        raise DatasetInvalid(f'{place} must be an object such as {{"video": "01.mp4"}}.')
    name = _get(entry, "video", f"{place}.")
    if not isinstance(name, str) or not name:
        raise DatasetInvalid(f"{place}.video is {name!r}; it must be the path of a video below the dataset's folder.")
    path = folder / name
    if not path.is_file():
        raise DatasetInvalid(f"{place}.video: there is no file {path}.")
    return path


def _get(content: Mapping[str, Any], key: str, place: str) -> Any:
    if key not in content:
        raise DatasetInvalid(f"{place}{key} is missing in {FILE}.")
    return content[key]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
