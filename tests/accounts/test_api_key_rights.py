"""What a request with an API key may see and do: what its user may, and no more than the key grants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from rest_framework.test import APIClient

from cameras.models import Camera
from project.accounts.models import Membership, Role, Site, User
from project.accounts.tokens import issue_api_key
from tests.factories import make_camera, make_event
from tests.support import redis_settings
from tests.support.sockets import SocketClient
from tests.support.valkey import ValkeyServer

Client = Callable[..., APIClient]


def with_key(user: User, **scope: Any) -> APIClient:
    """A script that shows a new key of the user."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret_of(user, **scope)}")
    return client


def secret_of(user: User, **scope: Any) -> str:
    return issue_api_key(user=user, name="a script", **scope)[1]


@pytest.mark.django_db
class TestRest:
    def test_a_key_without_a_scope_may_all_that_its_user_may(self, manager: User, camera: Camera) -> None:
        assert with_key(manager).post(f"/api/v1/cameras/{camera.pk}/stop").status_code == 200

    def test_a_key_acts_in_no_higher_role_than_its_own(self, manager: User, superuser: User, camera: Camera) -> None:
        event = make_event(camera=camera)
        for user in (manager, superuser):
            client = with_key(user, role=Role.OPERATOR)
            assert client.post(f"/api/v1/cameras/{camera.pk}/stop").status_code == 403
            assert client.post(f"/api/v1/events/{event.pk}/note", {"note": "seen"}).status_code == 200
            reader = with_key(user, role=Role.VIEWER)
            assert reader.post(f"/api/v1/events/{event.pk}/note", {"note": "seen"}).status_code == 403
            assert reader.get(f"/api/v1/events/{event.pk}/").status_code == 200

    def test_a_key_gives_no_role_that_its_user_has_not(self, viewer: User, camera: Camera) -> None:
        assert with_key(viewer, role=Role.MANAGER).post(f"/api/v1/cameras/{camera.pk}/stop").status_code == 403

    def test_a_key_of_one_site_opens_no_other(self, manager: User, superuser: User, camera: Camera) -> None:
        elsewhere = make_camera(name="Elsewhere")
        Membership.objects.create(user=manager, site=elsewhere.site, role=Role.MANAGER)
        event = make_event(camera=elsewhere)
        for user in (manager, superuser):
            client = with_key(user, site=camera.site)
            assert [row["name"] for row in client.get("/api/v1/cameras/").json()["results"]] == [camera.name]
            assert client.get("/api/v1/events/").json()["results"] == []
            assert client.get("/api/v1/events/", {"status": "new"}).json()["results"] == []
            assert client.get(f"/api/v1/events/{event.pk}/").status_code == 404
            assert [row["id"] for row in client.get("/api/v1/sites/").json()["results"]] == [camera.site_id]

    def test_a_site_is_shown_with_the_role_of_the_key(self, manager: User, superuser: User, site: Site) -> None:
        for user in (manager, superuser):
            rows = with_key(user, role=Role.OPERATOR).get("/api/v1/sites/").json()["results"]
            assert [row["role"] for row in rows] == ["operator"]

    def test_the_key_remembers_when_it_was_used(self, viewer: User, site: Site) -> None:
        key, secret = issue_api_key(user=viewer, name="a script")
        assert key.last_used_at is None
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        client.get("/api/v1/sites/")
        key.refresh_from_db()
        assert key.last_used_at is not None


@pytest.mark.django_db(transaction=True)
class TestSockets:
    @pytest.fixture(autouse=True)
    def _redis(self, settings: Any, valkey: ValkeyServer) -> None:
        redis_settings.use(settings, valkey)

    async def test_a_key_of_one_site_hears_and_watches_no_other(self, superuser: User, camera: Camera) -> None:
        elsewhere = await database_sync_to_async(make_camera)(name="Elsewhere")
        secret = await database_sync_to_async(secret_of)(superuser, site=camera.site)
        headers = [(b"host", b"testserver"), (b"authorization", f"Bearer {secret}".encode())]
        events, live = SocketClient("/ws/events", headers), SocketClient("/ws/live", headers)
        assert await events.connect() is None
        assert await live.connect() is None
        assert list((await events.next("hello"))["sites"]) == [str(camera.site_id)]
        await live.send(type="subscribe", camera=str(elsewhere.pk))
        assert (await live.next("error"))["code"] == "not_found"
        await events.close()
        await live.close()
