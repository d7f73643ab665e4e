"""The cast of the tests, and the servers they start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from cameras.models import Camera
from project.accounts.models import Role, Site, User
from project.audit import guards
from tests.factories import make_camera, make_member, make_site, make_user
from tests.support.together import shared_database as shared_database
from tests.support.valkey import ValkeyServer
from tests.support.valkey import run_server as run_valkey

if TYPE_CHECKING:
    from rest_framework.test import APIClient


_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The run on PostgreSQL repeats what speaks to the database of the run, and nothing else."""
    if django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not _speaks_to_the_database(item)])
    items[:] = filter(_speaks_to_the_database, items)


def _speaks_to_the_database(item: pytest.Item) -> bool:
    """By a fixture or a mark of pytest-django; the stacks of tests/fault bring a database of the same kind."""
    fixtures: list[str] = getattr(item, "fixturenames", [])
    marked = item.get_closest_marker("django_db") is not None
    return marked or not _DATABASE_FIXTURES.isdisjoint(fixtures) or "fault" in item.path.parts


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A thread pool that lives as long as its process holds a connection, and PostgreSQL drops no database in use.

    The server of the run goes with all its databases (tests.support.postgres).
    """
    return not django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests of several transactions empty the tables, which the guards of the audit trail refuse on purpose."""
    with django_db_blocker.unblock():
        guards.remove(connection)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A password hash that is slow on purpose would be most of what the tests do."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def site(db: None) -> Site:
    """The site that the cast works at."""
    return make_site(name="Harbour")


@pytest.fixture
def other_site(db: None) -> Site:
    """A site that the cast has nothing to do with."""
    return make_site(name="Airport")


@pytest.fixture
def camera(site: Site) -> Camera:
    """A camera of the site."""
    return make_camera(site=site, name="Gate")


@pytest.fixture
def viewer(site: Site) -> User:
    """May look."""
    return make_member(username="vera", site=site, role=Role.VIEWER)


@pytest.fixture
def operator(site: Site) -> User:
    """May also acknowledge."""
    return make_member(username="omar", site=site, role=Role.OPERATOR)


@pytest.fixture
def manager(site: Site) -> User:
    """May also change cameras."""
    return make_member(username="mina", site=site, role=Role.MANAGER)


@pytest.fixture
def stranger(other_site: Site) -> User:
    """An operator of the other site."""
    return make_member(username="stan", site=other_site, role=Role.OPERATOR)


@pytest.fixture
def superuser(db: None) -> User:
    """May do all."""
    return make_user(username="root", is_staff=True, is_superuser=True)


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """`api(user)` is a client of the REST API logged in as that user; `api()` is nobody."""
    from rest_framework.test import APIClient

    def client(user: User | None = None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.force_authenticate(user)
        return client

    return client


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A media folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey server for the whole run; a test that kills one starts its own."""
    with run_valkey() as server:
        yield server


@pytest.fixture(scope="session")
def footage() -> Path:
    """Real footage, from the folder in VIGIL_DATA; skips where there is none."""
    folder = os.environ.get("VIGIL_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no data: VIGIL_DATA names no folder")
    return Path(folder).resolve()
