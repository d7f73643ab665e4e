"""The staff reads evidence and, with the right, removes it; nobody alters it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from cameras.models import Camera
from events.models import Event, EventTransition
from project.accounts.models import User
from project.audit.models import AuditEntry
from tests.factories import NOON, make_event

LIST = "/admin/events/event/"


@pytest.fixture
def event(camera: Camera, media: Path) -> Event:
    """An event with a snapshot and a timeline."""
    event = make_event(camera=camera)
    name = default_storage.save(f"events/{event.pk}/snapshot.jpg", ContentFile(b"jpeg"))
    Event.objects.filter(pk=event.pk).update(snapshot_path=name)
    EventTransition.objects.create(event=event, sequence=1, kind="opened", at=NOON, path=name)
    return event


def staff(user: User, *rights: str) -> Client:
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


def test_the_list_narrows(superuser: User, event: Event) -> None:
    client = staff(superuser)
    other = make_event()
    for parameters in ({"site": event.site_id}, {"camera": str(event.camera_id)}, {}):
        page = client.get(LIST, parameters)
        assert page.status_code == 200
        assert (str(event.pk) in page.text, str(other.pk) in page.text) == (True, not parameters)
    assert client.get(LIST, {"site": "x", "status": "new", "severity": "medium"}).status_code == 200


def test_an_event_shows_its_timeline_and_no_field_to_change(superuser: User, event: Event) -> None:
    page = staff(superuser).get(f"{LIST}{event.pk}/change/")
    assert "opened" in page.text
    assert 'name="_save"' not in page.text
    assert staff(superuser).get(f"{LIST}add/").status_code == 403
    assert staff(superuser).post(f"{LIST}{event.pk}/change/", {"status": "resolved"}).status_code == 403


def test_staff_sees_the_sites_it_manages(manager: User, operator: User, stranger: User, event: Event) -> None:
    url = f"{LIST}{event.pk}/change/"
    assert staff(manager).get(url).status_code == 200
    assert staff(operator, "view_event", "change_event").get(url).status_code == 403
    assert staff(stranger, "view_event").get(LIST).status_code == 403
    foreign = make_event()
    assert staff(manager).get(f"{LIST}{foreign.pk}/change/").status_code == 302
    assert str(foreign.pk) not in staff(manager).get(LIST).text


def test_managers_remove_no_evidence(manager: User, event: Event) -> None:
    client = staff(manager, "delete_event")
    assert client.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": str(event.pk), "post": "yes"})
    assert Event.objects.exists()


@pytest.mark.parametrize("one", [True, False])
def test_what_is_removed_goes_with_its_file(superuser: User, event: Event, one: bool) -> None:
    client = staff(superuser)
    if one:
        client.post(f"{LIST}{event.pk}/delete/", {"post": "yes"})
    else:
        client.post(LIST, {"action": "delete_selected", "_selected_action": str(event.pk), "post": "yes"})
    assert not Event.objects.exists()
    assert not EventTransition.objects.exists()
    assert not default_storage.exists(f"events/{event.pk}/snapshot.jpg")
    entry = AuditEntry.objects.get(action="event.removed")
    assert (entry.user_name, entry.target_id, entry.site_id) == ("root", str(event.pk), event.site_id)


def test_the_page_shows_the_evidence_from_where_the_api_serves_it(superuser: User, event: Event) -> None:
    page = staff(superuser).get(f"{LIST}{event.pk}/change/").text
    assert f'src="/api/v1/events/{event.pk}/snapshot.jpg"' in page
    assert "clip.mp4" not in page
