"""Device cookies: what tells a browser that has logged in before from somebody who guesses (OWASP's term).

The cookie is signed and says which accounts were logged in to with this browser. It opens nothing: it only gives the
browser tries of its own, so that strangers who guess cannot use up the owner's.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

LIFE = timedelta(days=180)
MOST_ACCOUNTS = 8
"""Of one browser, such as that of a control room; the oldest is forgotten."""
_SALT = "vigil.device"


@dataclass(frozen=True, slots=True)
class Device:
    """A browser, by a random name, and the accounts it has logged in to (hashes, as in LogInAttempt)."""

    name: str = ""
    accounts: tuple[str, ...] = ()

    def knows(self, account: str) -> bool:
        """Whether this browser has logged in to the account before."""
        return account in self.accounts

    def after(self, account: str) -> Device:
        """The same browser once it has logged in to the account."""
        others = tuple(name for name in self.accounts if name != account)
        return Device(self.name or secrets.token_hex(16), (*others, account)[-MOST_ACCOUNTS:])


def device_of(request: HttpRequest) -> Device:
    """What the browser's cookie says; a new device where there is none, or none of ours."""
    try:
        name, *accounts = signing.loads(
            request.COOKIES.get(settings.VIGIL_DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=LIFE
        )
    except (signing.BadSignature, TypeError, ValueError):
        return Device()
    return Device(str(name), tuple(map(str, accounts)))


def give_cookie(response: HttpResponse, device: Device) -> None:
    """Let the browser keep it: closed to scripts, and not sent along with what other sites ask for."""
    response.set_cookie(
        settings.VIGIL_DEVICE_COOKIE_NAME,
        signing.dumps([device.name, *device.accounts], salt=_SALT),
        max_age=LIFE,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
