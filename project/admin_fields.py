"""Fields of forms of the administration for what columns hold as JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget


class WordsField(forms.Field):
    """A list of words, typed with commas or blanks between them."""

    widget = UnfoldAdminTextInputWidget

    def to_python(self, value: Any) -> list[str]:
        """The words."""
        return str(value or "").replace(",", " ").split()

    def prepare_value(self, value: Any) -> Any:
        """As one types them."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class JSONField(forms.JSONField):
    """Django's, for which JSON that Python does not read is no JSON: nested too deeply, or with a number too long."""

    widget = UnfoldAdminTextareaWidget

    def to_python(self, value: Any) -> Any:
        """What the text says."""
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": "…"}) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again."""
        try:
            return super().bound_data(data, initial)
        except (RecursionError, ValueError):
            return InvalidJSONInput(data)
