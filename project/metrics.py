"""Figures for Prometheus. What belongs to all processes together is read from the database when it is asked for.

Apps add collectors: `project` knows of none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from project.health import database_problem

log = structlog.get_logger(__name__)

registry = CollectorRegistry(auto_describe=False)
"""The figures of the instance. Not prometheus_client's own registry: that one knows of one process only."""


class Collected(Collector):
    """Figures that are counted when they are asked for; subclasses give `figures`."""

    def figures(self) -> Iterable[Metric]:
        """The figures as they are now."""
        raise NotImplementedError

    def collect(self) -> Iterable[Metric]:
        """The figures; none while the database is away, which `vigil_database_up` tells."""
        try:
            return list(self.figures())
        except DatabaseError as error:
            log.warning("figures cannot be counted", error=repr(error))
            return []

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the database."""
        return []


class _DatabaseUp(Collected):
    def collect(self) -> Iterable[Metric]:
        return [GaugeMetricFamily("vigil_database_up", "1 where the database answers.", value=not database_problem())]


registry.register(_DatabaseUp())


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text format, without names, addresses or people.

    For whoever runs on this machine, and for those who show VIGIL_METRICS_TOKEN: how many cameras and events there are
    is nobody else's business. A request that a proxy passed on is not from this machine.
    """
    if not (_is_local(request) or _shows_token(request)):
        message = "Scrape from this machine, or with `Authorization: Bearer` and the token of VIGIL_METRICS_TOKEN."
        return HttpResponse(message, status=403, content_type="text/plain")
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_local(request: HttpRequest) -> bool:
    if any(header in request.headers for header in ("Forwarded", "X-Forwarded-For", "X-Real-IP")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _shows_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted: str = settings.VIGIL_METRICS_TOKEN
    return bool(wanted) and scheme.lower() == "bearer" and constant_time_compare(token.strip(), wanted)
