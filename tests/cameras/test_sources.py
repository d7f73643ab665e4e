"""Which sources a camera may have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cameras.sources import SourceNotAllowed, check_addresses, check_source


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    (folder / "gate").mkdir(parents=True)
    (folder / "gate" / "monday morning.mp4").write_bytes(b"")
    (tmp_path / "secret.mp4").write_bytes(b"")
    (folder / "list.m3u8").write_bytes(b"")
    (folder / "way-out.mp4").symlink_to(tmp_path / "secret.mp4")
    (folder / "way-in.mp4").symlink_to(folder / "gate" / "monday morning.mp4")
    return folder


@pytest.mark.parametrize(
    "source",
    [
        "rtsp://192.168.1.20/stream",
        "RTSP://192.168.1.20/stream",
        "rtsp://admin:p%40ss@camera.lan:8554/Streaming/Channels/101?transportmode=unicast",
        "rtsps://10.0.0.5:322/live",
        "http://gate_camera/mjpeg",
        "https://[2001:db8::7]/video.ts",
        "rtsp://127.0.0.1:8556/t720.mp4",
        "rtsp://localhost:8556/t720.mp4",
    ],
)
def test_an_honest_address_passes_unchanged(source: str, footage: Path) -> None:
    assert check_source(source, footage_dir=footage) == source


@pytest.mark.parametrize("name", ["gate/monday morning.mp4", "file:///{}/gate/monday%20morning.mp4", "way-in.mp4"])
def test_a_recording_in_the_folder_becomes_its_real_path(name: str, footage: Path) -> None:
    source = name.format(str(footage).lstrip("/"))
    assert check_source(source, footage_dir=footage) == str(footage / "gate" / "monday morning.mp4")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  ",
        "-i",
        "/etc/passwd",
        "file:///etc/passwd",
        "file://other-host/share/a.mp4",
        "../secret.mp4",
        "gate/../../secret.mp4",
        "file:%2e%2e/secret.mp4",
        "way-out.mp4",
        "list.m3u8",
        "gate",
        "missing.mp4",
        "concat:gate/a.mp4|/etc/passwd",
        "subfile,,start,0,end,0,,:/etc/passwd",
        "async:file:/etc/passwd",
        "cache:rtsp://10.0.0.1/",
        "crypto:file:///etc/passwd",
        "data:text/plain,hello",
        "gopher://10.0.0.1/",
        "ftp://10.0.0.1/a.mp4",
        "rtmp://10.0.0.1/live",
        "udp://239.0.0.1:1234",
        "unix:///var/run/docker.sock",
        "lavfi:testsrc.mp4",
        "exec:ls.mp4",
        "rtsp://",
        "rtsp:///stream",
        "rtsp://10.0.0.1:0/",
        "rtsp://10.0.0.1:99999/",
        "rtsp://10.0.0.1/\nX: y",
        "rtsp://10.0.0.1/a b",
        "rtsp://10.0.0.1\\@127.0.0.1/",
        "rtsp://u:p@h@127.0.0.1/",
        "rtsp://admin:12/34@10.0.0.5/",
        "rtsp://$(id)/",
        "rtsp://a;b/",
        "rtsp://-i/",
        "rtsp://169.254.169.254/latest",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://metadata.google.internal/",
        "rtsp://0.0.0.0/",
        "rtsp://[::]/",
        "rtsp://239.1.2.3/",
        "rtsp://255.255.255.255/",
        "rtsp://" + "a" * 2000,
    ],
)
def test_everything_else_is_refused(source: str, footage: Path) -> None:
    with pytest.raises(SourceNotAllowed):
        check_source(source, footage_dir=footage)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]",
     "localhost", "LOCALHOST.", "camera.localhost", "169.254.7.7", "[fe80::1]"],
)  # fmt: skip
def test_this_machine_in_any_spelling_needs_a_setting(host: str, footage: Path) -> None:
    with pytest.raises(SourceNotAllowed, match="VIGIL_ALLOWED_NETWORKS"):
        check_source(f"rtsp://{host}:6379/", footage_dir=footage, allowed_networks=())


def test_metadata_is_refused_even_where_its_network_is_allowed(footage: Path) -> None:
    with pytest.raises(SourceNotAllowed, match="metadata"):
        check_source("http://169.254.169.254/", footage_dir=footage, allowed_networks=("169.254.0.0/16",))


def test_refusal_says_what_is_allowed(footage: Path) -> None:
    with pytest.raises(SourceNotAllowed, match=r"rtsp://.*footage folder"):
        check_source("ftp://10.0.0.1/a.mp4", footage_dir=footage)


def test_refusal_never_repeats_the_password(footage: Path) -> None:
    for source in ("rtsp://u:hunter2@h@127.0.0.1/", "rtsp://u:hunter2/x@h/", "rtsp://u:hunter2@169.254.169.254/"):
        with pytest.raises(SourceNotAllowed) as caught:
            check_source(source, footage_dir=footage)
        assert "hunter2" not in str(caught.value)


def test_a_name_that_leads_to_this_machine_is_refused_before_it_is_opened() -> None:
    with pytest.raises(SourceNotAllowed):
        check_addresses("rtsp://127.0.0.1.nip.io/", allowed_networks=(), resolve=lambda host: ["10.0.0.5", "127.0.0.1"])
    check_addresses("rtsp://camera.lan/", allowed_networks=(), resolve=lambda host: ["10.0.0.5"])
    check_addresses("gate.mp4", allowed_networks=(), resolve=lambda host: ["127.0.0.1"])


def test_a_name_that_cannot_be_resolved_is_left_to_the_opening() -> None:
    def fail(host: str) -> list[str]:
        raise OSError(host)

    check_addresses("rtsp://camera.lan/", allowed_networks=(), resolve=fail)


def test_the_policy_needs_no_django() -> None:
    code = "import sys, cameras.sources, cameras.geometry; assert not any(m.startswith('django') for m in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
