"""People and sites in the administration: switched off, never deleted."""

from __future__ import annotations

import pytest
from django.test import Client

from project.accounts.models import Site, User


@pytest.fixture
def client(superuser: User) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("model", ["user", "site"])
def test_nothing_that_events_and_the_trail_hang_on_is_deleted(
    model: str, client: Client, viewer: User, site: Site
) -> None:
    pk, pages = {"user": viewer.pk, "site": site.pk}[model], f"/admin/accounts/{model}/"
    assert client.post(f"{pages}{pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(pages, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert "delete_selected" not in client.get(pages).content.decode()
    assert User.objects.filter(pk=viewer.pk).exists()
    assert Site.objects.filter(pk=site.pk).exists()


def test_the_page_says_what_to_do_instead(client: Client, viewer: User) -> None:
    assert "Nobody is deleted" in client.get(f"/admin/accounts/user/{viewer.pk}/change/").content.decode()
