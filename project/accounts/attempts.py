"""How often somebody may try to log in. Counted in the database: a restart, or another process, forgives nothing.

* 10 failures in 15 minutes for one account from one address;
* 50 for one address, whatever the accounts;
* 100 for one account, from wherever: a guesser with many addresses is slowed down, and its owner is let in again
  within 15 minutes.

The try is written down before the password is looked at, so that many at once count as many.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from project.accounts.models import LogInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 50
PER_ACCOUNT = 100


def client_address(request: HttpRequest) -> str:
    """The IP address that asks: never a header that anybody can write. The web server knows the trusted proxies."""
    return request.META.get("REMOTE_ADDR") or "0.0.0.0"


def seconds_to_wait(*, username: str, address: str) -> float:
    """0 where another try is allowed, else seconds until it is."""
    account = _account(username)
    return max(
        _wait(Q(account=account, address=address), PER_ACCOUNT_AND_ADDRESS),
        _wait(Q(address=address), PER_ADDRESS),
        _wait(Q(account=account), PER_ACCOUNT),
    )


def note_attempt(*, username: str, address: str) -> None:
    """Count a try; those too old to count are dropped."""
    now = timezone.now()
    LogInAttempt.objects.filter(at__lt=now - WINDOW).delete()
    LogInAttempt.objects.create(account=_account(username), address=address, at=now)


def forgive_attempts(*, username: str, address: str) -> None:
    """The password was right."""
    LogInAttempt.objects.filter(account=_account(username), address=address).delete()


def _wait(which: Q, limit: int) -> float:
    now = timezone.now()
    tries = LogInAttempt.objects.filter(which, at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)
    counted: list[datetime] = list(tries[limit - 1 : limit])
    return (counted[0] + WINDOW - now).total_seconds() if counted else 0.0


def _account(username: str) -> str:
    return hashlib.sha256(username.casefold().encode("utf-8", "surrogatepass")).hexdigest()
