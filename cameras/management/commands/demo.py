"""`manage.py demo`: a site with four cameras that play rendered scenes, each with its normality learned beforehand."""

from __future__ import annotations

import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cameras.demo.render import prepare, quiet, scripted
from cameras.demo.scenes import SCENES, Scene
from cameras.models import Camera, Request
from cameras.requests import progress_of, request_learning
from cameras.services import register_camera, start_camera
from project.accounts.models import Site

SITE = "Demo (rendered scenes)"
PATIENCE = 120.0
"""Seconds until a worker must have learned from a recording of that length."""


class Command(BaseCommand):
    """Adds the demonstration once; a second call changes nothing."""

    help = "Add a site with four cameras that play scenes rendered by Vigil, with scripted anomalies."

    def handle(self, *_: Any, **__: Any) -> None:
        """Render what is missing, learn, start."""
        folder = Path(settings.VIGIL_FOOTAGE_DIR) / "demo"
        site, _created = Site.objects.get_or_create(name=SITE)
        known = {camera.name: camera for camera in Camera.objects.filter(site=site)}
        waiting = [s for s in SCENES if s.title not in known or not known[s.title].memory_version]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            # Whatever is rendered first can be learned first, so the first alert does not wait for the last scene.
            rendered: dict[Future[None], Scene] = {pool.submit(prepare, scene, folder): scene for scene in waiting}
            for done in as_completed(rendered):
                done.result()
                scene = rendered[done]
                camera = known.get(scene.title) or self._camera(site, scene, folder)
                self._learn(camera, quiet(scene, folder))
                start_camera(camera=camera)
                self.stdout.write(f"Demo camera {scene.title}: on.")

    def _camera(self, site: Site, scene: Scene, folder: Path) -> Camera:
        return register_camera(
            site=site,
            name=scene.title,
            source=str(scripted(scene, folder)),
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
