"""What the commands that add cameras share."""

from __future__ import annotations

from typing import Unpack

from cameras.models import Camera
from cameras.services import CameraSettings, change_camera, register_camera
from project.accounts.models import Site
from project.accounts.sites import first_site
from project.errors import DomainError


def site_named(name: str) -> Site:
    """The site of that name, made if it does not exist; without a name the first one."""
    return Site.objects.get_or_create(name=name)[0] if name else first_site()


def put_camera(*, site: Site, name: str, source: str, **settings: Unpack[CameraSettings]) -> tuple[Camera, bool]:
    """The camera of that name in the site, with this source and these settings; and whether it is new.

    Raises Invalid with what is wrong by field.
    """
    known = Camera.objects.filter(site=site, name=name).first()
    if known is None:
        return register_camera(site=site, name=name, source=source, **settings), True
    return change_camera(camera=known, source=source, **settings), False


def sentence(error: DomainError) -> str:
    """What was refused, with the fields, on one line."""
    fields = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.fields.items())
    return fields or error.message
