"""Messages to the workers. The database holds what is wanted: a message only makes it sooner, so it may be lost."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from project.outage import Outage
from project.redis_server import knock

INFERENCE = "inference"
"""The queue of work that any inference worker may do: connection tests, learning from recordings."""
AWAY = (OperationalError, RedisError, OSError)

log = logging.getLogger(__name__)
_queue = Outage(log, "the job queue")


def tell_workers_to_stop(camera_id: UUID) -> None:
    """Have whichever worker runs this camera stop it now, not with its next heartbeat."""
    try:
        knock()
        current_app.control.broadcast("stop_camera", arguments={"camera_id": str(camera_id)})
        _queue.over()
    except AWAY as error:
        _queue.met(error)


def send_to_inference(task: str, request_id: UUID, *, expires: float) -> bool:
    """Ask any inference worker to deal with a request; False where the job queue cannot be reached.

    A worker that comes by later than `expires` seconds leaves it alone.
    """
    try:
        knock()
        current_app.send_task(task, args=[str(request_id)], queue=INFERENCE, expires=expires, retry=False)
        _queue.over()
    except AWAY as error:
        _queue.met(error)
        return False
    return True
