"""Pages of the administration whose rows the services write, which alone check and record."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from project.accounts.models import Role, Site, User
from project.accounts.rights import sites_of
from project.administration import Unlogged
from project.errors import DomainError, Invalid


class ByServices(Unlogged):
    """Before the class of the page, whose rows belong to a site and stay in it.

    The form says beforehand what the services would refuse: `say_what_is_wrong`.
    """

    model: Any
    readonly_fields: ClassVar[Any]

    def add(self, *, by: User, **values: Any) -> Model:
        """A new row of what the form has."""
        raise NotImplementedError

    def change(self, *, by: User, row: Any, **changes: Any) -> object:
        """What of the form was changed, in the row as it is stored."""
        raise NotImplementedError

    def remove(self, *, by: User, row: Any) -> object:
        """The row goes, with what hangs on it."""
        raise NotImplementedError

    def sites_to_choose(self, request: HttpRequest) -> QuerySet[Site]:
        """Where a new row may be: the sites that one manages."""
        return sites_of(request.user, at_least=Role.MANAGER)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The site is one of those."""
        page: Any = super()
        kwargs["queryset"] = self.sites_to_choose(request)
        return page.formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A row stays in its site; a new one has nothing to show yet."""
        return ("site", *self.readonly_fields) if obj else ()

    def changeform_view(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        """What the services refuse all the same, since something changed meanwhile, is said above the page."""
        page: Any = super()
        try:
            return cast(HttpResponse, page.changeform_view(request, *given, **named))
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the services."""
        by, said = cast(User, request.user), form.cleaned_data
        if not change:
            obj.pk = self.add(by=by, **said).pk
        elif changes := {name: said[name] for name in form.changed_data if name in said}:
            self.change(by=by, row=self.model._default_manager.get(pk=obj.pk), **changes)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The services wrote all of it."""

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """By the services."""
        self.remove(by=cast(User, request.user), row=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """By the services."""
        for row in queryset:
            self.remove(by=cast(User, request.user), row=row)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The rows: whoever may remove them need not ask for what hangs on them."""
        return [str(row) for row in objs], {str(self.model._meta.verbose_name_plural): len(objs)}, set(), []


def say_what_is_wrong(form: forms.BaseForm, refusal: Invalid) -> None:
    """Each sentence at the field that it is about, as far as the form has it."""
    for name, sentences in refusal.fields.items():
        form.add_error(name if name in form.fields else None, sentences)
