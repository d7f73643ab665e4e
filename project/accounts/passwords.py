"""Passwords: changed by who knows the old one, reset by who reads the user's mail."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from project.accounts import attempts, mail
from project.accounts.log_ins import end_log_ins, note_session
from project.accounts.models import User
from project.audit import trail
from project.errors import DomainError, Invalid, TooMany


class ResetRefused(DomainError):
    """The link is wrong, was used or has expired."""

    code = "link_refused"


def check_new_password(password: str, user: User | None, *, field: str = "new_password") -> None:
    """Raises Invalid where the rules of `password_rules` are broken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(error.messages[0], fields={field: error.messages}) from None


def confirm_password(*, user: User, password: str, request: HttpRequest, field: str = "password") -> None:
    """Somebody who sits at an open session shows that they are the user. Raises Invalid; TooMany after ten failures."""
    guess = attempts.guess_at(request, user.username, what="confirm")
    if not attempts.begin(guess):
        raise TooMany("Too many wrong passwords: try again later.", wait=attempts.wait_for(guess))
    if not user.check_password(password):
        raise Invalid("The password is wrong.", fields={field: ["The password is wrong."]})
    attempts.forgive(guess)


def change_password(*, user: User, old: str, new: str, request: HttpRequest, keep_session: bool) -> None:
    """Set it, and end all sessions and tokens; with `keep_session` the asker's goes on under a new key.

    Raises Invalid, TooMany.
    """
    confirm_password(user=user, password=old, request=request, field="old_password")
    check_new_password(new, user)
    user.set_password(new)  # slow on purpose, so before the transaction
    with transaction.atomic():
        user.save(update_fields=["password"])
        key = request.session.session_key if keep_session else None
        end_log_ins(user=user, but=key)
        if key:
            update_session_auth_hash(request, user)
            note_session(user=user, request=request)
        trail.record("password.changed", by=user, target=user)
    _tell(user)


def find_for_reset(*, who: str) -> User | None:
    """Whose password may be reset by mail: somebody active, by user name or e-mail address, who has an address."""
    users = User.objects.filter(is_active=True).exclude(email="")
    by_name = users.filter(username=who).first()
    by_mail = list(users.filter(email__iexact=who)[:2])
    return by_name or (by_mail[0] if len(by_mail) == 1 else None)


def send_reset_link(*, user_id: int) -> None:
    """Mail the link, which is made here and known nowhere else; it works until the next log-in or an hour."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not user.email:
        return
    secret = f"{urlsafe_base64_encode(force_bytes(user.pk))}.{default_token_generator.make_token(user)}"
    link = mail.link_to("reset-password", secret)
    mail.send(mail.RESET, to=user.email, language=user.language, username=user.username, link=link)


def reset_password(*, secret: str, new: str) -> User:
    """Set another password with the secret of a link, and end all sessions and tokens. Raises ResetRefused, Invalid."""
    user = _user_of(secret)
    if user is None:
        raise ResetRefused("This link is wrong, was used or has expired: ask for another one.")
    check_new_password(new, user)
    old_hash = user.password
    user.set_password(new)
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, password=old_hash, is_active=True).update(password=user.password):
            raise ResetRefused("This link was used already: ask for another one.")
        end_log_ins(user=user)
        trail.record("password.reset", by=user, target=user)
    _tell(user)
    return user


def _user_of(secret: str) -> User | None:
    encoded, _, token = secret.partition(".")
    try:
        user = User.objects.filter(pk=int(force_str(urlsafe_base64_decode(encoded))), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def _tell(user: User) -> None:
    if user.email:
        mail.send(mail.CHANGED, to=user.email, language=user.language, username=user.username)
