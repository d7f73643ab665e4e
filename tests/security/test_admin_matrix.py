"""Every page of the administration, asked for by each of the cast; a page that is new and has no row here fails.

The managers of both sites are staff here. Whoever is no staff, or comes with a token, is sent to the log-in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from cameras.models import Worker
from project.accounts.models import User
from project.accounts.tokens import issue_tokens
from project.audit import trail
from project.audit.models import AuditEntry
from tests.security.cast import World, client_of
from tests.security.policies import STRANGERS, Cells
from tests.security.policies import Person as P
from tests.security.routes import patterns

SENT_AWAY = 302
"""To the log-in; or, staff that asks for what does not exist for it, to the first page."""


def staff(*, superuser: int = 200, manager: int = 200, foreign: int = 200, without: int = 403) -> Cells:
    """What those are answered who may log in here; `without` manages no site."""
    answers = {P.SUPERUSER: superuser, P.MANAGER: manager, P.FOREIGN: foreign, P.STAFF: without}
    return dict.fromkeys(P, SENT_AWAY) | answers


SUPERUSERS = staff(manager=403, foreign=403)
MANAGERS = staff()
OF_ITS_SITE = staff(foreign=SENT_AWAY)
NOBODY = staff(superuser=403, manager=403, foreign=403)
EVERY_STAFF = staff(without=200)
TO_THE_TRAIL = staff(superuser=302, manager=302, foreign=302, without=302)
"""Where the rights are asked for again."""

VIEWS = ("changelist", "add", "change", "delete")
MATRIX: dict[str, Cells] = {
    "index": EVERY_STAFF,
    "search": EVERY_STAFF,
    "jsi18n": EVERY_STAFF,
    "password_change": EVERY_STAFF,
    "password_change_done": EVERY_STAFF,
    "login": dict.fromkeys(P, 200) | dict.fromkeys((P.SUPERUSER, P.MANAGER, P.FOREIGN, P.STAFF), SENT_AWAY),
    "logout": staff(superuser=405, manager=405, foreign=405, without=405),  # only by POST
    "app_list": staff(manager=404, foreign=404, without=404),
    "view_on_site": staff(superuser=404, manager=404, foreign=404, without=404),  # nothing has such a page
    "autocomplete": staff(superuser=403, manager=403, foreign=403),  # without a field that it is for
}
for _model, _views in {
    # list, add, look at or change, delete
    "accounts_site": (SUPERUSERS, SUPERUSERS, SUPERUSERS, SUPERUSERS),
    "accounts_token": (SUPERUSERS, NOBODY, SUPERUSERS, NOBODY),
    "accounts_user": (SUPERUSERS, SUPERUSERS, SUPERUSERS, SUPERUSERS),
    "audit_auditentry": (MANAGERS, NOBODY, OF_ITS_SITE, NOBODY),
    "cameras_camera": (MANAGERS, MANAGERS, OF_ITS_SITE, OF_ITS_SITE),
    "cameras_worker": (SUPERUSERS, NOBODY, SUPERUSERS, NOBODY),
    "events_event": (MANAGERS, NOBODY, OF_ITS_SITE, SUPERUSERS),
}.items():
    MATRIX |= {f"{_model}_{view}": cells for view, cells in zip(VIEWS, _views, strict=True)}
    MATRIX[f"{_model}_history"] = TO_THE_TRAIL
MATRIX["auth_user_password_change"] = SUPERUSERS


@pytest.fixture
def world(media: Path) -> World:
    """With one of each thing that has a page; both managers are staff."""
    world = World()
    User.objects.filter(pk__in=[world.manager.pk, world.foreign.pk]).update(is_staff=True)
    issue_tokens(user=world.manager)
    Worker.objects.create(name="w", host="h", device="cpu", queue="q", slots=1)
    trail.record("camera.changed", by=world.manager, target=world.camera)
    return world


def test_every_page_has_a_row_and_every_row_a_page() -> None:
    there = {name.removeprefix("admin:") for name, _ in patterns() if name.startswith("admin:")}
    there = {name for name in there if "<" not in name and "(" not in name}
    assert there - set(MATRIX) == set(), "say here who may see these"
    assert set(MATRIX) - there == set(), "these are gone"


@pytest.mark.django_db
@pytest.mark.parametrize("name", MATRIX)
def test_page(name: str, world: World) -> None:
    wrong = []
    for person, expected in MATRIX[name].items():
        with transaction.atomic():
            url = reverse(f"admin:{name}", args=_about(name, world))
            answer = client_of(person, world).get(url)
            transaction.set_rollback(True)
        if answer.status_code != expected:
            wrong.append(f"{person}: {answer.status_code} instead of {expected}")
        if person in STRANGERS:
            wrong += [f"{person} reads {mark}" for mark in world.marks() if mark in answer.text]
    assert wrong == []


def _about(name: str, world: World) -> list[Any]:
    model, _, view = name.rpartition("_")
    if name == "app_list":
        return ["accounts"]
    if name == "view_on_site":
        return [1, 1]
    if name == "auth_user_password_change":
        return [world.manager.pk]
    if view not in ("change", "delete", "history") or model == "password":
        return []
    rows = {
        "accounts_site": world.site,
        "accounts_token": world.manager.tokens.first(),
        "accounts_user": world.manager,
        "audit_auditentry": AuditEntry.objects.filter(site_id=world.site.pk).first(),
        "cameras_camera": world.camera,
        "cameras_worker": Worker.objects.first(),
        "events_event": world.event,
    }
    row = rows[model]
    assert row is not None
    return [row.pk]
