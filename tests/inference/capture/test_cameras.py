"""Cameras on a network: how they stall, vanish, refuse and come back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.capture.messages import Analysed, ClipDone, Lost, Opened
from tests.inference.capture.conftest import Watch, until
from tests.support.footage import number_of, pictures, record
from tests.support.mjpeg import MjpegCamera
from tests.support.processes import free_port
from tests.support.rtsp import Answering, RtspCamera


@pytest.fixture
def camera(tmp_path: Path, footage: Path) -> Iterator[RtspCamera]:
    with RtspCamera(tmp_path / "camera", footage) as camera:
        yield camera


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_h264_and_hevc_are_watched_over_rtsp(watch: Watch, camera: RtspCamera, tmp_path: Path, codec: str) -> None:
    camera.show(record(tmp_path / "shown.mp4", codec=codec))
    capture = watch(camera.url)
    assert until(capture, Opened).codec == {"libx264": "h264", "libx265": "hevc"}[codec]
    first = until(capture, Analysed, where=lambda m: m.frame.sequence >= 5).frame
    last = until(capture, Analysed, where=lambda m: m.frame.sequence >= 15).frame
    assert 1.5 < last.monotonic - first.monotonic < 5.0
    assert (number_of(last.pixels) - number_of(first.pixels)) % 100 == 50


def test_a_silent_camera_is_stalled_within_five_seconds_and_back_within_five(watch: Watch, camera: RtspCamera) -> None:
    capture = watch(camera.url)
    until(capture, Analysed, where=lambda m: m.frame.sequence >= 5)
    pid = capture.running
    camera.freeze()
    frozen = time.monotonic()
    lost = until(capture, Lost, 5)
    assert lost.state == "stalled"
    assert 2.5 < time.monotonic() - frozen < 5
    time.sleep(1.0)
    camera.thaw()
    thawed = time.monotonic()
    frame = until(capture, Analysed, 5, where=lambda m: m.frame.monotonic > thawed).frame
    assert time.monotonic() - thawed < 5
    assert frame.sequence > 5, "numbers go on over a restart"
    assert capture.running not in (None, pid)


def test_a_camera_that_loses_power_is_offline_until_it_is_back(watch: Watch, camera: RtspCamera) -> None:
    capture = watch(camera.url)
    until(capture, Analysed)
    camera.kill()
    assert until(capture, Lost).detail == "The camera closed the connection."
    refused = until(capture, Lost)
    assert (refused.state, refused.retry_in < 2) == ("offline", True)
    assert refused.detail == "The camera refused the connection: nothing listens on that port."
    camera.start()
    until(capture, Opened, 6)
    until(capture, Analysed, 6)


def test_a_clip_survives_the_stall_of_its_camera(watch: Watch, camera: RtspCamera) -> None:
    capture = watch(camera.url)
    frame = until(capture, Analysed, where=lambda m: m.frame.sequence >= 15).frame
    capture.begin_clip("cut", frame.at)
    until(capture, Analysed, where=lambda m: m.frame.sequence >= 20)
    camera.freeze()
    done = until(capture, ClipDone, 60)
    assert len(list(pictures(done.path))) >= 50


@pytest.mark.parametrize(
    ("answer", "state", "detail"),
    [
        (b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n", "failed", "The camera refused the password (401)."),
        (
            b"RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n",
            "failed",
            "The camera knows no such stream (404): check the path in the address.",
        ),
        (b"RTSP/1.0 503 Busy\r\nCSeq: 1\r\n\r\n", "offline", "The camera reported an error of its own (5xx)."),
        (b"", "offline", "The camera answers, but not with readable video."),
    ],
)
def test_a_refusal_is_said_in_plain_english(watch: Watch, answer: bytes, state: str, detail: str) -> None:
    with Answering(answer) as server:
        lost = until(watch(f"rtsp://admin:secret@127.0.0.1:{server.port}/x"), Lost)
    assert (lost.state, lost.detail) == (state, detail)


def test_a_wrong_password_is_tried_three_times_and_then_rarely(watch: Watch) -> None:
    with Answering(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n") as server:
        capture = watch(f"rtsp://admin:secret@127.0.0.1:{server.port}/x")
        waits = [until(capture, Lost).retry_in for _ in range(3)]
        assert waits[0] < 2
        assert waits[1] < 2
        assert waits[2] == 300.0
        asked = server.asked
        assert capture.receive(1.5) is None
        assert server.asked == asked


def test_an_unknown_host_and_a_closed_port_are_told_apart(watch: Watch) -> None:
    unknown = until(watch("rtsp://camera.invalid/x"), Lost)
    assert unknown.detail == "The camera's name is unknown to the name server: check the host in the address."
    closed = until(watch(f"rtsp://127.0.0.1:{free_port()}/x"), Lost)
    assert closed.detail == "The camera refused the connection: nothing listens on that port."


def test_no_secret_reaches_the_log(watch: Watch) -> None:
    log: list[str] = []
    with Answering(b"garbage\r\n\r\n") as server:
        lost = until(watch(f"rtsp://admin:hunter2@127.0.0.1:{server.port}/x?token=hunter3", log=log), Lost)
    assert "hunter" not in " ".join([*log, lost.detail])


def test_mjpeg_over_http_is_watched_and_clipped_at_its_own_pace(watch: Watch) -> None:
    with MjpegCamera(fps=10) as camera:
        capture = watch(camera.url, pre_roll=1.0, post_roll=1.0)
        assert until(capture, Opened).codec == "mjpeg"
        frames = [until(capture, Analysed).frame for _ in range(11)]
        assert 1.6 < frames[-1].monotonic - frames[0].monotonic < 5.0
        capture.begin_clip("clip", frames[-1].at)
        capture.end_clip("clip", frames[-1].at)
        done = until(capture, ClipDone, 60)
        assert 1.5 < done.seconds < 3.0
        numbers = [number_of(picture) for _, picture in pictures(done.path)]
        assert number_of(frames[-1].pixels) in numbers
        camera.silent.set()
        assert until(capture, Lost, 5).state == "stalled"


def test_a_redirect_to_another_place_is_not_followed_over_http(watch: Watch) -> None:
    with Answering(b"secret") as inside:
        location = f"http://127.0.0.1:{inside.port}/latest/meta-data/".encode()
        with Answering(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n") as server:
            until(watch(f"http://127.0.0.1:{server.port}/video"), Lost)
        assert inside.asked == 0


def test_what_an_rtsp_camera_leads_to_is_not_shown_where_it_may_not_lead(
    watch: Watch, tmp_path: Path, footage: Path
) -> None:
    with RtspCamera(tmp_path / "inside", footage) as inside:
        answer = f"RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: {inside.url}\r\n\r\n".encode()
        with Answering(answer, host="127.0.0.2") as server:
            address = f"rtsp://127.0.0.2:{server.port}/camera"
            until(watch(address, allowed_networks=("127.0.0.0/8",)), Analysed)
            server.asked = 0
            capture = watch(address, allowed_networks=("127.0.0.2/32",))
            heard = capture.receive(20)
    assert server.asked
    assert isinstance(heard, Lost)
    assert heard.detail.startswith("The camera leads elsewhere. The source is on this machine or link-local")
