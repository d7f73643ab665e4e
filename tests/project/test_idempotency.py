"""A request that is sent twice with one key is done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from cameras.models import Camera
from events.models import EventTransition
from project.accounts.models import Membership, Role, Site, User
from project.accounts.tokens import issue_tokens
from project.idempotency import services
from project.idempotency.models import IdempotencyKey
from tests.factories import make_event

Api = Callable[..., Any]
URL = "/api/v1/cameras/"


def add(client: Any, site: Site, key: str = "k-1", **values: Any) -> Any:
    body = {"site": site.pk, "name": "Dock", "source": "rtsp://192.0.2.20/stream"} | values
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def test_the_same_request_again_has_the_same_answer_and_adds_nothing(api: Api, manager: User, site: Site) -> None:
    client = api(manager)
    first, again = add(client, site), add(client, site)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"]) == (False, "true")
    assert Camera.objects.count() == 1


def test_it_works_for_what_is_done_to_a_row(api: Api, operator: User, camera: Camera) -> None:
    event = make_event(camera=camera)
    path, key = f"/api/v1/events/{event.pk}/note", {"Idempotency-Key": "note"}
    answers = [api(operator).post(path, {"note": "a dog"}, format="json", headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert EventTransition.objects.filter(kind="noted").count() == 1


def test_a_key_means_one_request(api: Api, manager: User, site: Site, camera: Camera) -> None:
    client = api(manager)
    add(client, site)
    other_body = add(client, site, name="Yard")
    other_route = client.post(f"{URL}{camera.pk}/stop", headers={"Idempotency-Key": "k-1"})
    for answer in (other_body, other_route):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Camera.objects.count() == 2


def test_everybody_has_keys_of_their_own(api: Api, manager: User, superuser: User, site: Site) -> None:
    assert add(api(manager), site).status_code == 201
    assert add(api(superuser), site, name="Yard").status_code == 201


def test_while_the_first_is_under_way_the_second_is_told_to_wait(api: Api, manager: User, site: Site) -> None:
    add(api(manager), site)
    IdempotencyKey.objects.update(status=None, answer="")
    answer = add(api(manager), site)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_use")
    assert int(answer["Retry-After"]) > 0


def test_what_a_dead_process_left_is_done_anew_when_its_lease_has_ended(api: Api, manager: User, site: Site) -> None:
    add(api(manager), site)
    Camera.objects.all().delete()
    IdempotencyKey.objects.update(status=None, answer="", leased_until=timezone.now() - timedelta(seconds=1))
    assert add(api(manager), site).status_code == 201
    assert Camera.objects.count() == 1
    assert IdempotencyKey.objects.get().status == 201


def test_of_two_that_take_over_a_dead_claim_one_is_told_to_wait(manager: User) -> None:
    dead = services.claim_key(user=manager, key="k", request_digest="d")
    IdempotencyKey.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert isinstance(services.claim_key(user=manager, key="k", request_digest="d"), services.Claim)
    with pytest.raises(services.StillRunning):
        services.claim_key(user=manager, key="k", request_digest="d")
    assert isinstance(dead, services.Claim)
    services.keep_answer(claim=dead, status=201, body="late", content_type="")
    services.release_key(claim=dead)
    assert IdempotencyKey.objects.get().status is None, "who was given up on has no say any more"


def test_a_refusal_is_not_kept(api: Api, manager: User, site: Site) -> None:
    assert add(api(manager), site, source="ftp://192.0.2.20/").status_code == 400
    assert add(api(manager), site).status_code == 201


def test_a_failure_inside_frees_the_key(
    api: Api, manager: User, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = api(manager)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("cameras.services.register_camera", lambda **_: 1 / 0)
        assert add(client, site).status_code == 500
    assert add(client, site).status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "ümlaut", "k" * 201, "tab\tkey"])
def test_a_key_is_up_to_200_visible_characters(api: Api, manager: User, site: Site, key: str) -> None:
    answer = add(api(manager), site, key)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["Idempotency-Key"])


def test_keys_are_for_people_and_leave_log_ins_alone(api: Api, client: Client, manager: User, site: Site) -> None:
    assert add(api(), site).status_code == 401
    body = {"username": manager.username, "password": "correct horse"}
    for _ in range(2):
        answer = client.post("/api/v1/auth/login", body, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, "Idempotent-Replay" in answer) == (200, False)
    assert not IdempotencyKey.objects.exists()


def test_tokens_and_sessions_show_who_asks_and_sessions_need_their_proof(manager: User, site: Site) -> None:
    from rest_framework.test import APIClient

    script, page = APIClient(), APIClient(enforce_csrf_checks=True)
    script.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(user=manager).access}")
    assert add(script, site).status_code == 201
    page.force_login(manager)
    assert add(page, site).status_code == 403, "without it not even the answer of the same person's script"
    token = page.get("/api/v1/auth/csrf").json()["csrf_token"]
    page.credentials(HTTP_X_CSRFTOKEN=token)
    assert add(page, site)["Idempotent-Replay"] == "true"


def test_who_lost_a_right_is_not_shown_the_answer_again(api: Api, manager: User, site: Site) -> None:
    add(api(manager), site)
    Membership.objects.filter(user=manager).update(role=Role.VIEWER)
    answer = add(api(manager), site)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_answer_gone")


def test_an_answer_that_is_too_long_is_not_kept(
    api: Api, manager: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "ANSWER_BYTES", 10)
    assert add(api(manager), site).status_code == 201
    assert add(api(manager), site).json()["code"] == "idempotency_answer_gone"


def test_the_answer_is_encrypted_in_the_database(api: Api, manager: User, site: Site) -> None:
    add(api(manager), site)
    with connection.cursor() as cursor:
        cursor.execute("select answer from idempotency_idempotencykey")
        stored = cursor.fetchone()[0]
    assert "Dock" not in stored
    assert "Dock" in IdempotencyKey.objects.get().answer


def test_keys_are_forgotten_after_a_day(api: Api, manager: User, site: Site) -> None:
    add(api(manager), site)
    assert services.forget_keys() == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert add(api(manager), site, name="Yard").status_code == 201, "also before beat has come by"
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert services.forget_keys() == 1


def test_what_is_about_accounts_is_not_kept(api: Api, manager: User, site: Site) -> None:
    client = api(manager)
    for path, body in (("members", {"username": "nobody", "role": "viewer"}), ("invitations", {"role": "viewer"})):
        client.post(f"/api/v1/sites/{site.pk}/{path}", body, headers={"Idempotency-Key": path})
    assert not IdempotencyKey.objects.exists()
