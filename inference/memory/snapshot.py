"""Arrays to bytes and back, without pickle: a snapshot comes from shared storage and is not trusted."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


def pack(arrays: Mapping[str, Array]) -> bytes:
    """One compressed block of named arrays."""
    block = io.BytesIO()
    np.savez_compressed(block, allow_pickle=False, **{name: np.asarray(array) for name, array in arrays.items()})
    return block.getvalue()


def unpack(snapshot: bytes) -> dict[str, Array]:
    """The arrays that `pack` wrote.

    Raises ValueError where the bytes are something else.
    """
    try:
        with np.load(io.BytesIO(snapshot), allow_pickle=False) as block:
            return {name: block[name] for name in block.files}
    except (OSError, EOFError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError("this is not a snapshot of a Memory") from error


def part(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The arrays whose names begin with `prefix/`, without it."""
    start = f"{prefix}/"
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}
