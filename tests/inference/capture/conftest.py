"""Captures that always end, and helpers to wait for what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from inference.capture.backoff import Backoff
from inference.capture.client import Capture
from inference.capture.messages import CaptureSettings, Message
from tests.support.footage import record

M = TypeVar("M", bound=Message)
Watch = Callable[..., Capture]


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of H.264 at 25 pictures a second, one key frame a second."""
    return record(tmp_path_factory.mktemp("footage") / "scene.mp4")


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """Starts a Capture of a source; its clips go to `tmp_path / "scratch"`."""
    captures: list[Capture] = []

    def start(source: str | Path, *, jitter: float = 0.2, log: list[str] | None = None, **settings: Any) -> Capture:
        folder = Path(source).parent if isinstance(source, Path) else tmp_path
        captures.append(
            Capture(
                CaptureSettings(str(source), folder, tmp_path / "scratch", **settings),
                backoff=Backoff(jitter=lambda: jitter),
                log=(log if log is not None else []).append,
            )
        )
        return captures[-1]

    yield start
    for capture in captures:
        capture.close()


def until(capture: Capture, kind: type[M], seconds: float = 20.0, *, where: Callable[[M], bool] = lambda _: True) -> M:
    """The next message of that kind; whatever else comes is skipped."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        message = capture.receive(left)
        if isinstance(message, kind) and where(message):
            return message
    raise AssertionError(f"no {kind.__name__} within {seconds} s")


def during(capture: Capture, seconds: float) -> list[Message]:
    """All that is said in that time."""
    deadline = time.monotonic() + seconds
    said = []
    while (left := deadline - time.monotonic()) > 0:
        message = capture.receive(left)
        if message is not None:
            said.append(message)
    return said
