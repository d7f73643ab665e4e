"""The small dataset, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.device import CPU, limit_threads
from inference.evaluation.dataset import Dataset, read_dataset
from inference.evaluation.labelled import Judged, LabelledRun
from inference.eye.protocol import Eye
from inference.eye.registry import eye_factory
from inference.types import CameraSettings
from tests.inference.watching import SETTINGS
from tests.support.labelled import make_dataset


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a labelled dataset."""
    return make_dataset(tmp_path_factory.mktemp("path"))


@pytest.fixture(scope="session")
def dataset(folder: Path) -> Dataset:
    return read_dataset(folder)


@pytest.fixture(scope="session")
def eye() -> Eye:
    limit_threads(CPU)
    return eye_factory(SETTINGS.eye)(CPU)


@pytest.fixture(scope="session")
def judged(dataset: Dataset, eye: Eye) -> Judged:
    """The dataset as the default eye sees it."""
    return judge(dataset, eye)


def judge(dataset: Dataset, eye: Eye, settings: CameraSettings = SETTINGS) -> Judged:
    return LabelledRun(dataset, eye, settings, lambda what, share: None).run()
