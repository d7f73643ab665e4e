"""What pip says becomes a bar and, where it fails, a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from project.launcher import install, runner, stamps
from project.launcher.errors import Refusal

FETCHING = "Collecting Django\n  Downloading django.whl\nRequirement already satisfied: av in ./lib\n"


def test_the_bar_grows_with_what_pip_has_found() -> None:
    assert install.progress("", 4) == 0.0
    assert install.progress(FETCHING, 4) == pytest.approx(0.35)
    assert install.progress(FETCHING, 1) == pytest.approx(0.7)
    assert install.progress(FETCHING + "\nInstalling collected packages: a, b\n", 4) == 0.8


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("error: command 'gcc' failed: No such file or directory", "build-essential"),
        ("error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1", "build-essential"),
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "cannot be reached"),
        ("ERROR: No matching distribution found for torch==2.13.0", "no build for this Python"),
        ("ERROR: [Errno 13] Permission denied: '/opt/x'", "no permission"),
    ],
)
def test_a_failure_becomes_a_sentence(said: str, sentence: str) -> None:
    assert sentence in install.reason(f"Collecting av\n{said}\n")


def test_an_unknown_failure_has_no_sentence() -> None:
    assert install.reason("Successfully installed everything") == ""


def test_a_command_that_fails_names_its_last_words_and_the_log(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"
    log.write_text("of an earlier run: No space left on device\n")
    command = [sys.executable, "-c", "raise SystemExit('it is broken')"]
    with pytest.raises(Refusal) as refusal:
        runner.run("Building", command, log=log, cwd=tmp_path, reason=install.reason)
    assert str(refusal.value) == f"Building failed. it is broken\nAll of it is in {log}"


def test_an_interrupt_ends_the_command_and_its_children(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '60'])"]

    def interrupt(_: str) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runner.run("Building", command, log=tmp_path / "log", cwd=tmp_path, progress=interrupt)


@pytest.mark.parametrize(
    ("said", "last"),
    [
        (
            "Traceback\n  File x\ndjango.core.exceptions.ImproperlyConfigured: Unset VIGIL_DEBUG.\n\n",
            "Unset VIGIL_DEBUG.",
        ),
        ("CommandError: The database is away: retry.\n", "CommandError: The database is away: retry."),
        ("", "It said nothing."),
    ],
)
def test_the_last_line_is_the_exception(said: str, last: str) -> None:
    assert runner.last_line(said) == last


def test_a_stamp_matches_until_something_changes(tmp_path: Path) -> None:
    folder, stamp = tmp_path / "sources", tmp_path / "stamp"
    folder.mkdir()
    (folder / "a.ts").write_text("1")
    stamp.write_text(stamps.digest([folder]))
    assert stamps.matches(stamp, stamps.digest([folder]))
    (folder / "a.ts").rename(folder / "b.ts")
    assert not stamps.matches(stamp, stamps.digest([folder]))
    assert stamps.digest([tmp_path / "none"]) != stamps.digest([tmp_path / "none"], "3.12")


def test_two_launchers_do_not_install_at_once(tmp_path: Path) -> None:
    import fcntl
    import os

    with stamps.alone(tmp_path):
        other = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)
