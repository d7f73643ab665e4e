"""What several tests of the scoring side need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.device import CPU
from inference.evidence import Evidence
from inference.station import WorkerStation
from tests.inference.fakes import FakeClock


@pytest.fixture
def station(tmp_path: Path) -> WorkerStation:
    nobody: Any = None
    clock = FakeClock()
    return WorkerStation(
        device=CPU,
        model_bytes=1 << 30,
        clock=clock,
        writer=nobody,
        evidence=Evidence(clock),
        live=nobody,
        footage_dir=tmp_path,
        scratch_dir=tmp_path,
        allowed_networks=(),
        keep_seconds=86_400.0,
    )
