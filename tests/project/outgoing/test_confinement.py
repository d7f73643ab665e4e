"""A confined process: whatever code in it tries, nobody is reached, no program runs and no file is read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.listeners import listener
from tests.support.processes import ROOT

CODE = """
import json, os, pathlib, socket, subprocess, sys, urllib.request, ssl
from project.outgoing.confinement import Confinement
from project.outgoing.policy import HTTP_PORTS, Policy
confinement = Confinement(Policy(allowed_networks=tuple(json.loads(sys.argv[1]))), ports=HTTP_PORTS)
confinement.begin()
try:
    exec(sys.argv[2])
    ended = "done"
except Exception as error:
    ended = "stopped" if confinement.refusals else repr(error)
sys.stdout.write(ended)
"""


def confined(attempt: str, *, allowed: tuple[str, ...] = ()) -> str:
    """done, stopped, or what went wrong otherwise."""
    command = [sys.executable, "-c", CODE, json.dumps(allowed), attempt]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=ROOT, check=True).stdout


def test_no_way_to_connect_leads_inside() -> None:
    with listener() as inside:
        for host in ("127.0.0.1", "localhost", "127.1"):
            assert confined(f"socket.create_connection(({host!r}, {inside.port}))") == "stopped"
            assert confined(f"socket.socket().connect_ex(({host!r}, {inside.port}))") == "stopped"
        assert confined(f"urllib.request.urlopen('http://localhost:{inside.port}/')") == "stopped"
        assert inside.connections == 0


def test_what_is_allowed_is_reached() -> None:
    with listener() as server:
        attempt = f"socket.create_connection(('127.0.0.1', {server.port})).close()"
        assert confined(attempt, allowed=("127.0.0.1/32",)) == "done"
        assert confined(attempt, allowed=("127.0.0.2/32",)) == "stopped"


@pytest.mark.parametrize(
    "attempt",
    [
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "open('/etc/passwd')",
        "os.open('/etc/hostname', os.O_RDONLY)",
        "pathlib.Path(sys.prefix, '..', 'manage.py').read_text()",
        "pathlib.Path('manage.py').read_text()",
        "open('/tmp/made', 'w')",
        "os.remove('/tmp/none')",
        "socket.socket(socket.AF_UNIX).connect('/run/docker.sock')",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 514))",
    ],
)
def test_neither_programs_nor_files_nor_other_sockets(attempt: str) -> None:
    assert confined(attempt) == "stopped"


def test_what_a_client_of_https_needs_still_works() -> None:
    assert confined("ssl.create_default_context(); import email.mime.image; open(os.devnull, 'w')") == "done"
