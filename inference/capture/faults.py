"""Says in plain English why a source gives no pictures. No text here holds an address or a secret."""

from __future__ import annotations

import errno
import socket
from urllib.parse import urlsplit

import av.error

from cameras.sources import SourceNotAllowed
from inference.capture.source import UNANSWERED, Unfit, kind_of
from inference.capture.wire import Fault

CLOSED = Fault("offline", "The camera closed the connection.")
GARBLED = Fault("offline", "The camera answers, but not with readable video.")
NO_PASSWORD = Fault(
    "failed", "The camera asks for a user name and a password (401): put them into the address.", "password"
)
UNDECODABLE = Fault("offline", "The camera sends data, but no picture can be decoded from it.")
_BY_TYPE: dict[type[Exception], Fault] = {
    av.error.HTTPUnauthorizedError: Fault("failed", "The camera refused the password (401).", "password"),
    av.error.HTTPForbiddenError: Fault("failed", "The camera does not allow this user to watch (403).", "password"),
    av.error.HTTPNotFoundError: Fault(
        "failed", "The camera knows no such stream (404): check the path in the address.", "person"
    ),
    av.error.HTTPServerError: Fault("offline", "The camera reported an error of its own (5xx)."),
    av.error.DecoderNotFoundError: Fault("failed", "The source's video is of a kind that cannot be decoded.", "person"),
    av.error.ProtocolNotFoundError: Fault("failed", "This kind of address cannot be opened.", "person"),
    av.error.DemuxerNotFoundError: Fault("failed", "The source is of a format that is not read.", "person"),
    av.error.ExitError: UNANSWERED,
    av.error.InvalidDataError: Fault("failed", "The recording is damaged, or no video.", "person"),
    av.error.EOFError: CLOSED,
}
_BY_ERRNO = {
    errno.ECONNREFUSED: Fault("offline", "The camera refused the connection: nothing listens on that port."),
    errno.EHOSTUNREACH: Fault("offline", "There is no route to the camera: it is off, or the network is down."),
    errno.ENETUNREACH: Fault("offline", "The camera's network cannot be reached from here."),
    errno.ETIMEDOUT: Fault("offline", "The camera did not answer."),
    errno.ECONNRESET: Fault("offline", "The camera broke the connection off."),
    errno.EPIPE: Fault("offline", "The camera broke the connection off."),
    errno.ENOENT: Fault("failed", "The recording does not exist.", "person"),
    errno.EACCES: Fault("failed", "The recording may not be read.", "person"),
    errno.ENOMEM: Fault("failed", "The pictures need more memory than a camera may have.", "person"),
}


def explain(error: BaseException, source: str) -> Fault:
    """The Fault behind an exception of opening or reading `source`."""
    if isinstance(error, Unfit):
        return error.fault
    if isinstance(error, SourceNotAllowed):
        return Fault("failed", str(error), "person")
    if isinstance(error, MemoryError):
        return _BY_ERRNO[errno.ENOMEM]
    if isinstance(error, av.error.InvalidDataError) and kind_of(source) != "file":
        return GARBLED
    if isinstance(error, av.error.HTTPUnauthorizedError) and "@" not in urlsplit(source).netloc:
        return NO_PASSWORD
    for kind, fault in _BY_TYPE.items():
        if isinstance(error, kind):
            return fault
    if isinstance(error, OSError) and error.errno in _BY_ERRNO:
        return _BY_ERRNO[error.errno]
    if isinstance(error, OSError) and error.errno == errno.EIO and not _known(source):
        return Fault("offline", "The camera's name is unknown to the name server: check the host in the address.")
    return Fault("offline", f"The source cannot be read ({_short(error)}).")


def _known(source: str) -> bool:
    try:
        host = urlsplit(source).hostname
        if host:
            socket.getaddrinfo(host, None)
    except (OSError, ValueError):
        return False
    return True


def _short(error: BaseException) -> str:
    """What kind of error, and never its text: FFmpeg's texts quote addresses."""
    number = getattr(error, "errno", None)
    return errno.errorcode.get(number, type(error).__name__) if isinstance(number, int) else type(error).__name__
