"""No other site can do with a session what its user can do."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from project.accounts.models import User
from tests.security.routes import routes

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
WITHOUT_SESSION = {"login", "refresh", "logout", "ask-reset", "reset", "register", "invitation-look"}
"""They look at no cookie: whoever is logged in, what they do is done for nobody."""
PARAMETERS = {
    "pk": "00000000-0000-4000-8000-000000000000",
    "site_id": "1",
    "user_id": "1",
    "number": "1",
}


@pytest.mark.django_db
def test_every_change_needs_the_header(viewer: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(viewer)
    unsafe = [route for route in routes() if str(route).split()[0] in UNSAFE]
    names = {str(route).split()[1] for route in unsafe}
    assert names >= {"password", "key-list", "member-list", "camera-list", "event-acknowledge"}
    let_through = []
    for route in unsafe:
        method, name = str(route).split()
        if name in WITHOUT_SESSION:
            continue
        answer = getattr(client, method.lower())(_url(name), {}, format="json")
        if answer.status_code != 403 or "CSRF" not in answer.content.decode():
            let_through.append(f"{route}: {answer.status_code}")
    assert let_through == []


def _url(name: str) -> str:
    from django.urls import NoReverseMatch, reverse

    for keys in ((), ("pk",), ("site_id",), ("site_id", "user_id"), ("site_id", "pk"), ("pk", "number")):
        try:
            return reverse(name, kwargs={key: PARAMETERS[key] for key in keys})
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name}: say in this test how its address is made")
