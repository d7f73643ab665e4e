"""Channels, rules and what was told, for the staff: the roles in the sites decide. No target is ever shown whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

from notifications import services
from notifications.admin_rule_form import RuleForm
from notifications.first_rule import ensure_first_rules
from notifications.models import Attempt, Channel, Delivery, Rule, Snooze
from notifications.models.deliveries import IN_APP
from notifications.targets import masked_target
from project.accounts.models import Role, User
from project.accounts.rights import sites_of
from project.admin_services import ByServices
from project.administration import (
    ForManagers,
    Page,
    ReadOnly,
    SiteFilter,
    TabularInline,
    Unlogged,
    manages_something,
)
from project.errors import DomainError

if TYPE_CHECKING:
    ChannelBase = Page[Channel]
    DeliveryBase = Page[Delivery]
    RuleBase = Page[Rule]
    SnoozeBase = Page[Snooze]
    AttemptBase = TabularInline[Attempt, Delivery]
else:
    ChannelBase = DeliveryBase = RuleBase = SnoozeBase = Page
    AttemptBase = TabularInline


class ReadByManagers(ReadOnly, Unlogged):
    """What is here is read; it is set in the UI and over REST, where the rules of each field are checked."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Staff that manage a site."""
        return manages_something(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the list has it: what is not in it is a 404."""
        return manages_something(request.user)


class Switchable:
    """A page with two actions for what can be on or off."""

    def switch(self, *, by: User, row: Any, enabled: bool) -> None:
        """By the service of the row."""
        raise NotImplementedError

    @admin.action(description="Switch on", permissions=["view"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """All that are chosen."""
        self._switch_all(request, queryset, enabled=True)

    @admin.action(description="Switch off", permissions=["view"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """All that are chosen."""
        self._switch_all(request, queryset, enabled=False)

    def _switch_all(self, request: HttpRequest, queryset: QuerySet[Any], *, enabled: bool) -> None:
        for row in queryset:
            try:
                self.switch(by=cast(User, request.user), row=row, enabled=enabled)
            except DomainError as refusal:
                messages.error(request, f"{row}: {refusal.message}")


@admin.register(Channel)
class ChannelAdmin(Switchable, ReadByManagers, ChannelBase):
    """The channels of one's sites, and one's own; those of other people are their own."""

    list_display = ("name", "kind", "site", "user", "enabled", "disabled_reason")
    list_filter = ("kind", "enabled")
    list_select_related = ("site", "user")
    search_fields = ("name",)
    fields = (
        *("name", "kind", "site", "user", "shown_target", "severity_floor", "language"),
        *("enabled", "disabled_reason", "disabled_at"),
    )
    readonly_fields = ("shown_target",)
    actions = ("send_test", "switch_on", "switch_off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        """As over REST."""
        mine = Q(user=cast(User, request.user)) | Q(site__in=sites_of(request.user, at_least=Role.MANAGER))
        return super().get_queryset(request).filter(mine)

    @admin.display(description="target")
    def shown_target(self, channel: Channel) -> str:
        """Without secrets."""
        return json.dumps(dict(masked_target(channel)), ensure_ascii=False)

    @admin.action(description="Send test notification", permissions=["view"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        """Each at most ten seconds long; what became of it is said above the list."""
        for channel in queryset.select_related("site")[:5]:
            delivery = services.try_channel(by=cast(User, request.user), channel=channel)
            if delivery.state == Delivery.State.SENT:
                self.message_user(request, f"{channel}: sent.", messages.SUCCESS)
            else:
                self.message_user(request, f"{channel}: {delivery.error}", messages.ERROR)

    def switch(self, *, by: User, row: Channel, enabled: bool) -> None:
        """Try it again, or let nothing go there any more."""
        services.change_channel(by=by, channel=row, enabled=enabled)


@admin.register(Rule)
class RuleAdmin(Switchable, ByServices, ForManagers, RuleBase):
    """The rules of one's sites."""

    form = RuleForm
    list_display = ("name", "site", "enabled", "severity_floor", "role")
    list_filter: ClassVar = [SiteFilter, "enabled", "severity_floor"]
    list_select_related = ("site",)
    search_fields = ("name",)
    actions = ("switch_on", "switch_off")
    fieldsets = (
        (None, {"fields": ("site", "name", "enabled")}),
        ("What", {"fields": ("cameras", "severity_floor", "categories")}),
        ("When", {"fields": ("weekdays", "starts", "ends", "holidays", "on_holidays")}),
        ("Who", {"fields": ("role", "people", "channels")}),
        ("While nobody takes it on", {"fields": ("escalate_from", "escalation")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        """As over REST, for managers."""
        sites = sites_of(request.user, at_least=Role.MANAGER)
        ensure_first_rules(sites)
        return super().get_queryset(request).filter(site__in=sites)

    def get_form(self, request: HttpRequest, obj: Rule | None = None, change: bool = False, **options: Any) -> Any:
        """Which knows what may be chosen."""
        form = super().get_form(request, obj, change=change, **options)
        return type(form.__name__, (form,), {"sites": sites_of(request.user, at_least=Role.MANAGER)})

    def add(self, *, by: User, **values: Any) -> Rule:
        """For one of one's sites."""
        return services.add_rule(by=by, **values)

    def change(self, *, by: User, row: Rule, **changes: Any) -> Rule:
        """What differs."""
        return services.change_rule(by=by, rule=row, **changes)

    def remove(self, *, by: User, row: Rule) -> None:
        """With its snoozes."""
        services.remove_rule(by=by, rule=row)

    def switch(self, *, by: User, row: Rule, enabled: bool) -> None:
        """Tell by it, or tell nobody by it."""
        services.change_rule(by=by, rule=row, enabled=enabled)


@admin.register(Snooze)
class SnoozeAdmin(ReadByManagers, SnoozeBase):
    """What is not told at the moment."""

    list_display = ("camera", "rule", "site", "until", "by")
    list_select_related = ("camera", "rule", "site", "by")
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snooze]:
        """Those that run."""
        return services.running_snoozes().filter(site__in=sites_of(request.user, at_least=Role.MANAGER))

    @admin.action(description="End", permissions=["view"])
    def end(self, request: HttpRequest, queryset: QuerySet[Snooze]) -> None:
        """Tell again."""
        for snooze in queryset:
            services.end_snooze(by=cast(User, request.user), snooze=snooze)


class AttemptInline(ReadByManagers, AttemptBase):
    """Each try, oldest first."""

    model = Attempt
    fields = ("number", "at", "duration_ms", "error")
    extra = 0


class KindFilter(admin.SimpleListFilter):
    """By which kind of channel."""

    title, parameter_name = "kind", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All there are."""
        return [(IN_APP, "inbox"), *Channel.Kind.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Those by the chosen one."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadByManagers, DeliveryBase):
    """What became of each message of one's sites."""

    list_display = ("created_at", "reason", "severity", "recipient", "kind", "state", "attempts", "error")
    list_filter: ClassVar = ["state", KindFilter, "reason", "created_at"]
    list_select_related = ("recipient",)
    search_fields = ("recipient__username", "error")
    ordering = ("-created_at", "-id")
    sortable_by = ()  # there is no index for other orders
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = InfinitePaginator
    list_per_page = 50
    inlines = (AttemptInline,)
    exclude = ("facts", "locked_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """As over REST, for managers."""
        return super().get_queryset(request).filter(site__in=sites_of(request.user, at_least=Role.MANAGER))
