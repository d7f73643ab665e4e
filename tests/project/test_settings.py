"""The settings refuse what would be unsafe, with a sentence that names the variable."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

SETTINGS = str(Path(__file__).parents[2] / "project" / "settings.py")
SAFE = {
    "VIGIL_PRODUCTION": "1",
    "VIGIL_SECRET_KEY": "s3cret-Of-The-tests-and-0f-nobody-else-at-all-zyxwvu",
    "VIGIL_BASE_URL": "https://vigil.example.org",
    "VIGIL_ALLOWED_HOSTS": "vigil.example.org",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    for name in [name for name in os.environ if name.startswith("VIGIL_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("VIGIL_HOME", str(tmp_path))

    def run(**environment: str) -> dict[str, Any]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(SETTINGS)

    return run


def test_nothing_needs_to_be_set(load: Any, tmp_path: Path) -> None:
    settings = load()
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "vigil.sqlite3")
    assert not settings["DEBUG"]
    assert not settings["SESSION_COOKIE_SECURE"]
    assert settings["VIGIL_ALLOWED_NETWORKS"] == ["127.0.0.0/8", "::1/128"]


def test_secrets_are_made_once_and_for_the_owner_alone(load: Any, tmp_path: Path) -> None:
    first, second = load(), load()
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["VIGIL_FIELD_KEYS"] == second["VIGIL_FIELD_KEYS"]
    keys = list((tmp_path / "keys").iterdir())
    assert len(keys) == 2
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}


def test_a_secret_may_come_from_a_file(load: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x" * 40 + "\n")
    assert load(VIGIL_SECRET_KEY_FILE=str(tmp_path / "secret"))["SECRET_KEY"] == "x" * 40


def test_two_urls_are_all_it_takes_to_outgrow_the_embedded_servers(load: Any) -> None:
    settings = load(DATABASE_URL="postgres://u:p@db/vigil", REDIS_URL="redis://:p@redis:6379/0")
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert settings["DATABASES"]["default"]["OPTIONS"]["connect_timeout"] == 2
    assert settings["CHANNEL_LAYERS"]["default"]["CONFIG"]["hosts"] == ["redis://:p@redis:6379/0"]


def test_safe_production_values_pass(load: Any) -> None:
    settings = load(**SAFE)
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings["VIGIL_ALLOWED_NETWORKS"] == []


@pytest.mark.parametrize(
    ("unsafe", "variable"),
    [
        ({"VIGIL_DEBUG": "1"}, "VIGIL_DEBUG"),
        ({"VIGIL_ALLOWED_HOSTS": "*"}, "VIGIL_ALLOWED_HOSTS"),
        ({"VIGIL_ALLOWED_TARGET_NETWORKS": "192.168.1.1/24"}, "VIGIL_ALLOWED_TARGET_NETWORKS"),
        ({"VIGIL_BASE_URL": "http://vigil.example.org"}, "VIGIL_BASE_URL"),
        ({"VIGIL_CORS_ORIGINS": "http://other.example.org"}, "VIGIL_CORS_ORIGINS"),
        ({"REDIS_URL": "redis://redis:6379/0"}, "REDIS_URL"),
        ({"VIGIL_SECRET_KEY": "short"}, "VIGIL_SECRET_KEY"),
        ({"VIGIL_FIELD_KEYS": "not-a-key"}, "VIGIL_FIELD_KEYS"),
    ],
)
def test_unsafe_production_values_are_refused_by_name(load: Any, unsafe: dict[str, str], variable: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=variable):
        load(**SAFE | unsafe)


def test_instances_on_two_ports_have_cookies_of_their_own(load: Any) -> None:
    names = {load(VIGIL_BASE_URL=f"http://127.0.0.1:{port}")["SESSION_COOKIE_NAME"] for port in (8000, 8123)}
    assert len(names) == 2


def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
    told = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=Path(SETTINGS).parents[1],
        env=environment | SAFE | {"VIGIL_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert told.returncode == 0, told.stderr
    assert "no issues" in told.stdout
