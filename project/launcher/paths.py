"""Where things are: the checkout, its virtual environment, and the folder of an instance."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"


def home_of(data: str | None) -> Home:
    """The instance that `--data` names, else VIGIL_HOME, else `data` in the checkout."""
    return Home(Path(data or os.environ.get("VIGIL_HOME") or ROOT / "data").expanduser().absolute())


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of an instance, as far as the launcher uses it."""

    folder: Path

    @property
    def run(self) -> Path:
        """What the running instance needs to be found: readable by its owner alone."""
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.folder / "logs"

    def write_private(self, name: str, text: str) -> Path:
        """Writes a file in `run` at once or not at all, readable by its owner alone; returns where it is."""
        draft = self.run / f"{name}.new"
        draft.touch(mode=0o600)
        draft.write_text(text)
        return draft.replace(self.run / name)

    def make(self) -> None:
        """Makes the folders, and proves that they can be written. Raises OSError where they cannot."""
        for folder in (self.folder, self.logs, self.run):
            folder.mkdir(parents=True, exist_ok=True)
        self.run.chmod(0o700)
        probe = self.run / "writable"
        probe.write_bytes(bytes(64 * 1024))
        probe.unlink()
