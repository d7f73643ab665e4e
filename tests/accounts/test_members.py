"""The members of a site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from project.accounts.models import Membership, Role, Site, User

Api = Callable[..., Any]


def url(site: Site, user: User | None = None) -> str:
    return f"/api/v1/sites/{site.pk}/members/" + (f"{user.pk}/" if user else "")


def roles(site: Site) -> dict[str, int]:
    return dict(Membership.objects.filter(site=site).values_list("user__username", "role"))


def test_a_manager_lists_the_members_by_name(api: Api, manager: User, viewer: User, stranger: User, site: Site) -> None:
    rows = api(manager).get(url(site)).json()["results"]
    assert rows == [
        {"user": manager.pk, "username": "mina", "role": "manager"},
        {"user": viewer.pk, "username": "vera", "role": "viewer"},
    ]


def test_a_manager_adds_changes_and_removes(api: Api, manager: User, stranger: User, site: Site) -> None:
    client = api(manager)
    added = client.post(url(site), {"username": "stan", "role": "viewer"}, format="json")
    assert (added.status_code, added.json()["role"]) == (201, "viewer")
    changed = client.patch(url(site, stranger), {"role": "operator"}, format="json")
    assert (changed.status_code, changed.json()["role"]) == (200, "operator")
    assert client.delete(url(site, stranger)).status_code == 204
    assert roles(site) == {"mina": Role.MANAGER}


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("operator", 403), ("stranger", 404)])
def test_others_do_not(who: str, status: int, api: Api, manager: User, site: Site, request: Any) -> None:
    client = api(request.getfixturevalue(who))
    before = roles(site)
    assert client.get(url(site)).status_code == status
    assert client.post(url(site), {"username": who, "role": "manager"}, format="json").status_code == status
    assert client.patch(url(site, manager), {"role": "viewer"}, format="json").status_code == status
    assert client.delete(url(site, manager)).status_code == status
    assert roles(site) == before


def test_a_manager_of_one_site_is_nobody_in_another(api: Api, manager: User, stranger: User, other_site: Site) -> None:
    client = api(manager)
    assert client.post(url(other_site), {"username": "mina", "role": "manager"}, format="json").status_code == 404
    assert client.delete(url(other_site, stranger)).status_code == 404
    assert roles(other_site) == {"stan": Role.OPERATOR}


@pytest.mark.parametrize("name", ["nobody", "off", "Stan", " "])
def test_who_cannot_be_added_is_not_told_from_who_does_not_exist(
    name: str, api: Api, manager: User, stranger: User, site: Site
) -> None:
    User.objects.create_user("off", is_active=False)
    answer = api(manager).post(url(site), {"username": name, "role": "viewer"}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["username"]
    if name.strip():
        assert answer.json()["fields"]["username"] == ["Nobody with this name can be added."]


def test_names_cannot_be_tried_out(api: Api, manager: User, site: Site) -> None:
    client = api(manager)
    answers = [client.post(url(site), {"username": f"n{i}", "role": "viewer"}, format="json") for i in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_nor_with_an_accomplice_who_is_added_between(api: Api, manager: User, stranger: User, site: Site) -> None:
    client = api(manager)
    answers = []
    for number in range(11):
        answers.append(client.post(url(site), {"username": f"nobody{number}", "role": "viewer"}, format="json"))
        if number < 9:
            assert client.post(url(site), {"username": "stan", "role": "viewer"}, format="json").status_code == 201
            assert client.delete(url(site, stranger)).status_code == 204
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_a_member_is_not_added_twice(api: Api, manager: User, viewer: User, site: Site) -> None:
    answer = api(manager).post(url(site), {"username": "vera", "role": "manager"}, format="json")
    assert answer.status_code == 409
    assert roles(site)["vera"] == Role.VIEWER


@pytest.mark.parametrize("role", ["superuser", "owner", 40, None, "MANAGER"])
def test_there_is_nothing_above_a_manager(role: Any, api: Api, manager: User, site: Site) -> None:
    assert api(manager).patch(url(site, manager), {"role": role}, format="json").status_code == 400


def test_everybody_may_leave_the_last_manager_too(api: Api, manager: User, viewer: User, site: Site) -> None:
    assert api(viewer).delete(url(site, viewer)).status_code == 204
    assert api(manager).delete(url(site, manager)).status_code == 204
    assert roles(site) == {}


def test_leaving_a_site_one_does_not_belong_to_is_a_404(api: Api, manager: User, other_site: Site) -> None:
    assert api(manager).delete(url(other_site, manager)).status_code == 404


def test_a_superuser_manages_every_site(api: Api, superuser: User, viewer: User, site: Site) -> None:
    assert api(superuser).patch(url(site, viewer), {"role": "manager"}, format="json").status_code == 200
