"""A camera for tests that speaks MJPEG over HTTP, as cheap ones do."""

from __future__ import annotations

import itertools
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import av

from tests.support.footage import drawn


def jpeg(number: int) -> bytes:
    """A picture of `tests.support.footage.drawn`."""
    frame = av.VideoFrame.from_ndarray(drawn(number), format="bgr24").reformat(format="yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "yuvj420p"
    encoder.framerate, encoder.bit_rate = 25, 4_000_000  # type: ignore[assignment]
    return b"".join(bytes(packet) for packet in encoder.encode(frame))


class MjpegCamera:
    """Sends numbered pictures at `fps`, for ever; `silent` makes it keep its connections and say nothing."""

    def __init__(self, fps: float = 10.0) -> None:
        self.silent = threading.Event()
        self.gone = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
                self.end_headers()
                for number in itertools.count():
                    time.sleep(1 / fps)
                    if camera.gone.is_set():
                        return
                    if camera.silent.is_set():
                        continue
                    picture = jpeg(number)
                    head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                    try:
                        self.wfile.write(head.encode() + picture + b"\r\n")
                    except OSError:
                        return

            def log_message(self, format: str, *args: object) -> None:
                """Tests say what they have to say themselves."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/video"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.gone.set()
        self._server.shutdown()
        self._server.server_close()
