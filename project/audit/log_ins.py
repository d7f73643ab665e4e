"""Who logged in, who failed to, who left: heard from Django, so that no way in can forget to say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from project.audit import origin, trail

log = structlog.get_logger(__name__)

LOGGED_IN, FAILED, BLOCKED, LOGGED_OUT = "login.succeeded", "login.failed", "login.blocked", "login.ended"
BLOCKED_EACH = timedelta(minutes=1)
"""Somebody who guesses on without being listened to does not fill the trail."""


@receiver(user_logged_in)
def logged_in(user: Any, **_: Any) -> None:
    """A session began. Raises django.db.Error where that cannot be recorded: then nobody is let in."""
    trail.record(LOGGED_IN, by=user, target=user)


@receiver(user_logged_out)
def logged_out(user: Any, **_: Any) -> None:
    """A session ended by its owner."""
    if user is not None:
        trail.record(LOGGED_OUT, by=user, target=user)


@receiver(user_login_failed)
def log_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Name and password do not belong together, or nobody listened any more."""
    username = str(credentials.get("username", ""))
    record_failure(username=username, blocked=getattr(request, "log_in_blocked", False))


def record_failure(*, username: str, blocked: bool = False) -> None:
    """The name that was typed is kept only where it is that of an account: people type their passwords there.

    Never raises: nobody may be told apart by whether the trail could be written.
    """
    try:
        address, since = origin.current().address, timezone.now() - BLOCKED_EACH
        if blocked and trail.was_recorded(BLOCKED, address=address, since=since):
            return
        with transaction.atomic():
            account = get_user_model().objects.filter(username=username).first()
            trail.record(BLOCKED if blocked else FAILED, target=account)
    except (DatabaseError, ValueError) as error:
        log.error("failed log-in not recorded", reason=type(error).__name__)
