"""What a running instance leaves behind, and how a killed one is cleared away."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from project.launcher import instance, processes
from project.launcher.errors import Refusal
from project.launcher.instance import Record, Running
from project.launcher.paths import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "data")
    home.make()
    return home


@pytest.fixture
def orphan() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(["sleep", "60"])
    yield child
    child.kill()
    child.wait()


def record_of(orphan: subprocess.Popen[bytes]) -> Record:
    found = processes.process(orphan.pid)
    launcher = processes.process(os.getpid())
    assert found
    assert launcher
    services = {"web": Running(found, since=1.0, restarts=2), "beat": Running(None, since=1.0)}
    return Record("r", processes.boot_id(), launcher, "http://a", "http://b", {"REDIS_URL": "x"}, services)


def test_a_record_is_read_as_it_was_written(home: Home, orphan: subprocess.Popen[bytes]) -> None:
    record = record_of(orphan)
    record.write(home)
    assert instance.read(home) == record
    assert (home.run / "instance.json").stat().st_mode & 0o777 == 0o600  # it holds the password of Valkey


@pytest.mark.parametrize("text", ["", "{", "[]", '{"services": {}}'])
def test_a_torn_record_is_no_record(home: Home, text: str) -> None:
    (home.run / "instance.json").write_text(text)
    assert instance.read(home) is None


def test_orphans_of_a_killed_launcher_are_ended(home: Home, orphan: subprocess.Popen[bytes]) -> None:
    record_of(orphan).write(home)
    assert instance.end_leftovers(home) == 1
    assert orphan.wait(5) != 0
    assert instance.read(home) is None


@pytest.mark.parametrize("changed", ["boot", "start"])
def test_a_stranger_with_an_old_number_is_left_alone(home: Home, orphan: subprocess.Popen[bytes], changed: str) -> None:
    record = record_of(orphan)
    if changed == "boot":
        record = replace(record, boot="another")
    else:
        running = record.services["web"]
        assert running.process
        older = replace(running.process, started=running.process.started - 1)
        record = replace(record, services={"web": replace(running, process=older)})
    record.write(home)
    assert instance.end_leftovers(home) == 0
    assert orphan.poll() is None


def test_a_data_folder_has_one_launcher(home: Home) -> None:
    assert not instance.is_held(home)
    with instance.hold(home):
        assert instance.is_held(home)
        with pytest.raises(Refusal, match="already runs"), instance.hold(home):
            pass
    assert not instance.is_held(home)


def test_two_folders_have_two(tmp_path: Path) -> None:
    homes = [Home(tmp_path / name) for name in ("one", "two")]
    for home in homes:
        home.make()
    with instance.hold(homes[0]), instance.hold(homes[1]):
        assert all(instance.is_held(home) for home in homes)
