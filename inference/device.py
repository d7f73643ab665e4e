"""Which device this worker computes on. A worker has one: `CUDA_VISIBLE_DEVICES` picks the card, we see `cuda:0`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class DeviceNotAvailable(RuntimeError):
    """The device that was asked for is not there; the text says what to do."""


class Cuda(Protocol):
    """What we must know of CUDA to choose: the real one is torch, tests bring their own."""

    def count(self) -> int:
        """Cards that this process sees, after `CUDA_VISIBLE_DEVICES`."""


class TorchCuda:
    """CUDA as torch sees it."""

    def count(self) -> int:
        import torch

        return torch.cuda.device_count() if torch.cuda.is_available() else 0


@dataclass(frozen=True, slots=True)
class Device:
    """Where the Eyes of this process compute."""

    name: str
    """As torch writes it: `cpu` or `cuda:0`."""

    @property
    def kind(self) -> str:
        """`cpu` or `cuda`, as in `Camera.device_class`."""
        return self.name.partition(":")[0]

    @property
    def half(self) -> bool:
        """Whether Eyes compute in half precision: on CUDA only, a CPU is slower at it and less exact."""
        return self.kind == "cuda"


CPU = Device("cpu")


def choose_device(environ: Mapping[str, str], cuda: Cuda | None = None) -> Device:
    """The device that `VIGIL_DEVICE` (`cpu`, `cuda`, `cuda:0`) names, else a CUDA card if one is visible, else the CPU.

    Raises DeviceNotAvailable.
    """
    cuda = cuda or TorchCuda()
    wanted = environ.get("VIGIL_DEVICE", "").strip().lower()
    if wanted in ("", "auto"):
        return Device("cuda:0") if cuda.count() else CPU
    if wanted == "cpu":
        return CPU
    if wanted not in ("cuda", "cuda:0"):
        raise DeviceNotAvailable(
            f"VIGIL_DEVICE={wanted} is not cpu or cuda: a worker sees one card as cuda:0, "
            "choose which with CUDA_VISIBLE_DEVICES."
        )
    if not cuda.count():
        raise DeviceNotAvailable(
            f"VIGIL_DEVICE={wanted}, but no CUDA card is visible to this process "
            f"(CUDA_VISIBLE_DEVICES={environ.get('CUDA_VISIBLE_DEVICES', 'unset')})."
        )
    return Device("cuda:0")


def limit_threads(device: Device) -> None:
    """One compute thread per worker on a CPU: cameras are the parallelism, and more threads only fight for cores."""
    if device.kind == "cpu":
        import cv2
        import torch

        torch.set_num_threads(1)
        cv2.setNumThreads(1)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a smaller batch may succeed."""
    import torch

    return isinstance(error, torch.OutOfMemoryError)


def is_fatal(error: BaseException) -> bool:
    """Whether the CUDA context is lost for good: every later call of this process would fail as well."""
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return False
    return isinstance(error, torch.AcceleratorError) or (isinstance(error, RuntimeError) and "CUDA" in str(error))
