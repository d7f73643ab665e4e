"""How many people can watch at once: pictures of 60 KB at 5 a second to 50, 200 and 500 viewers of one web process.

`./vigil bench live --json` ends with one line of JSON: for each number of viewers the milliseconds from a worker's
`publish` to the client (`p50`, `p99`), the share of pictures that arrived, and the web process's percent of one core.
Each viewer is a WebSocket of its own that acknowledges every picture. Publisher and clients run on the same machine
and take their share of it; `cores` says how many there were, and `load` how busy they were with other things before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import UUID

from websockets.asyncio.client import connect

from bench.cpu import cpu_seconds
from events.live_frames import LiveHeader
from inference.live import LivePublisher
from project.launcher import services
from project.launcher.listen import listen_at
from tests.support.processes import free_port, listens, running, stop, wait_until
from tests.support.valkey import run_server

FPS = 5.0
PICTURE_BYTES = 60_000
CAMERAS = 10
"""The viewers are spread over so many; a process of viewers takes at most VIEWERS_PER_CLIENT."""
VIEWERS_PER_CLIENT = 250
OPENED_AT_ONCE = 25
WARM_UP_SECONDS = 3.0
_SENT_AT = struct.Struct("d")

PREPARE = f"""
import django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from cameras.models import Camera
from project.accounts.models import Site, User
from project.accounts.tokens import issue_tokens
site = Site.objects.create(name="Bench")
for number in range({CAMERAS}):
    print(Camera.objects.create(site=site, name=str(number), source="rtsp://192.0.2.1/").pk)
print(issue_tokens(user=User.objects.create_superuser("bench")).access)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What so many viewers got."""

    viewers: int
    p50: float
    """Milliseconds, as `p99`."""
    p99: float
    arrived: float
    """Pictures that arrived, as a share of those that were due."""
    web_cpu: float
    """Percent of one core."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A web process with cameras that nobody runs."""

    port: int
    pid: int
    redis_url: str
    cameras: tuple[UUID, ...]
    token: str


@contextmanager
def instance(folder: Path) -> Iterator[Instance]:
    """The web process as the launcher starts it, with a Valkey and a database of its own."""
    with run_server() as valkey:
        port = free_port()
        environment = {**os.environ, "VIGIL_HOME": str(folder), "REDIS_URL": valkey.url}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        }
        prepared = subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        *cameras, token = prepared.stdout.split()[-CAMERAS - 1 :]
        command = services.web(listen_at("127.0.0.1", port)).command
        with running(command, log=folder / "web.log", env=environment) as web:
            wait_until(lambda: listens(port), seconds=30, what="the web process to answer")
            yield Instance(port, web.pid, valkey.url, tuple(UUID(camera) for camera in cameras), token)


def measure(served: Instance, *, viewers: int, seconds: float) -> Figures:
    """Lets so many viewers watch for so long, after a warm-up, and asks them what they got."""
    shares = [min(VIEWERS_PER_CLIENT, viewers - first) for first in range(0, viewers, VIEWERS_PER_CLIENT)]
    clients = [_start_client(served, count, seconds) for count in shares]
    publisher = LivePublisher(served.redis_url)
    try:
        for client in clients:
            assert client.stdout is not None
            client.stdout.readline()  # all of its viewers have subscribed
        for client in clients:
            assert client.stdin is not None
            client.stdin.write(b"go\n")
            client.stdin.close()
        used, began = cpu_seconds(served.pid), time.monotonic()
        _publish(publisher, served.cameras, until=began + WARM_UP_SECONDS + seconds + 1.0)
        share = (cpu_seconds(served.pid) - used) / (time.monotonic() - began)
        latencies = [latency for client in clients for latency in _told_by(client)]
    finally:
        publisher.close()
        for client in clients:
            stop(client)
    hundredths = quantiles(latencies, n=100)
    arrived = len(latencies) / (viewers * FPS * seconds)
    return Figures(
        viewers, round(hundredths[49], 1), round(hundredths[98], 1), round(arrived, 3), round(100 * share, 1)
    )


