"""The second factor: codes of an app (TOTP) and recovery codes. The only writer of their tables.

* A code of the app is accepted once, and one step of thirty seconds early or late.
* A recovery code works once; only hashes are kept.
* Ten wrong codes in 15 minutes, and none is looked at for a while; only who knows the password comes so far.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.oath import TOTP

from project.accounts import attempts
from project.accounts.administrators import new_password
from project.accounts.models import RecoveryCode, SecondFactor, User
from project.audit import trail
from project.audit.log_ins import record_failure
from project.audit.trail import Person
from project.errors import Conflict, DomainError, Invalid, TooMany

RECOVERY_CODES = 10
TOLERANCE = 1
"""Steps that a clock may be wrong by."""


class SecondFactorNeeded(DomainError):
    """The password was right; the code is missing or wrong."""

    code = "second_factor_needed"
    status_code = 401


def has_second_factor(user: User) -> bool:
    """Whether a code is asked for at log-in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def must_set_up(user: User) -> bool:
    """Whether the user may do nothing else before: staff, where VIGIL_STAFF_SECOND_FACTOR is set."""
    staff = user.is_staff or user.is_superuser
    return bool(settings.VIGIL_STAFF_SECOND_FACTOR) and staff and not has_second_factor(user)


def require_code(*, user: User, code: str, request: HttpRequest) -> None:
    """Nothing where the user has no second factor. Raises SecondFactorNeeded, or TooMany."""
    if not has_second_factor(user):
        return
    if not code.strip():
        trail.record("login.code_asked", by=user, target=user)
        raise SecondFactorNeeded("Enter the code that your app shows, or a recovery code.")
    guess = attempts.guess_at(request, user.username, what="code")
    if not attempts.begin(guess):
        record_failure(username=user.username, blocked=True)
        raise TooMany("Too many wrong codes: try again later.", wait=attempts.wait_for(guess))
    if not (_take_code(user, code) or _take_recovery_code(user, code)):
        record_failure(username=user.username)
        raise SecondFactorNeeded("This code is wrong or was used before.", fields={"code": ["Wrong or used before."]})
    attempts.forgive(guess)


@transaction.atomic
def begin_set_up(*, user: User) -> SecondFactor:
    """A new secret, not asked for until confirmed. Raises Conflict where a second factor is in use."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    SecondFactor.objects.filter(user=user, confirmed_at=None).delete()
    factor, made = SecondFactor.objects.get_or_create(user=user, defaults={"secret": secret})
    if not made:
        raise Conflict("A second factor is set up already: switch it off first.")
    return factor


@transaction.atomic
def confirm_set_up(*, user: User, code: str) -> list[str]:
    """The app shows the right code: it is asked for from now on. Returns the recovery codes, known nowhere else.

    Raises Conflict where no set-up was begun, Invalid where the code is wrong.
    """
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None:
        raise Conflict("Begin the set-up first.")
    if not _take_code(user, code):
        raise Invalid("This code is wrong.", fields={"code": ["Wrong: is the clock of your device right?"]})
    SecondFactor.objects.filter(user=user, confirmed_at=None).update(confirmed_at=timezone.now())
    codes = renew_recovery_codes(user=user)
    trail.record("second_factor.enabled", by=user, target=user)
    return codes


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """Other recovery codes; the old ones stop working."""
    codes = [new_password() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    trail.record("recovery_codes.renewed", by=user, target=user)
    return codes


@transaction.atomic
def remove_second_factor(*, user: User, by: Person | None) -> bool:
    """The password is enough from now on; whether there was a second factor. `by` None is whoever runs Vigil."""
    RecoveryCode.objects.filter(user=user).delete()
    removed, _ = SecondFactor.objects.filter(user=user).delete()
    if removed:
        trail.record("second_factor.disabled", by=by, target=user)
    return bool(removed)


def address_for_app(factor: SecondFactor) -> str:
    """What the QR code holds: `otpauth://totp/Vigil:vera?...`."""
    name = f"Vigil:{quote(factor.user.username, safe='')}"
    return f"otpauth://totp/{name}?secret={factor.secret}&issuer=Vigil&algorithm=SHA1&digits=6&period=30"


def code_at(secret: str, when: datetime) -> tuple[int, str]:
    """The number of the time step, and the code that the app shows in it."""
    totp = TOTP(base64.b32decode(secret))
    totp.time = when.timestamp()
    return totp.t(), f"{totp.token():06d}"


def _take_code(user: User, code: str) -> bool:
    """Whether it is a code of the app that was not accepted before; two at once do not both win."""
    digits = "".join(code.split())
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None or not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return False
    totp = TOTP(base64.b32decode(factor.secret))
    totp.time = timezone.now().timestamp()
    if not totp.verify(int(digits), tolerance=TOLERANCE, min_t=factor.last_step + 1):
        return False
    step = totp.t()
    return bool(SecondFactor.objects.filter(user=user, last_step__lt=step).update(last_step=step))


def _take_recovery_code(user: User, code: str) -> bool:
    deleted, _ = RecoveryCode.objects.filter(user=user, digest=_digest(user, code)).delete()
    return bool(deleted)


def _digest(user: User, code: str) -> str:
    """Sixteen random letters need no slow hash; large letters and other dashes do no harm."""
    letters = "".join(letter for letter in code.casefold() if letter.isalnum())
    return sha256(f"{user.pk}:{letters}".encode("utf-8", "surrogatepass")).hexdigest()
