"""What holds a password leaves the command line."""

from __future__ import annotations

import pytest

from project.launcher.discretion import HANDED_OVER, taken_over, without_cameras


@pytest.mark.parametrize("given", [["--camera", "A=rtsp://a:b@c/"], ["--camera=A=rtsp://a:b@c/"], ["--cam", "A=b"]])
def test_cameras_are_taken_out_and_the_rest_stays(given: list[str]) -> None:
    command = ["python", "-m", "project.launcher", "up", *given, "--port", "8001", *given, "--certificate", "x.pem"]
    kept = ["python", "-m", "project.launcher", "up", "--port", "8001", "--certificate", "x.pem"]
    assert list(without_cameras(command)) == kept


def test_what_is_handed_over_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HANDED_OVER, "Gate=rtsp://a\nQuay=rtsp://b")
    assert taken_over() == ("Gate=rtsp://a", "Quay=rtsp://b")
    assert taken_over() == ()
