"""`python -m tests.support.scripted_cameras PORT N`: registers N scripted cameras in the environment's database."""

import os
import sys

import django


def main() -> None:
    """Register them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from cameras.services import register_camera
    from project.accounts.models import Site

    port, number = sys.argv[1:]
    site = Site.objects.create(name="Proving ground")
    for index in range(int(number)):
        register_camera(site=site, name=f"Camera {index}", source=f"http://127.0.0.1:{port}/camera/{index}")


if __name__ == "__main__":
    main()
