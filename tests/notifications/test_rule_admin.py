"""Rules in the administration: what the API takes and refuses, and recorded like there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from cameras.models import Camera
from notifications import services
from notifications.first_rule import FIRST_RULE
from notifications.models import Rule, Snooze
from project.accounts.models import Membership, Role, Site, User
from project.audit.models import AuditEntry
from project.errors import Invalid
from tests.factories import make_camera, make_channel, make_member
from tests.notifications.conftest import NOON
from tests.notifications.story import rule_of
from tests.support.staff import staff_client

LIST = "/admin/notifications/rule/"


@pytest.fixture
def client(manager: User) -> Client:
    """A manager of the site who may enter the administration."""
    return staff_client(manager)


def form(**values: Any) -> dict[str, Any]:
    """A rule as the page sends it."""
    plain = {"name": "Nights", "enabled": "on", "severity_floor": 2, "categories": "", "starts": "", "ends": ""}
    return plain | {"holidays": "", "on_holidays": "never", "role": 20, "escalate_from": 3, "escalation": "[]"} | values


def page_of(rule: Rule) -> str:
    return f"{LIST}{rule.pk}/change/"


def newest(count: int = 1) -> list[tuple[str, str]]:
    return [(entry.action, entry.changes) for entry in AuditEntry.objects.order_by("-number")[:count]]


def errors_of(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return list(answer.context["adminform"].form.errors)


def test_a_rule_is_added_with_all_it_says(client: Client, site: Site, camera: Camera, viewer: User) -> None:
    channel = make_channel(site=site)
    steps = [
        {"after_minutes": 5, "role": 30},
        {"after_minutes": 9, "people": [viewer.pk], "channels": [str(channel.pk)]},
    ]
    values = form(
        site=site.pk,
        cameras=[camera.pk],
        people=[viewer.pk],
        channels=[channel.pk],
        weekdays=["5", "6"],
        categories="unusual, offline",
        starts="22:00",
        ends="06:30",
        holidays="2026-12-25 2027-01-01",
        escalation=json.dumps(steps),
    )
    assert client.post(f"{LIST}add/", values).status_code == 302
    rule = Rule.objects.get(name="Nights")
    assert (rule.site, rule.categories, rule.weekdays) == (site, ["unusual", "offline"], [5, 6])
    assert (rule.holidays, rule.escalation) == (["2026-12-25", "2027-01-01"], steps)
    assert (f"{rule.starts}", f"{rule.ends}", rule.role, rule.severity_floor) == ("22:00:00", "06:30:00", 20, 2)
    assert [list(rows.all()) for rows in (rule.cameras, rule.people, rule.channels)] == [[camera], [viewer], [channel]]
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.target_id, entry.user_name) == ("rule.added", str(rule.pk), "mina")


def test_only_what_was_changed_is_written_and_recorded(client: Client, site: Site, camera: Camera) -> None:
    rule = rule_of(site, name="Nights", severity_floor=2, on_holidays="never", cameras=[camera])
    shown = form(cameras=[camera.pk])
    before = AuditEntry.objects.count()
    assert client.post(page_of(rule), shown).status_code == 302
    assert AuditEntry.objects.count() == before, "saved as it was shown"
    assert client.post(page_of(rule), shown | {"severity_floor": 0, "cameras": []}).status_code == 302
    assert newest() == [("rule.changed", f'{{"cameras":[["{camera.pk}"],[]],"severity_floor":[2,0]}}')]


def test_a_rule_is_removed_with_its_snoozes(client: Client, site: Site) -> None:
    rule = rule_of(site)
    Snooze.objects.create(site=site, rule=rule, until=NOON)
    assert client.post(f"{LIST}{rule.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Rule.objects.exists()
    assert newest() == [("rule.removed", "")]
    chosen = {"action": "delete_selected", "_selected_action": [str(rule_of(site).pk)], "post": "yes"}
    assert client.post(LIST, chosen).status_code == 302
    assert not Rule.objects.exists()
    assert newest() == [("rule.removed", "")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "n" * 81), ("severity_floor", "9"), ("categories", "Not A Name!"),
        ("weekdays", ["7"]), ("starts", "25:00"), ("ends", "06:00"), ("holidays", "2026-13-01"),
        ("holidays", "2026-12-25 " * 201),
        ("on_holidays", "sometimes"), ("role", "25"), ("escalate_from", ""),
        ("escalation", "no JSON"), ("escalation", "[" * 100_000),
        ("escalation", f'[{{"after_minutes": {"1" * 5000}, "role": 20}}]'), ("escalation", "{}"),
        ("escalation", '[{"after_minutes": 0, "role": 20}]'), ("escalation", '[{"after_minutes": 5}]'),
        ("escalation", '[{"after_minutes": NaN, "role": 20}]'), ("cameras", ["no-uuid"]), ("people", ["x"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(client: Client, site: Site, field: str, value: Any) -> None:
    rule = rule_of(site)
    for page, where in ((page_of(rule), {}), (f"{LIST}add/", {"site": site.pk})):
        assert errors_of(client.post(page, form(**where) | {field: value})) == [field]
    assert list(Rule.objects.values_list("name", flat=True)) == ["All"]


def test_what_belongs_to_other_sites_can_neither_be_seen_nor_chosen(
    client: Client, site: Site, other_site: Site
) -> None:
    rule, foreign = rule_of(site), rule_of(other_site, name="Foreign rule")
    camera, channel = make_camera(site=other_site, name="Runway"), make_channel(site=other_site, name="Tower")
    person = make_member(site=other_site, username="stranger")
    for page in (LIST, f"{LIST}add/", page_of(rule)):
        text = client.get(page).text
        assert [word for word in ("Airport", "Foreign rule", "Runway", "Tower", "stranger") if word in text] == []
    for field, row in (("cameras", camera), ("people", person), ("channels", channel)):
        assert errors_of(client.post(page_of(rule), form(**{field: [row.pk]}))) == [field]
    for step in ({"people": [person.pk]}, {"channels": [str(channel.pk)]}):
        steps = json.dumps([{"after_minutes": 5, **step}])
        assert errors_of(client.post(page_of(rule), form(escalation=steps))) == ["escalation"]
    assert errors_of(client.post(f"{LIST}add/", form(site=other_site.pk))) == ["site"]
    assert client.post(page_of(foreign), form()).status_code == 302  # there is none
    client.post(f"{LIST}{foreign.pk}/delete/", {"post": "yes"})
    assert Rule.objects.get(pk=foreign.pk).name == "Foreign rule"


def test_who_manages_two_sites_cannot_mix_them(client: Client, manager: User, site: Site, other_site: Site) -> None:
    Membership.objects.create(site=other_site, user=manager, role=Role.MANAGER)
    camera = make_camera(site=other_site, name="Runway")
    assert "Runway, Airport" in client.get(f"{LIST}add/").text
    assert errors_of(client.post(f"{LIST}add/", form(site=site.pk, cameras=[camera.pk]))) == ["cameras"]
    assert client.post(f"{LIST}add/", form(site=other_site.pk, cameras=[camera.pk])).status_code == 302


def test_what_the_service_refuses_after_the_form_is_said(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise Invalid("Somebody left meanwhile.")

    monkeypatch.setattr(services, "change_rule", refuse)
    answer = client.post(page_of(rule_of(site)), form(), follow=True)
    assert answer.status_code == 200
    assert "Somebody left meanwhile." in answer.text


def test_names_in_the_help_are_no_markup(client: Client, site: Site) -> None:
    make_channel(site=site, name="<b>loud</b>")
    page = client.get(page_of(rule_of(site))).text
    assert "<b>loud</b>" not in page
    assert "canary-password" not in page


def test_a_new_rule_begins_without_steps(client: Client) -> None:
    assert client.get(f"{LIST}add/").context["adminform"].form["escalation"].value() == "[]"


def test_each_site_has_its_first_rule_here_too(client: Client, site: Site) -> None:
    assert FIRST_RULE in client.get(LIST).text


def test_a_rule_whose_chain_names_who_has_left_can_still_be_switched_off(
    client: Client, site: Site, viewer: User, api: Any, manager: User
) -> None:
    chain = [{"after_minutes": 5, "people": [viewer.pk]}]
    rules = [rule_of(site, escalation=chain), Rule.objects.create(site=site, name="Days", escalation=chain)]
    Membership.objects.filter(user=viewer).delete()
    chosen = {"action": "switch_off", "_selected_action": [str(rule.pk) for rule in rules]}
    assert client.post(LIST, chosen, follow=True).status_code == 200
    assert not Rule.objects.filter(enabled=True).exists()
    one = f"/api/v1/notifications/rules/{rules[0].pk}/"
    assert api(manager).patch(one, {"enabled": True}, format="json").status_code == 200
    refused = api(manager).patch(one, {"escalation": chain}, format="json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["escalation"])


def test_what_a_switch_cannot_do_is_said(client: Client, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise Invalid("It cannot be so.")

    monkeypatch.setattr("notifications.services.change_rule", refuse)
    chosen = {"action": "switch_off", "_selected_action": [str(rule_of(site, name="Nights").pk)]}
    answer = client.post(LIST, chosen, follow=True)
    assert "It cannot be so." in answer.text
