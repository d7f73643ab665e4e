"""Whatever goes wrong under /api/ is told in one form: code, message, fields."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as django_settings
from django.http import HttpRequest
from django.test import Client
from rest_framework.test import APIClient

from project.accounts.models import Site, User
from project.asgi import application
from project.throttling import FairUse

Api = Callable[..., Any]
CAMERAS = "/api/v1/cameras/"


def assert_told(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The body, which is in the one form."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    body: dict[str, Any] = json.loads(answer.content)
    assert set(body) == {"code", "message", "fields"}
    assert body["code"] == code
    assert body["message"]
    assert all(isinstance(text, str) for texts in body["fields"].values() for text in texts)
    return body


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/", "/api/v1/cameras/7/", "/api/v1/events/%00/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_there_is_nothing_here(api: Api, viewer: User, path: str, method: str) -> None:
    assert_told(getattr(api(viewer), method)(path), 404, "not_found")


def test_nobody_and_a_wrong_method_and_an_unknown_format(api: Api, viewer: User) -> None:
    assert_told(api().get(CAMERAS), 401, "not_authenticated")
    assert_told(api(viewer).delete(CAMERAS), 405, "method_not_allowed")
    assert_told(api(viewer).get(CAMERAS, headers={"Accept": "text/html"}), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("<camera/>", "application/xml", 415, "unsupported_media_type"),
        ("{", "application/json", 400, "parse_error"),
        (b"\xff\xfe", "application/json", 400, "parse_error"),
        ("[]", "application/json", 400, "invalid"),
        ("null", "application/json", 400, "invalid"),
        ("[" * 100_000, "application/json", 400, "invalid"),
        ('{"name": "\\ud800"}', "application/json", 400, "invalid"),
        ("x", "multipart/form-data", 400, "parse_error"),
    ],
)
def test_a_body_that_is_none(api: Api, manager: User, body: Any, content_type: str, status: int, code: str) -> None:
    assert_told(api(manager).generic("POST", CAMERAS, body, content_type=content_type), status, code)


def test_a_request_from_another_site(manager: User) -> None:
    page = APIClient(enforce_csrf_checks=True)
    page.force_login(manager)
    assert_told(page.post(CAMERAS, {}, format="json"), 403, "permission_denied")


def test_an_unknown_host(client: Client, db: None) -> None:
    assert_told(client.get("/api/v1/", headers={"Host": "evil.example.org"}), 400, "bad_request")


def test_what_is_too_much(api: Api, viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FairUse, "allow_request", lambda *_: False)
    assert_told(api(viewer).get(CAMERAS), 429, "throttled")


def test_what_nobody_foresaw(api: Api, viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = api(viewer)
    client.raise_request_exception = False
    monkeypatch.setattr("cameras.views.with_health", lambda _: 1 / 0)
    assert_told(client.get(CAMERAS), 500, "internal")


def test_a_field_that_is_wrong_is_named(api: Api, manager: User, site: Site) -> None:
    body = {"site": site.pk, "name": "Dock", "source": "rtsp://192.0.2.1/", "alarm_budget": "many"}
    told = assert_told(api(manager).post(CAMERAS, body, format="json"), 400, "invalid")
    assert list(told["fields"]) == ["alarm_budget"]


async def _post(headers: list[tuple[bytes, bytes]], pieces: Iterator[bytes]) -> tuple[int, bytes]:
    scope = {"type": "http", "method": "POST", "path": CAMERAS, "headers": headers, "query_string": b""}
    server: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    for piece in pieces:
        await server.send_input({"type": "http.request", "body": piece, "more_body": True})
    start = await server.receive_output(timeout=10)
    body = await server.receive_output(timeout=10)
    await server.wait(timeout=10)
    return start["status"], body["body"]


@pytest.mark.parametrize("says_so", [True, False])
async def test_a_body_that_is_too_long_is_refused_before_it_is_kept(says_so: bool) -> None:
    most = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    headers = [(b"content-length", str(most + 1).encode())] if says_so else []
    status, body = await _post(headers, iter([] if says_so else [b" " * most, b" "]))
    assert (status, http.client.responses[status]) == (413, "Request Entity Too Large")
    assert json.loads(body)["code"] == "too_large"


def test_a_key_with_a_body_that_is_too_long(api: Api, manager: User, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = api(manager).post(CAMERAS, {"name": "x" * 200}, format="json", headers={"Idempotency-Key": "k"})
    assert_told(answer, 413, "too_large")


def test_pages_that_are_not_the_apis_say_it_in_text() -> None:
    from project.pages import bad_request, forbidden

    request = HttpRequest()
    request.path = "/somewhere"
    for page in (bad_request, forbidden):
        assert page(request, Exception("secret"))["Content-Type"] == "text/plain"
