"""`./vigil manage audit verify`: whether the trail is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from project.audit import guards, trail
from project.audit.models import AuditEntry, AuditHead
from project.audit.pruning import prune
from project.audit.verification import head_of, verify

MOST_SHOWN = 20


class Command(BaseCommand):
    """Verify the audit trail, show its head, guard it again, or let its oldest entries go."""

    help = "Verify the audit trail (exit code 1 where something is wrong), show its head, prune it, or guard it again."

    def add_arguments(self, parser: CommandParser) -> None:
        """One command each."""
        commands = parser.add_subparsers(dest="what", required=True)
        check = commands.add_parser("verify", help="compute every digest anew")
        check.add_argument("--heads", type=Path, help="the file VIGIL_AUDIT_FILE, or a log of the instance")
        commands.add_parser("head", help="number and digest of the newest entry")
        commands.add_parser("guard", help="put the triggers back that let nobody change it")
        old = commands.add_parser("prune", help="delete the oldest entries; the trail keeps that it was done")
        old.add_argument("--older-than-days", type=int, required=True)

    def handle(self, *_: Any, what: str, **options: Any) -> None:
        """Run it."""
        {"verify": self._verify, "head": self._head, "guard": self._guard, "prune": self._prune}[what](options)

    def _verify(self, options: dict[str, Any]) -> None:
        path, heads_found = options["heads"] or Path(os.devnull), 0

        def heads() -> Iterator[str]:
            nonlocal heads_found
            for line in file:
                if head_of(line):
                    heads_found += 1
                    yield line

        with path.open(encoding="utf-8", errors="replace") as file:  # once: it may be a pipe
            findings = verify(heads())
            shown = list(islice(findings, MOST_SHOWN))
            more = " (there may be more)" if next(findings, None) else ""
        for finding in shown:
            self.stderr.write(f"entry {finding.number} {finding.problem}")
        if shown:
            raise CommandError(f"The audit trail is not whole{more}.", returncode=1)
        if options["heads"] and not heads_found:
            raise CommandError(f"No line of {path} tells of a head: there is nothing to compare with.")
        if not guards.are_installed(connection):
            raise CommandError(
                "The audit trail is whole, but its triggers are gone: the database lets it be changed. "
                "'./vigil manage audit guard' puts them back."
            )
        self.stdout.write(f"The audit trail is whole: {AuditEntry.objects.count()} entries.")

    def _head(self, _: dict[str, Any]) -> None:
        head = AuditHead.objects.first() or AuditHead()
        self.stdout.write(f"{head.number} {head.digest}")

    def _guard(self, _: dict[str, Any]) -> None:
        with transaction.atomic():
            guards.remove(connection)
            guards.install(connection)
            trail.record("audit.guarded")
        self.stdout.write("The triggers are there.")

    def _prune(self, options: dict[str, Any]) -> None:
        if options["older_than_days"] < 1:
            raise CommandError("Keep at least a day.")
        pruned = prune(before=timezone.now() - timedelta(days=options["older_than_days"]))
        self.stdout.write(f"{pruned} entries pruned.")
