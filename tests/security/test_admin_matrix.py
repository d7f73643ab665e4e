"""Every page of the admin, opened by each of the staff: the outcome is as declared, and strangers learn nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from project.accounts.admin import ACCOUNT_PAGE
from project.accounts.models import Role, Site, User
from tests.factories import make_member, make_user
from tests.security.admin_matrix import ACTIONS, OPEN, PAGES, Clerk, Outcome, Page
from tests.security.cast import World
from tests.security.hands import Hand, browser, key, switched_off
from tests.security.policies import Person
from tests.security.routes import patterns

pytestmark = pytest.mark.django_db
STRANGERS = (Clerk.NOBODY, Clerk.MANAGER, Clerk.KEY, Clerk.STAFF, Clerk.FOREIGN, Clerk.DISABLED)
PREFIX = "admin:"


def named() -> Iterator[str]:
    """The admin's pages that have a name; those without are redirects to them, and the catch-all."""
    for name, _ in patterns():
        if name.startswith(PREFIX) and "/" not in name:
            yield name.removeprefix(PREFIX)


def test_every_page_and_every_action_has_a_row() -> None:
    assert set(named()) - OPEN == set(PAGES), "say in tests/security/admin_matrix.py who may see these"
    there = {
        model._meta.label_lower: {
            action if isinstance(action, str) else action.__name__ for action in page.actions or ()
        }
        for model, page in admin.site._registry.items()
    }
    assert {label: actions for label, actions in there.items() if actions} == ACTIONS


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, world: World, hands: dict[Clerk, Hand]) -> None:
    page, wrong = PAGES[name], []
    for clerk, expected in page.cells.items():
        with transaction.atomic():
            answer = hands[clerk].client().get(_url(name, page, world))
            transaction.set_rollback(True)
        outcome = outcome_of(answer)
        if outcome != expected:
            wrong.append(f"{clerk}: {outcome} instead of {expected}")
        if clerk in STRANGERS:
            wrong += [f"{clerk} reads {mark}" for mark in world.marks() if mark in answer.content.decode()]
        if outcome == Outcome.PAGE and "canary-password" in answer.content.decode():
            wrong.append(f"{clerk} reads the password of a camera")
    assert wrong == []


@pytest.mark.parametrize("label", [model._meta.label_lower for model in admin.site._registry])
def test_whoever_may_not_see_a_thing_changes_nothing_by_asking(
    label: str, world: World, hands: dict[Clerk, Hand]
) -> None:
    name = label.replace(".", "_")
    page = PAGES[f"{name}_change"]
    (model,) = (model for model in admin.site._registry if model._meta.label_lower == label)
    before = list(model._base_manager.order_by("pk").values())
    asked = {"action": "", "_selected_action": [str(world.of(page.at))], "post": "yes", "name": "x", "username": "x"}
    for clerk, outcome in page.cells.items():
        if outcome == Outcome.PAGE:
            continue
        with transaction.atomic():
            client = hands[clerk].client()
            for view in ("add", "change", "delete"):
                client.post(_url(f"{name}_{view}", PAGES[f"{name}_{view}"], world), asked)
            for action in ("delete_selected", *ACTIONS.get(label, ())):
                client.post(reverse(f"{PREFIX}{name}_changelist"), asked | {"action": action})
            after = list(model._base_manager.order_by("pk").values())
            transaction.set_rollback(True)
        key = model._meta.pk.attname
        old = {row[key] for row in before}
        assert [_still(row) for row in after if row[key] in old] == [_still(row) for row in before], clerk


def _still(row: dict[str, Any]) -> dict[str, Any]:
    """Without what changes when the clerk comes in, whatever the clerk then does."""
    return {key: value for key, value in row.items() if key not in ("last_login", "is_active", "last_used_at")}


def _url(name: str, page: Page, world: World) -> str:
    url = reverse(f"{PREFIX}{name}", args=[world.of(page.at)] if page.at else [])
    return f"{url}?{page.query}" if page.query else url


def outcome_of(answer: HttpResponse) -> Outcome:
    """What became of a request."""
    if answer.status_code == 302:
        if answer["Location"] == ACCOUNT_PAGE:
            return Outcome.ACCOUNT
        where = {"/admin/login/": Outcome.LOG_IN, "/admin/audit/auditentry/": Outcome.TRAIL}
        return next((where[path] for path in where if path in answer["Location"]), Outcome.NOT_THERE)
    return {200: Outcome.PAGE, 403: Outcome.FORBIDDEN, 404: Outcome.NOT_THERE}[answer.status_code]


@pytest.fixture(scope="module")
def hands(world: World) -> dict[Clerk, Hand]:
    """What each of them holds."""
    return {
        Clerk.NOBODY: Hand(),
        Clerk.MANAGER: world.hands[Person.MANAGER],
        Clerk.KEY: key(world.superuser),
        Clerk.STAFF: world.hands[Person.STAFF],
        Clerk.FOREIGN: browser(_clerk("fritz", world.elsewhere, Role.MANAGER)),
        Clerk.OPERATOR: browser(_clerk("otto-7f3a", world.site, Role.OPERATOR)),
        Clerk.MANAGING: browser(_clerk("maud-7f3a", world.site, Role.MANAGER)),
        Clerk.SUPERUSER: world.hands[Person.SUPERUSER],
        Clerk.DISABLED: switched_off(make_user(username="dolf", is_staff=True, is_superuser=True)),
    }


def _clerk(username: str, site: Site, role: Role) -> User:
    return make_member(username=username, site=site, role=role, is_staff=True)
