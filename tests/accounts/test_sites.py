"""The sites somebody sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from project.accounts.models import Membership, Role, Site, User
from project.accounts.rights import role_in, sites_of

Api = Callable[..., Any]
URL = "/api/v1/sites/"


def test_members_see_their_sites_with_their_role(api: Api, manager: User, site: Site, other_site: Site) -> None:
    answer = api(manager).get(URL).json()
    assert answer["results"] == [{"id": site.pk, "name": "Harbour", "role": "manager", "time_zone": "UTC"}]


def test_a_superuser_manages_all_sites(api: Api, superuser: User, site: Site, other_site: Site) -> None:
    roles = {row["name"]: row["role"] for row in api(superuser).get(URL).json()["results"]}
    assert roles == {"Airport": "manager", "Harbour": "manager"}


def test_another_site_does_not_exist(api: Api, viewer: User, other_site: Site) -> None:
    assert api(viewer).get(f"{URL}{other_site.pk}/").status_code == 404
    assert api(viewer).get(f"{URL}999999/").status_code == 404
    assert api(viewer).get(f"{URL}not-a-number/").status_code == 404


def test_nobody_sees_nothing(api: Api, site: Site) -> None:
    assert api().get(URL).status_code == 401


def test_sites_are_not_made_over_the_api(api: Api, superuser: User) -> None:
    assert api(superuser).post(URL, {"name": "New"}).status_code == 405


def test_a_right_taken_away_is_gone_with_the_next_request(api: Api, viewer: User, site: Site) -> None:
    client = api(viewer)
    assert client.get(f"{URL}{site.pk}/").status_code == 200
    Membership.objects.all().delete()
    assert client.get(f"{URL}{site.pk}/").status_code == 404


def test_roles_rise(viewer: User, operator: User, manager: User, stranger: User, superuser: User, site: Site) -> None:
    cast = (stranger, viewer, operator, manager, superuser)
    assert [role_in(site.pk, user) for user in cast] == [0, 10, 20, 30, 30]
    assert [site in sites_of(user, at_least=Role.OPERATOR) for user in cast] == [False, False, True, True, True]


def test_somebody_switched_off_sees_nothing(superuser: User, site: Site) -> None:
    superuser.is_active = False
    assert not sites_of(superuser).exists()
    assert role_in(site.pk, superuser) == 0
