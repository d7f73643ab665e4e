"""The Celery app: its queues, its schedule, and what of it survives the broker.

The broker never decides who runs a camera (see docs/decisions): it is a worker's inbox. So tasks are acknowledged
early, results are not kept, and a message that waits too long is dropped rather than run late.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging
from kombu import Queue

from project.logs import configure as configure_logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

CONTROL = "control"
"""Housekeeping and notifications: the control worker."""

PACKAGES = (
    "inference",
    "cameras",
    "events",
    "notifications",
    "project.accounts",
    "project.audit",
    "project.idempotency",
)
"""Those with tasks."""
EVERY_SECONDS = {
    "notifications.dispatch": 1.0,
    "notifications.send": 1.0,
    "audit.post_head": 5.0,
    "events.close_abandoned": 5.0,
    "notifications.look_after_cameras": 10.0,
    "events.make_room": 30.0,
    "notifications.announce_cameras": 300.0,
    "events.retire": 600.0,
    "cameras.clean_up": 3600.0,
    "events.adopt_recordings": 3600.0,
    "idempotency.forget": 3600.0,
    "notifications.retire": 3600.0,
}
"""Housekeeping: task -> how often. All of it may be done twice, or too late."""

app = Celery("vigil")
app.conf.update(
    broker_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
    include=[f"{package}.tasks" for package in PACKAGES],
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=False,
    task_default_queue=CONTROL,
    task_queues=[Queue(CONTROL)],
    task_create_missing_queues=True,
    worker_prefetch_multiplier=1,
    # On a lost connection Celery would halve what it fetches while loops run, and could cancel them.
    worker_enable_prefetch_count_reduction=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
    },
    beat_scheduler="project.beat:SteadyScheduler",
    beat_schedule={
        task: {"task": task, "schedule": seconds, "options": {"expires": max(2.0, seconds)}}
        for task, seconds in EVERY_SECONDS.items()
    },
)
# By name: only a worker loads it, and only an inference worker what lies behind it.
app.steps["worker"].add("inference.worker:InferenceStep")
app.set_default()


@setup_logging.connect
def log_as_all_of_vigil_does(**_: object) -> None:
    """Celery sets up no logs of its own where somebody listens to this signal."""
    configure_logs(level=os.environ.get("VIGIL_LOG_LEVEL", "INFO"))
