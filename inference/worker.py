"""The inference part of a Celery worker: a bootstep that starts with it, and all that the worker's loops share.

It is there only in a worker that consumes a queue of its own, `inference.<host>.<device>`; any other worker loads this
module and nothing behind it.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery import bootsteps
from celery.signals import worker_shutting_down
from celery.worker.control import control_command, inspect_command

if TYPE_CHECKING:
    from inference.crew import Crew

OWN_QUEUE = "inference."
"""What the name of a worker's own queue begins with."""

_crew: Crew | None = None


def current_crew() -> Crew:
    """What the loops of this process share. Raises RuntimeError in a process that is no inference worker."""
    if _crew is None:
        raise RuntimeError("This process is no inference worker: it consumes no queue named inference.<host>.<device>.")
    return _crew


class InferenceStep(bootsteps.StartStopStep):
    """Starts the crew when the pool is there, and ends it before the pool: a pool waits for its tasks for ever."""

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent: Any) -> bool:
        return own_queue(parent) is not None

    def create(self, parent: Any) -> None:
        """Nothing yet: models and connections begin with `start`."""

    def start(self, parent: Any) -> None:
        from inference.crew import Crew, Place

        global _crew
        queue = own_queue(parent)
        assert queue is not None
        host = parent.hostname.rpartition("@")[2] or socket.gethostname()
        _crew = Crew(Place(parent.hostname, host, queue, pool_size=parent.concurrency), app=parent.app)
        _crew.start()

    def stop(self, parent: Any) -> None:
        if _crew is not None:
            _crew.stop()

    terminate = stop


def own_queue(worker: Any) -> str | None:
    """The queue that this Celery worker alone consumes, None where it is no inference worker."""
    queues = worker.app.amqp.queues.consume_from
    return next((name for name in queues if name.startswith(OWN_QUEUE)), None)


@worker_shutting_down.connect
def leave_soon(**_: Any) -> None:
    """SIGTERM: end the loops and hand the cameras over while Celery still closes its connections.

    On a thread: this is a signal handler, and the main thread may hold any lock at this moment.
    """
    if _crew is not None:
        threading.Thread(target=_crew.stop, name="leaving").start()


@control_command(args=[("camera_id", str)], signature="<camera_id>")
def stop_camera(state: Any, camera_id: str) -> None:
    """Somebody stopped this camera: look at the database now, not with the next heartbeat.

    The message decides nothing, so a lost or a forged one does no harm.
    """
    if _crew is not None and _crew.runs(UUID(camera_id)):
        _crew.hurry()


@inspect_command()
def crew(state: Any) -> dict[str, int]:
    """How this worker does, in numbers: `app.control.broadcast("crew", reply=True)` asks all of them."""
    return _crew.figures() if _crew is not None else {}
