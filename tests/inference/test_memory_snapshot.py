"""A snapshot of a Memory that was damaged on its way."""

from __future__ import annotations

import numpy as np
import pytest

from inference.memory.snapshot import pack, unpack


def test_damage_anywhere_is_told_as_such() -> None:
    whole = pack({"values": np.random.default_rng(0).normal(size=500)})
    told = 0
    for place in range(0, len(whole), 61):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            unpack(bytes(damaged))
        except ValueError:
            told += 1
    assert told > 30
    with pytest.raises(ValueError, match="not a snapshot"):
        unpack(whole[:100])
