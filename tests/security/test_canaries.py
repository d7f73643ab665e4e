"""Secrets that are told to a running Vigil appear nowhere again: one place at a time, a canary for each way in."""

from __future__ import annotations

import base64
import json
import re
import urllib.error
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
import redis

from tests.support.encoding import reencoded
from tests.support.instance import PASSWORD, Instance, running_vigil
from tests.support.processes import wait_until
from tests.support.rtsp import RtspCamera

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MARK = "c4n4ry-9d2f-7b1e"
"""In every secret that the test tells, so that a new one is looked for by itself."""


@dataclass(frozen=True)
class Told:
    """A Vigil that was told secrets, and its folder."""

    vigil: Instance
    folder: Path
    secrets: tuple[str, ...]
    """What it made itself and told once: tokens, keys."""

    def leaks(self, content: bytes) -> list[str]:
        """What is in there that should not be."""
        forms = [form for secret in (MARK, PASSWORD, *self.secrets) for form in _forms(secret)]
        return sorted({form.decode() for form in forms if form in content})


def _forms(secret: str) -> set[bytes]:
    """As typed, as part of an address, and in Base64 wherever it begins."""
    encoded = {base64.b64encode(b"x" * shift + secret.encode())[4:-4] for shift in range(3)}
    return {secret.encode(), quote(secret, safe="").encode(), *encoded}


@pytest.fixture(scope="module")
def told(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("canaries")
    clip = reencoded(footage / "videos" / "vtest.avi", folder / "clip.mp4")
    with RtspCamera(folder / "camera", clip) as camera:
        address = camera.url.replace("rtsp://", f"rtsp://admin:{MARK}.camera%40%3A%2F@")
        with running_vigil(folder / "data", [address]) as vigil:
            yield Told(vigil, folder, _tell(vigil))


def _tell(vigil: Instance) -> tuple[str, ...]:
    """Cameras good and bad, log-ins that fail, tokens that are none."""
    site = vigil.call("GET", "/api/v1/sites/")["results"][0]["id"]
    sources = (
        f"rtsp://admin:{MARK}.away@127.0.0.1:1/stream",
        f"rtsp://admin:{MARK}@second@127.0.0.1:1/stream?password={MARK}",
        f"rtsp://127.0.0.1:1/user=admin_password={MARK}_channel=1.sdp",
        f"http://127.0.0.1:1/video?token={MARK}-query",
        f"ftp://admin:{MARK}@127.0.0.1/refused",
        f"{MARK}:not an address at all",
    )
    for number, source in enumerate(sources):
        _try(vigil, "/api/v1/cameras/", {"site": site, "name": f"Told {number}", "source": source})
        _try(vigil, "/api/v1/cameras/test", {"site": site, "source": source})
    _try(vigil, "/api/v1/auth/login", {"username": "admin", "password": f"{MARK} wrong"})
    _try(vigil, "/api/v1/auth/login", {"username": f"{MARK} typed in the wrong field", "password": "x"})
    _try(vigil, "/api/v1/auth/refresh", {"refresh": f"vgr_{MARK}-0123456789"})
    _try(vigil, f"/api/v1/events/?token={MARK}", {})
    _tell_channels(vigil, site)
    pair = vigil.call("POST", "/api/v1/auth/login", {"username": "admin", "password": PASSWORD})
    key = vigil.call("POST", "/api/v1/auth/keys", {"name": "script", "role": "viewer"})
    factor = vigil.call("POST", "/api/v1/auth/second-factor", {"password": PASSWORD})
    return pair["access"], pair["refresh"], vigil.token, key["secret"], factor["secret"]


def _tell_channels(vigil: Instance, site: int) -> None:
    """Where messages go, with all that is secret about it; one is tried, and nobody is there."""
    kinds = {
        "webhook": {"url": f"https://hooks.example.org/{MARK}", "secret": f"{MARK} that signs"},
        "email": {"address": "a@example.org", "host": "mail.example.org", "username": "u", "password": MARK},
        "mqtt": {"host": "mqtt.example.org", "username": "u", "password": MARK},
    }
    for kind, target in kinds.items():
        _try(vigil, "/api/v1/notifications/channels/", {"site": site, "kind": kind, "name": kind, "target": target})
    kept = vigil.call("GET", "/api/v1/notifications/channels/")["results"]
    assert {channel["kind"] for channel in kept} == set(kinds)
    for channel in kept:
        _try(vigil, f"/api/v1/notifications/channels/{channel['id']}/test", {})


def _try(vigil: Instance, path: str, body: dict[str, object]) -> None:
    try:
        answered = json.dumps(vigil.call("POST", path, body)).encode()
        code = 200
    except urllib.error.HTTPError as error:
        with error:
            answered, code = error.read(), error.code
    if code >= 500 or MARK.encode() in answered:
        pytest.fail(f"{path} says {code} {answered!r}")


def test_the_camera_with_the_password_is_seen(told: Told) -> None:
    def seen() -> bool:
        return any(camera["health"]["state"] in ("learning", "watching") for camera in told.vigil.cameras())

    wait_until(seen, seconds=120, what="the camera to be seen", every=0.5)


def test_no_log_has_them(told: Told) -> None:
    logs = [told.vigil.log, *(told.folder / "data" / "logs").iterdir()]
    assert len(logs) > 4
    assert {log.name: told.leaks(log.read_bytes()) for log in logs} == {log.name: [] for log in logs}


def test_no_column_and_no_page_of_the_database_has_them(told: Told) -> None:
    files = list((told.folder / "data").glob("vigil.sqlite3*"))
    assert files
    assert {file.name: told.leaks(file.read_bytes()) for file in files} == {file.name: [] for file in files}


def test_no_file_of_the_instance_has_them_but_what_the_administrator_gave(told: Told) -> None:
    for file in (told.folder / "data").rglob("*"):
        if file.is_file() and file.stat().st_size < 50_000_000:
            assert told.leaks(file.read_bytes()) == [], file


def test_no_key_and_no_value_in_redis_has_them(told: Told) -> None:
    settings = (told.folder / "data" / "run" / "valkey.conf").read_text()
    port, password = re.search(r"^port (\d+)", settings, re.M), re.search(r"^requirepass (\S+)", settings, re.M)
    assert port is not None
    assert password is not None
    server = redis.Redis(port=int(port[1]), password=password[1])
    keys = list(server.scan_iter(count=1000))
    assert keys
    for key in keys:
        assert told.leaks(key + (server.dump(key) or b"")) == [], key
    server.close()


def test_no_process_shows_them_in_its_title(told: Told) -> None:
    processes = [psutil.Process(told.vigil.pid), *psutil.Process(told.vigil.pid).children(recursive=True)]
    assert len(processes) > 5
    for process in processes:
        assert told.leaks(" ".join(process.cmdline()).encode()) == []


def test_no_answer_of_the_api_has_them(told: Told) -> None:
    paths = told.vigil.call("GET", "/api/schema/?format=json")["paths"]
    lists = [path for path, verbs in paths.items() if "get" in verbs and "{" not in path]
    for camera in told.vigil.cameras():
        lists.append(f"/api/v1/cameras/{camera['id']}/")
    for path in lists:
        try:
            assert told.leaks(told.vigil.download(path)) == [], path
        except urllib.error.HTTPError as error:
            with error:
                if error.code >= 500 or told.leaks(error.read()):
                    pytest.fail(f"{path} says {error.code}")
