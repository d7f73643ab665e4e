"""Cameras over REST: who sees, who changes, and what is refused how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from cameras.models import Camera, Health, Lease, MemorySnapshot
from project.accounts.models import Site, User
from tests.factories import make_camera

Api = Callable[..., Any]
URL = "/api/v1/cameras/"
SECRET = "canary-password"


def body(at: Site, **values: Any) -> dict[str, Any]:
    return {"site": at.pk, "name": "Dock", "source": f"rtsp://admin:{SECRET}@192.0.2.20/stream"} | values


def test_a_member_sees_the_cameras_of_the_site_and_no_secret(api: Api, viewer: User, camera: Camera) -> None:
    make_camera(name="Elsewhere")
    answer = api(viewer).get(URL)
    assert [row["name"] for row in answer.json()["results"]] == ["Gate"]
    assert answer.json()["results"][0]["source"] == "rtsp://***@192.0.2.10/stream"
    assert SECRET not in answer.content.decode()


def test_a_list_takes_as_many_queries_for_many_cameras_as_for_one(
    api: Api, viewer: User, site: Site, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        make_camera(site=site, name=f"Camera {number}")
    with django_assert_num_queries(1):
        assert len(api(viewer).get(URL).json()["results"]) == 5


def test_a_manager_adds_a_camera(api: Api, manager: User, site: Site) -> None:
    answer = api(manager).post(URL, body(site), format="json")
    assert answer.status_code == 201, answer.content
    camera = Camera.objects.get(pk=answer.json()["id"])
    assert camera.source == f"rtsp://admin:{SECRET}@192.0.2.20/stream"
    assert SECRET not in answer.content.decode()
    assert answer.json()["health"]["state"] == "waiting"
    assert Lease.objects.filter(camera=camera).exists()
    assert Health.objects.filter(camera=camera).exists()


@pytest.mark.parametrize("who", ["viewer", "operator"])
def test_only_managers_change_cameras(request: pytest.FixtureRequest, api: Api, camera: Camera, who: str) -> None:
    client = api(request.getfixturevalue(who))
    one = f"{URL}{camera.pk}/"
    answers = [
        client.post(URL, body(camera.site), format="json"),
        client.patch(one, {"name": "Mine"}, format="json"),
        client.post(f"{one}stop"),
        client.post(f"{one}start"),
        client.post(f"{one}relearn"),
        client.delete(one),
        client.post(f"{URL}test", {"site": camera.site_id, "source": "rtsp://192.0.2.1/"}, format="json"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 7
    assert answers[0].json()["message"] == "Your role in this site does not allow this."
    camera.refresh_from_db()
    assert (camera.name, camera.desired_state, camera.removed_at) == ("Gate", "running", None)


def test_a_stranger_is_told_that_there_is_no_such_camera(api: Api, stranger: User, camera: Camera) -> None:
    client, one = api(stranger), f"{URL}{camera.pk}/"
    answers = [client.get(one), client.patch(one, {}), client.delete(one)]
    answers += [client.post(f"{one}stop"), client.post(f"{one}relearn")]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}?site={camera.site_id}").json()["results"] == []


def test_a_camera_cannot_be_added_to_a_site_one_does_not_see(api: Api, manager: User, other_site: Site) -> None:
    answer = api(manager).post(URL, body(other_site), format="json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["site"]


def test_nobody_gets_a_401(api: Api, camera: Camera) -> None:
    assert api().get(URL).status_code == 401
    assert api().get(f"{URL}{camera.pk}/").status_code == 401


@pytest.mark.parametrize("unknown", [str(uuid4()), "1", "not-an-id", "%00"])
def test_an_unknown_id_is_a_404_in_json(api: Api, manager: User, unknown: str) -> None:
    answer = api(manager).get(f"{URL}{unknown}/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_put_and_post_where_they_do_not_belong(api: Api, manager: User, camera: Camera) -> None:
    assert api(manager).post(f"{URL}{camera.pk}/").status_code == 405
    assert api(manager).get(f"{URL}{camera.pk}/start").status_code == 405


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"source": "ftp://192.0.2.1/"}, "source"),
        ({"source": "/etc/passwd"}, "source"),
        ({"source": "rtsp://169.254.169.254/"}, "source"),
        ({"source": "rtsp://***@192.0.2.20/stream"}, "source"),
        ({"analysis_source": "concat:a|b"}, "analysis_source"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"analysis_fps": 0}, "analysis_fps"),
        ({"analysis_fps": 26}, "analysis_fps"),
        ({"live_fps": 16}, "live_fps"),
        ({"alarm_budget": -1}, "alarm_budget"),
        ({"device_class": "tpu"}, "device_class"),
        ({"desired_state": "asleep"}, "desired_state"),
        ({"eye": "os.path:join"}, "eye"),
        ({"zones": [{"name": "a", "kind": "watch", "polygon": [[0, 0], [2, 0], [1, 1]]}]}, "zones"),
        ({"zones": "all"}, "zones"),
        ({"masks": [[[0, 0], [1, 1]]]}, "masks"),
        ({"site": "x"}, "site"),
    ],
)
def test_what_cannot_be_is_named_by_field(
    api: Api, manager: User, site: Site, values: dict[str, Any], field: str
) -> None:
    answer = api(manager).post(URL, body(site, **values), format="json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert answer.json()["code"] == "invalid"
    assert not Camera.objects.exists()


def test_a_refused_source_says_what_is_allowed(api: Api, manager: User, site: Site) -> None:
    answer = api(manager).post(URL, body(site, source="ftp://u:pw@192.0.2.1/"), format="json")
    assert "rtsp://" in answer.json()["fields"]["source"][0]
    assert "pw" not in answer.content.decode()


def test_two_cameras_of_a_site_cannot_share_a_name(api: Api, manager: User, camera: Camera) -> None:
    answer = api(manager).post(URL, body(camera.site, name="Gate"), format="json")
    assert answer.status_code == 400
    assert "already" in answer.json()["fields"]["name"][0]


def test_a_masked_source_sent_back_keeps_the_stored_one(api: Api, manager: User, camera: Camera) -> None:
    client, one = api(manager), f"{URL}{camera.pk}/"
    shown = client.get(one).json()
    answer = client.put(one, shown | {"name": "South gate"}, format="json")
    assert answer.status_code == 200, answer.content
    camera.refresh_from_db()
    assert (camera.name, camera.source) == ("South gate", "rtsp://user:canary-password@192.0.2.10/stream")


def test_the_stored_password_does_not_follow_to_another_host(api: Api, manager: User, camera: Camera) -> None:
    answer = api(manager).patch(f"{URL}{camera.pk}/", {"source": "rtsp://***@203.0.113.9/stream"}, format="json")
    assert answer.status_code == 400
    assert "whole address" in answer.json()["fields"]["source"][0]


def test_each_change_makes_a_new_version_of_the_settings(api: Api, manager: User, camera: Camera) -> None:
    client, one = api(manager), f"{URL}{camera.pk}/"
    changes: list[dict[str, Any]] = [{"alarm_budget": 5}, {"alarm_budget": 5}, {"zones": []}]
    for change in changes:
        assert client.patch(one, change, format="json").status_code == 200
    camera.refresh_from_db()
    assert (camera.alarm_budget, camera.settings_version) == (5.0, 2)


def test_a_camera_cannot_move_to_another_site(api: Api, superuser: User, camera: Camera, other_site: Site) -> None:
    answer = api(superuser).patch(f"{URL}{camera.pk}/", {"site": other_site.pk}, format="json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["site"]


def test_stop_and_start_and_again(api: Api, manager: User, camera: Camera) -> None:
    client, one = api(manager), f"{URL}{camera.pk}/"
    states = [client.post(f"{one}{verb}").json()["desired_state"] for verb in ("stop", "stop", "start", "start")]
    assert states == ["stopped", "stopped", "running", "running"]
    camera.refresh_from_db()
    assert camera.settings_version == 3


def test_relearning_forgets_what_was_learned(api: Api, manager: User, camera: Camera) -> None:
    MemorySnapshot.objects.create(camera=camera, fingerprint="eye-1", path="memories/1", learned_seconds=90.0)
    answer = api(manager).post(f"{URL}{camera.pk}/relearn")
    assert answer.status_code == 200
    camera.refresh_from_db()
    assert camera.memory_version == 1
    assert not MemorySnapshot.objects.filter(fingerprint="eye-1").exists()


def test_health_says_whether_the_threshold_can_be_trusted(api: Api, viewer: User, camera: Camera) -> None:
    Lease.objects.filter(camera=camera).update(owner="worker", epoch=3, expires_at=9e9)
    Health.objects.filter(camera=camera).update(
        epoch=3, state="watching", reported_at=9e9, threshold=1.9, provisional=True, trusted_in=3600.0
    )
    health = api(viewer).get(f"{URL}{camera.pk}/").json()["health"]
    assert (health["threshold"], health["provisional"], health["trusted_in_seconds"]) == (1.9, True, 3600.0)


def test_a_removed_camera_is_gone_and_its_name_is_free(api: Api, manager: User, camera: Camera) -> None:
    client, one = api(manager), f"{URL}{camera.pk}/"
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404
    assert client.get(URL).json()["results"] == []
    assert client.post(URL, body(camera.site, name="Gate"), format="json").status_code == 201
    removed = Camera.with_removed.get(pk=camera.pk)
    assert (removed.source, removed.desired_state) == ("", "stopped")


def test_a_site_that_one_does_not_see_filters_like_one_that_does_not_exist(
    api: Api, viewer: User, camera: Camera, other_site: Site
) -> None:
    client = api(viewer)
    found = [client.get(f"{URL}?site={site}").json()["results"] for site in (camera.site_id, other_site.pk, 10**6)]
    assert [len(results) for results in found] == [1, 0, 0]
    assert client.get(f"{URL}?site={10**40}").status_code == 400


def test_json_that_is_nested_without_end_is_refused(api: Api, manager: User) -> None:
    answer = api(manager).post(URL, "[" * 100_000, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("cursor", ["rubbish", "cD0lMDA=", "cj0xJnA9eA=="])
def test_a_cursor_that_is_none_of_ours_is_refused(api: Api, viewer: User, camera: Camera, cursor: str) -> None:
    assert api(viewer).get(f"{URL}?cursor={cursor}").status_code in (200, 404)


def test_pages_follow_each_other(api: Api, viewer: User, site: Site) -> None:
    for number in range(5):
        make_camera(site=site, name=f"Camera {number}")
    client, url, names = api(viewer), f"{URL}?page_size=2", []
    while url:
        page = client.get(url).json()
        names += [row["name"] for row in page["results"]]
        url = page["next"]
    assert names == [f"Camera {number}" for number in range(5)]
