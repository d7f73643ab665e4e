"""`manage.py learn CAMERA --from VIDEO…`"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cameras.figures import worker_problem
from cameras.models import Camera, Request
from cameras.requests import progress_of, request_learning

EVERY_SECONDS = 0.5


class Command(BaseCommand):
    """Asks a worker to learn, and shows how far it is."""

    help = (
        "Give a camera its normality from recordings in which nothing unusual happens, without waiting for it to watch."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and from what."""
        parser.add_argument("camera", help="its name or id")
        parser.add_argument("--from", dest="videos", nargs="+", required=True, type=Path, metavar="VIDEO")
        parser.add_argument("--site", default="", help="where several sites have a camera of this name")

    def handle(self, *_: Any, camera: str, videos: list[Path], site: str, **__: Any) -> None:
        """Wait until it is done; Ctrl-C only stops the waiting."""
        missing = [str(video) for video in videos if not video.is_file()]
        if missing:
            raise CommandError(f"There is no file {', '.join(missing)}.")
        if problem := worker_problem():
            raise CommandError(f"Nothing can be learned now: {problem}. Start Vigil with `./vigil up`.")
        request = request_learning(camera=_camera(camera, site), paths=videos)
        try:
            self._wait(request)
        except KeyboardInterrupt:
            self.stdout.write("\nThe worker goes on learning without being watched.")

    def _wait(self, request: Request) -> None:
        while True:
            request.refresh_from_db()
            now = progress_of(request, now=timezone.now())
            self.stdout.write(f"\r{now.progress:4.0%} {now.message or now.state}\033[K", ending="")
            self.stdout.flush()
            if now.state == Request.State.FAILED:
                raise CommandError(f"\n{now.message}")
            if now.state == Request.State.DONE:
                self.stdout.write("")
                return
            time.sleep(EVERY_SECONDS)


def _camera(wanted: str, site: str) -> Camera:
    cameras = Camera.objects.select_related("site").filter(**({"site__name": site} if site else {}))
    try:
        found = list(cameras.filter(pk=uuid.UUID(wanted)))
    except ValueError:
        found = list(cameras.filter(name=wanted))
    if len(found) > 1:
        sites = ", ".join(camera.site.name for camera in found)
        raise CommandError(f"Several sites have a camera {wanted}: say which with --site ({sites}).")
    if not found:
        known = ", ".join(cameras.values_list("name", flat=True)[:20]) or "none"
        raise CommandError(f"There is no camera {wanted}. There are: {known}.")
    camera: Camera = found[0]
    return camera
