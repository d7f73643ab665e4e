"""The app of cameras."""

from django.apps import AppConfig


class CamerasConfig(AppConfig):
    """Cameras."""

    name = "cameras"
