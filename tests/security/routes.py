"""All that can be asked for over HTTP, read from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

_METHODS = ("get", "post", "put", "patch", "delete")
"""HEAD is answered as GET is, and OPTIONS tells nothing of any object."""


class Route(NamedTuple):
    """One verb of one address."""

    method: str
    """In capitals; that of a plain Django view, which takes all and refuses what it does not know, is GET."""
    name: str
    """As `reverse` takes it; the pattern itself where it has no name."""

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def routes() -> Iterator[Route]:
    """Every verb of every address; those of the admin are in a matrix of their own."""
    for name, callback in patterns():
        if not name.startswith("admin:"):
            yield from (Route(method.upper(), name) for method in _methods(callback))


def patterns() -> Iterator[tuple[str, Any]]:
    """Each pattern's name, with its namespace, and what it calls."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(entries: list[URLPattern | URLResolver], path: str, namespace: str) -> Iterator[tuple[str, Any]]:
    for entry in entries:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, here, inner)
        else:
            yield namespace + (entry.name or here), entry.callback


def _methods(callback: Any) -> list[str]:
    if actions := getattr(callback, "actions", None):
        return [method for method in actions if method in _METHODS]
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    return [method for method in _METHODS if hasattr(view, method)] if view else ["get"]
