"""One capture child as its parent holds it: pipes that never block, and an end that leaves nothing behind."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from inference.capture.limits import ROOT, command, environment
from inference.capture.messages import CaptureSettings
from inference.capture.wire import Garbled, Unpacker, Wire, settings_to_json

_CHUNK = 1 << 20
MODULE = "inference.capture.child"


class Process:
    """Started by its constructor. `wait` reaps it; `reports_open` tells whether its clips are still being written."""

    def __init__(self, settings: CaptureSettings, first_sequence: int) -> None:
        """Raises OSError where no process can be started."""
        reports, report = os.pipe()
        self._reports: int | None = reports
        try:
            self._popen = subprocess.Popen(
                command(MODULE),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=ROOT,
                env=environment(),
                pass_fds=[report],
                start_new_session=True,  # its clip processes can be ended with it, by their group
            )
        except OSError:
            os.close(reports)
            raise
        finally:
            os.close(report)
        self._out_closed = False
        self._unpackers = {self._out: Unpacker(), reports: Unpacker()}
        self._error_text = b""
        self.log_lines: list[str] = []
        """What the child said on its stderr, to be taken by the parent."""
        for descriptor in (self._in, self._out, self._err, reports):
            os.set_blocking(descriptor, False)
        self.send({"settings": settings_to_json(settings), "first_sequence": first_sequence, "report": report})

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def gone(self) -> bool:
        """Whether it has ended or, which is the same a moment earlier, closed its stdout."""
        return self._out_closed or self._popen.poll() is not None

    @property
    def reports_open(self) -> bool:
        """Whether it or one of its clip processes lives."""
        return self._reports is not None

    @property
    def descriptors(self) -> list[int]:
        """To poll for reading."""
        return [*self._unpackers, *([] if self._popen.stderr is None or self._popen.stderr.closed else [self._err])]

    def send(self, order: dict[str, Any]) -> None:
        """Tell the child something; lost where it no longer listens, which its silence will show."""
        data = json.dumps(order).encode() + b"\n"
        with suppress(OSError):
            os.write(self._in, data)

    def read(self) -> Iterator[Wire]:
        """What has come, without waiting. Raises Garbled."""
        for descriptor in list(self._unpackers):
            data = _available(descriptor)
            while data:
                yield from self._unpackers[descriptor].feed(data)
                data = _available(descriptor)
            if data is not None:
                self._closed(descriptor)
        self._read_errors()

    def kill(self, *, with_clips: bool) -> int:
        """End the child now, reap it, give its return code; its clip processes finish what they have, or end too."""
        with suppress(ProcessLookupError):
            if with_clips and self.reports_open:
                os.killpg(self.pid, signal.SIGKILL)
            elif self._popen.poll() is None:
                self._popen.kill()
        code = self._popen.wait()
        self._read_errors()
        for stream in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if stream is not None:
                stream.close()
        self._unpackers = {d: unpacker for d, unpacker in self._unpackers.items() if d == self._reports}
        return code

    def drop_reports(self) -> None:
        """Stop listening for clips."""
        if self._reports is not None:
            self._closed(self._reports)

    def _closed(self, descriptor: int) -> None:
        self._unpackers.pop(descriptor)
        if descriptor == self._reports:
            os.close(descriptor)
            self._reports = None
        else:
            self._out_closed = True

    def _read_errors(self) -> None:
        if self._popen.stderr is None or self._popen.stderr.closed:
            return
        while data := _available(self._err):
            *lines, rest = (self._error_text + data).split(b"\n")
            self._error_text = rest[-1000:]
            self.log_lines += [line[:300].decode(errors="replace") for line in lines if line.strip()]

    @property
    def _in(self) -> int:
        assert self._popen.stdin is not None
        return self._popen.stdin.fileno()

    @property
    def _out(self) -> int:
        assert self._popen.stdout is not None
        return self._popen.stdout.fileno()

    @property
    def _err(self) -> int:
        assert self._popen.stderr is not None
        return self._popen.stderr.fileno()


def _available(descriptor: int) -> bytes | None:
    """None: nothing yet; empty: the other end is closed."""
    try:
        return os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return None


def readable(descriptors: list[int], seconds: float) -> None:
    """Wait until one of them can be read, or that long."""
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    poll.poll(max(0.0, seconds) * 1000)


__all__ = ["Garbled", "Process", "readable"]
