"""`manage.py demo`: a site with four cameras that play rendered scenes, each with its normality learned beforehand."""

from __future__ import annotations

import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cameras.demo.scenes import SCENES, SECONDS, Scene
from cameras.models import Camera, Request
from cameras.requests import progress_of, request_learning
from cameras.services import register_camera, start_camera
from project.accounts.models import Site

SITE = "Demo (rendered scenes)"
QUIET_SECONDS = 90.0
"""Footage to learn from: an ordinary day of other people in the same place, without an anomaly."""
PATIENCE = 120.0
"""Seconds until a worker must have learned from a recording of that length."""


class Command(BaseCommand):
    """Adds the demonstration once; a second call changes nothing."""

    help = "Add a site with four cameras that play scenes rendered by Vigil, with scripted anomalies."

    def handle(self, *_: Any, **__: Any) -> None:
        """Render what is missing, learn, start."""
        folder = Path(settings.VIGIL_FOOTAGE_DIR) / "demo"
        site, _created = Site.objects.get_or_create(name=SITE)
        cameras = {scene.key: self._camera(site, scene, folder) for scene in SCENES}
        waiting = [scene for scene in SCENES if cameras[scene.key].memory_version == 0]
        with ProcessPoolExecutor(2) as pool:
            # Whatever is rendered first can be learned first, so the first alert does not wait for the last scene.
            rendered: dict[Future[None], Scene] = {pool.submit(prepare, scene, folder): scene for scene in waiting}
            for done in as_completed(rendered):
                done.result()
                scene = rendered[done]
                self._learn(cameras[scene.key], folder / f"{scene.key}-quiet.mp4")
                start_camera(camera=cameras[scene.key])
                self.stdout.write(f"Demo camera {scene.title}: on.")

    def _camera(self, site: Site, scene: Scene, folder: Path) -> Camera:
        known: Camera | None = Camera.objects.filter(site=site, name=scene.title).first()
        return known or register_camera(
            site=site,
            name=scene.title,
            source=str(folder / f"{scene.key}.mp4"),
            desired_state=Camera.DesiredState.STOPPED,
        )

    def _learn(self, camera: Camera, recording: Path) -> None:
        """Have a worker learn from the recording; raises CommandError where that fails."""
        request = request_learning(camera=camera, paths=[recording])
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            request.refresh_from_db()
            progress = progress_of(request, now=timezone.now())
            if progress.state == Request.State.DONE:
                return
            if progress.state == Request.State.FAILED:
                raise CommandError(f"Demo camera {camera.name} could not learn: {progress.message}")
            time.sleep(0.2)
        raise CommandError(f"No worker learned for demo camera {camera.name} within {PATIENCE:g} seconds.")


def prepare(scene: Scene, folder: Path) -> None:
    """Renders what the scene's camera learns from and what it plays, unless it is there."""
    from cameras.demo.render import render

    for name, day, seconds in ((f"{scene.key}-quiet.mp4", 1, QUIET_SECONDS), (f"{scene.key}.mp4", 2, SECONDS)):
        if not (folder / name).exists():
            render(scene, folder / name, seed=day, seconds=seconds, anomalies=day != 1)
