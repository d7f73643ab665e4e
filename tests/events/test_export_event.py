"""An event as a package of evidence, for managers."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest

from cameras.models import Camera
from events import services
from events.exports import export_event
from events.media import CHUNK
from events.models import Event
from project.accounts.models import User
from project.audit.models import AuditEntry
from project.streaming import stream
from tests.factories import make_event

Api = Callable[..., Any]
CLIP = bytes(range(256)) * 3000


EXPORTS = AuditEntry.objects.filter(action__startswith="event.export")


@pytest.fixture
def event(camera: Camera, media: Path, operator: User) -> Event:
    """An event with all its evidence, and a camera with an evil name."""
    Camera.objects.filter(pk=camera.pk).update(name="../../etc/passwd\r\n=cmd 게이트")
    event = make_event(camera=camera, reasons=[{"attribute": "speed", "surprise": 2.5, "text": "fast"}])
    files = {"clip.mp4": CLIP, "snapshot.jpg": b"snapshot", "heat.jpg": b"heat", "usual-1.jpg": b"usual"}
    names = {n: default_storage.save(f"events/{event.pk}/{n}", ContentFile(data)) for n, data in files.items()}
    evidence = {"heat": names["heat.jpg"], "usual-1": names["usual-1.jpg"], "features": "events/x/features.npz"}
    stored = {"clip_path": names["clip.mp4"], "snapshot_path": names["snapshot.jpg"], "evidence": evidence}
    Event.objects.filter(pk=event.pk).update(**stored)
    services.note_event(event_id=event.pk, by=operator, note="somebody at the gate")
    return Event.objects.get(pk=event.pk)


def package(answer: Any) -> ZipFile:
    assert answer.status_code == 200, answer.content
    return ZipFile(BytesIO(b"".join(answer.streaming_content)))


def test_all_evidence_is_in_it_and_every_sum_agrees(api: Api, manager: User, event: Event, tmp_path: Path) -> None:
    answer = api(manager).get(f"/api/v1/events/{event.pk}/export")
    with package(answer) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    (folder,) = [path for path in tmp_path.iterdir() if path.name != "media"]
    assert answer["Content-Disposition"] == f'attachment; filename="{folder.name}.zip"'
    assert folder.name == f"vigil-event-20261101T120000Z-{event.pk.hex[:8]}"
    assert (folder / "clip.mp4").read_bytes() == CLIP
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["made_by"] == "mina"
    for file in manifest["files"]:
        data = (folder / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True)
    names = {"clip.mp4", "snapshot.jpg", "heat.jpg", "usual-1.jpg", "event.json", "README.txt", "manifest.json"}
    assert {line.removesuffix(": OK") for line in checked.stdout.splitlines()} == names
    assert {path.name for path in folder.iterdir()} == names | {"SHA256SUMS"}


def test_it_says_what_happened_and_no_secret(api: Api, manager: User, event: Event) -> None:
    with package(api(manager).get(f"/api/v1/events/{event.pk}/export")) as archive:
        texts = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
        assert all(".." not in name and name.isascii() for name in archive.namelist())
    told = json.loads(texts["event.json"])
    assert told["event"]["camera_name"].endswith("=cmd 게이트")
    assert told["event"]["reasons"][0]["text"] == "fast"
    assert [line["note"] for line in told["event"]["transitions"]] == ["somebody at the gate"]
    assert (told["site"]["name"], told["event"]["threshold"]) == ("Harbour", 1.2)
    assert set(told["scores"]) >= {"from", "scores", "thresholds"}
    assert not any(b"canary-password" in text for text in texts.values())


def test_the_trail_has_it_before_the_first_byte_and_the_manifest_at_the_end(
    api: Api, manager: User, event: Event
) -> None:
    answer = api(manager).get(f"/api/v1/events/{event.pk}/export", REMOTE_ADDR="192.0.2.7")
    assert list(EXPORTS.values_list("action", flat=True)) == ["event.exported"]
    with package(answer) as archive:
        manifest = archive.read(next(name for name in archive.namelist() if name.endswith("manifest.json")))
    made = AuditEntry.objects.get(action="event.export_made")
    assert hashlib.sha256(manifest).hexdigest() in made.details
    assert (made.user_name, made.address, made.target_id) == ("mina", "192.0.2.7", str(event.pk))


def test_only_managers_of_its_site_take_evidence_away(
    api: Api, viewer: User, operator: User, stranger: User, event: Event
) -> None:
    path = f"/api/v1/events/{event.pk}/export"
    assert [api(who).get(path).status_code for who in (None, viewer, operator, stranger)] == [401, 403, 403, 404]
    assert api(operator).head(path).status_code == 405
    assert not EXPORTS.exists()


def test_what_goes_while_it_is_sent_is_left_out_and_the_rest_is_whole(manager: User, event: Event) -> None:
    pieces = export_event(event=event, by=manager)
    sent = [next(pieces), next(pieces)]
    for name in (event.clip_path, event.snapshot_path, event.evidence["heat"]):
        default_storage.delete(name)
    with ZipFile(BytesIO(b"".join([*sent, *pieces]))) as archive:
        assert archive.testzip() is None
        files = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert files["clip.mp4"] == CLIP, "it was open"
    assert files.keys().isdisjoint({"snapshot.jpg", "heat.jpg"})
    told = {file["name"]: file["sha256"] for file in json.loads(files["manifest.json"])["files"]}
    left_out = {"manifest.json", "SHA256SUMS"}
    assert told == {n: hashlib.sha256(data).hexdigest() for n, data in files.items() if n not in left_out}
    assert AuditEntry.objects.filter(action="event.export_made").count() == 1


def test_what_is_gone_or_leads_out_of_the_media_folder_is_left_out(
    api: Api, manager: User, event: Event, media: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    default_storage.delete(event.clip_path)
    snapshot = Path(default_storage.path(event.snapshot_path))
    snapshot.unlink()
    snapshot.symlink_to(tmp_path / "secret")
    with package(api(manager).get(f"/api/v1/events/{event.pk}/export")) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
    assert names.isdisjoint({"clip.mp4", "snapshot.jpg"})
    assert "heat.jpg" in names


def test_the_web_server_sends_it_piece_by_piece(manager: User, event: Event) -> None:
    """Never the whole clip in memory."""
    request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, BytesIO())
    pieces = list(export_event(event=event, by=manager))
    assert max(len(piece) for piece in pieces) < CHUNK + 2000
    response = stream(request, (piece for piece in pieces), content_type="application/zip", filename="x.zip")

    async def sent() -> bytes:
        return b"".join([piece async for piece in response])

    assert asyncio.run(sent()) == b"".join(pieces)
