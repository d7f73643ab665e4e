"""What is not the API: health, figures, the UI's page, the API's own documentation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from cameras.leases import DatabaseNow
from cameras.models import Worker
from project import health
from project.accounts.models import User
from tests.factories import make_camera
from tests.support.valkey import ValkeyServer

Api = Callable[..., Any]


@pytest.fixture
def worker(db: None) -> None:
    Worker.objects.create(name="w", host="h", device="cpu", queue="q", slots=1)
    Worker.objects.update(seen_at=DatabaseNow())


@pytest.fixture
def redis(settings: Any, valkey: ValkeyServer) -> None:
    settings.REDIS_URL = valkey.url


def test_health_asks_nobody(client: Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.post("/health").status_code == 405


def test_ready_where_all_is_there(client: Client, redis: None, worker: None) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"status": "ready", "database": "ok", "redis": "ok", "worker": "ok"}


def test_not_ready_says_what_is_missing(client: Client, settings: Any, db: None) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    Worker.objects.create(name="w", host="h", device="cpu", queue="q", slots=1, seen_at=1.0)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["redis"] == "Redis cannot be reached"
    assert "no inference worker" in answer.json()["worker"]
    assert answer.json()["database"] == "ok"


def test_figures_are_those_of_all_processes(client: Client, worker: None) -> None:
    make_camera(desired_state="stopped")
    make_camera(name="Secret name")
    text = client.get("/metrics").content.decode()
    assert 'vigil_cameras{state="stopped"} 1.0' in text
    assert 'vigil_cameras{state="waiting"} 1.0' in text
    assert 'vigil_workers{device_class="cpu"} 1.0' in text
    assert "vigil_database_up 1.0" in text
    assert "Secret name" not in text


def test_figures_are_for_this_machine_or_for_who_shows_the_token(client: Client, settings: Any, db: None) -> None:
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    passed_on = {"X-Forwarded-For": "127.0.0.1"}
    wanted = {"Authorization": "Bearer a-long-random-token"}
    assert client.get("/metrics", **elsewhere).status_code == 403
    assert client.get("/metrics", headers=passed_on).status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, **elsewhere).status_code == 403
    settings.VIGIL_METRICS_TOKEN = "a-long-random-token"
    assert client.get("/metrics", headers=wanted, **elsewhere).status_code == 200
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}, **elsewhere).status_code == 403
    assert client.get("/metrics").status_code == 200


def test_the_api_answers_503_while_the_database_is_away(
    api: Api, superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("cameras.views.with_health", away)
    answer = api(superuser).get("/api/v1/cameras/")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0


def test_where_the_ui_was_not_built_a_page_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.WEB_DIST = tmp_path
    answer = client.get("/")
    assert answer.status_code == 503
    assert "not built" in answer.content.decode()


def test_every_address_of_the_ui_is_its_one_page(client: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Vigil UI</title>")
    settings.WEB_DIST = tmp_path
    for address in ("/", "/events", "/events/0f8fad5b", "/cameras/"):
        answer = client.get(address)
        assert "Vigil UI" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert client.get("/assets/gone-0f8fad5b.js").status_code == 404
    assert client.post("/").status_code in (403, 405)


def test_the_api_has_an_index_and_answers_in_json_where_nothing_is(client: Client, db: None) -> None:
    index = client.get("/api/v1/").json()
    assert index["cameras"] == "http://testserver/api/v1/cameras/"
    assert client.get("/api/v1").status_code == 200
    for nothing in ("/api/v1/nothing", "/api/nothing/", "/api/v1/cameras/x/y"):
        answer = client.get(nothing)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_every_answer_carries_its_id_and_trusts_only_this_site(client: Client) -> None:
    answer = client.get("/health", headers={"X-Request-ID": "frontend-42"})
    assert answer["X-Request-ID"] == "frontend-42"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(client.get("/health", headers={"X-Request-ID": "a b\tc;"})["X-Request-ID"]) == 32


def test_answers_of_the_api_are_not_kept_by_caches(api: Api, superuser: User) -> None:
    assert api(superuser).get("/api/v1/cameras/")["Cache-Control"] == "no-store"


def test_the_documentation_works_without_the_internet(client: Client, db: None) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "https://" not in page
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "<script>" not in page, "the policy forbids scripts inside the page"


def test_the_openapi_document_describes_what_there_is(client: Client, db: None) -> None:
    answer = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    document = json.loads(answer.content)
    assert {"/api/v1/cameras/", "/api/v1/cameras/{id}/start", "/api/v1/auth/login"} <= set(document["paths"])
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    answers = document["paths"]["/api/v1/cameras/"]["post"]["responses"]
    assert " ".join(sorted(answers)) == "201 400 401 403 404 406 409 413 415 422 429 503"
    assert answers["429"]["$ref"] == "#/components/responses/Throttled"
    clip = document["paths"]["/api/v1/events/{id}/clip.mp4"]["get"]
    assert {"200", "206", "304", "404", "416"} <= set(clip["responses"])
    assert clip["parameters"][0]["schema"] == {"type": "string", "format": "uuid"}


def test_an_app_may_add_what_it_needs_to_be_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_checks", {})
    health.add_check("tape", lambda: "the tape is full")
    assert health._checks["tape"]() == "the tape is full"


def test_other_sites_may_call_only_where_they_are_named(client: Client, settings: Any, db: None) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://wall.example.org"]
    wall = {"Origin": "https://wall.example.org"}
    assert client.get("/api/v1/", headers=wall)["Access-Control-Allow-Origin"] == "https://wall.example.org"
    assert "Access-Control-Allow-Origin" not in client.get("/health", headers=wall)
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/", headers={"Origin": "https://evil.example.org"})
