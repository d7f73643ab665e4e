"""Crew: the threads of an inference worker and how they begin and end together.

Heartbeat (leases), dispatcher (messages to itself), writer (events), evidence (media), live; and one thread of Celery's
pool for each camera loop.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from cameras import leases
from cameras.assignments import WorkerInfo
from inference import sink
from inference.clocks import DatabaseClock, SystemClock
from inference.device import choose_device, limit_threads
from inference.evidence import Evidence
from inference.heartbeat import Contact, Dispatcher, Heartbeat
from inference.live import LivePublisher
from inference.loop import CameraLoop
from inference.neighbours import Home, clearing_up, dead_neighbours, mark_cleared
from inference.reporting import Reports
from inference.scribe import Scribe
from inference.seats import Seat, Seats
from inference.spool import Spool
from inference.station import WorkerStation, end_process
from inference.types import LoopStatus
from inference.writer import BatchWriter

log = logging.getLogger(__name__)

RUN_CAMERA = "inference.run_camera"
MESSAGE_SECONDS = 8.0
"""A message older than this starts no loop: the heartbeat has sent others by then."""
SPARE_THREADS = 2
"""Of the pool, for connection tests and learning: cameras must not keep people waiting."""
MODEL_BYTES = 4 << 30
WEDGED_SECONDS = 60.0
"""A loop that has not done a step for so long hangs in something that no thread can be got out of."""
LOOPS_END, EVIDENCE_END, WRITER_END = 4.0, 2.0, 2.0
"""Seconds each may take when the worker leaves: under ten in all."""


@dataclass(frozen=True, slots=True)
class Place:
    """This worker among the workers."""

    name: str
    host: str
    queue: str
    pool_size: int


class Crew:
    """One per process."""

    def __init__(self, place: Place, *, app: Any) -> None:
        """`app` is the Celery app that carries the messages. Raises NameTaken, DeviceNotAvailable."""
        self._place, self._app = place, app
        self._clock = SystemClock()
        self._database_clock = DatabaseClock(self._clock)
        self._device = choose_device(os.environ)
        limit_threads(self._device)
        self._home = Home(settings.VIGIL_SPOOL_DIR, place.name)
        self.seats = Seats()
        self._leaving = threading.Event()
        self._left = threading.Lock()
        self._reports = Reports(self.seats, self._clock, sink.report_health)
        self._writer = BatchWriter(
            Spool(self._home.path),
            sink.write_records,
            passing=sink.is_passing,
            durable=sink.make_durable,
            clock=self._clock,
            beside=self._beside,
        )
        self._evidence = Evidence(self._clock)
        self._live = LivePublisher(settings.REDIS_URL)
        self.station = self._make_station()
        self._dispatcher = Dispatcher(self._send)
        self._heartbeat = self._make_heartbeat()

    def start(self) -> None:
        """Begin to hold and to run cameras."""
        for thread in (self._writer, self._evidence, self._dispatcher, self._heartbeat):
            thread.start()
        log.info("Inference worker %s is ready on %s.", self._place.name, self._device.name)

    def runs(self, camera_id: UUID) -> bool:
        """Whether this worker holds the camera."""
        return camera_id in self.seats.held()

    def hurry(self) -> None:
        """Ask the database now what is wanted."""
        self._heartbeat.hurry()

    def figures(self) -> dict[str, int]:
        """How this worker does, in numbers: for people who look after it, and for tests."""
        return {
            "cameras": len(self.seats.held()),
            "loops": len(self.seats.occupied()),
            "eyes": self.station.eyes,
            "records_refused": self._writer.refused,
            "records_put_aside": self._writer.put_aside,
            "records_without_room": self._writer.spool.counters.full,
            "evidence_given_up": self._evidence.given_up,
            "live_pictures_dropped": self._live.dropped,
        }

    def run_camera(self, camera_id: UUID, epoch: int) -> None:
        """Watch the camera for as long as this worker holds it under this epoch and somebody wants it.

        Returns at once where that is not so, or where another thread watches it already.
        """
        seat = self.seats.enter(camera_id, epoch)
        if seat is None:
            return
        failed = True
        try:
            self._watch(seat)
            failed = False
        except Exception as error:
            log.exception("The loop of camera %s has ended by an error.", camera_id)
            detail = f"It cannot be watched ({type(error).__name__}: {error}). Trying again."
            seat.status = LoopStatus("failed", since=self._clock.wall(), detail=detail)
        finally:
            self.seats.leave(seat, now=self._clock.monotonic(), failed=failed)
            self._heartbeat.hurry()  # a lease may be given up now

    def stop(self) -> None:
        """Hand the cameras over and end; well under ten seconds. Whoever calls it again waits for the first."""
        self._leaving.set()
        self.seats.close()
        with self._left:
            if self._heartbeat.is_alive():
                self._leave()

    def _make_station(self) -> WorkerStation:
        return WorkerStation(
            device=self._device,
            model_bytes=MODEL_BYTES,
            clock=self._clock,
            writer=self._writer,
            evidence=self._evidence,
            live=self._live,
            footage_dir=settings.VIGIL_FOOTAGE_DIR,
            scratch_dir=self._empty_scratch(),
            allowed_networks=settings.VIGIL_ALLOWED_NETWORKS,
            keep_seconds=settings.VIGIL_RETENTION_DAYS * 86_400.0,
        )

    def _make_heartbeat(self) -> Heartbeat:
        return Heartbeat(
            describe=self._describe,
            leases=leases,
            seats=self.seats,
            clock=self._clock,
            database_clock=self._database_clock,
            dispatch=self._dispatcher.dispatch,
            contact=Contact(settings.VIGIL_LEASE_SECONDS, settings.VIGIL_HEARTBEAT_SECONDS),
            period=settings.VIGIL_HEARTBEAT_SECONDS,
            prepare=leases.use_impatient_connection,
            before=sink.renew_connection,
            after=self._check_pulse,
        )

    def _watch(self, seat: Seat) -> None:
        camera = self.station.load_settings(seat.camera_id)
        opened = sink.open_events(seat.camera_id, seat.epoch)
        loop = CameraLoop(seat, camera, opened, self.station, Scribe(seat, self._database_clock, self.station))
        try:
            while not seat.stop.is_set():
                loop.step()
        finally:
            loop.close()

    def _leave(self) -> None:
        """In the order in which one needs the other. The heartbeat renews until the cameras are given up."""
        if not self.seats.wait_until_empty(LOOPS_END):
            log.error("Some camera loops did not end in %g s.", LOOPS_END)
        self._evidence.flush(EVIDENCE_END)
        clean = self._writer.end(WRITER_END)
        self._heartbeat.end()
        self._dispatcher.end()
        self._heartbeat.join(3.0)
        try:
            sink.release_leases(self._place.name)
        except Exception as error:  # then they expire
            log.warning("The leases could not be given up: %r", error)
        self._evidence.end()
        self._live.close()
        self.station.close()
        self._writer.spool.close()
        if clean:
            self._home.leave()
        else:
            self._home.close()  # a neighbour, or the next start, writes what is left
        log.info("Inference worker %s has left.", self._place.name)

    def _describe(self) -> WorkerInfo:
        return WorkerInfo(
            name=self._place.name,
            host=self._place.host,
            device=self._device.name,
            device_class=self._device.kind,
            queue=self._place.queue,
            slots=0 if self._leaving.is_set() else max(1, self._place.pool_size - SPARE_THREADS),
        )

    def _send(self, camera_id: UUID, epoch: int) -> None:
        self._app.send_task(
            RUN_CAMERA,
            args=[str(camera_id), epoch],
            queue=self._place.queue,
            expires=MESSAGE_SECONDS,
            retry=False,
        )

    def _beside(self) -> None:
        """What the writer's thread does every second beside writing events."""
        self._clear_up_after_neighbours()
        self._reports.write()
        self.station.write_history()

    def _clear_up_after_neighbours(self) -> None:
        """Write down what dead workers of this host had spooled, then give up their leases at once."""
        for folder in dead_neighbours(settings.VIGIL_SPOOL_DIR, self._home.path, self._place.host):
            with clearing_up(folder) as mine:
                if not mine:
                    continue
                spool = Spool(folder, reserve=False)
                self._writer.empty(spool)
                released = sink.release_leases(folder.name)
                log.warning("Worker %s is dead: %d cameras are free.", folder.name, released)
                self._heartbeat.hurry()
                if self._writer.retire(spool, all_of_it=True):
                    mark_cleared(folder)

    def _check_pulse(self) -> None:
        now = self._clock.monotonic()
        for seat in self.seats.occupied():
            if seat.stepped_at is not None and now - seat.stepped_at > WEDGED_SECONDS:
                end_process(TimeoutError(f"the loop of camera {seat.camera_id} hangs"))

    def _empty_scratch(self) -> Path:
        """Where clips are made; those of an earlier life will never be asked for."""
        scratch: Path = settings.VIGIL_HOME / "scratch" / self._place.name
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        return scratch
