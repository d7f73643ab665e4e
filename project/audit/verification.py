"""Whether the trail is whole: every digest computed anew, in bounded memory, and compared with what was told outside.

Without `heads` a changed value, a missing entry and a forked chain are found, and a missing end as far as the head row
still tells of it. Whoever wrote the whole chain anew, head row and all, is found by heads that were told before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from project.audit import chain
from project.audit.heads import BEGINNING, EVENT
from project.audit.models import AuditEntry, AuditHead
from project.audit.pruning import PRUNED

BATCH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with the trail."""

    number: int
    """Of the entry, also of one that is missing."""
    problem: str


def verify(heads: Iterable[str] = ()) -> Iterator[Finding]:
    """What is wrong, in the order in which it is found. `heads` are lines of the head file, or of the log."""
    start = _Checkpoint.of_trail()
    last, digest = start.number, start.digest
    for index, entry in enumerate(_entries()):
        number = entry["number"]
        if index == 0 and number <= start.number:  # left behind by a pruning that was interrupted
            last, digest = number - 1, entry["previous"]
        if number != last + 1:
            yield Finding(last + 1, _missing(last + 1, number - 1))
        elif entry["previous"] != digest:
            yield Finding(number, "does not follow on the entry before it")
        if _digest(entry) != entry["digest"]:
            yield Finding(number, "was changed: its digest is another one")
        last, digest = number, entry["digest"]
        if number == start.number and digest != start.digest:
            yield Finding(number, "is not the one that was there when the trail was pruned, or began")
    yield from _against_head_row(last, digest)
    yield from _against_heads(heads, start.number)


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """Where the trail begins."""

    number: int
    digest: str

    @classmethod
    def of_trail(cls) -> _Checkpoint:
        """After the newest pruning that the trail itself tells of; else before the first entry of all."""
        pruning = AuditEntry.objects.filter(action=PRUNED).order_by("-number").first()
        if pruning is None:
            return cls(0, chain.START)
        try:
            told = json.loads(pruning.details)
            through, digest = int(told["through"]), str(told["digest"])
        except (ValueError, KeyError, TypeError):
            return cls(0, chain.START)  # it was changed, and will be found
        return cls(min(through, pruning.number - 1), digest)  # it is itself verified, whatever it says


def _entries() -> Iterator[dict[str, Any]]:
    last = -1
    while rows := list(AuditEntry.objects.filter(number__gt=last).order_by("number").values()[:BATCH]):
        yield from rows
        last = rows[-1]["number"]


def _digest(entry: dict[str, Any]) -> str:
    fields = {name: value for name, value in entry.items() if name not in ("previous", "digest")}
    return chain.digest_of(fields, previous=entry["previous"])


def _against_head_row(last: int, digest: str) -> Iterator[Finding]:
    head = AuditHead.objects.first()
    known = head.number if head else 0
    if known > last:
        yield Finding(last + 1, _missing(last + 1, known))
    elif known < last or (head and head.digest != digest):
        yield Finding(last, "is the last, but the head row tells of another end")


def _against_heads(lines: Iterable[str], pruned: int) -> Iterator[Finding]:
    told = (head for head in map(head_of, lines) if head and head[0] > pruned)
    while batch := list(islice(told, BATCH)):
        rows = AuditEntry.objects.filter(number__in=[number for number, _ in batch])
        digests = dict(rows.values_list("number", "digest"))
        for number, digest in batch:
            if number not in digests:
                yield Finding(number, "is missing: its head was told outside")
            elif digests[number] != digest:
                yield Finding(number, "was written anew: another digest was told outside")


def head_of(line: str) -> tuple[int, str] | None:
    """Number and digest, where this is a line about a head, or ends with one after another that broke off."""
    try:
        told = json.loads(line[max(0, line.rfind(BEGINNING)) :])
        return (int(told["number"]), str(told["digest"])) if told.get("event") == EVENT else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"to {last} are missing"
