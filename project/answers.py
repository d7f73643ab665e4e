"""Errors as the API answers them: `{"code": "...", "message": "...", "fields": {"name": ["..."]}}`, always."""

from __future__ import annotations

import math
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from project.errors import DomainError, Invalid, NotFound, TooMany

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5
"""After which it is worth asking again where the database was away."""


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to whatever a view raised; None for what nobody foresaw, which becomes a 500."""
    set_rollback()
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("the database is away", error=repr(error))
        return _away()
    if isinstance(error, DjangoValidationError):
        error = Invalid(" ".join(error.messages), fields=getattr(error, "error_dict", None) and error.message_dict)
    if isinstance(error, RecursionError):
        error = Invalid("What was sent is nested too deeply.")
    if isinstance(error, Http404):
        error = NotFound("There is no such thing here, or it is not yours to see.")
    if isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        headers = {"Retry-After": str(math.ceil(error.wait))} if isinstance(error, TooMany) else None
        return Response(_body(error.reason, error.message, error.fields), status=error.status_code, headers=headers)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(round(wait))
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_by_field("", error.detail))
        return Response(_body("invalid", _summary(fields), fields), status=error.status_code, headers=headers)
    code = "not_found" if isinstance(error, exceptions.NotFound) else error.get_codes()
    return Response(_body(str(code), str(error.detail), {}), status=error.status_code, headers=headers)


def _away() -> Response:
    message = "The database cannot be reached at the moment; what cameras see is kept until it is back."
    return Response(_body("unavailable", message, {}), status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def _by_field(name: str, detail: Any) -> list[tuple[str, list[str]]]:
    """Errors of nested fields under names such as `zones.0.polygon`."""
    if isinstance(detail, dict):
        return [pair for key, value in detail.items() for pair in _by_field(f"{name}.{key}".strip("."), value)]
    if any(isinstance(item, dict) for item in detail):
        return [pair for index, item in enumerate(detail) for pair in _by_field(f"{name}.{index}".strip("."), item)]
    return [(name or "non_field_errors", [str(item) for item in detail])]


def _summary(fields: dict[str, list[str]]) -> str:
    name, messages = next(iter(fields.items()), ("", ["What was sent is not valid."]))
    return messages[0] if name == "non_field_errors" else f"{name}: {messages[0]}"


def _body(code: str, message: str, fields: dict[str, list[str]]) -> dict[str, object]:
    return {"code": code, "message": message, "fields": fields}
