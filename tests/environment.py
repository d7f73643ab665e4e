"""Loaded before Django reads its settings (`-p tests.environment`): tests never touch an instance of this machine."""

import os
from tempfile import mkdtemp

os.environ["VIGIL_HOME"] = mkdtemp(prefix="vigil-tests-")
os.environ.setdefault("VIGIL_SECRET_KEY", "a secret of the tests, and of nobody else at all")
