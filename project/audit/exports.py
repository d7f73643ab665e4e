"""Entries as a table to keep; that somebody took them is in the trail itself."""

from __future__ import annotations

from datetime import UTC

from project.audit import trail
from project.audit.models import AuditEntry, AuditQuerySet
from project.tables import to_csv

MOST_ROWS = 10_000
"""The newest: who wants more asks for a span of time each."""
HEADER = (
    *("number", "at", "action", "user_id", "user_name", "site_id", "site_name"),
    *("target_kind", "target_id", "target_name", "changes", "details", "address", "way", "request_id"),
    *("previous", "digest"),
)


def export_csv(*, entries: AuditQuerySet, by: trail.Person) -> bytes:
    """The entries, the newest first."""
    rows = list(entries.order_by("-number")[:MOST_ROWS])
    table = to_csv(HEADER, [[_cell(entry, name) for name in HEADER] for entry in rows])
    span = {"from": rows[-1].number, "to": rows[0].number} if rows else {}
    trail.record("audit.exported", by=by, details={"entries": len(rows), **span})
    return table


def _cell(entry: AuditEntry, name: str) -> object:
    value = getattr(entry, name)
    return value.astimezone(UTC).isoformat() if name == "at" else value
