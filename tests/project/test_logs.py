"""Logs are JSON, carry the id of what they are about, and no secrets."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from project.logs import configuration, hide_secrets, is_news


@pytest.fixture
def lines() -> Iterator[Any]:
    stream = StringIO()
    formatter = configuration(level="INFO")["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"])
    )
    logger = logging.getLogger("vigil-test")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_both_kinds_of_loggers_write_the_same_lines(lines: Any) -> None:
    with structlog.contextvars.bound_contextvars(trace="abc"):
        structlog.get_logger("vigil-test").info("opened", camera="Gate")
        logging.getLogger("vigil-test").warning("closed %s", "Gate")
    first, second = lines()
    assert (first["event"], first["camera"], first["level"], first["trace"]) == ("opened", "Gate", "info", "abc")
    assert (second["event"], second["level"], second["trace"]) == ("closed Gate", "warning", "abc")
    assert first["timestamp"].endswith("Z")


def test_an_exception_is_told_without_its_secret(lines: Any) -> None:
    try:
        raise OSError("cannot open rtsp://admin:canary@192.0.2.1/stream")
    except OSError:
        logging.getLogger("vigil-test").exception("lost")
    (line,) = lines()
    assert "Traceback" in line["exception"]
    assert "canary" not in json.dumps(line)


@pytest.mark.parametrize(
    "event",
    [
        {"password": "canary"},
        {"event": "with vga_canary0123456789"},
        {"event": "x", "request": {"token": "canary", "list": ["rtsp://a:canary@192.0.2.1/"]}},
        {"event": "x", "error": OSError("rtsp://a:canary@192.0.2.1/")},
        {"source": "rtsp://192.0.2.1/canary"},
    ],
)
def test_secrets_are_hidden_wherever_they_are(event: dict[str, Any]) -> None:
    assert "canary" not in str(hide_secrets(None, "info", event))


@given(password=st.text(alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=1))
def test_no_password_reaches_a_line(password: str) -> None:
    event = hide_secrets(None, "info", {"event": f"opening rtsp://admin:{password}@192.0.2.1/stream"})
    assert event["event"] == "opening rtsp://***@192.0.2.1/stream"


@pytest.mark.parametrize(("path", "status", "news"), [("/ready", 503, False), ("/ready", 500, True), ("/", 503, True)])
def test_not_being_ready_yet_is_no_news(path: str, status: int, news: bool) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("said", path), None)
    assert is_news(record), "about no request"
    record.__dict__.update(request=RequestFactory().get(path), status_code=status)
    assert is_news(record) is news
    assert configuration(level="INFO")["loggers"]["django.request"]["filters"] == ["news"]
