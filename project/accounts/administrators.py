"""The administrator that the first start makes."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from project.accounts.models import User
from project.audit import trail
from project.errors import Invalid

ADMINISTRATOR = "admin"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Sixteen random letters and digits, 79 bits, in groups; what is easily mistaken is left out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def make_administrator(*, password: str) -> User:
    """Creates the first administrator. Raises Invalid where the password is too weak."""
    user = _administrator()
    _set(user, password)
    user.save(force_insert=True)
    return user


def set_password(*, username: str, password: str) -> User:
    """Gives an administrator another password, which ends all sessions and tokens of the old one; creates `admin`.

    Raises Invalid where the password is too weak, or there is no administrator of that name.
    """
    user = User.objects.filter(username=username, is_superuser=True).first()
    if user is None and username == ADMINISTRATOR and not User.objects.filter(username=username).exists():
        user = _administrator()
    if user is None:
        raise Invalid(f"There is no administrator named {username}.")
    _set(user, password)  # slow on purpose, so before the transaction
    user.is_active = True
    with transaction.atomic():
        user.save(update_fields=["password", "is_active"] if user.pk else None)
        trail.record("password.set", target=user)
    return user


def _administrator() -> User:
    return User(username=ADMINISTRATOR, is_staff=True, is_superuser=True)


def _set(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from None
    user.set_password(password)
