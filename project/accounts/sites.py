"""The site of those who have only one."""

from __future__ import annotations

from project.accounts.models import Site

FIRST_SITE = "Main site"


def first_site() -> Site:
    """The oldest site, where cameras go when none is named; made if there is none."""
    return Site.objects.order_by("id").first() or Site.objects.create(name=FIRST_SITE)
