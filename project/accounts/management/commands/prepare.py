"""`manage.py prepare`: what every start does before the servers run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser, call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from project.accounts.administrators import ADMINISTRATOR, make_administrator, new_password
from project.accounts.models import User
from project.accounts.sites import first_site
from project.environment import secret
from project.errors import Invalid


class Command(BaseCommand):
    """Brings the database up to date, and gives a new one its administrator and its first site."""

    help = "Migrate the database; in a new one create the administrator, with VIGIL_ADMIN_PASSWORD or a generated one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where a generated password is left."""
        parser.add_argument("--password-file", type=Path, required=True, help="where a generated password is written")

    def handle(self, *_: Any, password_file: Path, **__: Any) -> None:
        """Do both; a second call changes nothing."""
        try:
            self._migrate()
            if not User.objects.filter(is_superuser=True).exists():
                self._make_administrator(password_file)
                first_site()
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip() or type(error).__name__}") from error

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)

    def _make_administrator(self, password_file: Path) -> None:
        given = secret("VIGIL_ADMIN_PASSWORD")
        password = given or new_password()
        try:
            make_administrator(password=password)
        except Invalid as error:
            raise CommandError(f"VIGIL_ADMIN_PASSWORD is too weak. {error.message}") from None
        if not given:
            password_file.touch(mode=0o600)
            password_file.write_text(password)
        self.stdout.write(f"Created the administrator {ADMINISTRATOR}.")
