"""My inbox, my wishes, my deliveries: mine alone, and of sites that I may see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cameras.models import Camera
from events import broadcast
from notifications.models import InboxItem
from project.accounts.models import Membership, Site, User
from tests.notifications.conftest import Clock
from tests.notifications.story import Scene, channel_of, pass_on, rule_of

Api = Callable[..., Any]
URL = "/api/v1/notifications/"


@pytest.fixture
def told(camera: Camera, site: Site, operator: User, manager: User, viewer: User, clock: Clock) -> Scene:
    """Two things that operators and the manager were told."""
    channel_of(operator, "webhook")
    scene = Scene(camera)
    scene.event(0)
    scene.event(1, category="view")
    pass_on()
    return scene


def test_the_inbox_has_what_i_was_told(api: Api, told: Scene, operator: User, viewer: User) -> None:
    client = api(operator)
    rows = client.get(URL + "inbox").json()["results"]
    assert {row["title"] for row in rows} == {"High: The view changed at Gate", "High: Something unusual at Gate"}
    assert client.get(URL + "inbox/unread").json() == {"unread": 2}
    assert client.post(URL + "inbox/read", {"ids": [rows[0]["id"]]}, format="json").json() == {"unread": 1}
    assert [row["id"] for row in client.get(URL + "inbox", {"unread": "true"}).json()["results"]] == [rows[1]["id"]]
    assert api(viewer).get(URL + "inbox").json()["results"] == []
    assert api(viewer).post(URL + "inbox/read", {"ids": [rows[1]["id"]]}, format="json").json() == {"unread": 0}
    assert client.get(URL + "inbox/unread").json() == {"unread": 1}
    assert client.post(URL + "inbox/read", {}, format="json").json() == {"unread": 0}
    assert api().get(URL + "inbox").status_code == 401


def test_what_i_read_here_is_read_on_my_other_pages_at_once(
    api: Api,
    told: Scene,
    operator: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(broadcast, "inbox_changed", lambda user_id: heard.append(user_id))
    for expected in ([operator.pk], [operator.pk]):  # the second time nothing changes, so nobody is told
        with django_capture_on_commit_callbacks(execute=True):
            api(operator).post(URL + "inbox/read", {}, format="json")
        assert heard == expected


def test_a_count_does_not_make_it_unread_again_but_something_worse_does(
    api: Api, told: Scene, operator: User, clock: Clock
) -> None:
    client = api(operator)
    client.post(URL + "inbox/read", {}, format="json")
    clock.at(30)
    told.event(30)
    clock.at(61)
    pass_on()
    assert InboxItem.objects.filter(user=operator, body__contains="1 more since").count() == 1
    assert client.get(URL + "inbox/unread").json() == {"unread": 0}
    clock.at(70)
    told.event(70, "critical")
    pass_on()
    assert client.get(URL + "inbox/unread").json() == {"unread": 1}


def test_a_site_that_was_left_takes_its_items_and_deliveries_along(api: Api, told: Scene, operator: User) -> None:
    Membership.objects.filter(user=operator).delete()
    for name in ("inbox", "deliveries"):
        assert api(operator).get(URL + name).json()["results"] == []
    assert api(operator).get(URL + "inbox/unread").json() == {"unread": 0}


def test_wishes_are_kept(api: Api, viewer: User, manager: User) -> None:
    client = api(viewer)
    assert client.get(URL + "preferences").json() == {
        "time_zone": "",
        "severity_floor": "low",
        "quiet_starts": None,
        "quiet_ends": None,
        "quiet_weekdays": [],
        "critical_breaks_quiet": True,
    }
    wish = {"time_zone": "Asia/Seoul", "severity_floor": "high", "quiet_starts": "22:00:00", "quiet_ends": "06:00:00"}
    assert client.patch(URL + "preferences", wish, format="json").status_code == 200
    assert client.get(URL + "preferences").json().items() >= wish.items()
    assert api(manager).get(URL + "preferences").json()["severity_floor"] == "low"
    wrong: list[dict[str, Any]] = [{"time_zone": "Mars/Base"}, {"quiet_starts": None}, {"quiet_weekdays": [9]}]
    for body in wrong:
        assert client.patch(URL + "preferences", body, format="json").status_code == 400
    assert api().get(URL + "preferences").status_code == 401


@pytest.mark.parametrize("name", ["quiet_starts", "quiet_ends"])
@pytest.mark.parametrize("wrong", ["22:00Z", "22:00+09:00", "25:00", "evening"])
def test_quiet_hours_are_those_of_a_clock_on_the_wall(api: Api, viewer: User, name: str, wrong: str) -> None:
    hours = {"quiet_starts": "22:00", "quiet_ends": "06:30"}
    kept = api(viewer).patch(URL + "preferences", hours, format="json").json()
    assert (kept["quiet_starts"], kept["quiet_ends"]) == ("22:00:00", "06:30:00")
    refused = api(viewer).patch(URL + "preferences", {**hours, name: wrong}, format="json")
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [name]


def test_deliveries_are_mine_and_those_of_the_sites_i_manage(
    api: Api, told: Scene, operator: User, viewer: User, manager: User, stranger: User
) -> None:
    mine = api(operator).get(URL + "deliveries").json()["results"]
    assert {row["recipient"] for row in mine} == {"omar"}
    assert {row["kind"] for row in mine} == {"in_app", "webhook"}
    assert len(mine) == 4
    assert all(row["tries"][0]["error"] == "" for row in mine)
    assert len(api(manager).get(URL + "deliveries").json()["results"]) == 6
    assert len(api(manager).get(URL + "deliveries", {"state": "queued"}).json()["results"]) == 0
    assert api(viewer).get(URL + "deliveries").json()["results"] == []
    assert api(stranger).get(f"{URL}deliveries/{mine[0]['id']}").status_code == 404
    assert api(operator).get(f"{URL}deliveries/{mine[0]['id']}").status_code == 200
    assert api().get(URL + "deliveries").status_code == 401


def test_a_browser_learns_the_key_to_subscribe_with(api: Api, viewer: User) -> None:
    key = api(viewer).get(URL + "web-push-key").json()["public_key"]
    assert len(key) == 87
    assert api().get(URL + "web-push-key").status_code == 401


def test_what_a_channel_was_told_in_korean(site: Site, camera: Camera, operator: User, clock: Clock) -> None:
    User.objects.update(language="ko")
    rule_of(site)
    scene = Scene(camera)
    scene.event(0)
    pass_on()
    clock.at(30)
    scene.event(30)
    clock.at(61)
    pass_on()
    item = InboxItem.objects.get()
    assert item.title == "높음: Gate – 평소와 다른 일"
    assert item.body == "Harbour, 2026-11-01 12:00:00 (UTC)\n12:00 이후 1건 더 발생"
