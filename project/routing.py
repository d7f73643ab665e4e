"""Addresses that work with and without the slash at their end: nobody is sent around by a 301 that loses a POST."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter


class Router(SimpleRouter):
    """REST framework's router with an optional slash."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"
