"""Writes the types of Vigil's API as Python: `python generate_types.py openapi.json > vigil_types.py`.

One TypedDict for each schema of the OpenAPI document. Needs nothing but Python.
"""

from __future__ import annotations

import json
import keyword
import sys
from pathlib import Path
from typing import Any

HEAD = '''"""The types of Vigil's API, generated from its OpenAPI document by generate_types.py: do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

'''
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def type_of(schema: dict[str, Any]) -> str:
    """The Python type of a schema, as text."""
    named = without_null(schema)
    return f"{named} | None" if schema.get("nullable") and not named.endswith("None") else named


def without_null(schema: dict[str, Any]) -> str:
    """The same, were it not nullable."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_of(one) for one in schema[several]))
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    if schema.get("type") == "array":
        return f"list[{type_of(schema['items'])}]"
    if schema.get("type") == "object":
        more = schema.get("additionalProperties")
        return f"dict[str, {type_of(more) if isinstance(more, dict) and more else 'Any'}]"
    return PLAIN.get(schema.get("type", ""), "Any")


def declaration(name: str, schema: dict[str, Any]) -> str:
    """A TypedDict for an object; another name for anything else."""
    if "properties" not in schema:
        return f'{name} = {type_of(schema)}\n"""{sentence(schema)}"""\n'
    required = set(schema.get("required", ()))
    fields = {
        field: type_of(part) if field in required else f"NotRequired[{type_of(part)}]"
        for field, part in schema["properties"].items()
    }
    if any(keyword.iskeyword(field) or not field.isidentifier() for field in fields):
        pairs = ", ".join(f'"{field}": "{kind}"' for field, kind in fields.items())
        return f'{name} = TypedDict("{name}", {{{pairs}}})\n'
    lines = [f"    {field}: {kind}" for field, kind in fields.items()]
    return "\n".join([f"class {name}(TypedDict):", f'    """{sentence(schema)}"""', "", *lines, ""])


def sentence(schema: dict[str, Any]) -> str:
    """The first line of its description."""
    told = str(schema.get("description", "")).strip().splitlines()
    return told[0].replace('"""', "'''") if told else "See the OpenAPI document."


def module_of(document: dict[str, Any]) -> str:
    """The whole module; what is only another name comes last, when what it names is there."""
    schemas: dict[str, dict[str, Any]] = document["components"]["schemas"]
    ordered = sorted(schemas.items(), key=lambda item: ("properties" not in item[1] and "enum" not in item[1], item[0]))
    return HEAD + "\n".join("\n" + declaration(name, schema) for name, schema in ordered)


if __name__ == "__main__":
    sys.stdout.write(module_of(json.loads(Path(sys.argv[1]).read_text())))
