"""How often somebody may try to log in. Counted in the database: a restart, or another process, forgives nothing.

In 15 minutes:

* 10 failures for one account from one browser that has logged in to it before, whatever others do;
* 10 for one account from one address;
* 50 for one address, whatever the accounts;
* 100 for one account from all addresses and browsers that never logged in to it.

So a guesser with many addresses is slowed down, and cannot lock the owner out of a browser or place that the owner
uses. The try is written down before it is decided whether it may be made, so that many at once count as many. An IPv6
address stands for its /64, which is what one customer is given.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from project.accounts.devices import device_of
from project.accounts.models import KnownAddress, LogInAttempt

WINDOW = timedelta(minutes=15)
PER_DEVICE = 10
PER_ACCOUNT_AND_ADDRESS = 10
PER_ADDRESS = 50
PER_ACCOUNT = 100
PER_ACCOUNT_AND_SECRET = 20
"""The same for codes, mails that are asked for and the like, which nobody needs often."""
ADDRESS_KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Guess:
    """Who tries, and at what."""

    account: str
    address: str
    device: str = ""
    """The name of the browser, if it has logged in to the account before."""
    known: bool = False
    """Whether the browser or the address has."""
    limit: int = PER_ACCOUNT
    """For all who are not known together."""


def client_address(request: HttpRequest) -> str:
    """The IP address that asks: never a header that anybody can write. The web server knows the trusted proxies."""
    return request.META.get("REMOTE_ADDR") or "0.0.0.0"


def account_of(username: str) -> str:
    """The name as it is counted: a hash of just what was typed, as the log-in looks it up; Vera is not vera."""
    return hashlib.sha256(username.encode("utf-8", "surrogatepass")).hexdigest()


def guess_at(request: HttpRequest, username: str, *, what: str = "") -> Guess:
    """The try that this request makes. `what` names another secret of the account, counted apart from its password."""
    device = device_of(request)
    device_name = device.name if device.knows(account_of(username)) else ""
    return make_guess(username=username, address=client_address(request), device=device_name, what=what)


def make_guess(*, username: str, address: str, device: str = "", what: str = "") -> Guess:
    """A try at the account from an address, and from a browser that has logged in to it before."""
    account, network = account_of(username), network_of(address)
    known_since = timezone.now() - ADDRESS_KNOWN_FOR
    places = KnownAddress.objects.filter(account=account, address=network, last_success_at__gt=known_since)
    known = bool(device) or places.exists()
    if what:
        return Guess(account_of(f"{username}\n{what}"), network, device, known, PER_ACCOUNT_AND_SECRET)
    return Guess(account, network, device, known)


def wait_for(guess: Guess) -> float:
    """0 where the try may be made, else seconds until it may."""
    return max(_wait(which, limit) for which, limit in _limits(guess))


def seconds_to_wait(*, username: str, address: str) -> float:
    """The same, for whoever shows nothing."""
    return wait_for(make_guess(username=username, address=address))


def begin(guess: Guess) -> bool:
    """Count the try; False, and not counted, where it may not be made. Those too old to count are dropped."""
    now = timezone.now()
    LogInAttempt.objects.filter(at__lt=now - WINDOW).delete()
    attempt = LogInAttempt.objects.create(
        account=guess.account, address=guess.address, device=guess.device, known=guess.known, at=now
    )
    if any(_wait(which, limit + 1) for which, limit in _limits(guess)):
        attempt.delete()
        return False
    return True


def note_attempt(*, username: str, address: str) -> None:
    """Count a try of whoever shows nothing."""
    begin(make_guess(username=username, address=address))


def forgive(guess: Guess) -> None:
    """It was the owner: what was tried from this browser, or this address, is forgotten."""
    _tries_like(guess).delete()


def take_back(guess: Guess) -> None:
    """This try was no guess and is not counted; those before it are."""
    newest = _tries_like(guess).order_by("-at").first()
    if newest is not None:
        newest.delete()


def remember_address(guess: Guess) -> None:
    """The owner logs in from here."""
    now = timezone.now()
    KnownAddress.objects.filter(account=guess.account, last_success_at__lt=now - ADDRESS_KNOWN_FOR).delete()
    KnownAddress.objects.update_or_create(
        account=guess.account, address=guess.address, defaults={"last_success_at": now}
    )


def _tries_like(guess: Guess) -> QuerySet[LogInAttempt]:
    place = Q(device=guess.device) if guess.device else Q(address=guess.address)
    return LogInAttempt.objects.filter(place, account=guess.account)


def _limits(guess: Guess) -> list[tuple[Q, int]]:
    if guess.device:
        return [(Q(account=guess.account, device=guess.device), PER_DEVICE)]
    limits = [
        (Q(account=guess.account, address=guess.address, device=""), PER_ACCOUNT_AND_ADDRESS),
        (Q(address=guess.address, device=""), PER_ADDRESS),
    ]
    return limits if guess.known else [*limits, (Q(account=guess.account, known=False), guess.limit)]


def _wait(which: Q, limit: int) -> float:
    now = timezone.now()
    tries = LogInAttempt.objects.filter(which, at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)
    counted: list[datetime] = list(tries[limit - 1 : limit])
    return (counted[0] + WINDOW - now).total_seconds() if counted else 0.0


def network_of(address: str) -> str:
    """The address itself, or the first of its /64, one customer's; what is no address (a UNIX socket) is one place."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "0.0.0.0"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
