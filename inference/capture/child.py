"""The capture process of one camera: `python -m inference.capture.child`, started by `Capture`.

Its settings and then its orders come through stdin, one JSON object a line; messages leave through stdout
(`wire`). It ends when either closes, and it speaks to its camera and to nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from typing import Any

import av
import av.error

from inference.capture.faults import CLOSED, explain
from inference.capture.limits import confine
from inference.capture.masked_segments import recording_of
from inference.capture.messages import CaptureSettings, Opened, SnapshotDone
from inference.capture.outbox import Outbox
from inference.capture.pictures import Pictures
from inference.capture.rate import RateMeter
from inference.capture.reader import Reader
from inference.capture.recorder import Recorder
from inference.capture.source import Source
from inference.capture.views import AnalysisView, LiveView
from inference.capture.wire import Alive, Fault, settings_from_json

ALIVE_SECONDS = 0.25
FAREWELL_SECONDS = 1.0
log = logging.getLogger(__name__)


def leave() -> None:
    """End at once, whatever threads are blocked in FFmpeg."""
    os._exit(0)


class Child:
    """A camera: its stream, or its two streams where a sub-stream is analysed."""

    def __init__(self, settings: CaptureSettings, first_sequence: int, report: int) -> None:
        self._settings = settings
        self._outbox = Outbox(sys.stdout.fileno(), on_closed=leave)
        self._recorder = Recorder(settings, report, self._outbox.put)
        self._recording = recording_of(settings, report, self._outbox.put)
        self._rate = RateMeter(self._outbox.put)
        self._analysis = AnalysisView(settings, first_sequence, self._outbox.put)
        self._live = LiveView(settings, lambda: self._analysis.sequence, self._outbox.put)
        self._readers: list[Reader] = []
        self._last_alive = 0.0
        self._ending = threading.Lock()

    def run(self) -> None:
        """Read until something is wrong; then say what, and end."""
        if self._settings.analysis_source:
            threading.Thread(target=self._guard, args=(self._read_main, ""), name="main", daemon=True).start()
            self._guard(self._read_sub_stream, "The sub-stream for analysis: ")
        else:
            self._guard(self._read_main, "")

    def obey(self, order: dict[str, Any]) -> None:
        """Do what the parent asks."""
        match order["do"]:
            case "live":
                self._live.want(float(order["fps"]))
            case "snapshot":
                arguments = (str(order["token"]), int(order["sequence"]))
                threading.Thread(target=self._snapshot, args=arguments, name="snapshot", daemon=True).start()
            case "begin_clip":
                self._recorder.begin(str(order["token"]), float(order["at"]))
            case "end_clip":
                self._recorder.end(str(order["token"]), float(order["at"]))

    def _read_main(self) -> None:
        """Record and show the source; analyse it too where there is no sub-stream for that."""
        analysed = not self._settings.analysis_source
        reader = self._reader(self._settings.source, live_only=not analysed)
        for entry, frames, changed in reader.steps():
            if changed:
                self._opened(reader)
            self._recorder.take(entry)
            self._recording.take(entry)
            self._rate.take(entry.packet.size, entry.stamp.monotonic)
            for frame in frames:
                if analysed:
                    self._analysis.take(frame)
                self._live.take(frame)
            self._alive()

    def _read_sub_stream(self) -> None:
        reader = self._reader(self._settings.analysis_source)
        for _, frames, _ in reader.steps():
            for frame in frames:
                self._analysis.take(frame)
            self._alive()

    def _reader(self, address: str, *, live_only: bool = False) -> Reader:
        source = Source(address, self._settings)
        reader = Reader(source, decodes=lambda: self._live.wanted) if live_only else Reader(source)
        self._readers.append(reader)
        return reader

    def _opened(self, reader: Reader) -> None:
        self._recorder.reopened(reader.source)
        self._recording.reopened(reader.source)
        decoder = reader.source.decoder
        self._outbox.put(Opened(decoder.codec.name, decoder.width, decoder.height, round(reader.source.fps, 3)))

    def _alive(self) -> None:
        streams = 2 if self._settings.analysis_source else 1
        now = time.monotonic()
        if now - self._last_alive < ALIVE_SECONDS or len(self._readers) < streams:
            return
        moments = [reader.last_packet for reader in self._readers]
        known = [moment for moment in moments if moment is not None]
        if len(known) == streams:
            self._last_alive = now
            self._outbox.put(Alive(min(known)))

    def _snapshot(self, token: str, sequence: int) -> None:
        jpeg, at = b"", time.time()
        analysed = self._analysis.picture(sequence)
        try:
            if analysed is not None:
                frame, stamp = analysed
                if self._settings.analysis_source:
                    frame = self._recorder.picture_at(stamp.monotonic) or frame
                jpeg, at = Pictures(self._settings.masks).jpeg(frame), stamp.at
        except (av.error.FFmpegError, ValueError, MemoryError) as error:
            log.warning("no snapshot: %s", type(error).__name__)
        self._outbox.put(SnapshotDone(token, jpeg, at))

    def _guard(self, read: Any, prefix: str) -> None:
        try:
            read()
            fault = CLOSED
        except Exception as error:
            # Every way in which a stranger's stream can break ends here, as a sentence; the parent tries again.
            fault = explain(error, self._settings.source)
        self._end(Fault(fault.state, prefix + fault.detail, fault.patience))

    def _end(self, fault: Fault) -> None:
        with self._ending:
            self._outbox.put(fault)
            self._recorder.close(FAREWELL_SECONDS)
            self._recording.close(FAREWELL_SECONDS)
            self._outbox.close(FAREWELL_SECONDS)
            leave()


def _listen(child: Child) -> None:
    for line in sys.stdin:
        try:
            child.obey(json.loads(line))
        except (ValueError, KeyError) as error:
            log.warning("an order that is none: %s", type(error).__name__)
    leave()


def main() -> None:
    """Read the settings, then watch."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    confine()
    av.logging.set_level(None)  # FFmpeg's own texts quote addresses with their passwords
    start = json.loads(sys.stdin.readline())
    child = Child(settings_from_json(start["settings"]), start["first_sequence"], start["report"])
    threading.Thread(target=_listen, args=(child,), name="orders", daemon=True).start()
    child.run()


if __name__ == "__main__":
    main()
