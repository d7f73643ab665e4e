"""Camera addresses without their secrets, for people and for logs. Free of Django.

Errs on the side of hiding: whatever could be part of a password is replaced, however badly the address is written.
"""

from __future__ import annotations

import re

MASK = "***"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_URL_IN_TEXT = re.compile(r"://\S+")
"""From behind the scheme on: to look for schemes would take a minute for a long text without any."""
_TOKEN_IN_TEXT = re.compile(r"\bvg[arki]_[A-Za-z0-9_-]{8,}")
"""As `project.accounts.tokens` makes them: the prefix is there to be found."""
_HARMLESS_QUERY = re.compile(
    r"(channel|subtype|stream|streamtype|profile|resolution|fps|camera|codec|compression|width|height|res|unicast)"
    r"=[A-Za-z0-9_.x]{0,12}",
    re.IGNORECASE,
)
_SECRETS_NAME = re.compile(r"pass|pwd|user|auth|token|key|secret|login", re.IGNORECASE)
_SECRET_IN_PATH = re.compile(
    r"(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9]{16,}(/|$)"  # rtsps://nvr:7441/Xo3kQ9vRbTz1LpWs
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.IGNORECASE,
)


def masked(source: str) -> str:
    """`source` with user, password, tokens and unknown parameters replaced by ***; equal text for an equal source.

    `rtsp://admin:pw@10.0.0.5/stream?channel=1` becomes `rtsp://***@10.0.0.5/stream?channel=1`.
    """
    scheme, mark, rest = source.partition("://")
    if not mark:
        scheme, rest = "", source
    elif not _SCHEME.fullmatch(scheme):
        scheme = MASK
    _, at, rest = rest.rpartition("@")  # the last one: a password may hold more
    rest, fragment, _ = rest.partition("#")
    rest, question, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    if question:
        query = query if all(_HARMLESS_QUERY.fullmatch(part) for part in query.split("&")) else MASK
    return (
        f"{scheme}{mark}{MASK if at else ''}{at}{host}{slash}{_masked_path(path)}"
        f"{question}{query}{'#' + MASK if fragment else ''}"
    )


def scrub(text: str) -> str:
    """Free text, such as an error message of FFmpeg, with every address in it masked and every token hidden."""
    return _TOKEN_IN_TEXT.sub(MASK, _URL_IN_TEXT.sub(lambda match: masked(f"x{match[0]}")[1:], text))


def _masked_path(path: str) -> str:
    """The path up to the first part that looks like a secret, which may hold slashes itself."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        if _names_a_secret(part) or _SECRET_IN_PATH.match(part):
            return "/".join([*parts[:index], MASK])
    return path


def _names_a_secret(part: str) -> bool:
    """Such as `user=admin_password=abc_channel=1.sdp`."""
    return bool(_SECRETS_NAME.search(part, 0, max(part.rfind("="), part.rfind(":"), 0)))
