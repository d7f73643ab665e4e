"""What people say of themselves."""

from __future__ import annotations

from project.accounts.models import User


def choose_language(*, user: User, language: str) -> User:
    """Mails and notifications are written in it from now on."""
    user.language = language
    user.save(update_fields=["language"])
    return user
