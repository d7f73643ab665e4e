"""`manage.py import_cameras FILE.csv`"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cameras.commands import put_camera, sentence, site_named
from cameras.services import CameraSettings
from project.errors import DomainError

NEEDED = ("name", "source")
TEXTS = ("analysis_source", "device_class", "eye")
NUMBERS = ("analysis_fps", "live_fps", "alarm_budget")
KNOWN = {*NEEDED, "site", *TEXTS, *NUMBERS}


class Row(TypedDict):
    """A line of the file, empty cells left out."""

    site: str
    name: str
    source: str
    settings: CameraSettings


class Command(BaseCommand):
    """Adds or changes the cameras of a CSV file: all of them, or none where a line is wrong."""

    help = f"Add or change cameras from a CSV file with a heading line. Columns: {', '.join(sorted(KNOWN))}."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        """Import it; every line that is wrong is named."""
        wrong: list[str] = []
        added = changed = 0
        try:
            with transaction.atomic():
                for number, cells in enumerate(self._lines(file), start=2):
                    try:
                        row = read_row(cells)
                        site = site_named(row["site"])
                        new = put_camera(site=site, name=row["name"], source=row["source"], **row["settings"])[1]
                    except DomainError as error:
                        wrong.append(f"Line {number}: {sentence(error)}")
                    except ValueError as error:
                        wrong.append(f"Line {number}: {error}")
                    else:
                        added, changed = added + new, changed + (not new)
                if wrong:
                    raise CommandError("Nothing was imported.\n" + "\n".join(wrong))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{file} cannot be read: {error}") from None
        self.stdout.write(f"{added} cameras added, {changed} already known.")

    def _lines(self, file: Path) -> list[dict[str, str]]:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text)
            columns = set(reader.fieldnames or ())
            if missing := [column for column in NEEDED if column not in columns]:
                raise CommandError(f"The heading line lacks: {', '.join(missing)}.")
            if unknown := sorted(columns - KNOWN):
                raise CommandError(
                    f"Unknown columns: {', '.join(map(str, unknown))}. Known: {', '.join(sorted(KNOWN))}."
                )
            return list(reader)


def read_row(cells: Mapping[str, str | None]) -> Row:
    """A line of the file as values. Raises ValueError, saying which cell is wrong."""
    filled = {column: cell.strip() for column, cell in cells.items() if cell and cell.strip()}
    for column in NEEDED:
        if column not in filled:
            raise ValueError(f"{column} is empty")
    settings: Any = {column: filled[column] for column in TEXTS if column in filled}
    for column in NUMBERS:
        if column in filled:
            try:
                settings[column] = float(filled[column])
            except ValueError:
                raise ValueError(f"{column}: {filled[column]} is not a number") from None
    return Row(site=filled.get("site", ""), name=filled["name"], source=filled["source"], settings=settings)
