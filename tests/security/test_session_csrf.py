"""No other site can do with a session what its user can do."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse
from rest_framework.test import APIClient

from project.accounts.models import User
from tests.security.routes import routes

WITHOUT_SESSION = {"login", "refresh", "logout", "ask-reset", "reset", "register", "invitation-look"}
"""They look at no cookie: whoever is logged in, what they do is done for nobody."""
SOME_ID = "00000000-0000-4000-8000-000000000000"
PARAMETERS: tuple[dict[str, str], ...] = (
    {},
    {"pk": SOME_ID},
    {"pk": "1"},
    {"site_id": "1"},
    {"site_id": "1", "user_id": "1"},
    {"site_id": "1", "pk": SOME_ID},
)


def address_of(name: str) -> str:
    """With parameters that fit, of nothing that exists: CSRF is looked at before."""
    for parameters in PARAMETERS:
        try:
            return reverse(name, kwargs=parameters)
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name}: say in PARAMETERS how its address is made")


@pytest.mark.django_db
def test_every_change_needs_the_header(viewer: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(viewer)
    unsafe = [route for route in routes() if route.method != "GET" and route.name not in WITHOUT_SESSION]
    assert {route.name for route in unsafe} >= {"session", "password", "key-list", "member", "camera-list"}
    let_through = []
    for method, name in unsafe:
        answer = getattr(client, method.lower())(address_of(name), {}, format="json")
        if answer.status_code != 403 or "CSRF" not in answer.content.decode():
            let_through.append(f"{method} {name}: {answer.status_code}")
    assert let_through == []
