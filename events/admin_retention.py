"""For how long each site keeps what, for who manages it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from events.models import RetentionPolicy
from events.policies import INSTANCE, forget_policy, set_policy
from project.accounts.models import Role, Site, User
from project.admin_services import ByServices
from project.administration import ForManagers, Page

if TYPE_CHECKING:
    Admin = Page[RetentionPolicy]
    FormBase = forms.ModelForm[RetentionPolicy]
else:
    Admin, FormBase = Page, forms.ModelForm

KINDS = {"recording_days": "recordings", "media_days": "clips and pictures of events", "event_days": "events"}


class RetentionForm(FormBase):
    """Which numbers may be, the model says."""

    class Meta:
        model = RetentionPolicy
        fields: ClassVar = ["site", *KINDS]
        labels: ClassVar = {kind: f"Days for {what}" for kind, what in KINDS.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            self.fields[kind].help_text = f"Empty: as the instance, now {INSTANCE[kind]()} days."


@admin.register(RetentionPolicy)
class RetentionPolicyAdmin(ByServices, ForManagers, Admin):
    """Of the sites that one manages; one that is not here keeps everything as long as the instance does."""

    form = RetentionForm
    list_display = ("site", "recordings", "evidence", "events")
    search_fields = ("site__name",)
    ordering = ("site__name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetentionPolicy]:
        """Those one may change."""
        rows: QuerySet[RetentionPolicy] = RetentionPolicy.objects.for_user(request.user, at_least=Role.MANAGER)
        return rows.select_related("site")

    def sites_to_choose(self, request: HttpRequest) -> QuerySet[Site]:
        """Those that have none yet."""
        return super().sites_to_choose(request).exclude(pk__in=RetentionPolicy.objects.values("pk"))

    def add(self, *, by: User, **values: Any) -> RetentionPolicy:
        """For one of one's sites."""
        return set_policy(by=by, **values)

    def change(self, *, by: User, row: RetentionPolicy, **days: Any) -> None:
        """What differs."""
        set_policy(site=row.site, by=by, **days)

    def remove(self, *, by: User, row: RetentionPolicy) -> None:
        """The site does as the instance."""
        forget_policy(policy=row, by=by)

    @admin.display(description="recordings")
    def recordings(self, policy: RetentionPolicy) -> str:
        """For how long."""
        return _shown(policy, "recording_days")

    @admin.display(description="clips and pictures of events")
    def evidence(self, policy: RetentionPolicy) -> str:
        """For how long."""
        return _shown(policy, "media_days")

    @admin.display(description="events")
    def events(self, policy: RetentionPolicy) -> str:
        """For how long."""
        return _shown(policy, "event_days")


def _shown(policy: RetentionPolicy, kind: str) -> str:
    own = getattr(policy, kind)
    return f"{own} days" if own is not None else f"as the instance, {INSTANCE[kind]()} days"
