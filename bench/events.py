"""How fast events are written and listed: `python -m bench.events --json`.

On SQLite and on a PostgreSQL of its own, each with a table of a million events of ten sites, unevenly spread. `list`
is the 95th percentile in milliseconds of a page of 50 through the whole REST view, by question and by who asks; `write`
is records a second through `events.services.write_records`, in batches, committed, by four workers at once; three
records make an event (it opens, rises and closes).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from tests.support.postgres import run_server

ROWS = 1_000_000
ASKED = 40
WORKERS = 4
BATCH = 500
NOW = time.time()
# Site 1 has half of all events, 9 and 10 one in a thousand; two in a hundred events are new, as many are critical.
SITE = "CASE WHEN n % 2 = 0 THEN 1 WHEN n % 1000 = 1 THEN 10 WHEN n % 1000 = 3 THEN 9 ELSE 2 + n % 7 END"
STATUS = "CASE WHEN n % 50 = 7 THEN 'new' WHEN n % 20 = 3 THEN 'dismissed' ELSE 'resolved' END"
SEVERITY = "CASE WHEN n % 50 = 9 THEN 'critical' WHEN n % 3 = 0 THEN 'low' ELSE 'medium' END"
COLUMNS = (
    "id, site_id, camera_id, epoch, category, severity, status, score, threshold, provisional, reasons, started_at,"
    " peak_at, ended_at, snapshot_path, clip_path, evidence, sequence, trace, created_at"
)


def fill() -> None:
    """A million events of the last month, the newest last."""
    from django.db import connection

    from tests.factories import make_camera, make_site

    cameras = {n: make_camera(site=make_site()).pk.hex for n in range(1, 11)}
    camera = "CASE " + " ".join(f"WHEN {SITE} = {n} THEN '{pk}'" for n, pk in cameras.items()) + " END"
    if connection.vendor == "postgresql":
        rows, key, camera = f"generate_series(1, {ROWS}) AS n", "gen_random_uuid()", f"({camera})::uuid"
        at = f"to_timestamp({NOW} - 2.5 * ({ROWS} - n))"
    else:
        rows = f"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS}) SELECT n FROM c)"
        key, at = (
            "lower(hex(randomblob(16)))",
            f"strftime('%Y-%m-%d %H:%M:%f', {NOW} - 2.5 * ({ROWS} - n), 'unixepoch')",
        )
    values = f"{key}, {SITE}, {camera}, 1, 'unusual', {SEVERITY}, {STATUS}, 2.0, 1.0, '0', '[]', {at}, {at}, {at}"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO events_event ({COLUMNS}) SELECT {values}, '', '', '{{}}', n, '', {at} FROM {rows}")
        cursor.execute("UPDATE accounts_site SET event_sequence = %s", [ROWS])
        cursor.execute("ANALYZE")


def questions() -> dict[str, dict[str, Any]]:
    """What people ask of the list."""
    from cameras.models import Camera

    camera = str(Camera.objects.get(site=1).pk)
    return {
        "newest": {},
        "new": {"status": "new"},
        "critical": {"severity": "critical"},
        "new and critical": {"status": "new", "severity": "critical"},
        "not resolved": {"status": ["new", "acknowledged"]},
        "no such category": {"category": "covered"},
        "camera": {"camera": camera},
        "new of camera": {"camera": camera, "status": "new"},
        "a day of a site": {
            "site": 1,
            "started_before": "2026-11-10T00:00:00Z",
            "started_after": "2026-11-09T00:00:00Z",
        },
        "changes of a site": {"site": 1, "since": ROWS - 40},
        "long gap": {"site": 1, "since": 1000},
    }


def list_times() -> dict[str, dict[str, float]]:
    """Who asks -> question -> p95, ms."""
    from rest_framework.test import APIClient

    from project.accounts.models import Role, Site
    from tests.factories import make_member, make_user

    people = {"superuser": make_user(is_superuser=True)}
    for name, site_ids in {"one busy site": [1], "one quiet site": [10], "two quiet sites": [9, 10]}.items():
        people[name] = make_member(site=Site.objects.get(pk=site_ids[0]), role=Role.VIEWER)
        for site_id in site_ids[1:]:
            people[name].memberships.create(site_id=site_id, role=Role.VIEWER)
    times: dict[str, dict[str, float]] = {}
    for name, user in people.items():
        client = APIClient()
        client.force_authenticate(user)
        times[name] = {question: p95(client, parameters) for question, parameters in questions().items()}
    return times


def p95(client: Any, parameters: dict[str, Any]) -> float:
    """Milliseconds of a page."""
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        response = client.get("/api/v1/events/", parameters)
        times.append(1000 * (time.perf_counter() - began))
        assert response.status_code == 200, response.data
    return round(quantiles(times, n=20)[-1], 1)


def write_rate(seconds: float) -> float:
    """Records a second, by workers that are processes, each with a camera and a site of its own."""
    from tests.events.worker import claim
    from tests.factories import make_camera

    cameras = [make_camera() for _ in range(WORKERS)]
    epochs = [claim(camera, at=NOW - 60) for camera in cameras]
    work = [(camera.pk, epoch, seconds) for camera, epoch in zip(cameras, epochs, strict=True)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=prepare) as pool:
        return round(sum(pool.map(_write_for, *zip(*work, strict=True))))


def _write_for(camera_id: UUID, epoch: int, seconds: float) -> float:
    from events.services import write_records

    written, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        written += write_records(_batch(camera_id, epoch, written)).written
    return written / (time.monotonic() - began)


def _batch(camera_id: UUID, epoch: int, start: int) -> list[Any]:
    from events.records import EventRecord, RecordKind

    kinds: tuple[RecordKind, ...] = ("opened", "peaked", "closed")
    records = []
    for event in range(BATCH // 3):
        event_id, at = uuid4(), NOW + start + 3 * event
        for number, kind in enumerate(kinds):
            score = 2.0 + number
            records.append(EventRecord(event_id, camera_id, epoch, number, kind, NOW, at + number, score=score))
    return records


def prepare() -> None:
    """Django, without what this does not measure."""
    import django

    django.setup()
    from django.conf import settings

    from events import broadcast

    settings.ALLOWED_HOSTS = ["*"]
    broadcast.event_changed = lambda **_: None  # Redis has a bench of its own


def here(seconds: float) -> dict[str, Any]:
    """Measure on the database of DATABASE_URL, which must be empty."""
    prepare()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill()
    times = list_times()
    return {"list": times, "write": write_rate(seconds)}


def on(database_url: str | None, seconds: float) -> dict[str, Any]:
    """Measure in a process of its own, on this database or on a new SQLite file."""
    with TemporaryDirectory() as home:
        environment = os.environ | {"VIGIL_HOME": home, "DJANGO_SETTINGS_MODULE": "project.settings"}
        environment["DATABASE_URL"] = database_url or f"sqlite:///{home}/bench.sqlite3"
        command = [sys.executable, "-m", "bench.events", "--here", "--seconds", str(seconds)]
        found = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    result: dict[str, Any] = json.loads(found.splitlines()[-1])
    return result


def main(show: Callable[[str], object] = sys.stdout.write) -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--seconds", type=float, default=20, help="of writing")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        show(json.dumps(here(options.seconds)) + "\n")
        return
    with run_server() as server:
        result = {"sqlite": on(None, options.seconds), "postgresql": on(server.url, options.seconds)}
    show(json.dumps(result, indent=None if options.json else 2) + "\n")


if __name__ == "__main__":
    main()
