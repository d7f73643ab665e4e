"""What people, weather and age do to a camera, done to its pictures."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from inference.types import Pixels


def _sensor(picture: Pixels, number: int) -> Pixels:
    """With the noise that no sensor is without."""
    noise = np.random.default_rng(number).normal(0.0, 2.0, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def black(picture: Pixels, number: int) -> Pixels:
    """A cap."""
    return _sensor(np.full_like(picture, 8), number)


def hand(picture: Pixels, number: int) -> Pixels:
    """Something soft and near, in which light and dark flow into each other."""
    spots = np.random.default_rng(3).integers(20, 110, (4, 5, 3)).astype(np.uint8)
    height, width = picture.shape[:2]
    return _sensor(np.asarray(cv2.GaussianBlur(cv2.resize(spots, (width, height)), (0, 0), 12), np.uint8), number)


def shifted(picture: Pixels, number: int) -> Pixels:
    """Turned aside, by a fifth of what is seen; new things come into sight where others leave."""
    side = picture.shape[1] // 5
    return np.concatenate((picture[:, side:], picture[::-1, :side]), axis=1)


def rotated(picture: Pixels, number: int) -> Pixels:
    """Hanging from one screw."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1.0)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)


def blurred(picture: Pixels, number: int) -> Pixels:
    """Out of focus."""
    return _sensor(np.asarray(cv2.GaussianBlur(picture, (0, 0), 6), np.uint8), number)


def burnt_out(picture: Pixels, number: int) -> Pixels:
    """The low sun, a torch, a laser."""
    return np.asarray(np.clip(picture.astype(np.float32) * 1.6 + 160, 0, 255), np.uint8)


def infrared(picture: Pixels, number: int) -> Pixels:
    """At night by the camera's own lamp: grey, darker at the edges."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    height, width = grey.shape
    rows, columns = np.mgrid[0:height, 0:width]
    away = np.hypot((rows - height / 2) / height, (columns - width / 2) / width)
    return np.repeat(_sensor(np.asarray(grey * (0.9 - 0.7 * away), np.uint8), number)[..., None], 3, axis=2)


def lit(picture: Pixels, number: int) -> Pixels:
    """A lamp, or the headlights of a car."""
    return np.asarray(np.clip(picture.astype(np.float32) * 1.35 + 12, 0, 255), np.uint8)


def dim(picture: Pixels, number: int) -> Pixels:
    """Dusk."""
    return np.asarray(picture * 0.45, np.uint8)


def passed_by(picture: Pixels, number: int) -> Pixels:
    """A truck close by: for 2.4 seconds it hides up to nine tenths, every 4 seconds."""
    height, width = picture.shape[:2]
    left = round((-0.9 + 1.9 * (number % 20) / 12) * width)
    seen = picture.copy()
    if number % 20 <= 12:
        seen[height // 10 :, max(0, left) : max(0, left + round(0.9 * width))] = (70, 90, 160)
    return seen


TAMPERING: dict[str, tuple[str, Callable[[Pixels, int], Pixels]]] = {
    "black": ("covered", black),
    "hand": ("covered", hand),
    "shifted": ("moved", shifted),
    "rotated": ("moved", rotated),
    "blurred": ("defocused", blurred),
    "burnt out": ("blinded", burnt_out),
}
"""Name -> the kind that it is to be told as, and what does it to the picture of that number."""
HARMLESS = {"lamp": lit, "dusk": dim, "truck": passed_by}
