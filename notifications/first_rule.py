"""The rule that each site begins with, so that somebody is told before anybody has set anything up."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from notifications.models import Rule, SiteSetup
from notifications.severity import MEDIUM
from project.accounts.models import Role, Site

FIRST_RULE = "Everything from medium on, to operators"


def sites_without_rule() -> QuerySet[Site]:
    """Those that were not given theirs yet."""
    return Site.objects.exclude(pk__in=SiteSetup.objects.values("pk"))


def ensure_first_rules(sites: QuerySet[Site]) -> None:
    """Give each of the sites its first rule."""
    for site_id in sites_without_rule().filter(pk__in=sites).values_list("pk", flat=True):
        ensure_first_rule(site_id=site_id)


def ensure_first_rule(*, site_id: int) -> None:
    """Give the site its first rule, once: whoever changed or removed it meant that."""
    if SiteSetup.objects.filter(pk=site_id).exists():
        return
    with transaction.atomic():
        _, new = SiteSetup.objects.get_or_create(site_id=site_id)
        if new:
            Rule.objects.create(site_id=site_id, name=FIRST_RULE, severity_floor=MEDIUM, role=Role.OPERATOR)
