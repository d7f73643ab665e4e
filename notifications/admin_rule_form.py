"""The form of a rule in the administration. What a rule may say, `notifications.ruling` decides."""

from __future__ import annotations

from calendar import day_name
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.html import escape
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelect2MultipleWidget

from cameras.models import Camera
from notifications.models import Channel, Rule
from notifications.ruling import check_rule
from notifications.services import RULE_SETS
from project.accounts.models import Site, User
from project.admin_fields import JSONField, WordsField
from project.admin_services import say_what_is_wrong
from project.errors import Invalid

if TYPE_CHECKING:
    FormBase = forms.ModelForm[Rule]
    ChoiceBase = forms.ModelMultipleChoiceField[Any]
else:
    FormBase, ChoiceBase = forms.ModelForm, forms.ModelMultipleChoiceField

STEPS = (
    'What is told while nobody takes the event on, such as [{"after_minutes": 5, "role": 20}, '
    '{"after_minutes": 15, "people": [3], "channels": ["…"]}]. Roles: 10 viewers, 20 operators, 30 managers.'
)


class OfSiteField(ChoiceBase):
    """Rows of a site, with its name."""

    widget = UnfoldAdminSelect2MultipleWidget

    def __init__(self, *, help_text: str) -> None:
        super().__init__(queryset=None, required=False, help_text=help_text)

    def label_from_instance(self, obj: Any) -> str:
        """Where one may choose of several sites, names alone are not enough; people belong to more than one."""
        return f"{obj}, {obj.site}" if hasattr(obj, "site") else str(obj)


class RuleForm(FormBase):
    """Only what belongs to the rule's site can be chosen; before there is one, what belongs to one's sites."""

    sites: ClassVar[QuerySet[Site]]
    """Those that the asker manages."""
    cameras = OfSiteField(help_text="None: all of the site.")
    people = OfSiteField(help_text="Told whatever their role is.")
    channels = OfSiteField(help_text="Of the site, such as another system.")
    categories = WordsField(required=False, help_text="Such as unusual, view, offline. None: all.")
    weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=list(enumerate(day_name)),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="On which the span begins. None: every day.",
    )
    holidays = WordsField(required=False, help_text="Dates, such as 2026-12-25.")
    escalation = JSONField(required=False, initial=list)

    class Meta:
        model = Rule
        fields: ClassVar = [
            *("site", "name", "enabled", "cameras", "severity_floor", "categories"),
            *("weekdays", "starts", "ends", "holidays", "on_holidays"),
            *("role", "people", "channels", "escalate_from", "escalation"),
        ]
        help_texts: ClassVar = {
            "starts": "By the clock of the site. Both times empty: the whole day.",
            "ends": "Before the start: of the next day.",
            "role": "Everybody with this role or a higher one is told.",
            "escalate_from": "Events that are less bad are not told further.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new = self.instance._state.adding
        sites = self.sites if new else self.sites.filter(pk=self.instance.site_id)
        chosen: Any = self.fields  # whatever the kind of field
        chosen["cameras"].queryset = Camera.objects.filter(site__in=sites).select_related("site")
        chosen["channels"].queryset = Channel.objects.filter(site__in=sites).select_related("site")
        chosen["people"].queryset = User.objects.filter(memberships__site__in=sites).order_by("username").distinct()
        self.fields["escalation"].help_text = escape(f"{STEPS} {self._numbers()}")  # a help text is shown as HTML

    def clean_escalation(self) -> Any:
        """Nothing typed is no step."""
        steps = self.cleaned_data["escalation"]
        return [] if steps is None else steps

    def clean(self) -> dict[str, Any]:
        """By the rules of the house, so that each problem stands at its field."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        plain = {name: value for name, value in said.items() if name not in RULE_SETS}
        site = said.get("site") or self.instance.site
        try:
            check_rule(Rule(**{**plain, "site": site}), {name: list(said[name]) for name in RULE_SETS})
        except Invalid as refusal:
            say_what_is_wrong(self, refusal)
        return said

    def _numbers(self) -> str:
        """What the steps call people and channels."""
        chosen: Any = self.fields
        people = [f"{user.pk} {user}" for user in chosen["people"].queryset[:50]]
        channels = [f"{channel.pk} {channel}" for channel in chosen["channels"].queryset[:50]]
        return " ".join(
            f"{what}: {', '.join(rows)}." for what, rows in (("People", people), ("Channels", channels)) if rows
        )
