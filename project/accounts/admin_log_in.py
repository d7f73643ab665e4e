"""The log-in of the admin, which asks for the second factor of those who have one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError

from project.accounts.models import User
from project.errors import DomainError

if TYPE_CHECKING:
    from django.contrib.admin.forms import AdminAuthenticationForm as AuthenticationForm
else:
    from unfold.forms import AuthenticationForm


class VigilAdminLoginForm(AuthenticationForm):
    """Name, password and code; the backend decides, as for every log-in."""

    code = forms.CharField(
        label="Code of your second factor, if you have one",
        max_length=64,
        required=False,
        widget=forms.TextInput(
            {"form": "login-form", "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        look = self.fields["password"].widget.attrs.get("class", "")
        self.fields["code"].widget.attrs["class"] = look

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where this is not the user, or not staff."""
        given = {name: self.cleaned_data.get(name) for name in ("username", "password", "code")}
        if given["username"] and given["password"]:
            self.user_cache = cast("User | None", self._authenticate(given))
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data

    def _authenticate(self, given: dict[str, Any]) -> Any:
        try:
            return authenticate(self.request, **given)
        except DomainError as error:
            raise ValidationError(error.message, code=error.reason) from None
