"""Triggers by which the database itself refuses to change the trail, whatever asks it: a mistake, a shell, another app.

They hold no one up who may drop triggers: for that the head is told outside. Entries may be deleted as far as the
head says that they were pruned. SQLite forgets them when a migration alters the table: that migration must install
them again.
"""

from __future__ import annotations

from typing import Any

REFUSAL = "the audit trail is append-only"

_SQLITE = (
    f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditentry
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditentry
    WHEN OLD.number > COALESCE((SELECT MAX(pruned_through) FROM audit_audithead), 0)
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
_POSTGRES = (
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.number <= COALESCE((SELECT MAX(pruned_through) FROM audit_audithead), 0) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION '{REFUSAL}';
    END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
_WITHOUT = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_no_change ON audit_auditentry",
        "DROP TRIGGER IF EXISTS audit_no_truncate ON audit_auditentry",
        "DROP FUNCTION IF EXISTS audit_refuse()",
    ),
}


_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_auditentry'",
    "postgresql": """SELECT tgname FROM pg_trigger
    WHERE tgrelid = 'audit_auditentry'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')""",
}
_EXPECTED = {
    "sqlite": {"audit_no_update", "audit_no_delete"},
    "postgresql": {"audit_no_change", "audit_no_truncate"},
}


def are_installed(connection: Any) -> bool:
    """Whether all of them are there and at work."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[connection.vendor])
        return {name for (name,) in cursor.fetchall()} >= _EXPECTED[connection.vendor]


def install(connection: Any) -> None:
    """Refuse from now on."""
    remove(connection)
    _run(connection, {"sqlite": _SQLITE, "postgresql": _POSTGRES}[connection.vendor])


def remove(connection: Any) -> None:
    """Refuse no longer: for tests, which empty tables, and for going back before the trail."""
    _run(connection, _WITHOUT[connection.vendor])


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
