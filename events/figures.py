"""The media's disk, and cameras that lose recordings, in figures for `/metrics`."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from cameras.leases import DatabaseNow
from cameras.models import Health
from events.disk import media_disk
from project.metrics import Collected

LOST = "Recordings are being lost"
"""What the detail of such a camera begins with."""
SAID_SECONDS = 15.0


class RecordingFigures(Collected):
    """Read when they are asked for."""

    def figures(self) -> Iterable[Metric]:
        """Free and total bytes of the disk, where it is one of this host; cameras that lose recordings now."""
        disk = media_disk()
        if disk is not None:
            yield GaugeMetricFamily("vigil_media_disk_bytes", "Size of the media's disk.", value=disk.total)
            yield GaugeMetricFamily("vigil_media_disk_free_bytes", "Free on the media's disk.", value=disk.free)
        losing = Health.objects.filter(detail__startswith=LOST, reported_at__gt=DatabaseNow() - SAID_SECONDS)
        text = "Cameras whose recordings are being lost."
        yield GaugeMetricFamily("vigil_cameras_losing_recordings", text, value=losing.count())
