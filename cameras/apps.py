"""The app of cameras."""

from django.apps import AppConfig


class CamerasConfig(AppConfig):
    """Cameras."""

    name = "cameras"

    def ready(self) -> None:
        """Tell `/ready` and `/metrics` of the workers and the cameras."""
        from cameras.figures import CameraFigures, worker_problem
        from project import health, metrics

        health.add_check("worker", worker_problem)
        metrics.registry.register(CameraFigures())
