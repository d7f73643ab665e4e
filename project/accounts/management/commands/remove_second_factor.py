"""`manage.py remove_second_factor`: for who has lost the app and the recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from project.accounts.administrators import ADMINISTRATOR
from project.accounts.models import User
from project.accounts.second_factor import remove_second_factor


class Command(BaseCommand):
    """Lets somebody log in with the password alone."""

    help = "Remove somebody's second factor, so that the password is enough and another one can be set up."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("--username", default=ADMINISTRATOR)

    def handle(self, *_: Any, username: str, **__: Any) -> None:
        """Remove it."""
        user = User.objects.filter(username=username).first()
        if user is None or not remove_second_factor(user=user, by=None):
            raise CommandError(f"{username} has no second factor.")
        self.stdout.write(f"{username} logs in with the password alone from now on.")
