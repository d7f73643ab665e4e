"""What drf-spectacular cannot see: how scripts log in, and the one form of all errors."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

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
_CRUD = frozenset({"list", "create", "retrieve", "update", "partial_update", "destroy"})
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def name_verbs_plainly(endpoints: list[Any]) -> list[Any]:
    """A hook: lists and objects end with a slash, what is done to them does not. Both work with and without."""
    plain = []
    for path, regex, method, callback in endpoints:
        is_row = getattr(callback, "actions", {}).get(method.lower()) in _CRUD
        keep = is_row or path == "/api/v1/" or not path.startswith("/api/v1/")
        plain.append((path if keep else path.rstrip("/"), regex, method, callback))
    return plain


def describe_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook: every operation may answer with an Error."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = _ERROR
    answer = {
        "description": "Refused, not found or not possible: the body says why.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for path in result["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                operation["responses"].setdefault("default", answer)
    return result


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer <access token>`."""

    target_class = "project.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """For the button Authorize of Swagger UI."""
        return {"type": "http", "scheme": "bearer", "description": "The access token that auth/login gives."}
