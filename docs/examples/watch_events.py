"""Takes on every new event of the sites that an API key opens, and keeps its clip.

    export VIGIL_TOKEN=vgk_...                 # an API key with the role operator, or an access token
    python generate_types.py ../openapi.json > vigil_types.py     # for mypy; the script runs without
    python watch_events.py --url http://127.0.0.1:8000 --clips clips

Needs nothing but Python 3.11. What it shows: pages by cursor, following changes by `?since=`, errors in their one form,
waiting where it is told to, and idempotency keys, with which a request may be sent again without being done twice.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from vigil_types import Error, Event, EventDetail, Site

PATIENCE = 5
"""How often a request is sent again where the server is away or asks to wait."""


class Refused(Exception):
    """The API said no: `error` says why, to programs and to people."""

    def __init__(self, status: int, error: Error) -> None:
        super().__init__(f"{status} {error['code']}: {error['message']}")
        self.status, self.error = status, error


class Vigil:
    """The API of one installation."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url.rstrip("/"), token

    def sites(self) -> list[Site]:
        """The sites that the token opens."""
        return list(self._pages("/api/v1/sites/"))

    def new_events(self, site: int) -> Iterator[Event]:
        """Those that nobody has taken on yet, the newest first."""
        return self._pages("/api/v1/events/?" + urlencode({"site": site, "status": "new", "page_size": 200}))

    def changed_events(self, site: int, since: int) -> Iterator[Event]:
        """Those that changed after this sequence number, the oldest change first; each has its own `sequence`."""
        return self._pages("/api/v1/events/?" + urlencode({"site": site, "since": since, "page_size": 200}))

    def newest_sequence(self, site: int) -> int:
        """The highest sequence number among the newest events: where to begin to follow."""
        page = json.loads(self._ask("GET", "/api/v1/events/?" + urlencode({"site": site, "page_size": 200})))
        return max((event["sequence"] for event in page["results"]), default=0)

    def acknowledge(self, event: Event, note: str) -> EventDetail:
        """Take an event on. Raises Refused with 409 where somebody was faster."""
        # A key of the event and of its state: sent again after a broken line, it is still the same request.
        key = uuid.uuid5(uuid.UUID(event["id"]), f"acknowledge after {event['sequence']}")
        path = f"/api/v1/events/{event['id']}/acknowledge"
        answer: EventDetail = json.loads(self._ask("POST", path, {"note": note}, {"Idempotency-Key": str(key)}))
        return answer

    def clip(self, event: Event) -> bytes | None:
        """The recording; None while there is none."""
        return self._ask("GET", event["clip"]) if event["clip"] else None

    def _pages(self, path: str) -> Iterator[Any]:
        following: str | None = path
        while following:
            page = json.loads(self._ask("GET", following))
            yield from page["results"]
            following = page["next"]

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, more: dict[str, str] | None = None
    ) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", **(more or {})}
        url = path if path.startswith("http") else self._url + path
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(PATIENCE + 1):
            try:
                request = urllib.request.Request(url, data, headers, method=method)
                with urllib.request.urlopen(request, timeout=30) as answer:
                    content: bytes = answer.read()
                    return content
            except urllib.error.HTTPError as refusal:
                wait = refusal.headers.get("Retry-After")
                if wait is None or attempt == PATIENCE:
                    raise Refused(refusal.code, json.load(refusal)) from None
                time.sleep(min(60, int(wait)))
            except OSError:
                if attempt == PATIENCE:
                    raise
                time.sleep(2**attempt)
        raise AssertionError("not reached")


def take_on(vigil: Vigil, event: Event, folder: Path) -> None:
    """Acknowledge the event, unless somebody was faster, and keep its clip."""
    try:
        vigil.acknowledge(event, "Taken on by a script.")
    except Refused as refused:
        if refused.status != 409:
            raise
        print(f"{event['id']}: somebody was faster", flush=True)
        return
    if clip := vigil.clip(event):
        (folder / f"{event['id']}.mp4").write_bytes(clip)
    print(f"{event['id']}: {event['severity']} at {event['camera_name']}", flush=True)


def watch(vigil: Vigil, folder: Path, seconds: float) -> None:
    """Take on what is new, then follow what changes, for so many seconds."""
    deadline = time.monotonic() + seconds
    known = {site["id"]: vigil.newest_sequence(site["id"]) for site in vigil.sites()}
    for site in known:
        for event in list(vigil.new_events(site)):
            take_on(vigil, event, folder)
    print("following", flush=True)
    while time.monotonic() < deadline:
        for site, since in known.items():
            for event in vigil.changed_events(site, since):
                known[site] = max(known[site], event["sequence"])
                if event["status"] == "new":
                    take_on(vigil, event, folder)
        time.sleep(2)


def main() -> None:
    """Read the command line and begin."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--clips", type=Path, default=Path("clips"))
    parser.add_argument("--seconds", type=float, default=float("inf"), help="how long to follow; default: for ever")
    given = parser.parse_args()
    given.clips.mkdir(parents=True, exist_ok=True)
    watch(Vigil(given.url, os.environ["VIGIL_TOKEN"]), given.clips, given.seconds)


if __name__ == "__main__":
    main()
