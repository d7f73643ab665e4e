"""Log-in by password, for the API, the UI and the admin alike: no way in is without the limit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from project.accounts.attempts import client_address, forgive_attempts, note_attempt, seconds_to_wait
from project.accounts.models import User


class LimitedBackend(ModelBackend):
    """Django's backend, which stops listening to somebody who guesses."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The user with this name and password; raises PermissionDenied after too many failures."""
        if request is None or username is None:
            return super().authenticate(request, username=username, password=password, **kwargs)
        who = {"username": username, "address": client_address(request)}
        if seconds_to_wait(**who) > 0:
            request.log_in_blocked = True  # type: ignore[attr-defined]
            raise PermissionDenied
        note_attempt(**who)
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            forgive_attempts(**who)
        return user
