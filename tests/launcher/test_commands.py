"""The commands of manage.py that the launcher and administrators use."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cameras.models import Camera
from project.accounts.models import Site, User
from project.accounts.tokens import find_bearer, issue_tokens
from project.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
HEADING = "name,source,site,analysis_fps,alarm_budget\n"


def run(command: str, *arguments: str | Path) -> str:
    """What the command printed."""
    said = StringIO()
    call_command(command, *map(str, arguments), stdout=said)
    return said.getvalue()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "cameras.csv"


def test_the_first_start_makes_an_administrator_and_a_site(tmp_path: Path) -> None:
    file = tmp_path / "password"
    run("prepare", "--password-file", file)
    assert User.objects.get(is_superuser=True).check_password(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    assert Site.objects.count() == 1
    file.unlink()
    run("prepare", "--password-file", file)
    assert not file.exists()
    assert User.objects.count() == 1


def test_a_given_password_is_used_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_ADMIN_PASSWORD", "correct horse battery")
    run("prepare", "--password-file", tmp_path / "password")
    assert User.objects.get().check_password("correct horse battery")
    assert not (tmp_path / "password").exists()


def test_a_weak_password_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_ADMIN_PASSWORD", "password")
    with pytest.raises(CommandError, match="VIGIL_ADMIN_PASSWORD is too weak"):
        run("prepare", "--password-file", tmp_path / "password")
    assert not User.objects.exists()


def test_a_new_password_ends_the_tokens_of_the_old_one(superuser: User) -> None:
    access = issue_tokens(user=superuser).access
    said = run("set_admin_password", "--username", superuser.username)
    superuser.refresh_from_db()
    assert superuser.check_password(said.split()[-1])
    assert find_bearer(access) is None
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.target_name, entry.way) == ("password.set", "root", "system")
    assert said.split()[-1] not in str(vars(entry))


def test_only_administrators_are_given_passwords(operator: User) -> None:
    with pytest.raises(CommandError, match="There is no administrator named omar"):
        run("set_admin_password", "--username", operator.username)


def test_a_lost_administrator_is_made_again() -> None:
    said = run("set_admin_password")
    assert User.objects.get(username="admin", is_superuser=True).check_password(said.split()[-1])
    assert AuditEntry.objects.get().target_name == "admin"


def test_cameras_are_added_once() -> None:
    assert run("add_camera", "Gate=rtsp://u:p@192.0.2.1/a=b") == "Camera Gate: added.\n"
    assert run("add_camera", "Gate=rtsp://192.0.2.2/") == "Camera Gate: known already.\n"
    camera = Camera.objects.get()
    assert (camera.name, camera.source, camera.site.name) == ("Gate", "rtsp://192.0.2.2/", "Main site")


def test_a_camera_that_is_refused_does_not_hinder_the_others() -> None:
    with pytest.raises(CommandError, match="Camera Bad cannot be watched"):
        run("add_camera", "Bad=gopher://192.0.2.1/", "Good=rtsp://192.0.2.1/")
    assert [camera.name for camera in Camera.objects.all()] == ["Good"]


def test_a_file_of_cameras_is_imported_and_updated(csv: Path) -> None:
    csv.write_text(HEADING + "Gate,rtsp://192.0.2.1/,North,10,0.5\nYard,rtsp://192.0.2.2/,,,\n", encoding="utf-8-sig")
    assert run("import_cameras", csv) == "2 cameras added, 0 already known.\n"
    gate, yard = Camera.objects.order_by("name")
    assert (gate.site.name, gate.analysis_fps, gate.alarm_budget) == ("North", 10.0, 0.5)
    assert yard.analysis_fps == 5.0
    csv.write_text(HEADING + "Gate,rtsp://192.0.2.1/,North,12,0.5\n")
    assert run("import_cameras", csv) == "0 cameras added, 1 already known.\n"
    gate.refresh_from_db()
    assert gate.analysis_fps == 12.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEADING + "Good,rtsp://192.0.2.1/,,,\n,rtsp://192.0.2.2/,,,\n", "Line 3: name is empty"),
        (HEADING + "Gate,rtsp://192.0.2.1/,,five,\n", "Line 2: analysis_fps: five is not a number"),
        (HEADING + "Gate,rtsp://192.0.2.1/,,500,\n", "Line 2: analysis_fps: "),
        (HEADING + "Gate,gopher://192.0.2.1/,,,\n", "Line 2: source: "),
        ("name\nGate\n", "The heading line lacks: source."),
        ("name,source,colour\n", "Unknown columns: colour."),
    ],
)
def test_a_file_with_a_mistake_imports_nothing(csv: Path, text: str, sentence: str) -> None:
    csv.write_text(text)
    with pytest.raises(CommandError, match=sentence):
        run("import_cameras", csv)
    assert not Camera.objects.exists()


def test_a_file_that_is_not_there(csv: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_cameras", csv)
