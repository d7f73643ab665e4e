"""With VIGIL_STAFF_SECOND_FACTOR, staff without a second factor see nothing live either."""

from __future__ import annotations

from typing import Any

import pytest
from channels.db import database_sync_to_async

from project.accounts.models import User
from tests.accounts.browser import give_second_factor
from tests.support import redis_settings
from tests.support.sockets import SocketClient, cookie_headers, log_in
from tests.support.valkey import ValkeyServer

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_socket_opens_after_the_set_up(superuser: User, settings: Any, valkey: ValkeyServer) -> None:
    redis_settings.use(settings, valkey)
    settings.VIGIL_STAFF_SECOND_FACTOR = True
    key = await database_sync_to_async(log_in)(superuser)
    for expected in (4401, None):
        socket = SocketClient("/ws/live", cookie_headers(key))
        assert await socket.connect() == expected
        await socket.close()
        await database_sync_to_async(give_second_factor)(superuser) if expected else None
