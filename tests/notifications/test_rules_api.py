"""Rules and snoozes over REST: members read, managers change rules, operators snooze; others know of nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cameras.models import Camera
from notifications import services
from notifications.first_rule import FIRST_RULE
from notifications.models import Channel, Rule, Snooze
from notifications.ruling import check_change
from project.accounts.models import Site, User
from project.audit.models import AuditEntry
from project.errors import NotFound
from tests.factories import make_camera
from tests.notifications.story import channel_of, rule_of

Api = Callable[..., Any]
RULES, SNOOZES = "/api/v1/notifications/rules", "/api/v1/notifications/snoozes"


def test_every_site_has_a_rule_that_its_members_can_read(
    api: Api, site: Site, viewer: User, stranger: User, superuser: User
) -> None:
    (rule,) = api(viewer).get(RULES).json()["results"]
    assert (rule["name"], rule["severity_floor"], rule["role"]) == (FIRST_RULE, "medium", "operator")
    assert api(viewer).get(f"{RULES}/{rule['id']}").status_code == 200
    assert api(stranger).get(f"{RULES}/{rule['id']}").status_code == 404
    assert api(stranger).get(RULES, {"site": site.pk}).json()["results"] == []
    assert len(api(superuser).get(RULES).json()["results"]) == 2
    assert api().get(RULES).status_code == 401


def test_managers_change_them_and_others_do_not(
    api: Api, site: Site, viewer: User, operator: User, manager: User, stranger: User, camera: Camera
) -> None:
    body = {
        "site": site.pk,
        "name": "Nights",
        "cameras": [str(camera.pk)],
        "severity_floor": "high",
        "starts": "22:00",
        "ends": "06:00",
        "weekdays": [0, 4],
        "holidays": ["2026-12-25"],
        "on_holidays": "all_day",
        "people": [viewer.pk],
        "channels": [str(channel_of(site).pk)],
        "escalation": [
            {"after_minutes": 5, "role": "manager"},
            {"after_minutes": 9, "role": None, "people": [viewer.pk]},
        ],
    }
    for user, status in ((viewer, 403), (operator, 403), (stranger, 400)):
        assert api(user).post(RULES, body, format="json").status_code == status
    made = api(manager).post(RULES, body, format="json")
    assert made.status_code == 201, made.json()
    assert {**made.json(), **body} == {**made.json(), "starts": "22:00", "ends": "06:00"}
    one = f"{RULES}/{made.json()['id']}"
    for user, status in ((viewer, 403), (operator, 403), (stranger, 404)):
        assert api(user).patch(one, {"enabled": False}, format="json").status_code == status
        assert api(user).delete(one).status_code == status
    changed = api(manager).patch(one, {"people": [], "severity_floor": "low"}, format="json")
    assert (changed.json()["people"], changed.json()["severity_floor"]) == ([], "low")
    assert api(manager).delete(one).status_code == 204
    trail = AuditEntry.objects.filter(action__startswith="rule.").order_by("pk")
    assert list(trail.values_list("action", flat=True)) == ["rule.added", "rule.changed", "rule.removed"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": [7]}, "weekdays.0"),
        ({"categories": ["No Such Name"]}, "categories"),
        ({"holidays": ["25.12.2026"]}, "holidays"),
        ({"starts": "22:00"}, "ends"),
        ({"severity_floor": "worst"}, "severity_floor"),
        ({"role": "king"}, "role"),
        ({"escalation": [{"after_minutes": 5, "role": "viewer"}] * 2}, "escalation"),
        ({"escalation": [{"after_minutes": 5}]}, "escalation"),
        ({"escalation": [{"role": "viewer"}]}, "escalation.0.after_minutes"),
        ({"escalation": [{"after_minutes": 5, "people": [999999]}]}, "escalation"),
        ({"escalation": [{"after_minutes": 5, "channels": ["00000000-0000-4000-8000-000000000000"]}]}, "escalation"),
        ({"name": ""}, "name"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(api: Api, site: Site, manager: User, wrong: dict[str, Any], field: str) -> None:
    answer = api(manager).post(RULES, {"site": site.pk, "name": "New", **wrong}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_what_is_of_another_site_does_not_exist(
    api: Api, site: Site, other_site: Site, manager: User, stranger: User
) -> None:
    foreign: dict[str, Any] = {
        "cameras": [str(make_camera(site=other_site).pk)],
        "people": [stranger.pk],
        "channels": [str(channel_of(other_site).pk)],
    }
    nobody: dict[str, Any] = {
        "cameras": ["00000000-0000-4000-8000-000000000000"],
        "people": [999999],
        "channels": [foreign["cameras"][0]],
    }
    for name, value in foreign.items():
        said = api(manager).post(RULES, {"site": site.pk, "name": "New", name: value}, format="json").json()
        same = api(manager).post(RULES, {"site": site.pk, "name": "New", name: nobody[name]}, format="json").json()
        assert said["code"] == same["code"] == "invalid"
        assert str(said).replace(str(value[0]), "") == str(same).replace(str(nobody[name][0]), "")
    assert api(manager).patch(f"{RULES}/{rule_of(site).pk}", {"site": other_site.pk}, format="json").status_code == 400


def test_operators_snooze_a_camera_or_a_rule(
    api: Api, site: Site, camera: Camera, viewer: User, operator: User, stranger: User
) -> None:
    body = {"camera": str(camera.pk), "minutes": 60}
    for user, status in ((viewer, 403), (stranger, 404)):
        assert api(user).post(SNOOZES, body, format="json").status_code == status
    made = api(operator).post(SNOOZES, body, format="json")
    assert (made.status_code, made.json()["by"], made.json()["site"]) == (201, "omar", site.pk)
    again = api(operator).post(SNOOZES, body | {"minutes": 5}, format="json")
    assert Snooze.objects.get().pk == Snooze.objects.get(pk=again.json()["id"]).pk
    rule = api(operator).post(SNOOZES, {"rule": str(rule_of(site).pk)}, format="json")
    assert rule.status_code == 201
    assert len(api(viewer).get(SNOOZES).json()["results"]) == 2
    assert api(stranger).get(SNOOZES).json()["results"] == []
    one = f"{SNOOZES}/{rule.json()['id']}"
    for user, status in ((viewer, 403), (stranger, 404), (operator, 204), (operator, 404)):
        assert api(user).delete(one).status_code == status


def test_a_snooze_is_of_one_thing_and_ends(api: Api, site: Site, camera: Camera, operator: User) -> None:
    both = {"camera": str(camera.pk), "rule": str(rule_of(site).pk)}
    bodies: list[dict[str, Any]] = [{}, both, {"camera": str(camera.pk), "minutes": 0}]
    for body in [*bodies, {"camera": str(camera.pk), "minutes": 20_000}]:
        assert api(operator).post(SNOOZES, body, format="json").status_code == 400
    assert Rule.objects.count() == 1


def test_a_rule_names_no_more_than_can_be_looked_up(api: Api, site: Site, manager: User, camera: Camera) -> None:
    body = {"site": site.pk, "name": "Many", "cameras": [str(camera.pk)] * 201}
    answer = api(manager).post(RULES, body, format="json")
    assert answer.status_code == 400
    assert "cameras" in answer.json()["fields"]


def test_whoever_may_make_no_rule_learns_no_ids_from_the_answer(
    api: Api, site: Site, operator: User, viewer: User, manager: User
) -> None:
    for person in (manager.pk, 10**6):
        body = {"site": site.pk, "name": "Mine", "people": [person]}
        assert [api(who).post(RULES, body, format="json").status_code for who in (viewer, operator)] == [403, 403]


@pytest.mark.parametrize("change", [{"enabled": False}, {"people": []}])
def test_what_is_removed_while_it_is_changed_is_not_found(
    api: Api, site: Site, manager: User, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    def check_while_it_is_removed(rule: Rule, *rest: Any) -> None:
        check_change(rule, *rest)
        Rule.objects.filter(pk=rule.pk).delete()

    monkeypatch.setattr("notifications.services.check_change", check_while_it_is_removed)
    answer = api(manager).patch(f"{RULES}/{rule_of(site).pk}", change, format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_so_is_a_channel(site: Site, manager: User) -> None:
    channel = channel_of(site)
    services.remove_channel(by=manager, channel=Channel.objects.get(pk=channel.pk))
    with pytest.raises(NotFound):
        services.change_channel(by=manager, channel=channel, enabled=False)
