"""People, sites and log-ins for the administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from project.accounts.admin_log_in import VigilAdminLoginForm
from project.accounts.models import Membership, Site, Token, User
from project.accounts.second_factor import remove_second_factor
from project.accounts.tokens import revoke_tokens
from project.administration import ForSuperusers, Page, ReadOnly, TabularInline, Unlogged
from project.audit import trail
from project.audit.forms import Recorded

if TYPE_CHECKING:
    SiteAdminBase = Page[Site]
    TokenAdminBase = Page[Token]
    UserAdminBase = DjangoUserAdmin[User]
    InlineOfUser = TabularInline[Membership, User]
    InlineOfSite = TabularInline[Membership, Site]
else:
    SiteAdminBase = TokenAdminBase = Page
    InlineOfUser = InlineOfSite = TabularInline

    class UserAdminBase(DjangoUserAdmin, Page):
        """Django's, with the look of the others."""


admin.site.site_header = admin.site.site_title = "Vigil"
admin.site.index_title = "Overview"
admin.site.site_url = "/"
admin.site.login_form = VigilAdminLoginForm
admin.site.unregister(Group)  # rights are roles in sites: see project.accounts.rights
ACCOUNT_PAGE = "/account"


def _change_own_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """In the UI, where guesses at the old password are counted and other log-ins end."""
    return redirect(ACCOUNT_PAGE)


admin.site.password_change = _change_own_password  # type: ignore[method-assign,assignment]


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[misc]
    """Makes the hash, which is slow; `UserAdmin.log_change` writes it."""

    def save(self, commit: bool = True) -> Any:
        """The person with the new hash, which is not written yet."""
        return super().save(commit=False)


class NewUserForm(UserCreationForm):  # type: ignore[misc]
    """Takes the hash that `UserAdmin.add_view` made before the transaction."""

    hashed: ClassVar[str]

    def set_password_and_save(self, user: User, commit: bool = True, **more: Any) -> User:
        """The person with that hash, or with none where they are to have no password."""
        if not self.cleaned_data["set_usable_password"]:
            return cast(User, super().set_password_and_save(user, commit=commit, **more))
        user.password = self.hashed
        if commit:
            user.save()
        return user


class SitesOfUser(InlineOfUser):
    """The roles of a person."""

    model = Membership
    extra = 1


class MembersOfSite(InlineOfSite):
    """The people of a site."""

    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


class Undeletable:
    """What all the rest hangs on: the trail, the events, the roles."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


@admin.register(User)
class UserAdmin(Undeletable, ForSuperusers, Recorded, UserAdminBase):
    """People with their roles. Who has left is switched off: `is_active`."""

    form = UserChangeForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    list_display = ("username", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "sites")
    search_fields = ("username", "first_name", "last_name", "email")
    inlines = (SitesOfUser,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "language")}),
        (
            "Rights beside those in sites",
            {
                "fields": ("is_active", "is_staff", "is_superuser"),
                "description": "Nobody is deleted: switch off “active” for who has left.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    actions = ("remove_second_factors",)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Roles are given once the person exists."""
        return self.inlines if obj else ()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The hash is slow on purpose, so it is made before the transaction begins, whatever comes of the form."""
        if request.method == "POST" and self.has_add_permission(request):
            request.hashed = make_password(request.POST.get("password1"))  # type: ignore[attr-defined]
        return super().add_view(request, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """That for a new person knows the hash."""
        form = super().get_form(request, obj, change=change, **options)
        return form if obj else type(form.__name__, (form,), {"hashed": getattr(request, "hashed", "")})

    @transaction.atomic
    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A new password is written with its entry, or not at all."""
        if "password" in message[0]:
            obj.save(update_fields=["password"])
        super().log_change(request, obj, message)

    @admin.action(description="Remove the second factor, for who has lost it", permissions=["change"])
    def remove_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Their password is enough from now on."""
        removed = sum(remove_second_factor(user=user, by=request.user) for user in queryset)
        self.message_user(request, f"{removed} second factors removed.", messages.SUCCESS)


@admin.register(Site)
class SiteAdmin(Undeletable, ForSuperusers, Recorded, SiteAdminBase):
    """Places with their people. One that is given up stays with its events; its cameras are stopped."""

    list_display = ("name", "time_zone")
    search_fields = ("name",)
    inlines = (MembersOfSite,)


@admin.register(Token)
class TokenAdmin(ReadOnly, ForSuperusers, Unlogged, TokenAdminBase):
    """Log-ins of scripts, to be ended. The secrets are nowhere.

    None is deleted: a used refresh token that was forgotten could not betray its second use.
    """

    list_display = ("user", "kind", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = ("kind", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    date_hierarchy = "created_at"
    actions = ("end_log_ins",)

    @admin.action(description="End the log-ins of these tokens", permissions=["view"])
    def end_log_ins(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        """They stop working with the next request."""
        tokens = list(queryset)
        with transaction.atomic():
            ended = revoke_tokens(tokens=tokens)
            for user in {token.user_id: token.user for token in tokens}.values():
                trail.record("tokens.revoked", by=request.user, target=user)
        self.message_user(request, f"{ended} tokens ended.", messages.SUCCESS)
