"""From decoded pictures to what leaves the child: small, masked, or JPEG. Scaling and encoding are FFmpeg's."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.codec import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from inference.capture.masks import covered
from inference.types import Pixels, Polygon

FINE, LIGHT = 3, 6
"""Quality of JPEG, 2 (best) to 31: for snapshots, and for live pictures (about 60 KB at 1280x720)."""


def fitting(width: int, height: int, widest: int) -> tuple[int, int]:
    """The size, even in both directions, of a picture that is at most `widest` wide and not enlarged."""
    if width <= widest:
        return max(2, width & ~1), max(2, height & ~1)
    return max(2, widest & ~1), max(2, round(height * widest / width / 2) * 2)


class Pictures:
    """Converts the pictures of one stream; keeps FFmpeg's scalers and encoders between them. Used by one thread."""

    def __init__(self, masks: tuple[Polygon, ...], *, quality: int = FINE) -> None:
        self._masks = masks
        self._quality = quality
        self._covers: dict[tuple[int, int], NDArray[np.bool_]] = {}
        self._scalers: dict[str, VideoReformatter] = {}
        self._encoder: VideoCodecContext | None = None
        self._encoded = 0

    def pixels(self, frame: VideoFrame, width: int) -> Pixels:
        """BGR, at most `width` wide, masked."""
        columns, rows = fitting(frame.width, frame.height, width)
        small = self._scaled("bgr24", frame, columns, rows)
        plane = small.planes[0]
        view = np.frombuffer(memoryview(plane), np.uint8).reshape(rows, plane.line_size)[:, : columns * 3]
        pixels = np.ascontiguousarray(view).reshape(rows, columns, 3)
        if self._masks:
            pixels = pixels.copy() if not pixels.flags.writeable else pixels
            pixels[self._cover(columns, rows)] = 0
        return pixels

    def jpeg(self, frame: VideoFrame, widest: int = 1 << 16) -> bytes:
        """JPEG, at most `widest` wide, masked. Raises av.error.FFmpegError where the picture cannot be encoded."""
        width, height = fitting(frame.width, frame.height, widest)
        picture = self.planar(frame, width, height, full_range=True)
        encoder = self._encoder
        if encoder is None or (encoder.width, encoder.height) != (width, height):
            encoder = self._encoder = _jpeg_encoder(width, height, self._quality)
        picture.pts, picture.time_base = self._encoded, encoder.time_base
        self._encoded += 1
        return b"".join(bytes(packet) for packet in encoder.encode(picture))

    def planar(self, frame: VideoFrame, width: int, height: int, *, full_range: bool = False) -> VideoFrame:
        """YUV 4:2:0 of that size, masked; the given frame is not touched."""
        picture = self._scaled("yuvj420p" if full_range else "yuv420p", frame, width, height)
        if self._masks:
            if picture is frame:
                picture = self._scaled("bgr24", frame, width, height).reformat(format=frame.format.name)
            self._blacken(picture, black=0 if full_range else 16)
        return picture

    def _blacken(self, picture: VideoFrame, black: int) -> None:
        cover = self._cover(picture.width, picture.height)
        halved = cover.reshape(picture.height // 2, 2, picture.width // 2, 2).any(axis=(1, 3))
        for plane, hidden, value in zip(picture.planes, (cover, halved, halved), (black, 128, 128), strict=True):
            rows, columns = hidden.shape
            view = np.frombuffer(memoryview(plane), np.uint8)[: rows * plane.line_size].reshape(rows, plane.line_size)
            np.copyto(view[:, :columns], value, where=hidden)

    def _scaled(self, pixel_format: str, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        scaler = self._scalers.setdefault(pixel_format, VideoReformatter())
        return scaler.reformat(
            frame,
            width,
            height,
            pixel_format,
            interpolation=Interpolation.FAST_BILINEAR,
            dst_color_range=ColorRange.JPEG if pixel_format == "yuvj420p" else None,
        )

    def _cover(self, width: int, height: int) -> NDArray[np.bool_]:
        if (width, height) not in self._covers:
            self._covers[width, height] = covered(self._masks, width, height)
        return self._covers[width, height]


def _jpeg_encoder(width: int, height: int, quality: int) -> VideoCodecContext:
    encoder = CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.thread_count = 1
    encoder.qmin = encoder.qmax = quality  # FFmpeg would take a fixed quality from the frame, which PyAV cannot set
    encoder.options = {"huffman": "default"}
    return encoder
