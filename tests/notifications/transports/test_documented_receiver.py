"""The receiver's side of a webhook, as docs/notifications.md shows it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from notifications.transports.webhook import Webhook
from tests.notifications.transports.messages import MESSAGE
from tests.support.processes import ROOT
from tests.support.sinks import http_sink

SECRET = "a secret that both sides know"


@pytest.fixture
def is_from_vigil() -> Callable[..., bool]:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "notifications.md").read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    documented: Callable[..., bool] = names["is_from_vigil"]
    return documented


@pytest.mark.usefixtures("local_targets")
def test_it_believes_vigil_and_nobody_else(is_from_vigil: Callable[..., bool], monkeypatch: pytest.MonkeyPatch) -> None:
    with http_sink() as sink:
        Webhook().send(MESSAGE, {"url": sink.url, "secret": SECRET})
        (request,) = sink.requests
    assert is_from_vigil(request.headers, request.body, SECRET)
    assert not is_from_vigil(request.headers, request.body + b" ", SECRET)
    assert not is_from_vigil(request.headers, request.body, SECRET + "!")
    assert not is_from_vigil({**dict(request.headers), "X-Vigil-Timestamp": "1"}, request.body, SECRET)
    assert not is_from_vigil({}, request.body, SECRET)
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert not is_from_vigil(request.headers, request.body, SECRET)
