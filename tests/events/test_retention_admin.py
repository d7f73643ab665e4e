"""For how long sites keep what, in the administration: by the services of the API, and recorded like there."""

from __future__ import annotations

import pytest
from django.test import Client

from events.models import RetentionPolicy
from project.accounts.models import Site, User
from project.audit.models import AuditEntry
from tests.support.staff import staff_client

LIST = "/admin/events/retentionpolicy/"


@pytest.fixture
def client(manager: User) -> Client:
    """A manager of the site who may enter the administration."""
    return staff_client(manager)


def newest() -> tuple[str, str, str, int | None]:
    entry = AuditEntry.objects.latest("number")
    return entry.action, entry.user_name, entry.changes, entry.site_id


def test_it_is_added_changed_and_removed(client: Client, site: Site) -> None:
    assert client.post(f"{LIST}add/", {"site": site.pk, "recording_days": 3}).status_code == 302
    assert newest() == ("retention.changed", "mina", '{"recording_days":[null,3]}', site.pk)
    page = f"{LIST}{site.pk}/change/"
    assert client.post(page, {"recording_days": "", "event_days": 90}).status_code == 302
    assert newest()[2] == '{"event_days":[null,90],"recording_days":[3,null]}'
    policy = RetentionPolicy.objects.get()
    assert (policy.recording_days, policy.media_days, policy.event_days) == (None, None, 90)
    assert client.post(f"{LIST}{site.pk}/delete/", {"post": "yes"}).status_code == 302
    assert newest()[2] == '{"event_days":[90,null]}'
    assert not RetentionPolicy.objects.exists()


def test_saving_it_as_it_was_shown_records_nothing(client: Client, site: Site) -> None:
    RetentionPolicy.objects.create(site=site, media_days=30)
    before = AuditEntry.objects.count()
    assert client.post(f"{LIST}{site.pk}/change/", {"media_days": 30}).status_code == 302
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("days", ["0", "3651", "-1", "seven", "1.5", "9" * 30])
def test_what_cannot_be_is_refused_at_its_field(days: str, client: Client, site: Site) -> None:
    answer = client.post(f"{LIST}add/", {"site": site.pk, "media_days": days})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["media_days"]
    assert not RetentionPolicy.objects.exists()


def test_other_sites_can_neither_be_seen_nor_chosen(client: Client, other_site: Site) -> None:
    assert other_site.name not in client.get(f"{LIST}add/").text
    answer = client.post(f"{LIST}add/", {"site": other_site.pk, "media_days": 3})
    assert list(answer.context["adminform"].form.errors) == ["site"]
    RetentionPolicy.objects.create(site=other_site, media_days=30)
    assert other_site.name not in client.get(LIST).text
    assert client.post(f"{LIST}{other_site.pk}/change/", {"media_days": 3}).status_code == 302  # there is none
    client.post(f"{LIST}{other_site.pk}/delete/", {"post": "yes"})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [other_site.pk], "post": "yes"})
    assert RetentionPolicy.objects.get().media_days == 30


def test_who_only_operates_a_site_is_refused(operator: User, site: Site) -> None:
    client = staff_client(operator)
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}add/", {"site": site.pk, "media_days": 3}).status_code == 403


def test_the_list_says_what_holds(client: Client, site: Site, settings: object) -> None:
    RetentionPolicy.objects.create(site=site, media_days=41)
    page = client.get(LIST).text
    assert "41 days" in page
    assert "as the instance, 7 days" in page
