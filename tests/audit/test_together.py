"""Many who record at once: no number twice, none left out, no fork, whatever is rolled back in between."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from project.audit import guards, trail
from project.audit.models import AuditEntry, AuditHead
from project.audit.pruning import PRUNED, prune
from project.audit.verification import verify
from project.errors import Conflict
from tests.support.together import together

pytestmark = pytest.mark.usefixtures("shared_database")

WRITERS, EACH = 8, 15


def write(name: int) -> None:
    for number in range(EACH):
        fails = number % 5 == 4
        try:
            with transaction.atomic():
                trail.record(f"writer.{name}", details={"number": number})
                if fails:
                    raise Conflict("on purpose")
        except Conflict:
            continue


def test_numbers_have_no_holes_and_the_chain_no_fork() -> None:
    together(*(partial(write, name) for name in range(WRITERS)))
    written = WRITERS * EACH * 4 // 5
    numbers = list(AuditEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, written + 1))
    assert AuditHead.objects.get().number == written
    assert list(verify()) == []


def test_pruning_beside_writers_leaves_a_chain_that_begins_where_the_trail_says() -> None:
    guards.install(connection)
    try:
        for _ in range(30):
            trail.record("old")
        time.sleep(0.001)
        now = timezone.now()
        results = together(partial(prune, before=now), partial(write, 1), partial(write, 2))
        assert results[0] == 30
        pruning = AuditEntry.objects.get(action=PRUNED)
        assert AuditEntry.objects.order_by("number").first() == AuditEntry.objects.get(number=31)
        assert pruning.number > 30
        assert list(verify()) == []
        assert prune(before=now - timedelta(days=1)) == 0
    finally:
        guards.remove(connection)


def test_a_trail_that_was_pruned_more_than_it_says_is_not_whole() -> None:
    for _ in range(5):
        trail.record("old")
    prune(before=timezone.now())
    for _ in range(3):
        trail.record("new")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditentry WHERE number = 7")
    assert [finding.number for finding in verify()] == [7]
    assert AuditEntry.objects.filter(action=PRUNED).count() == 1
