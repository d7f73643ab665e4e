"""What is written by a form of the administration, from what to what, for pages whose model has no services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import HttpRequest

from project.administration import Unlogged
from project.audit import trail
from project.masking import MASK

Change = tuple[str, models.Model, dict[str, tuple[Any, Any]]]
"""added, changed or removed; which row; field -> before and after."""


class Recorded(Unlogged):
    """A page of the administration each of whose changes leaves an entry, in the transaction that makes it.

    Not for what can be deleted there.
    """

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What `log_addition` and `log_change` are given at the end of the transaction."""
        return _changes_of(form), [change for formset in formsets or () for change in _rows_of(formset)]

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Something new."""
        self._record(request, "added", obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Something else than before."""
        self._record(request, "changed", obj, message)

    def _record(self, request: HttpRequest, what: str, obj: models.Model, message: Any) -> None:
        changes, rows = message
        if changes or what == "added":
            name = f"{obj._meta.model_name}.{what}"
            trail.record(name, by=request.user, site=site_of(obj), target=obj, changes=changes)
        for did, row, fields in rows:
            user = getattr(row, "user", None) or row
            trail.record(f"member.{did}", by=request.user, site=site_of(row), target=user, changes=fields)


def site_of(obj: Any) -> int | None:
    """The site it belongs to, or that it is."""
    site_id: int | None = obj.pk if obj._meta.model_name == "site" else getattr(obj, "site_id", None)
    return site_id


def _changes_of(form: Any) -> dict[str, tuple[Any, Any]]:
    changes = {}
    for name in form.changed_data:
        secret = "password" in name
        before, after = form.initial.get(name), form.cleaned_data.get(name)
        changes[name] = (MASK, MASK) if secret else (_plain(before), _plain(after))
    return changes


def _rows_of(formset: Any) -> Iterable[Change]:
    forms = {form.instance.pk: form for form in formset.forms if form.instance.pk}
    for row in formset.new_objects:
        yield "added", row, {"role": (None, _role(row))}
    for row, _ in formset.changed_objects:
        yield "changed", row, _changes_of(forms[row.pk])
    for row in formset.deleted_objects:
        yield "removed", row, {"role": (_role(row), None)}


def _role(row: Any) -> str:
    role: str = row.get_role_display()
    return role


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
