"""Where mail goes while no mail server is named: a folder for the owner of the instance alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend


class MailFolder(EmailBackend):
    """A file per mail in VIGIL_HOME/mail. Links in mail are secrets, so only its owner opens the folder."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, **kwargs)
