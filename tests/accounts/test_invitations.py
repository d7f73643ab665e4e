"""Becoming a user by invitation, or by a mailbox of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.core import mail
from django.utils import timezone
from rest_framework.test import APIClient

from project.accounts import tasks
from project.accounts.invitations import invite, send_registration
from project.accounts.models import Invitation, Membership, Role, Site, User
from project.audit.models import AuditEntry
from tests.accounts.browser import Browser, log_in_script

Api = Callable[..., Any]
PASSWORD = "four plain words here"
LOOK, ACCEPT = "/api/v1/auth/invitation", "/api/v1/auth/invitation/accept"
REGISTER = "/api/v1/auth/register"


@pytest.fixture(autouse=True)
def _by_invitation(settings: Any) -> None:
    settings.VIGIL_REGISTRATION = "invitation"


@pytest.fixture
def secret(site: Site, manager: User) -> str:
    return invite(site=site, role=Role.OPERATOR, by=manager).link.partition("#")[2]


def accept(secret: str, **more: str) -> Any:
    values = {"secret": secret, "username": "nora", "password": PASSWORD, **more}
    return APIClient().post(ACCEPT, values, format="json")


def url(site: Site) -> str:
    return f"/api/v1/sites/{site.pk}/invitations/"


def test_a_manager_gets_a_link_once(api: Api, manager: User, site: Site) -> None:
    answer = api(manager).post(url(site), {"role": "operator"}, format="json")
    assert answer.status_code == 201
    link = answer.json()["link"]
    assert re.search(r"/invitation#vgi_[\w-]{43}$", link)
    listed = api(manager).get(url(site)).json()["results"]
    assert [(row["role"], row["invited_by"]) for row in listed] == [("operator", "mina")]
    stored = " ".join(str(vars(row)) for row in Invitation.objects.all())
    assert link.partition("#")[2] not in stored + str(listed)


def test_it_is_mailed_in_the_language_that_was_asked_for(api: Api, manager: User, site: Site) -> None:
    values = {"role": "viewer", "email": "nora@example.org", "language": "ko"}
    assert api(manager).post(url(site), values, format="json").json()["mailed"] is True
    assert mail.outbox[0].to == ["nora@example.org"]
    assert "Harbour에 초대" in mail.outbox[0].body


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("operator", 403), ("stranger", 404)])
def test_only_managers_invite_and_see(who: str, status: int, api: Api, site: Site, request: Any) -> None:
    client = api(request.getfixturevalue(who))
    assert client.post(url(site), {"role": "viewer"}, format="json").status_code == status
    assert client.get(url(site)).status_code == status


def test_accepting_makes_a_user_with_the_role(secret: str, site: Site) -> None:
    look = APIClient().post(LOOK, {"secret": secret}, format="json").json()
    assert (look["site"], look["role"]) == ("Harbour", "operator")
    answer = accept(secret)
    assert (answer.status_code, answer.json()["username"]) == (201, "nora")
    assert Membership.objects.get(user__username="nora").role == Role.OPERATOR
    assert log_in_script("nora", PASSWORD).status_code == 200


def test_both_are_recorded_and_the_trail_is_locked_last(secret: str) -> None:
    accept(secret)
    actions = AuditEntry.objects.order_by("-number").values_list("action", flat=True)
    assert list(actions[:2]) == ["user.registered", "member.joined"]


def test_it_works_once(secret: str) -> None:
    accept(secret)
    assert accept(secret, username="nina").json()["code"] == "link_refused"
    assert not User.objects.filter(username="nina").exists()


def test_it_works_for_a_week(secret: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert accept(secret).json()["code"] == "link_refused"


def test_one_that_was_taken_back_does_not_work(api: Api, secret: str, manager: User, site: Site) -> None:
    assert api(manager).delete(f"{url(site)}{Invitation.objects.get().pk}/").status_code == 204
    assert accept(secret).json()["code"] == "link_refused"
    assert api(manager).get(url(site)).json()["results"] == []


@pytest.mark.parametrize("became", ["an operator", "a stranger", "switched off", "nobody"])
def test_it_does_not_outlive_the_right_to_send_it(became: str, secret: str, manager: User, stranger: User) -> None:
    match became:
        case "an operator":
            Membership.objects.filter(user=manager).update(role=Role.OPERATOR)
        case "a stranger":
            Membership.objects.filter(user=manager).delete()
        case "switched off":
            User.objects.filter(pk=manager.pk).update(is_active=False)
        case _:
            Invitation.objects.update(invited_by=None)
    browser = Browser()
    browser.log_in("stan")
    assert APIClient().post(LOOK, {"secret": secret}, format="json").json()["code"] == "link_refused"
    assert accept(secret).json()["code"] == "link_refused"
    assert browser.post("invitation/accept", {"secret": secret}).json()["code"] == "link_refused"


def test_managers_take_back_only_those_of_their_site(api: Api, secret: str, other_site: Site, stranger: User) -> None:
    Membership.objects.filter(user=stranger).update(role=Role.MANAGER)
    assert api(stranger).delete(f"{url(other_site)}{Invitation.objects.get().pk}/").status_code == 404


def test_who_is_logged_in_becomes_a_member(secret: str, stranger: User, site: Site) -> None:
    browser = Browser()
    browser.log_in("stan")
    assert browser.post("invitation/accept", {"secret": secret}).status_code == 200
    assert Membership.objects.get(user=stranger, site=site).role == Role.OPERATOR


def test_another_site_cannot_make_somebody_accept(secret: str, stranger: User) -> None:
    browser = Browser()
    browser.log_in("stan")
    assert browser.client.post(ACCEPT, {"secret": secret}, format="json").status_code == 403


def test_it_lowers_nobody(secret: str, manager: User, site: Site) -> None:
    browser = Browser()
    browser.log_in("mina")
    browser.post("invitation/accept", {"secret": secret})
    assert Membership.objects.get(user=manager).role == Role.MANAGER


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "mina"}, "username"),
        ({"username": "Mina"}, "username"),
        ({"username": "ＭＩＮＡ"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "root＠example.org"}, "username"),
        ({"password": "x"}, "password"),
    ],
)
def test_what_cannot_be_does_not_use_it_up(secret: str, values: dict[str, str], field: str) -> None:
    assert list(accept(secret, **values).json()["fields"]) == [field]
    assert accept(secret).status_code == 201


def test_names_cannot_be_tried_out_with_it(secret: str, manager: User) -> None:
    assert [accept(secret, username="mina").status_code for _ in range(11)] == [400] * 10 + [429]


def test_closed_means_closed_for_invitations_that_wait_too(secret: str, settings: Any) -> None:
    settings.VIGIL_REGISTRATION = "closed"
    assert accept(secret).json()["code"] == "link_refused"


def test_nobody_is_invited_where_registration_is_closed(api: Api, manager: User, site: Site, settings: Any) -> None:
    settings.VIGIL_REGISTRATION = "closed"
    answer = api(manager).post(url(site), {"role": "viewer"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")


class TestRegistering:
    """With VIGIL_REGISTRATION=open."""

    @pytest.fixture(autouse=True)
    def _open(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.VIGIL_REGISTRATION = "open"
        self.orders: list[Any] = []
        monkeypatch.setattr("project.accounts.tasks.knock", lambda: None)
        monkeypatch.setattr(current_app, "send_task", lambda name, args, **_: self.orders.append((name, list(args))))

    def register(self, email: str) -> Any:
        return APIClient().post(REGISTER, {"email": email}, format="json")

    @pytest.mark.parametrize("registration", ["closed", "invitation", "open"])
    def test_a_stranger_is_told_whether_one_can_register(self, registration: str, settings: Any, db: None) -> None:
        settings.VIGIL_REGISTRATION = registration
        assert APIClient().get(REGISTER).json() == {"open": registration == "open"}

    def test_the_answer_does_not_tell_who_has_an_account(self, viewer: User) -> None:
        User.objects.filter(pk=viewer.pk).update(email="vera@example.org")
        answers = [self.register(email) for email in ("vera@example.org", "nora@example.org")]
        assert [(answer.status_code, answer.content) for answer in answers] == [(202, b"")] * 2
        assert [name for name, _ in self.orders] == [tasks.REGISTER] * 2

    def test_the_mailbox_gives_an_account_without_rights(self, db: None) -> None:
        send_registration(email="nora@example.org", language="en")
        secret = mail.outbox[0].body.split("#")[1].split()[0]
        answer = accept(secret, username="root")
        assert (answer.status_code, answer.json()["username"]) == (201, "nora@example.org")
        assert answer.json()["sites"] == []
        assert log_in_script("nora@example.org", PASSWORD).status_code == 200

    def test_who_has_an_account_is_told_in_the_mailbox(self, viewer: User) -> None:
        User.objects.filter(pk=viewer.pk).update(email="vera@example.org")
        send_registration(email="Vera@example.org", language="ko")
        assert "vera" in mail.outbox[0].body
        assert not Invitation.objects.exists()

    @pytest.mark.parametrize("registration", ["closed", "invitation"])
    def test_elsewhere_nobody_registers(self, registration: str, settings: Any, db: None) -> None:
        settings.VIGIL_REGISTRATION = registration
        assert self.register("nora@example.org").status_code == 403
        send_registration(email="nora@example.org", language="en")
        assert mail.outbox == []
