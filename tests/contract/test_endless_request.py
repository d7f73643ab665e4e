"""A stranger who never comes to the end of a request is hung up on, before it fills memory."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.web import WebServer

CHUNK, CHUNKS = b"a" * 65_536, 64


@pytest.mark.parametrize("begins", [b"GET /", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: "])
def test_an_endless_address_or_header_is_refused(web: WebServer, begins: bytes) -> None:
    place = urlsplit(web.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as connection:
        try:
            for piece in (begins, *[CHUNK] * CHUNKS):
                connection.sendall(piece)
            answer = connection.recv(100)
        except ConnectionError:  # it hung up while we were still speaking
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
