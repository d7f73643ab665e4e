"""A site with people, cameras and events, for a web server of its own: `python -m tests.support.populate`.

Prints what a client must know, as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def main() -> None:
    """Fill the database that the environment names."""
    django.setup()
    sys.stdout.write(json.dumps(populate()))


def populate() -> dict[str, Any]:
    """The rows; what is returned is `tests.support.web.Contents`."""
    from project.accounts.models import Role, Site
    from tests import factories

    site, elsewhere = factories.make_site(name="Harbour"), factories.make_site(name="Airport")
    for role in Role:
        factories.make_member(site=site, role=role, username=role.label)
    factories.make_user(username="superuser", is_staff=True, is_superuser=True)
    cameras = [factories.make_camera(site=site, desired_state="stopped") for _ in range(4)]
    events = [_event(camera) for camera in cameras for _ in range(3)]
    Site.objects.filter(pk=site.pk).update(event_sequence=max(event.sequence for event in events))
    foreign = factories.make_event(camera=factories.make_camera(site=elsewhere))
    return {
        "site": site.pk,
        "cameras": [str(camera.pk) for camera in cameras],
        "events": [str(event.pk) for event in events] + [str(foreign.pk)],
    }


def _event(camera: Any) -> Any:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from tests import factories

    event = factories.make_event(camera=camera)
    names = {name: f"events/{event.pk}/{name}" for name in ("clip.mp4", "snapshot.jpg", "heat.jpg", "usual-1.jpg")}
    for name in names.values():
        default_storage.save(name, ContentFile(b"evidence of nothing"))
    event.clip_path, event.snapshot_path = names["clip.mp4"], names["snapshot.jpg"]
    event.evidence = {"heat": names["heat.jpg"], "usual-1": names["usual-1.jpg"]}
    event.save()
    return event


if __name__ == "__main__":
    main()
