"""Snapshots and clips: only for those who may see them, whole, in ranges, or not again."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse

from cameras.models import Camera
from events.media import CHUNK, serve
from events.models import Event
from project.accounts.models import User
from tests.factories import make_event

CLIP = bytes(range(256)) * 4


@pytest.fixture
def clip(camera: Camera, media: Path) -> Event:
    """An event with a clip of 1024 bytes."""
    event = make_event(camera=camera)
    name = default_storage.save(f"events/{event.pk}/clip.mp4", ContentFile(CLIP))
    Event.objects.filter(pk=event.pk).update(clip_path=name)
    return event


@pytest.fixture
def get(api: Any, viewer: User, clip: Event) -> Any:
    """Ask for the clip with these headers."""

    def ask(method: str = "get", **headers: str) -> Any:
        client = api(viewer)
        return getattr(client, method)(f"/api/v1/events/{clip.pk}/clip.mp4", headers=headers)

    return ask


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_whole_clip(get: Any) -> None:
    response = get(accept="video/mp4")
    assert (response.status_code, body(response)) == (200, CLIP)
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Length"] == "1024"
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"].startswith('inline; filename="2026-11-01_12-00-00_')


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=1000-", 1000, 1023),
        ("bytes=1000-9999", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-9999", 0, 1023),
    ],
)
def test_a_range(get: Any, asked: str, first: int, last: int) -> None:
    response = get(range=asked)
    assert (response.status_code, body(response)) == (206, CLIP[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_the_file(get: Any, asked: str) -> None:
    response = get(range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "asked", ["bytes=9-5", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=" + "9" * 5000 + "-", "x"]
)
def test_nonsense_gives_the_whole(get: Any, asked: str) -> None:
    response = get(range=asked)
    assert (response.status_code, len(body(response))) == (200, 1024)


def test_what_the_client_has_is_not_sent_again(get: Any) -> None:
    first = get()
    body(first)
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = get(**headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]


def test_a_range_of_a_file_that_changed_gives_the_whole(get: Any, clip: Event) -> None:
    first = get()
    body(first)
    same = get(range="bytes=0-9", **{"if-range": first["ETag"]})
    assert (same.status_code, body(same)) == (206, CLIP[:10])
    other = get(range="bytes=0-9", **{"if-range": '"other"'})
    assert (other.status_code, len(body(other))) == (200, 1024)


def test_head_tells_the_size(get: Any) -> None:
    response = get("head")
    assert (response.status_code, response["Content-Length"], response.content) == (200, "1024", b"")


@pytest.mark.parametrize("name", ["heat", "usual-1", "usual-3"])
def test_what_explains_an_event_is_a_picture(api: Any, viewer: User, stranger: User, clip: Event, name: str) -> None:
    stored = default_storage.save(f"events/{clip.pk}/{name}.jpg", ContentFile(b"jpeg"))
    Event.objects.filter(pk=clip.pk).update(evidence={name: stored})
    path = f"/api/v1/events/{clip.pk}/{name}.jpg"
    response = api(viewer).get(path)
    assert (response.status_code, body(response), response["Content-Type"]) == (200, b"jpeg", "image/jpeg")
    assert api(viewer).get(f"/api/v1/events/{clip.pk}/usual-2.jpg").status_code == 404
    assert (api(stranger).get(path).status_code, api().get(path).status_code) == (404, 401)


def test_there_may_be_no_file(api: Any, viewer: User, clip: Event) -> None:
    client = api(viewer)
    assert client.get(f"/api/v1/events/{clip.pk}/snapshot.jpg").status_code == 404
    default_storage.delete(f"events/{clip.pk}/clip.mp4")
    response = client.get(f"/api/v1/events/{clip.pk}/clip.mp4")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_strangers_get_nothing(api: Any, stranger: User, clip: Event) -> None:
    assert api(stranger).get(f"/api/v1/events/{clip.pk}/clip.mp4").status_code == 404
    assert api().get(f"/api/v1/events/{clip.pk}/clip.mp4").status_code == 401


@pytest.mark.parametrize(
    "path", ["../clip.mp4", "..%2fclip.mp4", "clip.mp4%00", "clip.mov", "%2e%2e/%2e%2e/vigil.sqlite3"]
)
def test_no_other_file_can_be_asked_for(api: Any, viewer: User, clip: Event, path: str) -> None:
    assert api(viewer).get(f"/api/v1/events/{clip.pk}/{path}").status_code in (404, 405)


def test_the_web_server_sends_it_piece_by_piece(media: Path) -> None:
    """Under ASGI a plain iterator would be read into memory as a whole first."""
    content = b"x" * (2 * CHUNK + 1)
    default_storage.save("events/a/clip.mp4", ContentFile(content))

    request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, BytesIO())
    response = serve(request, "events/a/clip.mp4", content_type="video/mp4", filename="clip.mp4")
    assert isinstance(response, StreamingHttpResponse)

    async def pieces() -> list[bytes]:
        return [piece async for piece in response]

    sent = asyncio.run(pieces())
    for close in response._resource_closers:  # type: ignore[attr-defined]  # as the server does
        close()
    assert [len(piece) for piece in sent] == [CHUNK, CHUNK, 1]
