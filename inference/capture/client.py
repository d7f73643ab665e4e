"""The parent's side of capture: one child at a time, watched, restarted, and ended without a trace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from inference.capture.backoff import Backoff
from inference.capture.inbox import Inbox
from inference.capture.messages import (
    Analysed,
    CaptureSettings,
    ClipDone,
    ClipFailed,
    Lost,
    Message,
    Opened,
    SnapshotDone,
)
from inference.capture.process import Garbled, Process, readable
from inference.capture.wire import Alive, Fault, Wire
from project.masking import scrub

STALL_SECONDS = 3.0
"""Without a packet."""
OPEN_SECONDS = 15.0
"""From the start of the process to the first packet: its own limit for opening is 10."""
STEADY_SECONDS = 5.0
"""A camera that delivered for so long is well again; less is flapping, and the waits keep growing."""
ORPHAN_SECONDS = 90.0
"""So long the clip processes of a dead child may take to finish."""

STALLED = Fault("stalled", "No picture for 3 seconds: the camera stopped sending.")
SILENT = Fault("offline", "The camera did not begin to send within 15 seconds.")
_log = logging.getLogger(__name__)


class Capture:
    """Implements `CapturePort`. Everything happens inside its calls: it has no thread of its own."""

    def __init__(
        self,
        settings: CaptureSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        log: Callable[[str], None] = _log.warning,
        backoff: Backoff | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._log = log
        self._backoff = backoff or Backoff()
        self._inbox = Inbox()
        self._process: Process | None = None
        self._orphans: list[tuple[Process, set[str], float]] = []
        self._start_at = clock()
        self._started = 0.0
        self._opened_at: float | None = None
        self._alive_at = 0.0
        self._fault: Fault | None = None
        self._next_sequence = 0
        self._live_fps = 0.0
        self._clips: set[str] = set()
        self._snapshots: set[str] = set()
        self._closed = False

    @property
    def running(self) -> int | None:
        return self._process.pid if self._process else None

    def receive(self, timeout: float) -> Message | None:
        deadline = self._clock() + timeout
        while not self._closed:
            self._read()
            self._supervise()
            message = self._inbox.pop()
            if message is not None:
                return message
            now = self._clock()
            if now >= deadline:
                break
            readable(self._descriptors(), min(deadline, self._next_deadline()) - now)
        return None

    def want_live(self, fps: float) -> None:
        if fps != self._live_fps:
            self._live_fps = fps
            self._send_live()

    def snapshot(self, token: str, sequence: int) -> None:
        if self._process is None:
            self._inbox.put(SnapshotDone(token, b"", time.time()))
            return
        self._snapshots.add(token)
        self._process.send({"do": "snapshot", "token": token, "sequence": sequence})

    def begin_clip(self, token: str, started_at: float) -> None:
        if self._process is None:
            self._inbox.put(ClipFailed(token, "The camera was lost, no pictures are there."))
            return
        self._clips.add(token)
        self._process.send({"do": "begin_clip", "token": token, "at": started_at})

    def end_clip(self, token: str, ended_at: float) -> None:
        if self._process is not None:
            self._process.send({"do": "end_clip", "token": token, "at": ended_at})

    def close(self) -> None:
        self._closed = True
        for process in [self._process, *(orphan for orphan, _, _ in self._orphans)]:
            if process is not None:
                process.kill(with_clips=True)
                process.drop_reports()
        for token in self._clips.union(*(tokens for _, tokens, _ in self._orphans)):
            (self._settings.scratch_dir / f"{token}.part").unlink(missing_ok=True)
        self._process = None
        self._orphans.clear()

    def _supervise(self) -> None:
        """Start what should run, end what is stuck, bury what is dead."""
        now = self._clock()
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
        elif self._process.gone:
            self._read()
            self._lose(self._fault)
        elif self._opened_at is None:
            if now - self._started > OPEN_SECONDS:
                self._lose(SILENT)
        elif now - self._alive_at > STALL_SECONDS:
            self._lose(STALLED)
        elif now - self._opened_at > STEADY_SECONDS:
            self._backoff.succeeded()
        self._bury(now)

    def _start(self, now: float) -> None:
        self._fault, self._opened_at, self._started = None, None, now
        try:
            self._process = Process(self._settings, self._next_sequence)
        except OSError as error:
            wait = self._backoff.wait(now)
            self._start_at = now + wait
            self._inbox.put(Lost("failed", f"No capture process can be started here ({error.strerror}).", wait))
            return
        self._send_live()

    def _lose(self, fault: Fault | None) -> None:
        process = self._process
        assert process is not None
        code = process.kill(with_clips=False)
        fault = fault or _crash(code)
        self._log_lines(process)
        self._process = None
        now = self._clock()
        wait = self._backoff.wait(now, fault.patience)
        self._start_at = now + wait
        self._inbox.lost()
        self._inbox.put(Lost(fault.state, fault.detail, round(wait, 2)))
        for token in self._snapshots:
            self._inbox.put(SnapshotDone(token, b"", time.time()))
        self._snapshots.clear()
        self._orphans.append((process, self._clips, now + ORPHAN_SECONDS))
        self._clips = set()

    def _bury(self, now: float) -> None:
        """Clips of dead children: done, or failed once nobody is left who could finish them."""
        for orphan in list(self._orphans):
            process, tokens, deadline = orphan
            if process.reports_open and tokens and now < deadline:
                continue
            if process.reports_open:
                process.kill(with_clips=bool(tokens))
                process.drop_reports()
            for token in tokens:
                self._inbox.put(ClipFailed(token, "The camera was lost before its clip was written."))
            self._orphans.remove(orphan)

    def _read(self) -> None:
        if self._process is not None:
            try:
                for message in self._process.read():
                    self._take(message, self._clips)
            except Garbled as error:
                self._log(f"capture: {error}")
                self._lose(None)
            else:
                self._log_lines(self._process)
        for process, tokens, _ in self._orphans:
            for message in process.read():
                self._take(message, tokens)

    def _take(self, message: Wire, clips: set[str]) -> None:
        match message:
            case Alive():
                self._alive_at = max(self._alive_at, message.monotonic)
                return
            case Fault():
                self._fault = message
                return
            case Opened():
                self._opened_at = self._alive_at = self._clock()
            case Analysed():
                self._next_sequence = message.frame.sequence + 1
            case ClipDone() | ClipFailed():
                clips.discard(message.token)
            case SnapshotDone():
                self._snapshots.discard(message.token)
        self._inbox.put(message)

    def _send_live(self) -> None:
        if self._process is not None:
            self._process.send({"do": "live", "fps": self._live_fps})

    def _descriptors(self) -> list[int]:
        processes = [process for process, _, _ in self._orphans] + ([self._process] if self._process else [])
        return [descriptor for process in processes for descriptor in process.descriptors]

    def _next_deadline(self) -> float:
        if self._process is None:
            return self._start_at
        if self._opened_at is None:
            return self._started + OPEN_SECONDS
        return self._alive_at + STALL_SECONDS

    def _log_lines(self, process: Process) -> None:
        for line in process.log_lines:
            self._log(f"capture: {scrub(line)}")
        process.log_lines.clear()


def _crash(code: int) -> Fault:
    """`code`: the child's return code, negative for a signal."""
    if code == 0:
        return Fault("offline", "The capture process ended without a word.")
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return Fault("offline", f"The capture process broke down ({how}): the stream may be damaged.")
