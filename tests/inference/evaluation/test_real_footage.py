"""The public benchmark, all of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference.evaluation.cli import main


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_default_eye_beats_the_frame_difference_on_ped2(footage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (footage / "ped2").is_dir():
        pytest.skip("no data: VIGIL_DATA has no ped2")
    assert main([str(footage / "ped2"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["dataset"], result["frames"], result["clips"]) == ("ucsd-ped2", 2010, 12)
    assert result["baseline_micro_auc"] == pytest.approx(0.895, abs=0.002)
    assert result["micro_auc"] > result["baseline_micro_auc"]
    assert result["macro_auc"] > result["baseline_macro_auc"]
    assert result["pixel_auc"] > 0.8
    assert result["fps"] >= 25.0