def _publish(publisher: LivePublisher, cameras: Sequence[UUID], *, until: float) -> None:
    """What the camera loops of a worker do: each camera at its own moments, five times a second."""
    filling = os.urandom(PICTURE_BYTES - _SENT_AT.size)
    step = 1 / FPS / len(cameras)
    due, sequence = time.monotonic(), 0
    while due < until:
        for camera in cameras:
            time.sleep(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            header = LiveHeader(camera=camera, epoch=1, sequence=sequence, at=time.time())
            publisher.publish(header, _SENT_AT.pack(now) + filling, monotonic=now)
            due += step
        sequence += 1


def _start_client(served: Instance, viewers: int, seconds: float) -> subprocess.Popen[bytes]:
    arguments = [served.port, viewers, seconds, served.token, *served.cameras]
    command = [sys.executable, "-m", "bench.live", "--client", *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _told_by(client: subprocess.Popen[bytes]) -> list[float]:
    assert client.stdout is not None
    latencies: list[float] = json.loads(client.stdout.readline())
    return latencies


class Audience:
    """The viewers of one process, each with a socket of its own."""

    def __init__(self, port: int, token: str) -> None:
        self._url = f"ws://127.0.0.1:{port}/ws/live"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._subscribed = asyncio.Semaphore(0)
        self._first, self._last = float("inf"), float("inf")
        """Between these, by the monotonic clock, pictures count."""
        self.latencies: list[float] = []
        """Milliseconds from `publish` to the client."""

    async def come(self, group: asyncio.TaskGroup, viewers: int, cameras: Sequence[str]) -> None:
        """Has them subscribe, some at once; returns when all have."""
        for number in range(viewers):
            group.create_task(self._view(cameras[number % len(cameras)]))
            if number % OPENED_AT_ONCE == OPENED_AT_ONCE - 1:
                await self._wait_for(OPENED_AT_ONCE)
        await self._wait_for(viewers % OPENED_AT_ONCE)

    def count(self, *, first: float, last: float) -> None:
        """What arrives between the two counts; after the second they leave."""
        self._first, self._last = first, last

    async def _wait_for(self, viewers: int) -> None:
        for _ in range(viewers):
            await self._subscribed.acquire()

    async def _view(self, camera: str) -> None:
        async with connect(
            self._url,
            additional_headers=self._headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=60,
        ) as socket:
            await socket.send(json.dumps({"type": "subscribe", "camera": camera, "fps": FPS}))
            acknowledgement = json.dumps({"type": "ack", "camera": camera})
            self._subscribed.release()
            async for message in socket:
                if isinstance(message, bytes):
                    arrived = time.monotonic()
                    await socket.send(acknowledgement)
                    self._note(message, arrived)
                    if arrived > self._last:
                        return

    def _note(self, message: bytes, arrived: float) -> None:
        if arrived >= self._first:
            (length,) = struct.unpack_from(">I", message)
            (sent,) = _SENT_AT.unpack_from(message, 4 + length)
            self.latencies.append(1000 * (arrived - sent))


async def watch(port: int, viewers: int, seconds: float, token: str, cameras: Sequence[str]) -> None:
    """The process of the viewers: subscribes, waits to be told to go, watches, prints the milliseconds."""
    audience = Audience(port, token)
    async with asyncio.TaskGroup() as group:
        await audience.come(group, viewers, cameras)
        print(flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
        first = time.monotonic() + WARM_UP_SECONDS
        audience.count(first=first, last=first + seconds)
    print(json.dumps(audience.latencies), flush=True)  # noqa: T201


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench live", description=__doc__)
    parser.add_argument("--viewers", type=int, nargs="+", default=[50, 200, 500])
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--json", action="store_true", help="print one line of JSON, and nothing else")
    parser.add_argument("--client", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.client:
        port, viewers, seconds, token, *cameras = arguments.client
        asyncio.run(watch(int(port), int(viewers), float(seconds), token, cameras))
        return 0
    about = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "fps": FPS, "picture_bytes": PICTURE_BYTES}
    with TemporaryDirectory(prefix="vigil-bench-") as folder, instance(Path(folder)) as served:
        figures = [measure(served, viewers=viewers, seconds=arguments.seconds) for viewers in arguments.viewers]
    if arguments.json:
        print(json.dumps(about | {"runs": [asdict(each) for each in figures]}))  # noqa: T201
    else:
        for each in figures:
            print(f"{each.viewers:4} viewers: {each.p50:6.1f} ms, p99 {each.p99:6.1f} ms, {each.arrived:.1%} arrived, "  # noqa: T201
                  f"web {each.web_cpu:.0f} % of a core")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
