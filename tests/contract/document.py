"""The OpenAPI document as the code says it, and its operations as cases to send."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import schemathesis
from drf_spectacular.generators import SchemaGenerator
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok

LEFT_OUT = frozenset({"/api/v1/auth/logout"})
"""These would end the log-in with which all the others are asked."""


@cache
def document() -> dict[str, Any]:
    """What `./vigil manage spectacular` writes, in plain JSON values."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    made: dict[str, Any] = json.loads(json.dumps(generator.get_schema(request=None, public=True)))  # type: ignore[no-untyped-call]
    return made


@cache
def operations() -> dict[str, Any]:
    """Those of the document."""
    return operations_of(document())


def operations_of(told: dict[str, Any]) -> dict[str, Any]:
    """`GET /api/v1/events/` -> the operation, as schemathesis knows it."""
    schema = schemathesis.openapi.from_dict(told, config=SchemathesisConfig())
    results = list(schema.get_all_operations())
    found = [result.ok() for result in results if isinstance(result, Ok)]
    assert len(found) == len(results), "each operation can be read"
    return {operation.label: operation for operation in found if operation.path not in LEFT_OUT}
