"""However a session came about - API, admin - it is on its user's list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from project.accounts.log_ins import note_session
from project.accounts.models import User


@receiver(user_logged_in, dispatch_uid="vigil.note_session")
def list_session(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    """`request.session` has a new key by now."""
    if request.session.session_key is None:
        request.session.save()
    note_session(user=user, request=request)
