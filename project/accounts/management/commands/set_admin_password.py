"""`manage.py set_admin_password`: for who has lost it."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from project.accounts.administrators import ADMINISTRATOR, new_password, set_password
from project.environment import secret
from project.errors import DomainError


class Command(BaseCommand):
    """Sets an administrator's password to a new one and shows it."""

    help = "Give an administrator a new password: VIGIL_ADMIN_PASSWORD if it is set, else a generated one, shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and how."""
        parser.add_argument("--username", default=ADMINISTRATOR)
        parser.add_argument("--ask", action="store_true", help="type the password instead")

    def handle(self, *_: Any, username: str, ask: bool, **__: Any) -> None:
        """Set it; sessions and tokens of the old one end."""
        given = getpass.getpass("New password: ") if ask else secret("VIGIL_ADMIN_PASSWORD")
        password = given or new_password()
        try:
            set_password(username=username, password=password)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{username} has a new password" + (": as given." if given else f": {password}"))
