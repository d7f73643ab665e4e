"""Where notifications arrive in tests: an HTTP server that keeps what it is sent (mail and MQTT: next door)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.certificates import Certificate


@dataclass(frozen=True)
class Request:
    """One POST, as it came."""

    path: str
    headers: Headers
    body: bytes


@dataclass
class HTTPSink:
    """An HTTP server on 127.0.0.1; `answer` says what it answers from now on (200)."""

    url: str
    port: int
    requests: list[Request] = field(default_factory=list)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    dribble: bool = False
    """Send a byte of a header every now and then, for ever."""
    answers: threading.Event = field(default_factory=threading.Event)
    """While it is not set, requests that have come wait for their answer. It is set at first."""

    def __post_init__(self) -> None:
        self.answers.set()

    def answer(self, status: int, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        """To every request that comes from now on."""
        self.status, self.headers, self.body = status, headers or {}, body


@contextmanager
def http_sink(tls: Certificate | None = None) -> Iterator[HTTPSink]:
    """One that runs for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sink.requests.append(Request(self.path, self.headers, body))
            sink.answers.wait(60)
            with suppress(OSError):
                _answer(self, sink)

        def log_message(self, *_: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.server_context().wrap_socket(server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        sink = HTTPSink(url=f"{scheme}://127.0.0.1:{server.server_port}", port=server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield sink
        server.shutdown()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that leaves is no news."""


def _answer(handler: BaseHTTPRequestHandler, sink: HTTPSink) -> None:
    handler.send_response(sink.status)
    if sink.dribble:
        handler.flush_headers()
        handler.wfile.write(b"X-Slow: ")
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.05)
    for name, value in sink.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(sink.body)))
    handler.end_headers()
    handler.wfile.write(sink.body)
