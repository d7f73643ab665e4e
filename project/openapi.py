"""What drf-spectacular cannot see: how scripts log in, which errors an operation may answer with, in which form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from project.idempotency.middleware import HEADER, is_covered

_ERROR = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string", "description": "Short and stable, for programs."},
        "message": {"type": "string", "description": "For people."},
        "fields": {
            "type": "object",
            "description": "What is wrong, by field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
_ANSWERS = {
    400: ("Invalid", "invalid", "What was sent is not valid; `fields` says what and why."),
    401: ("NotAuthenticated", "not_authenticated", "Nobody is logged in, or the token has ended."),
    403: ("PermissionDenied", "permission_denied", "The role, or the key, does not allow this."),
    404: ("NotFound", "not_found", "There is no such thing, or it is not yours to see."),
    406: ("NotAcceptable", "not_acceptable", "The header Accept asks for a format that there is not."),
    409: ("Conflict", "conflict", "Somebody was faster, or a request with this Idempotency-Key is under way."),
    413: ("TooLarge", "too_large", "What was sent is too long."),
    415: ("UnsupportedMediaType", "unsupported_media_type", "What was sent is not JSON."),
    422: ("KeyReused", "idempotency_key_reused", "The Idempotency-Key was given to another request."),
    429: ("Throttled", "throttled", "Too many requests; the header Retry-After says when to ask again."),
    503: ("Unavailable", "unavailable", "The database is away; the header Retry-After says when to ask again."),
}
"""Status -> name of the response, an example of its code, what it means."""
_WITH_WAIT = frozenset({409, 429, 503})
_CRUD = frozenset({"list", "create", "retrieve", "update", "partial_update", "destroy"})
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_PARTS = {
    "304": {"description": "It is as it was: see the headers If-None-Match and If-Modified-Since."},
    "412": {"description": "It is not as it was: see the headers If-Match and If-Unmodified-Since."},
    "416": {"description": "The header Range asks for what is not in it."},
}
_KEY = {
    "name": HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Sent again with the same key within a day, the request is not done again: the first answer comes "
    "back, with the header Idempotent-Replay.",
}


def name_verbs_plainly(endpoints: list[Any]) -> list[Any]:
    """A hook: lists and objects end with a slash, what is done to them does not. Both work with and without."""
    plain = []
    for path, regex, method, callback in endpoints:
        is_row = getattr(callback, "actions", {}).get(method.lower()) in _CRUD
        keep = is_row or path == "/api/v1/" or not path.startswith("/api/v1/")
        plain.append((path if keep else path.rstrip("/"), regex, method, callback))
    return plain


def describe_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook: each operation with the errors that it may answer with, and its Idempotency-Key."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Error"] = _ERROR
    components["responses"] = {name: _response(status) for status, (name, _, _) in _ANSWERS.items()}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method in _METHODS:
                _describe(path, method, operation)
    return result


def _describe(path: str, method: str, operation: dict[str, Any]) -> None:
    if is_covered(method.upper(), path):
        operation.setdefault("parameters", []).append(_KEY)
    for parameter in operation.get("parameters", ()):
        if "[0-9a-fA-F]{12}" in parameter["schema"].get("pattern", ""):
            parameter["schema"] = {"type": "string", "format": "uuid"}
    answers = operation["responses"]
    if any(kind.startswith(("image/", "video/")) for kind in _kinds(operation)):
        answers |= {"206": {**answers["200"], "description": "The part that the header Range asked for."}, **_PARTS}
    for status in _errors_of(path, method, operation):
        answers.setdefault(str(status), {"$ref": f"#/components/responses/{_ANSWERS[status][0]}"})
    operation["responses"] = dict(sorted(answers.items()))


def _errors_of(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    """Which errors an operation may answer with beside its own, from what it takes and whom it lets in."""
    guarded = {} not in operation.get("security", [{}])
    asked = any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
    sends, changes = "requestBody" in operation, method != "get"
    conditions = {
        400: asked or changes,
        401: guarded or any(operation.get("security", ())) or changes,
        403: guarded or changes,
        404: "{" in path or (guarded and (asked or sends)),
        406: all("json" in kind for kind in _kinds(operation)),
        409: changes and guarded,
        413: sends,
        415: sends,
        422: is_covered(method.upper(), path),
        429: True,
        503: True,
    }
    return (status for status, may_be in conditions.items() if may_be)


def _kinds(operation: dict[str, Any]) -> Iterator[str]:
    return (kind for answer in operation["responses"].values() for kind in answer.get("content", ()))


def _response(status: int) -> dict[str, Any]:
    _, code, meaning = _ANSWERS[status]
    example = {
        "code": code,
        "message": meaning,
        "fields": {"name": ["This field is required."]} if status == 400 else {},
    }
    response: dict[str, Any] = {
        "description": meaning,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "example": example}},
    }
    if status in _WITH_WAIT:
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}
    return response


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer <access token>`."""

    target_class = "project.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """For the button Authorize of Swagger UI."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The access token that auth/login gives, or an API key.",
        }
