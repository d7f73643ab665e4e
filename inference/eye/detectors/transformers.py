"""Detectors by the name they have on the hub, or in a local folder, through `transformers`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor
from transformers import AutoImageProcessor, AutoModelForObjectDetection

from inference.device import Device
from inference.eye.detectors.protocol import Detections, DetectorNotAvailable
from inference.types import Pixels


class TransformersDetector:
    """Any model of `AutoModelForObjectDetection`: DETR, YOLOS, RT-DETR, D-FINE and their like."""

    def __init__(self, name: str, device: Device) -> None:
        """`name`: `owner/model`, fetched from the hub on first use, or a folder. Raises DetectorNotAvailable."""
        try:
            # The other backend needs torchvision, which must match torch exactly and is not needed here.
            processor: Any = cast(Any, AutoImageProcessor).from_pretrained(name, backend="pil")
            model: Any = AutoModelForObjectDetection.from_pretrained(name)
        except Exception as error:  # no network, no such model, a broken file: each has classes of its own
            raise DetectorNotAvailable(
                f"VIGIL_DETECTOR={name} cannot be loaded: {error} "
                "Give the name of an object detector on the hub, or a folder with its files."
            ) from error
        self._fingerprint = f"{model.config.model_type}-{_digest(model)}"
        self._type = torch.float16 if device.half else torch.float32
        self._model = model.eval().to(device=device.name, dtype=self._type)
        self._processor, self._device = processor, device.name
        names = model.config.id2label
        self._labels = tuple(str(names[number]) for number in sorted(names))

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def weight_bytes(self) -> int:
        return sum(weights.nbytes for weights in self._model.state_dict().values())

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def detect(self, pictures: Sequence[Pixels], least_score: float) -> list[Detections]:
        """The pictures of one call have the same size, as tiles have: then none is padded."""
        inputs = self._processor(images=[_rgb(picture) for picture in pictures], return_tensors="pt")
        with torch.inference_mode():
            pixels = inputs["pixel_values"].to(device=self._device, dtype=self._type)
            output = self._model(pixel_values=pixels)
            scores, kinds = _likelihoods(output.logits.float(), len(self._labels))
            boxes = output.pred_boxes.float().cpu()
        return [
            _detections(boxes[n], scores[n].cpu(), kinds[n].cpu(), picture, least_score)
            for n, picture in enumerate(pictures)
        ]


def _rgb(picture: Pixels) -> Pixels:
    return np.ascontiguousarray(picture[..., ::-1])


def _likelihoods(logits: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """How sure of anything, (n, queries), and of each class given that, (n, queries, classes)."""
    if logits.shape[-1] > classes:  # DETR, YOLOS: the last one says that there is nothing
        shares = logits.softmax(dim=-1)[..., :classes]
        scores = shares.sum(dim=-1)
    else:  # RT-DETR, D-FINE: each class on its own
        shares = logits.sigmoid()
        scores = shares.amax(dim=-1)
    return scores, shares / scores[..., None].clamp_min(1e-6)


def _detections(boxes: Tensor, scores: Tensor, kinds: Tensor, picture: Pixels, least_score: float) -> Detections:
    kept = scores >= least_score
    height, width = picture.shape[:2]
    centre, size = boxes[kept, :2], boxes[kept, 2:]
    corners = torch.cat((centre - size / 2, centre + size / 2), dim=1) * torch.tensor([width, height, width, height])
    return Detections(corners.numpy(), scores[kept].numpy(), kinds[kept].numpy())


def _digest(model: Any) -> str:
    """Of the weights: the same name may carry others tomorrow."""
    digest = hashlib.sha256()
    for name, weights in model.state_dict().items():
        digest.update(name.encode())
        digest.update(weights.contiguous().cpu().numpy().tobytes())
    return digest.hexdigest()[:12]
