"""Which worker takes which orphaned camera. Pure: every worker that sees the same rows comes to the same answer.

So no two of them reach for the same camera, and none has to ask the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Orphan:
    """A camera that should run and that nobody runs."""

    camera_id: UUID
    device_class: str
    """`any`, `cpu` or `cuda`."""
    epoch: int | None
    """Of its lease as seen; None where it has no lease yet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A living worker that could take one."""

    name: str
    device_class: str
    slots: int
    held: int


def share_of(name: str, orphans: Sequence[Orphan], workers: Sequence[Candidate]) -> list[Orphan]:
    """The orphans that fall to the worker `name`.

    * One after another goes to the worker that is least full for its size, among those whose device fits.
    * A full worker gets none; a camera that fits nobody waits.
    """
    held = {worker.name: worker.held for worker in workers}
    share = []
    for orphan in sorted(orphans, key=lambda each: each.camera_id):
        fitting = [w for w in workers if orphan.device_class in ("any", w.device_class) and held[w.name] < w.slots]
        if not fitting:
            continue
        chosen = min(fitting, key=lambda w: (held[w.name] / w.slots, w.name))
        held[chosen.name] += 1
        if chosen.name == name:
            share.append(orphan)
    return share
