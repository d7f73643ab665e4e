"""No address and no row leads to a file outside the media folder, on any route that sends files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cameras.models import Camera
from events.models import Event
from project.accounts.models import User
from tests.factories import make_event

Api = Callable[..., Any]
FILES = ("clip.mp4", "snapshot.jpg", "heat.jpg", "usual-1.jpg", "usual-2.jpg", "usual-3.jpg")
SECRET = b"SECRET_KEY of this instance"


@pytest.fixture
def event(camera: Camera, media: Path, tmp_path: Path) -> Event:
    """An event with all its files, beside a secret that is none of them."""
    event = make_event(camera=camera)
    for name in FILES:
        default_storage.save(f"events/{event.pk}/{name}", ContentFile(b"evidence"))
    name_files(event, {name: f"events/{event.pk}/{name}" for name in FILES})
    (tmp_path / "secret").write_bytes(SECRET)
    (media / "secret-folder").symlink_to(tmp_path)
    return event


def name_files(event: Event, names: dict[str, str]) -> None:
    """Have the row name these."""
    evidence = {name.removesuffix(".jpg"): path for name, path in names.items() if name.endswith(".jpg")}
    files = {"clip_path": names["clip.mp4"], "snapshot_path": evidence.pop("snapshot"), "evidence": evidence}
    Event.objects.filter(pk=event.pk).update(**files)


def ask(client: Any, event: Event, name: str) -> Any:
    return client.get(f"/api/v1/events/{event.pk}/{name}")


def body(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


WAYS_OUT = [
    *("../{}", "..%2f{}", "%2e%2e%2f{}", "%252e%252e%252f{}", "..%5c{}", "..\\{}", "....//{}", "./{}", "//{}", "%2f{}"),
    *("{}%00", "{}%00.jpg", "{}/..", "{}/../../../secret", "{}%20", "{}.", "{}~", "{}::$DATA", "{}.bak", "x{}"),
    *("{};.jpg", "{}%0a", "{}%0d%0aX-Evil:1", "file:///etc/passwd#{}", "/etc/passwd%00{}", "%c0%ae%c0%ae/{}", "{}%ff"),
]


@pytest.mark.parametrize("name", FILES)
def test_no_address_says_another_file(api: Api, viewer: User, event: Event, name: str) -> None:
    client = api(viewer)
    for way in WAYS_OUT:
        answer = ask(client, event, way.format(name))
        assert answer.status_code == 404, way
        assert SECRET not in body(answer)
        assert "X-Evil" not in answer.headers


def test_the_names_are_those_and_no_others(api: Api, viewer: User, event: Event) -> None:
    for name in ("CLIP.MP4", "clip.MP4", "clip", "clip.mp4.mp4", "usual-0.jpg", "usual-4.jpg", "heat.png"):
        assert ask(api(viewer), event, name).status_code == 404, name


ROWS = [
    *("../secret", "/etc/passwd", "events/../../secret", "secret-folder/secret", "..", ".", "", "events"),
    *("C:\\Windows\\win.ini", "file:///etc/passwd", "a" * 300),
]


def test_no_row_leads_out_of_the_folder(api: Api, viewer: User, event: Event) -> None:
    client = api(viewer)
    for stored in ROWS:
        name_files(event, dict.fromkeys(FILES, stored))
        for name in FILES:
            assert ask(client, event, name).status_code == 404, (name, stored)


@pytest.mark.parametrize("name", FILES)
def test_a_symbolic_link_is_followed_only_inside(
    api: Api, viewer: User, event: Event, tmp_path: Path, name: str
) -> None:
    path = Path(default_storage.path(f"events/{event.pk}/{name}"))
    path.rename(path.with_name("kept"))
    path.symlink_to(path.with_name("kept"))
    assert body(ask(api(viewer), event, name)) == b"evidence"
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    assert ask(api(viewer), event, name).status_code == 404
    path.unlink()
    path.symlink_to(path)
    assert ask(api(viewer), event, name).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_each_can_be_asked_for_conditionally(api: Api, viewer: User, event: Event, name: str) -> None:
    client, path = api(viewer), f"/api/v1/events/{event.pk}/{name}"
    first = client.get(path)
    assert (first.status_code, body(first)) == (200, b"evidence")
    tag, since = first["ETag"], first["Last-Modified"]
    asked = {
        304: [
            {"if-none-match": tag},
            {"if-none-match": f'"x", {tag}'},
            {"if-none-match": "*"},
            {"if-modified-since": since},
        ],
        200: [{"if-none-match": '"x"'}, {"if-none-match": '"x"', "if-modified-since": since}, {"if-match": tag}],
        206: [
            {"range": "bytes=0-3"},
            {"range": "bytes=0-3", "if-range": tag},
            {"range": "bytes=-3", "if-range": since},
        ],
        412: [{"if-match": '"x"'}, {"if-unmodified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}],
    }
    for status, several in asked.items():
        for headers in several:
            for method in (client.get, client.head):
                answer = method(path, headers=headers)
                body(answer)
                assert answer.status_code == status, headers
    head = client.head(path)
    assert (head.status_code, head["Content-Length"], head["ETag"], body(head)) == (200, "8", tag, b"")
    other = client.get(path, headers={"range": "bytes=0-3", "if-range": '"x"'})
    assert (other.status_code, body(other)) == (200, b"evidence")
