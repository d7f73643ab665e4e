"""What the environment says, read once and checked: the only place that reads it for Django.

An unsafe or half-set production environment is refused here with a sentence that names the variable and the fix.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def secret(name: str) -> str:
    """The variable NAME, or the content of the file that NAME_FILE names; empty where neither is set."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text().strip()
    return os.environ.get(name, "").strip()


def kept_secret(name: str, *, folder: Path, make: str = "token") -> str:
    """The secret NAME, or one made at the first start and kept, readable by its owner alone, in `folder`.

    `make` is "token" or "fernet".
    """
    given = secret(name)
    if given:
        return given
    path = folder / name.lower()
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        value = Fernet.generate_key().decode() if make == "fernet" else secrets.token_urlsafe(50)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(value)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whichever process comes first decides
        draft.unlink()
    return path.read_text().strip()


def refuse(when: bool, sentence: str) -> None:
    """Raises ImproperlyConfigured with `sentence` if `when`."""
    if when:
        raise ImproperlyConfigured(sentence)
