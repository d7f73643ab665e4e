"""A message as the core makes them, for tests of what carries it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from notifications.message import Message

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
MESSAGE = Message(
    key="7f3c:1",
    severity="high",
    language="ko",
    title="정문: 사람 <낯선>",
    body="침입이 감지되었습니다 & 확인하세요.\n두 번째 줄",
    at=dt.datetime(2026, 11, 28, 1, 2, 3, tzinfo=dt.UTC),
    link="https://vigil.example.org/events/7f3c",
    picture=JPEG,
    facts={
        **{"kind": "event", "event": "7f3c", "camera": 7, "camera_name": "Gate", "site": 3, "category": "intrusion"},
        **{"severity": "high", "status": "open", "count": 2, "started_at": "2026-11-28T01:02:00+00:00"},
    },
)


def make_message(**changes: Any) -> Message:
    """MESSAGE, with changes."""
    return replace(MESSAGE, **changes)
