"""The parent's waiting room: every message in order, but of pictures only the newest of each kind."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from inference.capture.messages import Analysed, Live, Message


class Inbox:
    """Bounded by nature: pictures replace each other, and of the rest there is little."""

    def __init__(self) -> None:
        self._queue: deque[Message] = deque()
        self._analysed: Analysed | None = None
        self._live: Live | None = None
        self._replaced = 0
        self._of_child = 0
        self._of_children_before = 0

    def put(self, message: Message) -> None:
        """Add a message."""
        match message:
            case Analysed():
                self._replaced += self._analysed is not None
                self._of_child = message.dropped
                self._analysed = message
            case Live():
                self._live = message
            case _:
                self._queue.append(message)

    def pop(self) -> Message | None:
        """The next message, None if there is none. Pictures come last: what says that they are old comes first."""
        if self._queue:
            return self._queue.popleft()
        if self._analysed is not None:
            message, self._analysed = self._analysed, None
            return replace(message, dropped=self._of_children_before + self._of_child + self._replaced)
        if self._live is not None:
            live, self._live = self._live, None
            return live
        return None

    def lost(self) -> None:
        """The child is gone: its pictures are of the past, the next child counts from zero."""
        self._analysed = self._live = None
        self._of_children_before += self._of_child
        self._of_child = 0
