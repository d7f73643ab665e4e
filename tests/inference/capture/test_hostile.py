"""Recordings that mean harm, or are merely broken: at most a child dies, and somebody says so."""

from __future__ import annotations

import random
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from inference.capture import limits, process
from inference.capture.messages import Analysed, Lost, Opened
from tests.inference.capture.conftest import Watch, during, until
from tests.support.footage import record


def noise(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(200_000))


def cut_off(path: Path) -> None:
    record(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.touch()


def playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


def ffconcat(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile '/etc/passwd'\n")


@pytest.mark.parametrize("make", [noise, cut_off, empty, playlist, ffconcat])
def test_what_is_no_recording_is_refused(watch: Watch, tmp_path: Path, make: Any) -> None:
    make(tmp_path / "bad.mp4")
    lost = until(watch(tmp_path / "bad.mp4"), Lost)
    assert lost.state in ("failed", "offline")
    assert lost.detail.endswith(".")
    assert "/" not in lost.detail


def test_a_picture_too_large_is_refused(watch: Watch, tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 16384, 16384, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    path = tmp_path / "huge.avi"
    path.write_bytes(png)
    assert until(watch(path), Lost).state in ("failed", "offline")


def test_damaged_packets_cost_pictures_and_nothing_else(watch: Watch, tmp_path: Path) -> None:
    path = record(tmp_path / "scene.ts", seconds=6.0)
    data, chance = bytearray(path.read_bytes()), random.Random(2)
    for offset in range(188 * 200, len(data) - 188, 188 * 5):
        data[offset + 40 + chance.randrange(100)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    capture = watch(path)
    until(capture, Opened)
    said = during(capture, 4.0)
    assert sum(isinstance(m, Analysed) for m in said) >= 8
    assert not [m for m in said if isinstance(m, Lost)]


def test_a_tiny_picture_is_watched(watch: Watch, tmp_path: Path) -> None:
    capture = watch(record(tmp_path / "tiny.avi", codec="mjpeg", size=(48, 48)))
    assert until(capture, Analysed).frame.pixels.shape == (48, 48, 3)


def test_a_child_that_breaks_down_is_replaced(watch: Watch, footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "command", lambda _: ["/bin/sh", "-c", "kill -SEGV $$"])
    capture = watch(footage)
    lost = until(capture, Lost)
    assert (lost.state, "signal 11" in lost.detail) == ("offline", True)
    monkeypatch.undo()
    until(capture, Analysed)


def test_a_child_that_talks_nonsense_is_replaced(watch: Watch, footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "command", lambda _: ["/bin/sh", "-c", "head -c 100000 /dev/urandom; sleep 60"])
    capture = watch(footage)
    until(capture, Lost)
    monkeypatch.undo()
    until(capture, Analysed)


def test_a_child_is_told_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch, watch: Watch, footage: Path) -> None:
    monkeypatch.setenv("VIGIL_SECRET_KEY", "ours")
    capture = watch(footage)
    until(capture, Analysed)
    child = Path(f"/proc/{capture.running}")
    assert b"VIGIL" not in (child / "environ").read_bytes()
    assert str(footage).encode() not in (child / "cmdline").read_bytes()
    assert f"Max open files            {limits.OPEN_FILES} " in (child / "limits").read_text()


def test_a_child_ends_with_its_parent(tmp_path: Path, footage: Path) -> None:
    code = (
        "import sys, time, pathlib; from inference.capture.client import Capture;"
        "from inference.capture.messages import CaptureSettings, Analysed;"
        "f = pathlib.Path(sys.argv[1]); c = Capture(CaptureSettings(str(f), f.parent, pathlib.Path(sys.argv[2])))\n"
        "while not isinstance(c.receive(1), Analysed): pass\n"
        "print(c.running, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [*limits.command("x")[:1], "-c", code, str(footage), str(tmp_path)], stdout=subprocess.PIPE, cwd=limits.ROOT
    ) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        assert child.exists()
        parent.kill()
    during_exit = 100
    import time

    while child.exists() and during_exit:
        state = (child / "stat").read_text().rsplit(")", 1)[1].split()[0] if child.exists() else "Z"
        if state == "Z":
            break
        during_exit -= 1
        time.sleep(0.05)
    assert during_exit, "the child lives on without its parent"
