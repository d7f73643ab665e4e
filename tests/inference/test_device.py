"""The device of a worker, chosen on machines that we only pretend to have."""

from __future__ import annotations

import pytest
import torch

from inference.device import Device, DeviceNotAvailable, choose_device, is_fatal, is_out_of_memory


class Cards:
    """CUDA as this process sees it, after CUDA_VISIBLE_DEVICES."""

    def __init__(self, count: int) -> None:
        self._count = count

    def count(self) -> int:
        return self._count


@pytest.mark.parametrize(
    ("wanted", "cards", "device"),
    [
        (None, 0, "cpu"),
        (None, 1, "cuda:0"),
        ("", 2, "cuda:0"),
        ("cpu", 2, "cpu"),
        ("CUDA", 1, "cuda:0"),
        ("cuda:0", 4, "cuda:0"),
    ],
)
def test_the_device_is_the_one_asked_for_or_the_best_there_is(wanted: str | None, cards: int, device: str) -> None:
    environ = {} if wanted is None else {"VIGIL_DEVICE": wanted}
    assert choose_device(environ, Cards(cards)) == Device(device)


@pytest.mark.parametrize("wanted", ["cuda", "cuda:0"])
def test_a_card_that_is_not_there_is_named(wanted: str) -> None:
    with pytest.raises(DeviceNotAvailable, match="CUDA_VISIBLE_DEVICES=1"):
        choose_device({"VIGIL_DEVICE": wanted, "CUDA_VISIBLE_DEVICES": "1"}, Cards(0))


def test_another_card_is_chosen_by_what_the_process_sees() -> None:
    with pytest.raises(DeviceNotAvailable, match="choose which with CUDA_VISIBLE_DEVICES"):
        choose_device({"VIGIL_DEVICE": "cuda:1"}, Cards(2))


def test_half_precision_is_for_cuda() -> None:
    assert Device("cuda:0").half
    assert not Device("cpu").half
    assert (Device("cuda:0").kind, Device("cpu").kind) == ("cuda", "cpu")


@pytest.mark.parametrize(
    ("error", "memory", "fatal"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True, False),
        (RuntimeError("CUDA error: device-side assert triggered"), False, True),
        (RuntimeError("shapes do not match"), False, False),
        (ValueError("CUDA"), False, False),
    ],
)
def test_errors_are_told_apart(error: Exception, memory: bool, fatal: bool) -> None:
    assert is_out_of_memory(error) is memory
    assert is_fatal(error) is fatal
