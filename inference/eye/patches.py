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
KERNEL, STRIDE = 11, 3
"""Pixels of a wavelet, and from one of its places to the next: 8 x 8 of them. Closer ones tell no more."""
QUARTER = 4
"""Places along one side of a quarter of a patch."""
CONTRAST, COLOUR = 20.0, 2.0
"""What texture, and what colour and light, 0..1, are multiplied by."""


class PatchNet(nn.Module):
    """Patches -> vectors, on a device; half precision on CUDA."""

    wavelets: Tensor

    def __init__(self, device: Device) -> None:
        super().__init__()
        self._type = torch.float16 if device.half else torch.float32
        wavelets = gabor_wavelets().reshape(-1, KERNEL**2).T * (CONTRAST / COLOUR)
        self.register_buffer("wavelets", torch.from_numpy(wavelets))
        self.eval().to(device=device.name, dtype=self._type)
        self._device = device.name

    @property
    def size(self) -> int:
        """Length of a vector."""
        return ORIENTATIONS * len(WAVELENGTHS) * 4 + 6

    @property
    def fingerprint(self) -> str:
        return f"scatter2.{PATCH}.{ORIENTATIONS}.{len(WAVELENGTHS)}.{STRIDE}"

    @property
    def weight_bytes(self) -> int:
        return sum(buffer.nbytes for buffer in self.buffers())

    def embed(self, patches: Pixels) -> Floats:
        """(n, PATCH, PATCH, 3) BGR -> (n, size) float32."""
        if not len(patches):
            return np.zeros((0, self.size), np.float32)
        batch = torch.from_numpy(patches).to(self._device).permute(0, 3, 1, 2)
        pictures = batch.to(self._type, memory_format=torch.contiguous_format) * (COLOUR / 255.0)
        vectors: Floats = self(pictures).float().cpu().numpy()
        return vectors

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, 3, PATCH, PATCH), 0..COLOUR -> (n, size); few operations, as the patches of one camera are few."""
        places = pictures.mean(dim=1).unfold(1, KERNEL, STRIDE).unfold(2, KERNEL, STRIDE)
        waves = places.flatten(3) @ self.wavelets  # for so few patches quicker than `conv2d`
        real, imaginary = waves.chunk(2, dim=3)  # of zero mean: brightness is gone
        modulus = torch.hypot(real, imaginary).permute(0, 3, 1, 2)
        texture = torch.log1p(nn.functional.avg_pool2d(modulus, QUARTER)).flatten(1)
        mean = pictures.mean(dim=(2, 3), keepdim=True)
        deviation = torch.linalg.vector_norm(pictures - mean, dim=(2, 3)) / PATCH
        return torch.cat((texture, mean.flatten(1), deviation), dim=1)


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
