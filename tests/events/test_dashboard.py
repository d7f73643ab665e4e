"""The first page of the administration: figures of the sites that the one who looks manages, and of no other."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from cameras import services
from cameras.models import Camera
from events.models import Event
from project.accounts.models import Site, User
from tests.factories import make_camera, make_event
from tests.support.staff import staff_client

PAGE = "/admin/"


@pytest.fixture(autouse=True)
def _farm(camera: Camera, other_site: Site) -> None:
    """Gate was right three times of four; Runway, elsewhere, was wrong once."""
    now = timezone.now()
    for status in ("resolved", "resolved", "resolved", "dismissed", "new"):
        make_event(camera=camera, status=status, started_at=now, severity="high")
    make_event(camera=camera, status="resolved", started_at=now - timedelta(days=13, hours=1), severity="low")
    make_event(camera=camera, status="dismissed", started_at=now - timedelta(days=60))
    make_event(camera=make_camera(site=other_site, name="Runway"), status="dismissed", started_at=now)
    services.stop_camera(camera=camera)


def test_a_manager_sees_the_figures_of_the_own_sites(manager: User) -> None:
    answer = staff_client(manager).get(PAGE)
    assert "Runway" not in answer.text
    assert answer.context["precision"]["rows"] == [["Gate", "Harbour", "80 %", 4, 1]]
    assert [(row["count"], row["link"]) for row in answer.context["cameras_by_state"]] == [
        (1, "/admin/cameras/camera/?state=stopped")
    ]
    assert answer.context["waiting"] == 1
    chart = json.loads(answer.context["events_by_day"])
    high = next(bars["data"] for bars in chart["datasets"] if bars["label"] == "High")
    assert (len(high), high[-1], sum(high)) == (14, 5, 5)


def test_a_superuser_sees_all_of_them(superuser: User) -> None:
    answer = staff_client(superuser).get(PAGE)
    assert [row[0] for row in answer.context["precision"]["rows"]] == ["Runway", "Gate"]
    assert [row[0] for row in answer.context["in_trouble"]["rows"]] == [
        f'<a class="font-semibold hover:underline" href="/admin/cameras/camera/{Camera.objects.get(name="Runway").pk}/'
        'change/">Runway</a>'
    ]


def test_staff_that_manages_nothing_sees_nothing(operator: User) -> None:
    answer = staff_client(operator).get(PAGE)
    assert "nothing here that you manage" in answer.text
    assert "Gate" not in answer.text


def test_the_links_lead_somewhere(manager: User) -> None:
    client = staff_client(manager)
    answer = client.get(PAGE)
    found = client.get(answer.context["cameras_by_state"][0]["link"]).context["cl"].result_list
    assert [camera.name for camera in found] == ["Gate"]
    waiting = client.get(answer.context["waiting_link"]).context["cl"].result_list
    assert [event.status for event in waiting] == ["new"]
    assert Event.objects.filter(status="new").count() == 1
