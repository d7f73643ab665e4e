"""Cursors come back from strangers: one that leads nowhere is refused, whatever the list is ordered by."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import pytest

from project.accounts.models import User

BY_TIME = ("recordings", "notifications/inbox", "notifications/deliveries", "notifications/snoozes", "events")


@pytest.mark.parametrize("path", BY_TIME)
@pytest.mark.parametrize(
    "position", ["soon", "2026-13-45", "2026-11-01T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_outside_of_the_calendar_is_no_place_in_a_list(
    api: Any, superuser: User, path: str, position: str
) -> None:
    cursor = b64encode(urlencode({"p": position}).encode()).decode()
    assert api(superuser).get(f"/api/v1/{path}/", {"cursor": cursor}).status_code == 404
