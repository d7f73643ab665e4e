"""`Authorization: Bearer <token>` for scripts."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from project.accounts.models import User
from project.accounts.tokens import user_of_token


class TokenAuthentication(BaseAuthentication):
    """Checked against the database with each request: a revoked token stops working at once."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The user of the token; None where the request shows none. Raises AuthenticationFailed."""
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        user = user_of_token(secret.strip())
        if user is None:
            raise AuthenticationFailed("This token is unknown or has ended: refresh it or log in again.")
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return self.keyword
