"""Ablation: the same Eye without some of its attributes, to see what each of them adds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from inference.eye.protocol import Eye
from inference.pool import blank_window
from inference.types import Features, Window


class UnknownAttribute(LookupError):
    """The Eye tells no such attribute; the text lists those it tells."""


class EyeWithout:
    """An Eye whose features lack the attributes that are named; see `inference.eye.protocol.Eye`."""

    def __init__(self, eye: Eye, attributes: Collection[str]) -> None:
        """Raises UnknownAttribute, and where nothing would be left."""
        told = set(eye.look([blank_window(eye.window)])[0].attributes)
        if unknown := sorted(set(attributes) - told):
            raise UnknownAttribute(
                f"The eye {eye.name} tells no attribute {unknown[0]!r} that --without could leave out. "
                f"It tells: {', '.join(sorted(told))}."
            )
        if told <= set(attributes):
            raise UnknownAttribute(f"--without leaves the eye {eye.name} no attribute to judge by. Keep at least one.")
        self._eye, self._without = eye, frozenset(attributes)
        self.name = f"{eye.name} without {', '.join(sorted(self._without))}"
        self.fingerprint = f"{eye.fingerprint}-without-{'-'.join(sorted(self._without))}"
        self.window = eye.window
        self.memory_class = eye.memory_class
        self.weight_bytes = eye.weight_bytes

    def look(self, windows: Sequence[Window]) -> list[Features]:
        """As `Eye.look`."""
        return [
            replace(
                seen, attributes={name: part for name, part in seen.attributes.items() if name not in self._without}
            )
            for seen in self._eye.look(windows)
        ]
