"""What holds for every page of the administration: no secret, no way around the roles, no script from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from celery import current_app
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cameras import services
from cameras.models import Camera, Worker
from events.models import Event
from project.accounts.models import Site, User
from project.accounts.tokens import issue_tokens
from tests.factories import make_event

SOURCE = "rtsp://canary-user:canary-password@192.0.2.10/live/canary-token=canary1"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def world(site: Site, manager: User, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Something of everything, made and changed with secrets; and the addresses of all pages about it."""
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)
    camera = services.register_camera(site=site, name="Gate", source=SOURCE, by=manager)
    services.change_camera(camera=camera, by=manager, analysis_source=f"{SOURCE}/sub")
    make_event(camera=camera)
    issue_tokens(user=manager)
    Worker.objects.create(name="w", host="h", device="cpu", queue="q", slots=1)
    pages = ["/admin/", "/admin/search/?s=gate&extended=1"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages.append(reverse(f"{name}_changelist"))
        pages.append(reverse(f"{name}_add"))
        for pk in model._default_manager.values_list("pk", flat=True):
            pages += [reverse(f"{name}_{view}", args=[pk]) for view in ("change", "history", "delete")]
    return pages


def test_no_page_shows_a_secret(world: list[str], superuser: User, manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_staff=True)
    seen = 0
    for user in (superuser, User.objects.get(pk=manager.pk)):
        client = client_of(user)
        for page in world:
            answer = client.get(page, follow=True)
            assert answer.status_code in (200, 403), (page, answer.status_code)
            assert "canary" not in answer.text, page
            seen += "192.0.2.10" in answer.text
    assert seen > 2, "the address is shown, so its secrets could be"


def test_a_refused_form_shows_no_secret(world: list[str], superuser: User) -> None:
    camera = Camera.objects.get()
    page = f"/admin/cameras/camera/{camera.pk}/change/"
    values = {"name": "", "source": camera.masked_source, "zones": "nonsense", "masks": "[]"}
    answer = client_of(superuser).post(page, values)
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert "canary" not in answer.text


def test_permissions_of_django_open_nothing_that_roles_do_not(world: list[str], operator: User) -> None:
    User.objects.filter(pk=operator.pk).update(is_staff=True)
    operator.user_permissions.set(Permission.objects.all())
    client = client_of(User.objects.get(pk=operator.pk))
    opened = [page for page in world[2:] if client.get(page).status_code == 200]
    assert opened == []
    assert client.post("/admin/accounts/user/add/", {"username": "mallory"}).status_code == 403


def test_whether_somebody_manages_a_site_is_asked_once_a_page(manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(is_staff=True)
    client = client_of(manager)
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/admin/").status_code == 200
    sites = [query for query in asked if query["sql"].startswith("SELECT 1") and "membership" in query["sql"]]
    assert len(sites) == 1


def test_scripts_and_fonts_come_from_this_site(world: list[str], superuser: User) -> None:
    client = client_of(superuser)
    for page in ["/admin/", "/admin/cameras/camera/", f"/admin/events/event/{Event.objects.get().pk}/change/"]:
        answer = client.get(page, follow=True)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2]
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", answer.text) == []
        assert re.findall(r"\son[a-z]+=\"", answer.text) == [], "an inline handler would not run"
        files = re.findall(r'(?:src|href)="(/static/[^"?]+)', answer.text)
        assert files
        assert [file for file in files if finders.find(file.removeprefix("/static/")) is None] == []
        assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.text) == []


def test_elsewhere_no_script_makes_functions_of_text(client: Client, db: Any) -> None:
    assert "unsafe-eval" not in client.get("/")["Content-Security-Policy"]
    assert "unsafe-eval" not in client.get("/api/v1/")["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["who=%00", "action=%00", "q=%00", "target_id=a%00b"])
def test_null_characters_in_the_address_are_refused(superuser: User, query: str) -> None:
    client = client_of(superuser)
    assert client.get(f"/admin/audit/auditentry/?{query}").status_code == 400
    assert client.get(f"/admin/audit/auditentry/?{query.replace('%00', '%20')}").status_code in (200, 302)
