"""The second factor, at every way in."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from project.accounts.attempts import begin, make_guess
from project.accounts.models import RecoveryCode, SecondFactor, User
from project.accounts.second_factor import code_at, renew_recovery_codes
from project.audit.models import AuditEntry
from tests.accounts.browser import PASSWORD, Browser, give_second_factor, log_in_script, script

NEEDED = "second_factor_needed"


def now_code(secret: str, *, steps: int = 0) -> str:
    return code_at(secret, timezone.now() + timedelta(seconds=30 * steps))[1]


@pytest.fixture
def browser(viewer: User) -> Browser:
    browser = Browser()
    browser.log_in("vera")
    return browser


def test_set_up_from_the_first_page_to_the_log_in(browser: Browser, viewer: User) -> None:
    other = Browser()
    other.log_in("vera")
    begun = browser.post("second-factor", {"password": PASSWORD}).json()
    query = parse_qs(urlsplit(begun["uri"]).query)
    assert (query["secret"], query["issuer"]) == ([begun["secret"]], ["Vigil"])
    assert begun["qr"].startswith("data:image/svg+xml")
    assert Browser().log_in("vera").status_code == 200, "nothing is asked for before the app was shown to work"
    codes = browser.post("second-factor/confirm", {"code": now_code(begun["secret"])}).json()["recovery_codes"]
    assert len(set(codes)) == 10
    assert (browser.is_logged_in, other.is_logged_in) == (True, False)
    assert browser.get("second-factor").json() == {"enabled": True, "recovery_codes": 10, "must_set_up": False}
    assert Browser().log_in("vera").json()["code"] == NEEDED


def test_a_wrong_code_confirms_nothing(browser: Browser, viewer: User) -> None:
    browser.post("second-factor", {"password": PASSWORD})
    assert browser.post("second-factor/confirm", {"code": "000000"}).status_code == 400
    assert browser.get("second-factor").json()["enabled"] is False


def test_beginning_needs_the_password(browser: Browser) -> None:
    assert browser.post("second-factor", {"password": "wrong"}).status_code == 400
    assert not SecondFactor.objects.exists()


def test_one_in_use_is_not_replaced(browser: Browser, viewer: User) -> None:
    give_second_factor(viewer)
    assert browser.post("second-factor", {"password": PASSWORD}).status_code == 409


def test_the_code_is_asked_for_only_after_the_right_password(viewer: User) -> None:
    give_second_factor(viewer)
    assert Browser().log_in("vera", "wrong").json()["code"] == "wrong_password"
    assert Browser().log_in("vera").json()["code"] == NEEDED
    assert log_in_script("vera").json()["code"] == NEEDED


def test_a_code_opens_a_session_once(viewer: User) -> None:
    code = now_code(give_second_factor(viewer))
    assert Browser().log_in("vera", code=code).status_code == 200
    again = Browser().log_in("vera", code=code)
    assert (again.status_code, again.json()["code"]) == (401, NEEDED)
    assert log_in_script("vera", code=code).status_code == 401


def test_an_older_code_is_refused_after_a_newer_one(viewer: User) -> None:
    secret = give_second_factor(viewer)
    with time_machine.travel(timezone.now(), tick=False):
        assert log_in_script("vera", code=now_code(secret)).status_code == 200
        assert log_in_script("vera", code=now_code(secret, steps=-1)).status_code == 401


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (1, 200), (2, 401)])
def test_a_clock_may_be_half_a_minute_wrong(viewer: User, steps: int, status: int) -> None:
    secret = give_second_factor(viewer)
    with time_machine.travel(timezone.now(), tick=False):
        assert log_in_script("vera", code=now_code(secret, steps=steps)).status_code == status


def test_a_recovery_code_works_once_however_it_is_typed(viewer: User) -> None:
    give_second_factor(viewer)
    code = renew_recovery_codes(user=viewer)[0]
    assert Browser().log_in("vera", code=code.upper().replace("-", " ")).status_code == 200
    assert Browser().log_in("vera", code=code).status_code == 401
    assert RecoveryCode.objects.count() == 9


def test_a_recovery_code_of_another_is_none(viewer: User, operator: User) -> None:
    give_second_factor(viewer)
    assert Browser().log_in("vera", code=renew_recovery_codes(user=operator)[0]).status_code == 401


def test_guessing_codes_is_stopped_and_the_right_one_too(viewer: User) -> None:
    secret = give_second_factor(viewer)
    statuses = [log_in_script("vera", code="000000").status_code for _ in range(10)]
    assert statuses == [401] * 10
    refused = log_in_script("vera", code=now_code(secret))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_each_step_of_a_guesser_leaves_a_trace(viewer: User) -> None:
    give_second_factor(viewer)
    log_in_script("vera")
    log_in_script("vera", code="000000")
    for number in range(20):
        begin(make_guess(username="vera", address=f"198.51.100.{number}", what="code"))
    assert [log_in_script("vera", code="000000").status_code for _ in range(2)] == [429] * 2
    entries = AuditEntry.objects.order_by("number").values_list("action", "user_name", "target_name")
    assert list(entries) == [
        ("login.code_asked", "vera", "vera"),
        ("login.failed", "", "vera"),
        ("login.blocked", "", "vera"),
    ]


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "abcdef", "-12345", "9" * 64])
def test_what_is_no_code_is_refused(viewer: User, code: str) -> None:
    give_second_factor(viewer)
    assert log_in_script("vera", code=code).status_code == 401


def test_switching_off_needs_password_and_code(browser: Browser, viewer: User) -> None:
    secret = give_second_factor(viewer)
    assert browser.post("second-factor/disable", {"password": PASSWORD, "code": "000000"}).status_code == 401
    assert browser.post("second-factor/disable", {"password": "no", "code": now_code(secret)}).status_code == 400
    assert browser.post("second-factor/disable", {"password": PASSWORD, "code": now_code(secret)}).status_code == 204
    assert Browser().log_in("vera").status_code == 200


def test_new_recovery_codes_end_the_old_ones(browser: Browser, viewer: User) -> None:
    secret, old = give_second_factor(viewer), renew_recovery_codes(user=viewer)
    answer = browser.post("second-factor/recovery-codes", {"password": PASSWORD, "code": now_code(secret)})
    assert not set(answer.json()["recovery_codes"]) & set(old)
    assert Browser().log_in("vera", code=old[0]).status_code == 401


def test_the_database_knows_neither_secret_nor_recovery_codes(viewer: User) -> None:
    secret, codes = give_second_factor(viewer), renew_recovery_codes(user=viewer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT digest FROM accounts_recoverycode")
        stored += str(cursor.fetchall())
    assert not [text for text in (secret, *codes) if text in stored]


class TestLost:
    """Neither app nor recovery codes."""

    def test_whoever_runs_vigil_removes_it(self, superuser: User) -> None:
        give_second_factor(superuser)
        said = StringIO()
        call_command("remove_second_factor", username="root", stdout=said)
        assert "password alone" in said.getvalue()
        assert Browser().log_in("root").status_code == 200

    def test_who_has_none_is_named(self, superuser: User) -> None:
        with pytest.raises(CommandError):
            call_command("remove_second_factor", username="root")

    def test_a_superuser_removes_it_in_the_admin(self, superuser: User, viewer: User) -> None:
        give_second_factor(viewer)
        client = Client()
        client.force_login(superuser)
        values = {"action": "remove_second_factors", "_selected_action": [viewer.pk]}
        client.post("/admin/accounts/user/", values)
        assert Browser().log_in("vera").status_code == 200


class TestAdmin:
    """Its own log-in page."""

    page = "/admin/login/?next=/admin/"

    def log_in(self, **more: str) -> Client:
        client = Client()
        client.post(self.page, {"username": "root", "password": PASSWORD, **more})
        return client

    def test_the_page_has_a_field_in_the_form(self, db: None) -> None:
        text = Client().get(self.page).content.decode()
        assert 'name="code"' in text
        assert 'form="login-form"' in text

    def test_the_code_is_needed(self, superuser: User) -> None:
        secret = give_second_factor(superuser)
        assert "_auth_user_id" not in self.log_in().session
        assert "_auth_user_id" not in self.log_in(code="000000").session
        assert "_auth_user_id" in self.log_in(code=now_code(secret)).session

    def test_the_page_says_what_is_missing(self, superuser: User) -> None:
        give_second_factor(superuser)
        answer = Client().post(self.page, {"username": "root", "password": PASSWORD})
        assert "Enter the code that your app shows" in answer.content.decode()


class TestStaff:
    """Where VIGIL_STAFF_SECOND_FACTOR is set."""

    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.VIGIL_STAFF_SECOND_FACTOR = True

    def test_staff_without_one_reach_only_the_set_up(self, superuser: User) -> None:
        browser = Browser()
        assert browser.log_in("root").status_code == 200
        refused = browser.get("/api/v1/cameras/")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
        assert browser.get("/admin/")["Location"] == "/second-factor"
        assert browser.get("second-factor").json()["must_set_up"] is True
        begun = browser.post("second-factor", {"password": PASSWORD}).json()
        browser.post("second-factor/confirm", {"code": now_code(begun["secret"])})
        assert browser.get("/api/v1/cameras/").status_code == 200
        assert browser.get("/admin/").status_code == 200

    def test_they_get_no_tokens_and_those_they_have_rest(self, superuser: User, settings: Any) -> None:
        settings.VIGIL_STAFF_SECOND_FACTOR = False
        pair = log_in_script("root").json()
        settings.VIGIL_STAFF_SECOND_FACTOR = True
        answer = log_in_script("root")
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")
        assert script(pair["access"]).get("/api/v1/cameras/").status_code == 401
        refreshed = script("").post("/api/v1/auth/refresh", {"refresh": pair["refresh"]}, format="json")
        assert refreshed.status_code == 401

    def test_others_are_left_alone(self, viewer: User) -> None:
        browser = Browser()
        browser.log_in("vera")
        assert browser.get("/api/v1/cameras/").status_code == 200
