"""`manage.py add_camera NAME=URL…`

Anybody on the machine can read a command line: what holds a password is better given, one a line, in VIGIL_ADD_CAMERAS.
"""

from __future__ import annotations

import os
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError

from cameras.commands import put_camera, sentence, site_named
from project.errors import DomainError


class Command(BaseCommand):
    """Adds cameras; one that exists by that name gets the address."""

    help = "Watch cameras: NAME=URL each."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where."""
        parser.add_argument("cameras", nargs="*", metavar="NAME=URL")
        parser.add_argument("--site", default="", help="its name; made if it does not exist (the first site)")

    def handle(self, *_: Any, cameras: list[str], site: str, **__: Any) -> None:
        """Add them all, or say which cannot be."""
        wrong = []
        for camera in [*cameras, *os.environ.get("VIGIL_ADD_CAMERAS", "").splitlines()]:
            name, _equals, source = camera.partition("=")
            try:
                _camera, new = put_camera(site=site_named(site), name=name.strip(), source=source.strip())
            except DomainError as error:
                wrong.append(f"Camera {name} cannot be watched. {sentence(error)}")
            else:
                self.stdout.write(f"Camera {name.strip()}: {'added' if new else 'known already'}.")
        if wrong:
            raise CommandError("\n".join(wrong))
