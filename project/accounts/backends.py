"""Log-in by password, for the API, the UI and the admin alike.

No way in is without the limit, and none without the second factor of those who have one.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from project.accounts import attempts, second_factor
from project.accounts.devices import Device, device_of
from project.accounts.models import User

_DEVICE = "vigil_device"


class LimitedBackend(ModelBackend):
    """Django's backend, which stops listening to somebody who guesses."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        code: str = "",
        **kwargs: Any,
    ) -> User | None:
        """The user with this name, password and, where one is set up, code of the second factor.

        Raises PermissionDenied after too many failures, SecondFactorNeeded where only the code is missing or wrong.
        """
        request = request or HttpRequest()
        if username is None or password is None:
            return None
        guess = attempts.guess_at(request, username)
        if not attempts.begin(guess):
            request.log_in_blocked = True  # type: ignore[attr-defined]
            raise PermissionDenied
        user: User | None = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            second_factor.require_code(user=user, code=code, request=request)
            attempts.forgive(guess)
            attempts.remember_address(guess)
            recognise(request, user)
        return user


def recognise(request: HttpRequest, user: User) -> None:
    """This browser is the user's: `middleware.remember_device` gives it the cookie that says so."""
    setattr(request, _DEVICE, device_of(request).after(attempts.account_of(user.username)))


def recognised(request: HttpRequest) -> Device | None:
    """The device that was recognised while the request was answered."""
    return getattr(request, _DEVICE, None)
