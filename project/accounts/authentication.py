"""`Authorization: Bearer <token>` for scripts."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from project.accounts.models import Token, User
from project.accounts.tokens import find_bearer


class TokenAuthentication(BaseAuthentication):
    """Checked against the database with each request: a revoked token stops working at once."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The user of the token, held to what it grants, and the token; None where the request shows none.

        Raises AuthenticationFailed.
        """
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        token = find_bearer(secret.strip())
        if token is None:
            raise AuthenticationFailed("This token is unknown or has ended: refresh it or log in again.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return self.keyword
