"""Every route, asked for by each of the cast: the answer is the declared one, and strangers learn nothing from it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tests.security.cast import World
from tests.security.matrix import MATRIX, Row
from tests.security.policies import STRANGERS
from tests.security.routes import routes

pytestmark = pytest.mark.django_db


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    there, declared = {str(route) for route in routes()}, set(MATRIX)
    assert there - declared == set(), "say in tests/security/matrix.py who may use these"
    assert declared - there == set(), "these are gone"


@pytest.mark.parametrize("name", MATRIX)
def test_row(name: str, world: World) -> None:
    row, wrong = MATRIX[name], []
    for person, expected in row.cells.items():
        with transaction.atomic():
            status, text = _ask(name, row, world.hands[person].client(), world)
            transaction.set_rollback(True)
        if status != expected:
            wrong.append(f"{person}: {status} instead of {expected}: {text[:200]}")
        if person in STRANGERS:
            wrong += [f"{person} reads {mark}" for mark in world.marks() if mark in text]
    assert wrong == []


def _ask(name: str, row: Row, client: Any, world: World) -> tuple[int, str]:
    method, _, route = name.partition(" ")
    url = reverse(route, kwargs={key: world.of(value) for key, value in row.at.items()})
    if method == "GET":
        answer = client.get(url, {key: world.of(value) for key, value in row.query.items()})
    else:
        body = {key: world.of(value) if isinstance(value, str) else value for key, value in (row.body or {}).items()}
        answer = getattr(client, method.lower())(url, body, format="json")
    # Not closed here: the client does that, without the signal upon which Django drops a connection that is in use.
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, str(content, "utf-8", "replace")
