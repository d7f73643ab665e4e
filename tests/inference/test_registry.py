"""Eyes by name."""

from __future__ import annotations

import pytest

from inference.device import CPU
from inference.eye.detectors.protocol import DetectorNotAvailable
from inference.eye.motion import MotionEye
from inference.eye.registry import UnknownEye, eye_factory
from inference.memory import DensityMemory
from tests.inference.eyes import FakeEye


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGIL_EYE", raising=False)


def test_the_default_eye_has_a_name() -> None:
    eye = eye_factory("motion")(CPU)
    assert isinstance(eye, MotionEye)
    assert eye.memory_class is DensityMemory


def test_the_object_centric_eye_says_that_it_needs_a_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGIL_DETECTOR", raising=False)
    with pytest.raises(DetectorNotAvailable, match="set VIGIL_DETECTOR"):
        eye_factory("objects")(CPU)


def test_an_eye_of_somebody_else_is_named_by_its_factory() -> None:
    assert isinstance(eye_factory("tests.inference.eyes:FakeEye")(CPU), FakeEye)


def test_tests_may_override_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_EYE", "tests.inference.eyes:FakeEye")
    assert isinstance(eye_factory("motion")(CPU), FakeEye)


@pytest.mark.parametrize("name", ["nobody", "no.such:Eye", "tests.inference.eyes:Nothing"])
def test_an_unknown_eye_is_named(name: str) -> None:
    with pytest.raises(UnknownEye, match=name):
        eye_factory(name)
