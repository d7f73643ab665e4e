"""People, sites and log-ins for the administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from project.accounts.admin_log_in import VigilAdminLoginForm
from project.accounts.models import Membership, Site, Token, User
from project.accounts.tokens import revoke_tokens

if TYPE_CHECKING:
    SiteAdminBase = admin.ModelAdmin[Site]
    TokenAdminBase = admin.ModelAdmin[Token]
    UserAdminBase = DjangoUserAdmin[User]
    InlineOfUser = admin.TabularInline[Membership, User]
    InlineOfSite = admin.TabularInline[Membership, Site]
else:
    SiteAdminBase = TokenAdminBase = admin.ModelAdmin
    UserAdminBase = DjangoUserAdmin
    InlineOfUser = InlineOfSite = admin.TabularInline

admin.site.site_header = admin.site.site_title = "Vigil"
admin.site.index_title = "Administration"
admin.site.site_url = "/"
admin.site.login_form = VigilAdminLoginForm
admin.site.unregister(Group)  # rights are roles in sites: see project.accounts.rights


class ForSuperusers:
    """Whoever could change people could make a superuser of themselves: other staff do not see these pages."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return request.user.is_active and request.user.is_superuser


class SitesOfUser(InlineOfUser):
    """The roles of a person."""

    model = Membership
    extra = 1


class MembersOfSite(InlineOfSite):
    """The people of a site."""

    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


@admin.register(User)
class UserAdmin(ForSuperusers, UserAdminBase):
    """People with their roles."""

    list_display = ("username", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "sites")
    search_fields = ("username", "first_name", "last_name", "email")
    inlines = (SitesOfUser,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "language")}),
        ("Rights beside those in sites", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Roles are given once the person exists."""
        return self.inlines if obj else ()


@admin.register(Site)
class SiteAdmin(ForSuperusers, SiteAdminBase):
    """Places with their people."""

    list_display = ("name", "time_zone")
    search_fields = ("name",)
    inlines = (MembersOfSite,)


@admin.register(Token)
class TokenAdmin(ForSuperusers, TokenAdminBase):
    """Log-ins of scripts, to be ended. The secrets are nowhere."""

    list_display = ("user", "kind", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = ("kind", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    date_hierarchy = "created_at"
    actions = ("end_log_ins",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tokens are made by logging in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """They are ended, not changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        """A used refresh token that was forgotten could not betray its second use."""
        return False

    @admin.action(description="End the log-ins of these tokens", permissions=["view"])
    def end_log_ins(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        """They stop working with the next request."""
        ended = revoke_tokens(tokens=list(queryset))
        self.message_user(request, f"{ended} tokens ended.", messages.SUCCESS)
