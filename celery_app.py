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

app = Celery("vigil")
app.conf.update(
    broker_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
    include=[
        *("inference.tasks", "cameras.tasks", "events.tasks", "notifications.tasks"),
        *("project.accounts.tasks", "project.audit.tasks"),
    ],
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
    beat_schedule={
        "tell-the-audit-head": {"task": "audit.post_head", "schedule": 5.0, "options": {"expires": 5}},
        "close-abandoned-events": {"task": "events.close_abandoned", "schedule": 5.0, "options": {"expires": 5}},
        "retire-old-media": {"task": "events.retire", "schedule": 600.0, "options": {"expires": 600}},
        "dispatch": {"task": "notifications.dispatch", "schedule": 1.0, "options": {"expires": 2}},
        "send": {"task": "notifications.send", "schedule": 1.0, "options": {"expires": 2}},
        "look-after-cameras": {
            "task": "notifications.look_after_cameras",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "retire-notifications": {"task": "notifications.retire", "schedule": 3600.0, "options": {"expires": 3600}},
        "clean-up-cameras": {"task": "cameras.clean_up", "schedule": 3600.0, "options": {"expires": 3600}},
    },
)
# By name: only a worker loads it, and only an inference worker what lies behind it.
app.steps["worker"].add("inference.worker:InferenceStep")
app.set_default()


@setup_logging.connect
def log_as_all_of_vigil_does(**_: object) -> None:
    """Celery sets up no logs of its own where somebody listens to this signal."""
    configure_logs(level=os.environ.get("VIGIL_LOG_LEVEL", "INFO"))
