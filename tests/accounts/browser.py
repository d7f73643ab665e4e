"""A browser as the server sees it: cookies, and the CSRF header on whatever changes something."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from project.accounts import second_factor
from project.accounts.models import SecondFactor, User
from tests.factories import NOON

PASSWORD = "correct horse"
AUTH = "/api/v1/auth/"


class Browser:
    """One browser, at one address."""

    def __init__(self, address: str = "127.0.0.1", agent: str = "Firefox") -> None:
        self.client = APIClient(enforce_csrf_checks=True, REMOTE_ADDR=address, HTTP_USER_AGENT=agent)

    def get(self, path: str) -> Any:
        """An answer; `path` is under auth/ unless it begins with a slash."""
        return self.client.get(_url(path))

    def send(self, method: str, path: str, data: Any = None) -> Any:
        """An answer to a request with the CSRF header."""
        token = self.client.get(f"{AUTH}csrf").json()["csrf_token"]
        ask = getattr(self.client, method)
        return ask(_url(path), data or {}, format="json", headers={"X-CSRFToken": token})

    def post(self, path: str, data: Any = None) -> Any:
        """The same, as POST."""
        return self.send("post", path, data)

    def log_in(self, username: str, password: str = PASSWORD, code: str = "") -> Any:
        """The answer to the log-in form."""
        return self.post("session", {"username": username, "password": password, "code": code})

    @property
    def is_logged_in(self) -> bool:
        """Whether the server knows who this is."""
        return bool(self.get("session").status_code == 200)


def script(secret: str) -> APIClient:
    """A script that shows this token."""
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")


def log_in_script(username: str, password: str = PASSWORD, **more: str) -> Any:
    """The answer to a script's log-in."""
    return APIClient().post(f"{AUTH}login", {"username": username, "password": password, **more}, format="json")


def give_second_factor(user: User) -> str:
    """Sets one up; returns the secret of the app."""
    factor = second_factor.begin_set_up(user=user)
    SecondFactor.objects.filter(user=user).update(confirmed_at=NOON)
    return factor.secret


def _url(path: str) -> str:
    return path if path.startswith("/") else AUTH + path
