"""Receivers that take their time, with full queues, keep no message from one that does not: over real connections."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from notifications import turns
from notifications.models import Channel, Delivery
from notifications.sender import send_at_once
from notifications.severity import CRITICAL
from notifications.tasks import THREADS
from notifications.transports import registry
from notifications.transports import webhook as webhook_transport
from project.accounts.models import Role, User
from project.outgoing.http import post
from tests.factories import make_member, make_site
from tests.notifications.sending_worker import PATIENCE
from tests.notifications.story import channel_of
from tests.notifications.test_killed import database_url
from tests.support.processes import ROOT
from tests.support.sinks import HTTPSink, http_sink

pytestmark = pytest.mark.usefixtures("shared_database")

SOON = 5.0
"""Seconds: on a machine with other work, and less than a slow receiver may take."""


@pytest.fixture(autouse=True)
def _real(scripted: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PLACES", {"webhook": "notifications.transports.webhook:Webhook"})
    settings.VIGIL_ALLOWED_TARGET_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(webhook_transport, "post", partial(post, seconds=PATIENCE))
    monkeypatch.setattr(turns, "QUICK", PATIENCE / 2)
    registry.transport_of.cache_clear()


@pytest.fixture
def owner() -> User:
    return make_member(site=make_site(name="Quay"), role=Role.OPERATOR)


@pytest.fixture
def slow() -> Iterator[HTTPSink]:
    """Answers nobody until the test lets it."""
    with http_sink() as sink:
        sink.answers.clear()
        try:
            yield sink
        finally:
            sink.answers.set()


@pytest.fixture
def quick() -> Iterator[HTTPSink]:
    with http_sink() as sink:
        yield sink


def webhook(owner: User, sink: HTTPSink, path: str = "") -> Channel:
    target = {"url": f"{sink.url}/{path}", "secret": "a secret of both sides"}
    return channel_of(owner, "webhook", target=json.dumps(target))


def queue(channel: Channel, count: int) -> None:
    """So many critical messages, due now."""
    now, owner = timezone.now(), channel.user
    facts = {"kind": "test", "channel": str(channel.pk), "channel_name": channel.name}
    common = {"reason": "first", "recipient": owner, "kind": channel.kind, "severity": CRITICAL, "facts": facts}
    rows = [Delivery(key=f"{uuid4().hex}", channel=channel, due_at=now, created_at=now, **common) for _ in range(count)]
    Delivery.objects.bulk_create(rows)


def wait_until(true: Callable[[], bool], seconds: float) -> float:
    """How many seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it takes too long"
        time.sleep(0.01)
    return time.monotonic() - began


@contextmanager
def sending() -> Iterator[None]:
    """While the block lasts, this process sends; then until there is nothing left."""

    def send() -> None:
        try:
            send_at_once(threads=THREADS)
        finally:
            connection.close()

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        thread.join(PATIENCE + 30)
    assert not thread.is_alive()


@contextmanager
def process_that_sends() -> Iterator[None]:
    environment = {
        **{"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "project.settings"},
        "VIGIL_ALLOWED_TARGET_NETWORKS": "127.0.0.0/8",
    }
    command = [sys.executable, "-m", "tests.notifications.sending_worker"]
    pipe, environment = subprocess.PIPE, os.environ | environment
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield
        finally:
            process.stdin.close()
        assert process.wait(PATIENCE + 30) == 0


def assert_each_arrived_once(*sinks: HTTPSink) -> None:
    arrived = Counter(request.headers["X-Vigil-Delivery"] for sink in sinks for request in sink.requests)
    assert arrived == Counter(Delivery.objects.values_list("key", flat=True))
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_critical_message_passes_full_queues_of_receivers_that_nobody_knows_yet(
    owner: User, slow: HTTPSink, quick: HTTPSink
) -> None:
    for number in range(8):
        queue(webhook(owner, slow, str(number)), 10)
    healthy = webhook(owner, quick)
    with sending():
        wait_until(lambda: len(slow.requests) == 8, PATIENCE)
        queue(healthy, 1)
        wait_until(lambda: len(quick.requests) == 1, SOON)
        assert len(slow.requests) == 8
        slow.answers.set()
    assert_each_arrived_once(slow, quick)


def test_more_slow_receivers_than_threads_leave_some_to_one_that_was_quick(
    owner: User, slow: HTTPSink, quick: HTTPSink
) -> None:
    healthy = webhook(owner, quick)
    queue(healthy, 1)
    send_at_once(threads=THREADS)
    for number in range(THREADS + 4):
        queue(webhook(owner, slow, str(number)), 3)
    with sending():
        wait_until(lambda: len(slow.requests) == THREADS * 3 // 4, PATIENCE)
        queue(healthy, 4)
        wait_until(lambda: len(quick.requests) == 5, SOON)
        slow.answers.set()
    assert_each_arrived_once(slow, quick)


def test_so_it_is_with_several_processes(owner: User, slow: HTTPSink, quick: HTTPSink) -> None:
    healthy = webhook(owner, quick)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(process_that_sends())
        for number in range(8):
            queue(webhook(owner, slow, str(number)), 6)
        wait_until(lambda: len(slow.requests) == 2 * 8, PATIENCE)
        queue(healthy, 1)
        wait_until(lambda: len(quick.requests) == 1, SOON)
        slow.answers.set()
        wait_until(lambda: not Delivery.objects.filter(state="queued").exists(), PATIENCE)
    assert_each_arrived_once(slow, quick)
