"""Who sees and changes which events over REST."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cameras.models import Camera
from events.models import Event, EventTransition
from events.records import features_name
from project.accounts.models import User
from tests.factories import make_event

LIST = "/api/v1/events/"
VERBS = ["acknowledge", "resolve", "dismiss", "note"]


def at(event: Event) -> str:
    return f"{LIST}{event.pk}/"


class TestRights:
    """Members of the site see, operators change; for everybody else there is nothing."""

    def test_a_stranger_finds_nothing(self, api: Any, stranger: User, camera: Camera) -> None:
        event = make_event(camera=camera, snapshot_path="events/x/snapshot.jpg", evidence={"heat": "x", "usual-1": "x"})
        client = api(stranger)
        for parameters in ({}, {"site": camera.site_id}, {"camera": camera.pk}, {"site": camera.site_id, "since": 0}):
            assert client.get(LIST, parameters).json()["results"] == []
        for path in ("", "scores", "snapshot.jpg", "heat.jpg", "usual-1.jpg", "clip.mp4"):
            assert client.get(at(event) + path).status_code == 404
        for verb in [*VERBS, "reopen"]:
            assert client.post(at(event) + verb, {"note": "x"}).status_code == 404
        assert not EventTransition.objects.exists()

    def test_what_an_event_was_scored_from_is_offered_to_nobody(
        self, api: Any, superuser: User, camera: Camera, media: Path
    ) -> None:
        event = make_event(camera=camera)
        default_storage.save(features_name(event.pk), ContentFile(b"features"))
        assert api(superuser).get(at(event) + "features.npz").status_code == 404

    def test_nobody_must_log_in(self, api: Any, camera: Camera) -> None:
        event = make_event(camera=camera)
        assert {api().get(url).status_code for url in (LIST, at(event), at(event) + "clip.mp4")} == {401}

    @pytest.mark.parametrize("verb", [*VERBS, "reopen"])
    def test_a_viewer_changes_nothing(self, api: Any, viewer: User, camera: Camera, verb: str) -> None:
        response = api(viewer).post(at(make_event(camera=camera)) + verb, {"note": "x"})
        assert response.status_code == 403
        assert not EventTransition.objects.exists()

    def test_a_superuser_sees_all_sites(self, api: Any, superuser: User) -> None:
        make_event(), make_event()
        assert len(api(superuser).get(LIST).json()["results"]) == 2

    def test_unknown_ids_and_wrong_methods(self, api: Any, operator: User, camera: Camera) -> None:
        client, event = api(operator), make_event(camera=camera)
        assert client.get(f"{LIST}{uuid4()}/").status_code == 404
        assert client.get(f"{LIST}1/").status_code == 404
        assert client.get(at(event) + "acknowledge").status_code == 405
        assert client.delete(at(event)).status_code == 405
        assert client.post(LIST, {}).status_code == 405
