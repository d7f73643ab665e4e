"""Logging in over the API, for scripts and for the UI."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from project.accounts.attempts import note_attempt
from project.accounts.models import LogInAttempt, Site, User

LOGIN, SESSION = "/api/v1/auth/login", "/api/v1/auth/session"
RIGHT = {"username": "vera", "password": "correct horse"}
WRONG = {"username": "vera", "password": "wrong"}


@pytest.fixture
def nobody() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


def test_name_and_password_give_tokens_and_the_user(nobody: APIClient, viewer: User, site: Site) -> None:
    answer = nobody.post(LOGIN, RIGHT, format="json")
    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh", "expires_in", "user"}
    assert answer.json()["user"] == {
        "id": viewer.pk,
        "username": "vera",
        "language": "en",
        "is_staff": False,
        "sites": [{"id": site.pk, "name": "Harbour", "role": "viewer", "time_zone": "UTC"}],
    }


def test_a_slash_at_the_end_does_no_harm(nobody: APIClient, viewer: User) -> None:
    assert nobody.post(f"{LOGIN}/", RIGHT, format="json").status_code == 200


@pytest.mark.parametrize("name", ["vera", "nobody-of-this-name"])
def test_a_wrong_password_does_not_tell_whether_the_name_exists(nobody: APIClient, viewer: User, name: str) -> None:
    answer = nobody.post(LOGIN, {"username": name, "password": "wrong"}, format="json")
    assert answer.status_code == 401
    assert answer.json() == {"code": "wrong_password", "message": "The name or the password is wrong.", "fields": {}}


def test_what_is_missing_is_named(nobody: APIClient, db: None) -> None:
    answer = nobody.post(LOGIN, {"username": "vera"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"password": ["This field is required."]}


def test_somebody_switched_off_cannot_log_in(nobody: APIClient, viewer: User) -> None:
    User.objects.update(is_active=False)
    assert nobody.post(LOGIN, RIGHT, format="json").status_code == 401


def test_get_is_no_way_to_log_in(nobody: APIClient, db: None) -> None:
    assert nobody.get(LOGIN).status_code == 405


def test_the_eleventh_guess_is_not_looked_at(nobody: APIClient, viewer: User) -> None:
    answers = [nobody.post(LOGIN, WRONG, format="json").status_code for _ in range(10)]
    assert answers == [401] * 10
    refused = nobody.post(LOGIN, RIGHT, format="json")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 900
    assert refused.json()["code"] == "throttled"


def test_after_a_quarter_of_an_hour_the_owner_is_let_in_again(nobody: APIClient, viewer: User) -> None:
    for _ in range(10):
        note_attempt(username="vera", address="127.0.0.1")
    assert nobody.post(LOGIN, RIGHT, format="json").status_code == 429
    with time_machine.travel(LogInAttempt.objects.latest("at").at + timedelta(minutes=15, seconds=1)):
        assert nobody.post(LOGIN, RIGHT, format="json").status_code == 200


def test_a_right_password_forgives_the_slips_before_it(nobody: APIClient, viewer: User) -> None:
    for _ in range(9):
        note_attempt(username="vera", address="127.0.0.1")
    assert nobody.post(LOGIN, RIGHT, format="json").status_code == 200
    assert not LogInAttempt.objects.exists()


def test_a_header_does_not_make_somebody_else_of_a_guesser(nobody: APIClient, viewer: User) -> None:
    for _ in range(9):
        note_attempt(username="vera", address="127.0.0.1")
    nobody.post(LOGIN, WRONG, format="json", headers={"X-Forwarded-For": "198.51.100.1"})
    assert nobody.post(LOGIN, RIGHT, format="json", headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 429


def test_many_addresses_do_not_help_with_one_account(nobody: APIClient, viewer: User) -> None:
    for number in range(100):
        note_attempt(username="vera", address=f"198.51.100.{number}")
    assert nobody.post(LOGIN, RIGHT, format="json", REMOTE_ADDR="203.0.113.1").status_code == 429


def test_the_admin_is_no_way_round_the_limit(superuser: User) -> None:
    client, page = Client(), "/admin/login/?next=/admin/"
    for _ in range(9):
        note_attempt(username="root", address="127.0.0.1")
    assert client.post(page, {"username": "root", "password": "wrong"}).status_code == 200
    assert client.post(page, {"username": "root", "password": "correct horse"}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_ui_logs_in_and_out_with_a_session(nobody: APIClient, viewer: User) -> None:
    assert nobody.get(SESSION).status_code == 401
    token = nobody.get("/api/v1/auth/csrf").json()["csrf_token"]
    answer = nobody.post(SESSION, RIGHT, format="json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    assert nobody.get(SESSION).json()["username"] == "vera"
    token = nobody.get("/api/v1/auth/csrf").json()["csrf_token"]
    assert nobody.delete(SESSION).status_code == 403, "without the header any site could log people out"
    assert nobody.delete(SESSION, headers={"X-CSRFToken": token}).status_code == 204
    assert nobody.get(SESSION).status_code == 401


def test_another_site_cannot_log_somebody_in(nobody: APIClient, viewer: User) -> None:
    answer = nobody.post(SESSION, RIGHT, format="json")
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["message"]


def test_the_session_cookie_is_closed_to_scripts_and_named_for_its_instance(nobody: APIClient, viewer: User) -> None:
    token = nobody.get("/api/v1/auth/csrf").json()["csrf_token"]
    nobody.post(SESSION, RIGHT, format="json", headers={"X-CSRFToken": token})
    name = next(name for name in nobody.cookies if re.fullmatch(r"vigil_session(_\d+)?", name))
    assert nobody.cookies[name]["httponly"]
    assert nobody.cookies[name]["samesite"] == "Lax"
