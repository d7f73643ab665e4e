"""Loaded before Django reads its settings (`-p tests.environment`): tests never touch an instance of this machine."""

import os
from pathlib import Path
from tempfile import mkdtemp

home = Path(mkdtemp(prefix="vigil-tests-"))
(home / "static").mkdir()  # WhiteNoise warns where there is none, and a warning is an error
os.environ["VIGIL_HOME"] = str(home)
os.environ.setdefault("VIGIL_SECRET_KEY", "a secret of the tests, and of nobody else at all")
os.environ.setdefault("VIGIL_RATE_LIMITS", "0")  # tests ask faster than people; those of the limits switch them on
