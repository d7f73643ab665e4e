"""Lists come in pages with `results`, `next` and `previous`; a cursor stays true while rows are added."""

from __future__ import annotations

from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

LARGEST = 2**63 - 1


class NewestFirst(CursorPagination):
    """Pages of 50, or of `page_size` up to 200, the newest row first."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering: Any = ("-created_at", "-id")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """With the bounds of `page_size`."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return parameters

    def decode_cursor(self, request: Request) -> Any:
        """The place in the list; a cursor that was tampered with is none of ours."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not self.is_position(str(cursor.position), request):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def is_position(self, text: str, request: Request) -> bool:
        """Whether a row of the list could stand there: here, whether it is a moment."""
        return is_moment(text)


def is_number(text: str) -> bool:
    """Whether a position in a cursor is a number that a database column can hold."""
    return text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST


def is_moment(text: str) -> bool:
    """Whether a position in a cursor is a moment that every time zone can show."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None and 1970 <= moment.year < 9000


class ByName(NewestFirst):
    """The same, in the order of names."""

    ordering = ("name", "id")

    def is_position(self, text: str, request: Request) -> bool:
        """Any text that a database takes."""
        return "\x00" not in text
