from __future__ import annotations

import time
from pathlib import Path

from inference.capture.probe import probe
from tests.support.footage import decoded
from tests.support.rtsp import Answering, RtspCamera


def test_a_camera_that_works_shows_a_picture(tmp_path: Path, footage: Path) -> None:
    with RtspCamera(tmp_path / "camera", footage) as camera:
        result = probe(camera.url, footage_dir=tmp_path)
    assert result.ok
    assert result.message == "Connected: 320x240, h264."
    assert (result.codec, result.width, result.height, result.fps) == ("h264", 320, 240, 25.0)
    assert result.preview is not None
    assert decoded(result.preview).shape == (240, 320, 3)


def test_a_camera_that_refuses_is_quoted(tmp_path: Path) -> None:
    with Answering(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n") as server:
        result = probe(f"rtsp://admin:secret@127.0.0.1:{server.port}/x", footage_dir=tmp_path)
        assert server.asked <= 2, "cameras lock out who knocks often"
    assert not result.ok
    assert result.message == "The camera refused the password (401)."


def test_a_camera_that_wants_a_password_says_so(tmp_path: Path) -> None:
    with Answering(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n") as server:
        result = probe(f"rtsp://127.0.0.1:{server.port}/x", footage_dir=tmp_path)
    assert not result.ok
    assert result.message == "The camera asks for a user name and a password (401): put them into the address."


def test_a_source_that_is_not_allowed_says_what_is(tmp_path: Path) -> None:
    result = probe("gopher://127.0.0.1/", footage_dir=tmp_path)
    assert not result.ok
    assert "rtsp://" in result.message


def test_a_camera_that_says_nothing_does_not_keep_us_long(tmp_path: Path) -> None:
    with Answering(b"", then_wait=True) as server:
        began = time.monotonic()
        result = probe(f"rtsp://127.0.0.1:{server.port}/x", footage_dir=tmp_path, seconds=2)
        assert time.monotonic() - began < 8
    assert not result.ok
    assert result.message == "The camera did not answer."
