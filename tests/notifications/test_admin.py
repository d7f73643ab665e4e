"""The pages of the staff: managers see their sites' channels, rules and deliveries, and never a secret."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cameras.models import Camera
from notifications.models import Delivery, Rule, Snooze
from notifications.transports.protocol import TransportError
from project.accounts.models import Site, User
from tests.notifications.conftest import NOON, Clock
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import Scene, channel_of, pass_on, rule_of

URL = "/admin/notifications/"


@pytest.fixture
def staff(manager: User) -> Client:
    """A manager who may use the admin pages."""
    manager.is_staff = True
    manager.save()
    client = Client()
    client.force_login(manager)
    return client


def act(client: Client, page: str, action: str, row: object) -> str:
    """Choose one row and an action; the page that follows."""
    pk = getattr(row, "pk", "")
    answer = client.post(URL + page, {"action": action, "_selected_action": [str(pk)]}, follow=True)
    return answer.content.decode()


def test_the_test_action_says_what_became_of_it(staff: Client, site: Site, sink: Sink) -> None:
    channel = channel_of(site)
    assert "Letters (e-mail): sent." in act(staff, "channel/", "send_test", channel)
    sink.failures.append(TransportError("The mail server does not answer."))
    assert "The mail server does not answer." in act(staff, "channel/", "send_test", channel)
    assert len(sink.messages) == 1


def test_no_secret_is_shown(staff: Client, site: Site) -> None:
    channel = channel_of(site)
    for page in ("channel/", f"channel/{channel.pk}/change/"):
        answer = staff.get(URL + page)
        assert answer.status_code == 200
        assert "canary-password" not in answer.content.decode()
    assert "somebody@example.org" in staff.get(f"{URL}channel/{channel.pk}/change/").content.decode()


def test_what_is_of_others_is_not_there(staff: Client, other_site: Site, operator: User, stranger: User) -> None:
    foreign, personal = channel_of(other_site, name="Foreign"), channel_of(operator, name="Personal")
    listed = staff.get(URL + "channel/").content.decode()
    assert "Foreign" not in listed
    assert "Personal" not in listed
    for channel in (foreign, personal):
        assert staff.get(f"{URL}channel/{channel.pk}/change/").status_code == 302  # to the index, as if there were none
        act(staff, "channel/", "switch_off", channel)
        channel.refresh_from_db()
        assert channel.enabled
    rule = rule_of(other_site)
    act(staff, "rule/", "switch_off", rule)
    assert Rule.objects.get(pk=rule.pk).enabled


def test_operators_on_the_staff_see_none_of_it(site: Site, operator: User) -> None:
    operator.is_staff = True
    operator.save()
    client = Client()
    client.force_login(operator)
    for page in ("channel/", "rule/", "snooze/", "delivery/"):
        assert client.get(URL + page).status_code == 403


def test_deliveries_are_read_with_each_try(staff: Client, camera: Camera, manager: User, clock: Clock) -> None:
    channel_of(manager, "webhook")
    Scene(camera).event(0)
    pass_on()
    assert "webhook" in staff.get(URL + "delivery/").content.decode()
    delivery = Delivery.objects.get(kind="webhook")
    page = f"{URL}delivery/{delivery.pk}/change/"
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"state": "queued"}).status_code == 403
    assert staff.post(f"{URL}delivery/{delivery.pk}/delete/", {"post": "yes"}).status_code == 403


def test_deliveries_are_narrowed_without_reading_all_of_them(
    staff: Client, camera: Camera, manager: User, clock: Clock
) -> None:
    channel_of(manager, "webhook")
    Scene(camera).event(0)
    pass_on()
    with CaptureQueriesContext(connection) as asked:
        page = staff.get(f"{URL}delivery/?kind=webhook")
    assert "Show counts" not in page.text
    assert [delivery.kind for delivery in page.context["cl"].result_list] == ["webhook"]
    assert [sql for query in asked if re.search(r"(DISTINCT|COUNT\().*delivery", sql := query["sql"])] == []
    assert len(staff.get(f"{URL}delivery/?kind=in_app").context["cl"].result_list) == 1


def test_switching_and_ending(staff: Client, site: Site, camera: Camera, clock: Clock) -> None:
    channel, rule = channel_of(site, enabled=False, disabled_reason="Gone."), rule_of(site)
    snooze = Snooze.objects.create(site=site, camera=camera, until=NOON.replace(hour=13))
    act(staff, "channel/", "switch_on", channel)
    act(staff, "rule/", "switch_off", rule)
    act(staff, "snooze/", "end", snooze)
    channel.refresh_from_db()
    assert (channel.enabled, channel.disabled_reason) == (True, "")
    assert not Rule.objects.get().enabled
    assert not Snooze.objects.exists()
