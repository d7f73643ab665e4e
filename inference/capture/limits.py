"""What a process that decodes strangers' data may use."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

MEMORY = 3 << 30
"""Address space, bytes: the decoder of an 8K stream keeps sixteen pictures of 60 MB."""
OPEN_FILES = 128
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV", "SSL_CERT_FILE")
ROOT = Path(__file__).resolve().parents[2]


def confine() -> None:
    """Limit this process: memory, open files, no core dump (it would hold the camera's password)."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))


def command(module: str) -> list[str]:
    """How to start one of our modules as a process."""
    return [sys.executable, "-m", module]


def environment() -> dict[str, str]:
    """For such a process: nothing secret, and few memory arenas."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
