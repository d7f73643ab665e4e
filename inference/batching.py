"""Batcher: collects the windows of many cameras into one look of the shared Eye."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from uuid import UUID

from inference.batch_size import BatchSize
from inference.device import is_fatal, is_out_of_memory
from inference.eye.protocol import Eye
from inference.types import Features, Window


class Superseded(Exception):
    """The window was not looked at: a newer one of its camera came, or too many cameras wait."""


class BatcherClosed(RuntimeError):
    """The Batcher was closed before the window was looked at."""


@dataclass(frozen=True, slots=True)
class _Request:
    window: Window
    future: Future[Features]


class Batcher:
    """One thread that gives an Eye its batches.

    * Each camera has one place in the queue: a newer window takes it, and the older one is dropped and counted.
    * A batch goes when it is full, or when its oldest window has waited `max_wait` seconds.
    * A look that takes longer than a second halves the batch, quick ones let it grow again (see `BatchSize`).
    * Out of memory halves the batch for good; any other CUDA error is `fatal`: the process must end.
    * After every other exception of the Eye each window is looked at alone: it reaches only whose window it is.
    """

    def __init__(
        self,
        eye: Eye,
        *,
        max_batch: int = 16,
        max_wait: float = 0.005,
        max_queue: int = 256,
        fatal: Callable[[BaseException], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.eye = eye
        self.dropped = 0
        """Windows not looked at since the Batcher began."""
        self._size = BatchSize(max_batch)
        self._clock = clock
        self._max_wait = max_wait
        self._max_queue = max_queue
        self._fatal = fatal
        self._queue: OrderedDict[UUID, _Request] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=f"batcher-{eye.name}", daemon=True)
        self._thread.start()

    @property
    def max_batch(self) -> int:
        """Windows that go into one look at most, at the moment."""
        return self._size.now

    def submit(self, camera_id: UUID, window: Window) -> Future[Features]:
        """Ask for the features of a camera's window; its Future raises Superseded where a newer one came first.

        Raises BatcherClosed.
        """
        request = _Request(window, Future())
        request.future.set_running_or_notify_cancel()
        dropped = []
        with self._changed:
            if self._closed:
                raise BatcherClosed(f"the batcher of {self.eye.name} is closed")
            if older := self._queue.get(camera_id):
                dropped.append(older)
            elif len(self._queue) >= self._max_queue:
                dropped.append(self._queue.popitem(last=False)[1])
            self._queue[camera_id] = request  # at the older one's place, so that each camera has its turn
            self.dropped += len(dropped)
            self._changed.notify()
        for older in dropped:
            older.future.set_exception(Superseded("a newer window came first"))
        return request.future

    def close(self) -> None:
        """Ends the thread; whoever still waits gets BatcherClosed. Returns when the batch in hand is done."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()
        with self._changed:
            waiting = list(self._queue.values())
            self._queue.clear()
        for request in waiting:
            request.future.set_exception(BatcherClosed(f"the batcher of {self.eye.name} is closed"))

    def _run(self) -> None:
        while batch := self._next_batch():
            self._look(batch)

    def _next_batch(self) -> list[_Request]:
        """Blocks; empty when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            deadline = time.monotonic() + self._max_wait
            while not self._closed and len(self._queue) < self.max_batch:
                if not self._changed.wait(timeout=max(0.0, deadline - time.monotonic())):
                    break
            if self._closed:
                return []
            return [self._queue.popitem(last=False)[1] for _ in range(min(self.max_batch, len(self._queue)))]

    def _look(self, batch: list[_Request]) -> None:
        began = self._clock()
        try:
            features = self.eye.look([request.window for request in batch])
            if len(features) != len(batch):
                raise RuntimeError(f"{self.eye.name} gave {len(features)} features for {len(batch)} windows")
        except Exception as error:
            self._recover(batch, error)
            return
        self._size.took(len(batch), self._clock() - began)
        for request, seen in zip(batch, features, strict=True):
            request.future.set_result(seen)

    def _recover(self, batch: list[_Request], error: Exception) -> None:
        fatal = is_fatal(error)
        if len(batch) > 1 and not fatal:
            part = self._size.too_large(len(batch)) if is_out_of_memory(error) else 1
            for start in range(0, len(batch), part):
                self._look(batch[start : start + part])
            return
        for request in batch:
            request.future.set_exception(error)
        if fatal and self._fatal:
            self._fatal(error)
