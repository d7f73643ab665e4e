"""Whether the database needs to be prepared: a cheap look that saves a start of Django."""

from __future__ import annotations

import os

from project.launcher import stamps
from project.launcher.paths import ROOT, Home

_STAMP = "prepared"


def is_needed(home: Home) -> bool:
    """False only where the embedded database is the very file that was prepared last, by the same migrations."""
    value = _value(home)
    return value is None or not stamps.matches(home.run / _STAMP, value)


def note(home: Home) -> None:
    """Remembers that the database has been prepared."""
    if value := _value(home):
        (home.run / _STAMP).write_text(value)


def _value(home: Home) -> str | None:
    file = home.folder / "vigil.sqlite3"
    if os.environ.get("DATABASE_URL") or not file.exists():
        return None  # what happened to a database elsewhere, only that can tell
    migrations = sorted({*ROOT.glob("*/migrations/*.py"), *ROOT.glob("project/*/migrations/*.py")})
    return stamps.digest([*migrations, ROOT / "requirements.txt"], str(file.stat().st_ino))
