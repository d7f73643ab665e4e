"""The trail in the administration: to read and to take along, for those who manage, and never to change."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin import SimpleListFilter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera
from project.accounts.models import Membership, Role, Site, User
from project.audit import trail
from project.audit.models import AuditEntry
from tests.factories import make_camera, make_member
from tests.support.staff import staff_client

SLOW = r"DISTINCT|COUNT\("
"""What reads every row."""
LIST = "/admin/audit/auditentry/"


@pytest.fixture
def entries(manager: User, camera: Camera, other_site: Site) -> None:
    changes = {"alarm_budget": (2.0, 5.0)}
    trail.record("camera.changed", by=manager, target=camera, changes=changes, details={"note": "<b>windy</b>"})
    trail.record("camera.removed", target=make_camera(site=other_site, name="Runway"))


def test_managers_see_their_sites_and_superusers_all(
    entries: None, manager: User, operator: User, superuser: User
) -> None:
    page = staff_client(manager).get(LIST).text
    assert ("Gate" in page, "Runway" in page) == (True, False)
    page = staff_client(superuser).get(LIST).text
    assert ("Gate" in page, "Runway" in page, "login.succeeded" in page) == (True, True, True)
    assert staff_client(operator).get(LIST).status_code == 403
    foreign = AuditEntry.objects.get(action="camera.removed")
    assert staff_client(manager).get(f"{LIST}{foreign.pk}/change/").status_code == 302


def test_an_entry_says_what_changed_and_cannot_be_changed(entries: None, superuser: User) -> None:
    client, entry = staff_client(superuser), AuditEntry.objects.get(action="camera.changed")
    page = client.get(f"{LIST}{entry.pk}/change/").text
    assert "alarm_budget: 2.0 → 5.0" in page
    assert "&lt;b&gt;windy&lt;/b&gt;" in page
    assert 'name="_save"' not in page
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{entry.pk}/change/", {"action": "other"}).status_code == 403
    assert client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": str(entry.pk), "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"action": "camera.removed"}, ["Runway"]),
        ({"who": "mina"}, ["Gate"]),
        ({"way": "system"}, ["Runway", "Gate"]),
        ({"way": "token"}, []),
        ({"q": "Runway"}, ["Runway"]),
        ({"at_from_0": "2020-01-01", "at_from_1": "00:00"}, ["Runway", "Gate"]),
        ({"at_to_0": "2020-01-01", "at_to_1": "00:00"}, []),
        ({"at_from_0": "tomorrow", "at_from_1": "9999"}, ["Runway", "Gate"]),
        ({"site": "nonsense"}, ["Runway", "Gate"]),
    ],
)
def test_the_list_narrows(entries: None, superuser: User, query: dict[str, str], shown: list[str]) -> None:
    answer = staff_client(superuser).get(LIST, query)
    assert answer.status_code == 200
    names = [entry.target_name for entry in answer.context["cl"].result_list]
    assert [name for name in names if name in ("Gate", "Runway")] == shown


def choices_of(page: Any) -> dict[str, list[str]]:
    """By the title of the filter."""
    filters = [each for each in page.context["cl"].filter_specs if isinstance(each, SimpleListFilter)]
    return {str(each.title): [value for value, _ in each.lookup_choices] for each in filters}


def test_what_can_be_chosen_is_found_without_reading_the_trail(entries: None, superuser: User) -> None:
    client = staff_client(superuser)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(LIST)
    choices = choices_of(page)
    assert choices["action"] == ["camera.changed", "camera.removed", "login.succeeded"]
    assert choices["who"] == ["mina", "root"]
    slow = [query["sql"] for query in asked if "audit_auditentry" in query["sql"] and re.search(SLOW, query["sql"])]
    assert slow == []
    told = re.sub(r"<[^>]*>", "", page.text)  # tokens in attributes may hold any digits
    assert "999" not in told, "what was not counted has no number"
    assert "Show counts" not in page.text


def test_managers_choose_among_the_people_of_their_sites(entries: None, manager: User, other_site: Site) -> None:
    make_member(site=other_site, username="stranger")
    page = staff_client(manager).get(LIST)
    assert choices_of(page)["who"] == ["mina"]
    assert "stranger" not in page.text


def test_the_history_of_a_camera_is_its_trail(entries: None, manager: User, camera: Camera) -> None:
    answer = staff_client(manager).get(f"/admin/cameras/camera/{camera.pk}/history/", follow=True)
    assert [entry.target_name for entry in answer.context["cl"].result_list] == ["Gate"]


def test_the_selected_entries_become_a_table(entries: None, manager: User) -> None:
    pks = list(AuditEntry.objects.values_list("pk", flat=True))
    answer = staff_client(manager).post(LIST, {"action": "as_table", "_selected_action": pks})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (b"Gate" in answer.content, b"Runway" in answer.content) == (True, False)
    assert AuditEntry.objects.filter(action="audit.exported", user_name="mina", way="admin").exists()


def test_all_entries_of_all_pages_become_a_table(entries: None, superuser: User) -> None:
    chosen = {"action": "as_table", "select_across": "1", "_selected_action": [1], "index": "0"}
    answer = staff_client(superuser).post(f"{LIST}?action=camera.removed", chosen)
    assert (b"Runway" in answer.content, b"Gate" in answer.content) == (True, False)


def newest(count: int) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.order_by("-number")[:count]
    return [(entry.action, entry.target_name, entry.changes) for entry in reversed(rows)]


def test_what_is_done_to_people_is_recorded(superuser: User, manager: User, site: Site) -> None:
    client, url = staff_client(superuser), f"/admin/accounts/user/{manager.pk}/change/"
    membership = Membership.objects.get(user=manager)
    form: dict[str, Any] = {
        **{"username": "mina", "email": "mina@example.org", "language": "en", "is_active": "on"},
        **{"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1, "memberships-0-id": membership.pk},
        **{"memberships-0-user": manager.pk, "memberships-0-site": site.pk, "memberships-0-role": int(Role.VIEWER)},
    }
    assert client.post(url, form).status_code == 302
    assert newest(2) == [
        ("user.changed", "mina", '{"email":["","mina@example.org"]}'),
        ("member.changed", "mina", '{"role":[30,10]}'),
    ]
    assert client.post(url, form | {"memberships-0-DELETE": "on"}).status_code == 302
    assert newest(1) == [("member.removed", "mina", '{"role":["viewer",null]}')]
    passwords = {"password1": "canary staple battery", "password2": "canary staple battery", "usable_password": "true"}
    assert client.post(f"/admin/accounts/user/{manager.pk}/password/", passwords).status_code == 302
    assert newest(1)[0][:2] == ("user.changed", "mina")
    added = {"username": "nora", "usable_password": "true", **passwords}
    assert client.post("/admin/accounts/user/add/", added).status_code == 302
    assert newest(1)[0][:2] == ("user.added", "nora")
    assert "canary" not in str(list(AuditEntry.objects.values()))
