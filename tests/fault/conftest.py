"""The stack that each test does harm to, on the database of this run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests.fault.stack import Stack, running_stack
from tests.support.postgres import run_server as run_postgres

StackFactory = Callable[..., AbstractContextManager[Stack]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is about faults, and takes its time."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.fault)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture
def run_stack(tmp_path: Path) -> StackFactory:
    """`run_stack(cameras=8)`: a running stack on SQLite, or on a PostgreSQL of its own in the PostgreSQL run."""

    @contextmanager
    def run(**options: object) -> Iterator[Stack]:
        if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            with running_stack(tmp_path, None, **options) as stack:  # type: ignore[arg-type]
                yield stack
        else:
            with run_postgres() as postgres, running_stack(tmp_path, postgres.url, **options) as stack:  # type: ignore[arg-type]
                yield stack

    return run
