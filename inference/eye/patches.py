"""What a patch looks like, by a fixed filter bank: a scattering network (Bruna and Mallat, PAMI 2013) without training.

Oriented wavelets at two scales, their modulus, pooled: texture and shape that survive a small shift; beside it colour
and light. Nothing is learned and nothing is downloaded, so the same picture gives the same vector everywhere.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from inference.device import Device
from inference.types import Floats, Pixels

PATCH = 32
"""Pixels, width and height of a patch."""
ORIENTATIONS = 8
WAVELENGTHS = (4.0, 8.0)
"""Pixels: edges of limbs and wheels, edges of bodies and cars."""
KERNEL = 11


class PatchNet(nn.Module):
    """Patches -> vectors, on a device; half precision on CUDA."""

    wavelets: Tensor

    def __init__(self, device: Device) -> None:
        super().__init__()
        self._type = torch.float16 if device.half else torch.float32
        self.register_buffer("wavelets", torch.from_numpy(gabor_wavelets()))
        self.eval().to(device=device.name, dtype=self._type)
        self._device = device.name

    @property
    def size(self) -> int:
        """Length of a vector."""
        return ORIENTATIONS * len(WAVELENGTHS) * 4 + 6

    @property
    def fingerprint(self) -> str:
        return f"scatter2.{PATCH}.{ORIENTATIONS}.{len(WAVELENGTHS)}"

    @property
    def weight_bytes(self) -> int:
        return sum(buffer.nbytes for buffer in self.buffers())

    def embed(self, patches: Pixels) -> Floats:
        """(n, PATCH, PATCH, 3) BGR -> (n, size) float32."""
        if not len(patches):
            return np.zeros((0, self.size), np.float32)
        with torch.inference_mode():
            batch = torch.from_numpy(patches).to(self._device).permute(0, 3, 1, 2).to(self._type) / 255.0
            vectors: Floats = self(batch).float().cpu().numpy()
        return vectors

    def forward(self, pictures: Tensor) -> Tensor:
        waves = nn.functional.conv2d(pictures.mean(dim=1, keepdim=True), self.wavelets, stride=2)
        real, imaginary = waves.chunk(2, dim=1)  # of zero mean: brightness is gone
        modulus = torch.hypot(real, imaginary)
        texture = torch.log1p(20.0 * nn.functional.adaptive_avg_pool2d(modulus, 2).flatten(1))
        mean = pictures.mean(dim=(2, 3))
        deviation = (pictures - mean[..., None, None]).square().mean(dim=(2, 3)).sqrt()
        return torch.cat((texture, 2.0 * mean, 2.0 * deviation), dim=1)


def gabor_wavelets() -> Floats:
    """(2 * n, 1, KERNEL, KERNEL): Gabor wavelets of zero mean, real parts first, each of unit energy."""
    axis = np.arange(KERNEL) - KERNEL // 2
    y, x = np.meshgrid(axis, axis, indexing="ij")
    bank = []
    for wavelength in WAVELENGTHS:
        for orientation in range(ORIENTATIONS):
            angle = math.pi * orientation / ORIENTATIONS
            along = x * math.cos(angle) + y * math.sin(angle)
            envelope = np.exp(-(x**2 + y**2) / (2 * (0.45 * wavelength) ** 2))
            wave = envelope * np.exp(2j * math.pi * along / wavelength)
            wave -= envelope * (wave.sum() / envelope.sum())
            bank.append(wave / np.sqrt((np.abs(wave) ** 2).sum()))
    stacked = np.stack(bank)
    return np.concatenate((stacked.real, stacked.imag))[:, None].astype(np.float32)
