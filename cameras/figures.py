"""Workers and cameras in figures, for `/ready` and `/metrics`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import DatabaseError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from cameras.health import STATES, health_of, with_health
from cameras.leases import DatabaseNow
from cameras.models import Camera, Worker
from project.metrics import Collected

SEEN_SECONDS = 10.0
"""A worker tells every second that it is there; one not heard of for so long is gone or hangs."""


def worker_problem() -> str:
    """What is wrong with the inference workers, if anything."""
    try:
        seen = Worker.objects.filter(seen_at__gt=DatabaseNow() - SEEN_SECONDS).exists()
    except DatabaseError:
        return "the workers cannot be asked for, as the database cannot be reached"
    return "" if seen else f"no inference worker was heard of in the last {SEEN_SECONDS:.0f} seconds"


class CameraFigures(Collected):
    """Counted over all processes, since it is the database that is asked."""

    def figures(self) -> Iterable[Metric]:
        """Cameras by state, what each achieves, and the workers that are there."""
        states: Counter[str] = Counter()
        speed = GaugeMetricFamily("vigil_camera_frames_per_second", "Analysed pictures a second.", labels=["camera"])
        dropped = CounterMetricFamily(
            "vigil_camera_frames_dropped", "Pictures not looked at, since the loop began.", labels=["camera"]
        )
        for camera in with_health(Camera.objects.all()).iterator():
            health = health_of(camera, now=camera.database_now)
            states[health.state] += 1
            speed.add_metric([str(camera.pk)], health.frames_per_second)
            dropped.add_metric([str(camera.pk)], health.dropped)
        cameras = GaugeMetricFamily("vigil_cameras", "Cameras by state.", labels=["state"])
        for state in STATES:
            cameras.add_metric([state], states[state])
        yield from (cameras, speed, dropped, self._workers())

    def _workers(self) -> Metric:
        workers = GaugeMetricFamily("vigil_workers", "Inference workers that are there.", labels=["device_class"])
        seen = Worker.objects.filter(seen_at__gt=DatabaseNow() - SEEN_SECONDS)
        counted = Counter(seen.values_list("device_class", flat=True))
        for device_class in ("cpu", "cuda"):
            workers.add_metric([device_class], counted[device_class])
        return workers
