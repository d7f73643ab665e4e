"""Channels over REST: one's own, and those of a site for its managers. No secret ever comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from notifications.message import Message
from notifications.models import Channel, Delivery
from notifications.targets import target_of
from notifications.transports.protocol import TransportError
from project.accounts.models import Site, User
from project.accounts.tokens import issue_api_key
from project.audit.models import AuditEntry
from tests.notifications.scripted_transport import Sink
from tests.notifications.story import channel_of

Api = Callable[..., Any]
URL = "/api/v1/notifications/channels"
BODY = {"kind": "email", "name": "Mine", "target": {"address": "vera@example.org", "password": "canary-password"}}


def test_everybody_has_channels_of_their_own(api: Api, viewer: User, manager: User, superuser: User) -> None:
    made = api(viewer).post(URL, BODY, format="json")
    assert made.status_code == 201
    assert made.json()["target"] == {"address": "vera@example.org", "password": "***"}
    assert made.json()["severity_floor"] == "low"
    one = f"{URL}/{made.json()['id']}"
    assert api(viewer).get(one).status_code == 200
    for other in (manager, superuser):
        assert api(other).get(one).status_code == 404
        assert api(other).get(URL).json()["results"] == []
        assert api(other).delete(one).status_code == 404
    assert "canary-password" not in str(AuditEntry.objects.values_list())


def test_a_sites_channels_are_its_managers(
    api: Api, site: Site, viewer: User, operator: User, manager: User, stranger: User
) -> None:
    body = BODY | {"site": site.pk}
    assert [api(user).post(URL, body, format="json").status_code for user in (viewer, operator, stranger)] == [
        403,
        403,
        400,
    ]
    made = api(manager).post(URL, body, format="json")
    assert (made.status_code, Channel.objects.get().user) == (201, None)
    one = f"{URL}/{made.json()['id']}"
    for user in (viewer, operator, stranger):
        assert api(user).get(one).status_code == 404
        assert api(user).get(URL, {"site": site.pk}).json()["results"] == []
    assert api(manager).patch(one, {"name": "All"}, format="json").json()["name"] == "All"
    assert api(manager).delete(one).status_code == 204
    assert api().get(URL).status_code == 401


def test_a_masked_secret_that_comes_back_stays(api: Api, viewer: User) -> None:
    channel = channel_of(viewer)
    one, client = f"{URL}/{channel.pk}", api(viewer)
    shown = client.get(one).json()
    assert client.put(one, shown, format="json").status_code == 200
    channel.refresh_from_db()
    assert target_of(channel)["password"] == "canary-password"
    moved = client.patch(one, {"target": shown["target"] | {"address": "elsewhere@example.net"}}, format="json")
    assert (moved.status_code, list(moved.json()["fields"])) == (400, ["target.password"])


def test_a_channel_keeps_its_kind_and_its_site(api: Api, site: Site, manager: User) -> None:
    one = f"{URL}/{channel_of(manager).pk}"
    assert api(manager).patch(one, {"kind": "mqtt"}, format="json").json()["fields"].keys() == {"kind"}
    assert api(manager).patch(one, {"site": site.pk}, format="json").json()["fields"].keys() == {"site"}


def test_the_test_button_says_what_became_of_it(api: Api, operator: User, sink: Sink) -> None:
    operator.language = "ko"
    operator.save()
    channel = channel_of(operator)
    answer = api(operator).post(f"{URL}/{channel.pk}/test").json()
    assert (answer["state"], answer["error"], len(answer["tries"])) == ("sent", "", 1)
    message: Message = sink.messages[0]
    assert message.title == "Vigil 시험 메시지"
    sink.failures.append(TransportError("The mail server refused the password.", permanent=True))
    answer = api(operator).post(f"{URL}/{channel.pk}/test").json()
    assert (answer["state"], answer["error"]) == ("failed", "The mail server refused the password.")
    channel.refresh_from_db()
    assert channel.enabled, "a test switches nothing off"
    assert Delivery.objects.count() == 2


def test_a_channel_that_was_switched_off_says_why_until_it_is_switched_on(api: Api, viewer: User) -> None:
    channel = channel_of(viewer, enabled=False, disabled_reason="There is no such mailbox.")
    client, one = api(viewer), f"{URL}/{channel.pk}"
    assert client.get(one).json()["disabled_reason"] == "There is no such mailbox."
    assert client.patch(one, {"enabled": True}, format="json").json()["disabled_reason"] == ""


def test_a_target_is_texts_by_name(api: Api, viewer: User) -> None:
    too_many = {str(number): "x" for number in range(31)}
    targets: list[Any] = [[], "text", {"a": {"b": "c"}}, too_many, {"password": "***"}]
    for target in targets:
        assert api(viewer).post(URL, BODY | {"target": target}, format="json").status_code == 400


def test_nobody_has_more_channels_than_anybody_needs(api: Api, viewer: User) -> None:
    for _ in range(20):
        channel_of(viewer)
    assert api(viewer).post(URL, BODY, format="json").status_code == 400


def test_nobody_makes_a_mail_relay_of_the_test(api: Api, viewer: User, sink: Sink) -> None:
    client = api(viewer)
    made = client.post(URL, BODY, format="json").json()
    answers = [client.post(f"{URL}/{made['id']}/test").status_code for _ in range(11)]
    assert (answers[0], answers[-1]) == (200, 429)


def test_an_api_key_reaches_nothing_personal(api: Api, site: Site, manager: User, sink: Sink) -> None:
    mine = channel_of(manager)
    api(manager).post(f"{URL}/{mine.pk}/test")
    key = APIClient()
    key.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_api_key(user=manager, name='script')[1]}")
    assert key.get(URL).json()["results"] == []
    assert key.get(f"{URL}/{mine.pk}").status_code == 404
    assert key.post(URL, BODY, format="json").status_code == 403
    assert key.get("/api/v1/notifications/deliveries/").json()["results"] == []
    assert key.get("/api/v1/notifications/inbox/").status_code == 403
    assert len(api(manager).get("/api/v1/notifications/deliveries/").json()["results"]) == 1
