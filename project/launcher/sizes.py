"""The size budget: what is too long to be read at once, and the list of what may be."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

PYTHON_LINES = 300
FUNCTION_LINES = 40
TYPESCRIPT_LINES = 250
_GENERATED = ("migrations/", "web/src/api/schema.d.ts")


def over_budget(root: Path) -> list[str]:
    """What is over the budget and not allowed by `tool.vigil.sizes` in pyproject.toml, a sentence each.

    The list maps "path" or "path::function" to the reason; an entry that is not needed any more is named too.
    """
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    allowed: dict[str, str] = settings.get("tool", {}).get("vigil", {}).get("sizes", {})
    found = {name: sentence for path in _sources(root) for name, sentence in _over(path, root)}
    needless = [f"{name} is within the budget: take it off tool.vigil.sizes" for name in allowed if name not in found]
    return [sentence for name, sentence in sorted(found.items()) if name not in allowed] + needless


def _sources(root: Path) -> list[Path]:
    command = ["git", "ls-files", "-co", "--exclude-standard", "*.py", "*.ts", "*.tsx"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    return [root / name for name in listed if not any(part in name for part in _GENERATED) and (root / name).exists()]


def _over(path: Path, root: Path) -> Iterator[tuple[str, str]]:
    name = str(path.relative_to(root))
    text = path.read_text()
    lines = len(text.splitlines())
    most = PYTHON_LINES if path.suffix == ".py" else TYPESCRIPT_LINES
    if lines > most:
        yield name, f"{name} has {lines} lines, and {most} are the most"
    if path.suffix == ".py":
        for function, length in functions(text):
            if length > FUNCTION_LINES:
                place = f"{name}::{function}"
                yield place, f"{place} has {length} lines, and {FUNCTION_LINES} are the most"


def functions(text: str) -> Iterator[tuple[str, int]]:
    """The functions of a Python text, with how many lines each has; its docstring does not count."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            first = node.body[0]
            documented = ast.get_docstring(node) is not None and first.end_lineno is not None
            docstring = first.end_lineno - first.lineno + 1 if documented and first.end_lineno else 0
            yield node.name, node.end_lineno - node.lineno + 1 - docstring
