"""What a token opens, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from project.accounts.models import Token, User
from project.accounts.tokens import TokenPair, TokenRefused, find_bearer, issue_tokens, refresh_tokens, revoke_tokens
from project.audit.models import AuditEntry

WHO = "/api/v1/auth/session"


@pytest.fixture
def pair(viewer: User) -> TokenPair:
    return issue_tokens(user=viewer)


def who(secret: str) -> int:
    status: int = APIClient().get(WHO, headers={"Authorization": f"Bearer {secret}"}).status_code
    return status


def test_the_access_token_opens_the_api(pair: TokenPair) -> None:
    assert who(pair.access) == 200


@pytest.mark.parametrize("secret", ["", "vga_made-up", "ünïcode", "a b", "x" * 5000])
def test_a_made_up_token_is_a_401_that_asks_for_a_token(db: None, secret: str) -> None:
    answer = APIClient().get(WHO, headers={"Authorization": f"Bearer {secret}".encode().decode("latin-1")})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_the_refresh_token_opens_nothing_but_the_next_pair(pair: TokenPair) -> None:
    assert who(pair.refresh) == 401
    answer = APIClient().post("/api/v1/auth/refresh", {"refresh": pair.refresh}, format="json")
    assert answer.status_code == 200
    assert who(answer.json()["access"]) == 200


def test_the_access_token_refreshes_nothing(pair: TokenPair) -> None:
    with pytest.raises(TokenRefused):
        refresh_tokens(refresh=pair.access)


def test_a_refresh_token_used_twice_ends_all_of_its_log_in(pair: TokenPair, viewer: User) -> None:
    other_log_in = issue_tokens(user=viewer)
    second = refresh_tokens(refresh=pair.refresh)
    answer = APIClient().post("/api/v1/auth/refresh", {"refresh": pair.refresh}, format="json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "token_refused"
    assert [who(secret) for secret in (pair.access, second.access, other_log_in.access)] == [401, 401, 200]
    with pytest.raises(TokenRefused):
        refresh_tokens(refresh=second.refresh)


def test_that_it_came_twice_is_recorded_once(pair: TokenPair) -> None:
    refresh_tokens(refresh=pair.refresh)
    for _ in range(2):
        with pytest.raises(TokenRefused):
            refresh_tokens(refresh=pair.refresh)
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.target_name, entry.details) == ("login.ended", "vera", '{"reason":"refresh reused"}')
    assert AuditEntry.objects.filter(action="login.ended").count() == 1


def test_logging_out_ends_both_tokens_at_once(pair: TokenPair) -> None:
    client = APIClient()
    answer = client.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {pair.access}"})
    assert answer.status_code == 204
    assert who(pair.access) == 401
    with pytest.raises(TokenRefused):
        refresh_tokens(refresh=pair.refresh)


def test_logging_out_with_the_refresh_token_alone_is_enough(pair: TokenPair) -> None:
    APIClient().post("/api/v1/auth/logout", {"refresh": pair.refresh}, format="json")
    assert who(pair.access) == 401


def test_an_access_token_lives_an_hour(pair: TokenPair) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert find_bearer(pair.access) is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert find_bearer(pair.access) is None


def test_a_new_password_ends_every_token(pair: TokenPair, viewer: User) -> None:
    viewer.set_password("another horse")
    viewer.save()
    assert who(pair.access) == 401
    with pytest.raises(TokenRefused):
        refresh_tokens(refresh=pair.refresh)


def test_somebody_switched_off_has_no_tokens(pair: TokenPair, viewer: User) -> None:
    User.objects.update(is_active=False)
    assert who(pair.access) == 401


def test_the_admin_can_end_a_log_in(pair: TokenPair) -> None:
    assert revoke_tokens(tokens=[Token.objects.get(kind="access")]) == 2
    assert who(pair.access) == 401


def test_the_database_does_not_know_the_secrets(pair: TokenPair) -> None:
    stored = " ".join(str(vars(token)) for token in Token.objects.all())
    assert pair.access not in stored
    assert pair.refresh not in stored


def test_old_tokens_are_cleared_at_the_next_log_in(pair: TokenPair, viewer: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        issue_tokens(user=viewer)
    assert Token.objects.count() == 2
