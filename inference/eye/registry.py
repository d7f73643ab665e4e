"""Which Eyes there are, by the name that a camera carries; each brings the Memory that understands it."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module

from inference.device import Device
from inference.eye.protocol import Eye

EyeFactory = Callable[[Device], Eye]

EYES = {"motion": "inference.eye.motion:MotionEye", "objects": "inference.eye.objects:ObjectsEye"}
"""Name -> `package.module:factory`, imported on first use: torch must not load with this module."""


class UnknownEye(LookupError):
    """No Eye has this name; the text lists those there are."""


def eye_factory(name: str) -> EyeFactory:
    """What builds the Eye of that name on a device: a registered name, or `package.module:factory`.

    `VIGIL_EYE` overrides every camera's choice, for tests. Raises UnknownEye.
    """
    wanted = os.environ.get("VIGIL_EYE") or name
    module, _, attribute = EYES.get(wanted, wanted).partition(":")
    if not attribute:
        raise UnknownEye(f"There is no eye named {wanted!r}. There are: {', '.join(sorted(EYES))}.")
    try:
        factory: EyeFactory = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UnknownEye(f"The eye {wanted!r} cannot be loaded: {error}.") from error
    return factory
