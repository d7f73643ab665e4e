"""The app of events."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events."""

    name = "events"

    def ready(self) -> None:
        """Tell `/metrics` of the disk, and cameras what recording them would take."""
        from cameras import estimates
        from events.figures import RecordingFigures
        from events.recorded import estimate
        from project import metrics

        metrics.registry.register(RecordingFigures())
        estimates.register(lambda camera: estimate(camera).text)
