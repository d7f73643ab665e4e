"""A log-in's tokens exchanged and ended at the same moment: nothing outlives its end, and no exchange is half done."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import DatabaseError

from project.accounts import tokens
from project.accounts.models import Token, User
from project.accounts.tokens import TokenPair, TokenRefused, issue_tokens, refresh_tokens, revoke_log_in
from project.audit.models import AuditEntry
from tests.factories import make_user
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("shared_database")
TIMES = 5


@pytest.fixture
def user(shared_database: None) -> User:
    return make_user(username="vera")


def exchange(secret: str) -> TokenPair | None:
    try:
        return refresh_tokens(refresh=secret)
    except TokenRefused:
        return None


def living() -> int:
    return Token.objects.filter(revoked_at=None).count()


def test_two_who_show_one_refresh_token_end_the_log_in(user: User) -> None:
    for time in range(1, TIMES + 1):
        refresh = issue_tokens(user=user).refresh
        pairs = together(*[partial(exchange, refresh)] * 3)
        assert len([pair for pair in pairs if pair]) == 1
        assert living() == 0
        assert AuditEntry.objects.filter(action="login.ended", details__contains="refresh reused").count() == time


def test_a_pair_that_is_made_while_the_log_in_ends_ends_with_it(user: User) -> None:
    for time in range(1, TIMES + 1):
        pair = issue_tokens(user=user)
        together(partial(exchange, pair.refresh), partial(revoke_log_in, secret=pair.access))
        assert living() == 0
        assert AuditEntry.objects.filter(action="login.ended").count() == time


def test_a_pair_that_cannot_be_made_uses_nothing_up(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> TokenPair:
        raise DatabaseError("read-only")

    refresh = issue_tokens(user=user).refresh
    with monkeypatch.context() as broken:
        broken.setattr(tokens, "_pair", fail)
        with pytest.raises(DatabaseError):
            refresh_tokens(refresh=refresh)
    assert exchange(refresh) is not None
