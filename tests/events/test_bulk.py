"""Many events decided at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from cameras.models import Camera
from events.models import Event, EventTransition, Status
from project.accounts.models import Membership, Role, Site, User
from tests.factories import make_camera, make_event

Api = Callable[..., Any]
URL = "/api/v1/events/bulk"


def ask(client: Any, ids: list[Any], action: str = "acknowledge", **more: Any) -> Any:
    return client.post(URL, {"action": action, "ids": [str(pk) for pk in ids], **more}, format="json")


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["outcome"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("action", "status"), [("acknowledge", "acknowledged"), ("resolve", "resolved"), ("dismiss", "dismissed")]
)
def test_each_is_done_with_a_line_in_its_timeline(
    api: Api, operator: User, camera: Camera, action: str, status: str
) -> None:
    events = [make_event(camera=camera) for _ in range(3)]
    answer = ask(api(operator), [event.pk for event in events], action, note="a quiet night")
    assert outcomes(answer) == ["done"] * 3
    assert set(Event.objects.values_list("status", flat=True)) == {status}
    assert set(EventTransition.objects.values_list("note", "by__username")) == {("a quiet night", "omar")}


def test_each_has_an_outcome_of_its_own_and_the_others_are_done(
    api: Api, operator: User, camera: Camera, other_site: Site
) -> None:
    new, resolved = make_event(camera=camera), make_event(camera=camera, status=Status.RESOLVED)
    foreign = make_event(camera=make_camera(site=other_site, name="Secret runway"))
    answer = ask(api(operator), [resolved.pk, foreign.pk, new.pk, uuid4(), new.pk])
    assert outcomes(answer) == ["conflict", "not_found", "done", "not_found"], "named twice, done once"
    assert b"Secret" not in answer.content
    foreign.refresh_from_db()
    assert foreign.status == "new"


def test_a_role_holds_for_its_site(api: Api, operator: User, camera: Camera, other_site: Site) -> None:
    Membership.objects.create(user=operator, site=other_site, role=Role.VIEWER)
    watched = make_event(camera=make_camera(site=other_site))
    assert outcomes(ask(api(operator), [watched.pk, make_event(camera=camera).pk])) == ["forbidden", "done"]


def test_who_is_operator_nowhere_is_refused(api: Api, viewer: User, camera: Camera) -> None:
    event = make_event(camera=camera)
    assert ask(api(viewer), [event.pk]).status_code == 403
    assert ask(api(), [event.pk]).status_code == 401
    assert Event.objects.get().status == "new"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ids": []}, "ids"),
        ({"ids": [str(uuid4()) for _ in range(201)]}, "ids"),
        ({"ids": ["7"]}, "ids.0.0"),
        ({"action": "delete"}, "action"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_what_is_not_valid_is_named(api: Api, operator: User, body: dict[str, Any], field: str) -> None:
    answer = api(operator).post(URL, {"action": "resolve", "ids": [str(uuid4())]} | body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert next(iter(answer.json()["fields"])).startswith(field.partition(".")[0])


def test_sent_twice_with_a_key_the_outcomes_are_the_same(api: Api, operator: User, camera: Camera) -> None:
    body = {"action": "acknowledge", "ids": [str(make_event(camera=camera).pk)]}
    first, again = (
        api(operator).post(URL, body, format="json", headers={"Idempotency-Key": "night"}) for _ in range(2)
    )
    assert outcomes(first) == outcomes(again) == ["done"]
