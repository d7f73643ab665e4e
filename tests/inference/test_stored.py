"""What is kept of an event's scores, and scoring it again."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory import DensityMemory
from inference.memory.snapshot import pack
from inference.normality import NotThisEye
from inference.rescore import Rescored, rescore
from inference.stored import StoredFeatures
from tests.inference.feature_camera import FeatureCamera, Thing


@pytest.fixture(scope="module")
def camera() -> FeatureCamera:
    """It has learned a minute and a half, and then saw something fast."""
    camera = FeatureCamera(seed=0)
    camera.passes(Thing(x=0.2, y=0.3), seconds=90)
    camera.keeps_snapshots = True
    assert camera.passes(Thing(speed=0.4, x=0.8)) == 1
    camera.keeps_snapshots = False
    camera.quiet()
    return camera


def test_the_stored_features_give_the_same_number_again(camera: FeatureCamera) -> None:
    stored = StoredFeatures.from_bytes(camera.kept)
    assert stored.surprise >= stored.threshold
    again = rescore(stored, camera.snapshots[stored.version.learned_seconds], DensityMemory, replaced=0)
    assert again == Rescored(stored.surprise, same_memory=True)


def test_another_memory_says_that_it_is_another(camera: FeatureCamera) -> None:
    stored = StoredFeatures.from_bytes(camera.kept)
    assert not rescore(stored, camera.normality.to_bytes(), DensityMemory, replaced=1).same_memory


def test_another_eye_cannot_score_it(camera: FeatureCamera) -> None:
    snapshot = FeatureCamera(seed=0, fingerprint="eye-2").normality.to_bytes()
    with pytest.raises(NotThisEye):
        rescore(StoredFeatures.from_bytes(camera.kept), snapshot, DensityMemory, replaced=0)


@pytest.mark.parametrize("content", [b"", b"nonsense", pack({"numbers": np.zeros(5)}), pack({"other": np.zeros(1)})])
def test_what_is_no_stored_features_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"snapshot|stored"):
        StoredFeatures.from_bytes(content)
