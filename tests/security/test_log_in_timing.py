"""How long an answer takes does not tell who has an account. With the real, slow hash of passwords.

Measured is the processor time of this process, all threads of the hash with it: nothing on these paths waits for
anything else, and what other processes of the machine are busy with is no part of the answer.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from rest_framework.test import APIClient

from project.accounts.models import LogInAttempt, User
from tests.factories import make_member

ROUNDS = 5
RATIO = 1.25
"""The median for one may be so much longer than for the other. Without the dummy hash it is more than ten times."""
FEW_MILLISECONDS = 0.004
"""Requests that take no longer than that themselves vary by as much."""


@pytest.fixture(autouse=True)
def _real_hash(quick_passwords: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]


@pytest.fixture
def known(site: Any, _real_hash: None) -> User:
    user = make_member(username="vera", site=site, email="vera@example.org")
    assert user.password.startswith("argon2")
    return user


def medians(ask: Callable[[str], object], names: tuple[str, ...]) -> dict[str, float]:
    """Seconds of the processor that the middle one of the answers takes, the names taking turns."""
    took: dict[str, list[float]] = {name: [] for name in names}
    for number in range(ROUNDS + 1):
        for name in names:
            LogInAttempt.objects.all().delete()
            began = time.process_time()
            ask(name)
            if number:  # the first ones load and connect
                took[name].append(time.process_time() - began)
    return {name: statistics.median(seconds) for name, seconds in took.items()}


def assert_alike(found: dict[str, float]) -> None:
    low, high = min(found.values()), max(found.values())
    assert high <= low * RATIO + FEW_MILLISECONDS, found


@pytest.mark.parametrize(
    ("path", "names"), [("login", ("vera", "nobody", "off", "none")), ("session", ("vera", "nobody"))]
)
def test_a_wrong_password_takes_as_long_for_a_name_that_nobody_has(
    path: str, names: tuple[str, ...], known: User, site: Any
) -> None:
    make_member(username="off", site=site, is_active=False)
    no_password = make_member(username="none", site=site)
    no_password.set_unusable_password()
    no_password.save()
    client = APIClient()

    def ask(name: str) -> None:
        answer = client.post(f"/api/v1/auth/{path}", {"username": name, "password": "wrong"}, format="json")
        assert answer.json()["code"] == "wrong_password"

    assert_alike(medians(ask, names))


def test_asking_for_a_reset_takes_as_long(known: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("project.accounts.tasks.knock", lambda: None)
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)
    client = APIClient()

    def ask(who: str) -> None:
        assert client.post("/api/v1/auth/password-reset", {"who": who}, format="json").status_code == 202

    assert_alike(medians(ask, ("vera", "vera@example.org", "nobody", "nobody@example.org")))
