"""Answers with a stored file: ranges, conditional requests, nothing guessed. Works with any Django storage.

Who may see it has been decided before, and the name comes from a row, never from the request.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

from asgiref.sync import sync_to_async
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Span(NamedTuple):
    """Bytes of a file, from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """In bytes."""
        return self.last - self.first + 1


class NotInFile(ValueError):
    """The asked range has no byte in the file."""


def serve(request: HttpRequest, name: str, *, content_type: str, filename: str) -> HttpResponseBase:
    """The file `name` of the media storage, or the part of it that the request asks for.

    Raises Http404 where the storage does not have it.
    """
    try:
        check_stored(name)
        size, modified = default_storage.size(name), default_storage.get_modified_time(name).timestamp()
        etag = f'"{size:x}-{int(modified * 1e6):x}"'
        unchanged = get_conditional_response(request, etag, int(modified))
        response = unchanged or _body(request, name, size, etag, http_date(modified), content_type)
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(modified),
        "Accept-Ranges": "bytes",
        # Evidence of one person's site: no shared cache keeps it, and each use asks again whether it may be seen.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'",
        "Content-Disposition": f'inline; filename="{filename}"',
    }
    for header, value in headers.items():
        response.headers[header] = value
    return response


def check_stored(name: str) -> None:
    """Raises FileNotFoundError for what is no file, or leads out of the media folder, be it through a symbolic link.

    Names come from rows that workers wrote, and the folder may be one that others can write to.
    """
    try:
        root, path = (Path(default_storage.path(each)).resolve() for each in ("", name))
        is_ours = path.is_relative_to(root) and path.is_file()
    except NotImplementedError:  # a storage that has no folders
        is_ours = default_storage.exists(name)
    except (SuspiciousFileOperation, ValueError, RuntimeError, OSError) as error:
        raise FileNotFoundError(name) from error
    if not is_ours:
        raise FileNotFoundError(name)


def _body(request: HttpRequest, name: str, size: int, etag: str, modified: str, content_type: str) -> HttpResponseBase:
    try:
        part = _asked_range(request, size, etag, modified)
    except NotInFile:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}, content_type=content_type)
    span = part or Span(0, size - 1)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    else:
        kind = AsyncPart if isinstance(request, ASGIRequest) else Part
        response = StreamingHttpResponse(kind(default_storage.open(name), span), content_type=content_type)
    response.headers["Content-Length"] = str(span.length)
    if part:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return response


def _asked_range(request: HttpRequest, size: int, etag: str, modified: str) -> Span | None:
    """The one range that the request asks for; None where it wants all, or several ranges, or wrote nonsense.

    Raises NotInFile.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or request.headers.get("If-Range", etag) not in (etag, modified):
        return None
    first, last = match.groups()
    if first:
        span = Span(int(first), min(int(last) if last else size - 1, size - 1))
        if last and int(last) < int(first):
            return None
    elif last:
        span = Span(max(0, size - int(last)), size - 1)
    else:
        return None
    if span.length <= 0:
        raise NotInFile
    return span


class Part:
    """Reads a span of a file piece by piece, and closes it."""

    def __init__(self, file: File[bytes], span: Span) -> None:
        self._file, self._left = file, span.length
        file.seek(span.first)

    def __iter__(self) -> Iterator[bytes]:
        """Pieces of at most CHUNK bytes."""
        while chunk := self.read():
            yield chunk

    def read(self) -> bytes:
        """The next piece, empty at the end."""
        chunk: bytes = self._file.read(min(CHUNK, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Called by Django at the end of the response, also when the client went away."""
        self._file.close()


class AsyncPart:
    """The same for the web server, which would else read the whole file into memory first."""

    def __init__(self, file: File[bytes], span: Span) -> None:
        self._part = Part(file, span)
        self.close = self._part.close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Pieces of at most CHUNK bytes, read in a thread."""
        while chunk := await sync_to_async(self._part.read, thread_sensitive=False)():
            yield chunk
