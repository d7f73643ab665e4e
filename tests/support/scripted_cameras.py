"""Changes the scripted cameras of the environment's database, as a person would by way of the API.

`python -m tests.support.scripted_cameras register PORT N` registers N of them; `stop INDEX` stops one and prints when
it was asked to, seconds since 1970.
"""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module
from uuid import uuid4

import django


def register(port: int, number: int) -> None:
    """Register so many cameras at one site."""
    from cameras.services import register_camera
    from project.accounts.models import Site

    site = Site.objects.create(name="Proving ground")
    for index in range(number):
        register_camera(site=site, name=f"Camera {index}", source=f"http://127.0.0.1:{port}/camera/{index}")


def stop(index: int) -> None:
    """Stop one camera, as a web process does it that was asked before: what it talks through is loaded."""
    from cameras.control import tell_workers_to_stop
    from cameras.models import Camera
    from cameras.services import stop_camera

    camera = Camera.objects.get(name=f"Camera {index}")
    tell_workers_to_stop(uuid4())  # of no camera
    sys.stdout.write(f"{time.time()}\n")
    stop_camera(camera=camera)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    import_module("celery_app")  # the app that messages are sent with
    if sys.argv[1] == "register":
        register(int(sys.argv[2]), int(sys.argv[3]))
    else:
        stop(int(sys.argv[2]))
