"""What the people of the matrix hold in their hands: a browser's session, or a script's secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from project.accounts.models import Role, Site, Token, User
from project.accounts.tokens import issue_api_key, issue_tokens

ADDRESS = "198.51.100.7"
"""Not this machine, which may read more."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A session, a secret, or nothing."""

    session: str = ""
    secret: str = ""

    def client(self) -> APIClient:
        """A client that shows it, and has nothing else."""
        client = APIClient(REMOTE_ADDR=ADDRESS)
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        if self.secret:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.secret}")
        return client


def browser(user: User) -> Hand:
    """The user is logged in in a browser."""
    client = Client(REMOTE_ADDR=ADDRESS)
    client.force_login(user)
    return Hand(session=client.cookies[settings.SESSION_COOKIE_NAME].value)


def switched_off(user: User) -> Hand:
    """The user was logged in in a browser and then switched off."""
    hand = browser(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return hand


def script(user: User) -> Hand:
    """A script of the user's has logged in."""
    return Hand(secret=issue_tokens(user=user).access)


def expired(user: User) -> Hand:
    """It has, an hour ago."""
    hand = script(user)
    Token.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))
    return hand


def key(user: User, *, role: Role | None = None, site: Site | None = None) -> Hand:
    """A script has an API key of the user's."""
    return Hand(secret=issue_api_key(user=user, name="script", role=role, site=site)[1])
