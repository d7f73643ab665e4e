"""The environment for programs that must not touch an instance of this machine."""

from __future__ import annotations

import os

_OF_AN_INSTANCE = (
    "DATABASE_URL",
    "REDIS_URL",
    "VIGIL_HOME",
    "VIGIL_PRODUCTION",
    "VIGIL_ALLOWED_HOSTS",
    "VIGIL_BASE_URL",
)


def clean_environment() -> dict[str, str]:
    """The user's environment without what would lead to an instance and its data."""
    return {name: value for name, value in os.environ.items() if name not in _OF_AN_INSTANCE}
