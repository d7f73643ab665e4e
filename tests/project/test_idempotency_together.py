"""Two real requests at once with one key, against one database."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from cameras.models import Camera
from project.accounts.models import Role, Site, User
from tests.factories import make_member, make_site
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("shared_database")


def add(user: User, site: Site) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    body = {"site": site.pk, "name": "Dock", "source": "rtsp://192.0.2.20/stream"}
    return client.post("/api/v1/cameras/", body, format="json", headers={"Idempotency-Key": "one"})


@pytest.mark.parametrize("attempt", range(3))
def test_at_once_they_make_one_camera(attempt: int) -> None:
    site = make_site()
    manager = make_member(site=site, role=Role.MANAGER)
    answers = together(*[partial(add, manager, site)] * 4)
    done = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(waiting) == 4
    assert len([answer for answer in done if "Idempotent-Replay" not in answer]) == 1
    assert len({answer.content for answer in done}) == 1
    assert Camera.objects.filter(site=site).count() == 1
    assert add(manager, site)["Idempotent-Replay"] == "true"
