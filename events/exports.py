"""An event as a package of evidence: a ZIP that is made while it is sent, with a digest of each file in it."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from events.curve import curve_of
from events.exports_text import README
from events.media import CHUNK, check_stored
from events.models import Event
from events.records import HEAT, USUAL
from events.serializers import EventDetailSerializer, ScoresSerializer
from project.accounts.models import User
from project.audit import origin, trail

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file of a package."""

    name: str
    size: int
    sha256: str


def folder_of(event: Event) -> str:
    """The folder in the ZIP, and the ZIP's name: ASCII, of time and id alone."""
    return f"vigil-event-{event.started_at:%Y%m%dT%H%M%SZ}-{event.pk.hex[:8]}"


def export_event(*, event: Event, by: User) -> Generator[bytes, None, None]:
    """The package, piece by piece; that it was asked for is in the audit trail before the first.

    The trail is told of its end too, with the digest of its manifest: who has the package can show that it is ours.
    """
    stored = dict(_stored_files(event))
    trail.record("event.exported", by=by, target=event, site=event.site_id, details={"files": sorted(stored)})
    return _pieces(event, stored, by, timezone.now(), origin.current())


def _stored_files(event: Event) -> Iterator[tuple[str, str]]:
    """The name in the package -> the name in the storage, of what is there."""
    named = {"clip.mp4": event.clip_path, "snapshot.jpg": event.snapshot_path}
    named |= {f"{name}.jpg": event.evidence.get(name, "") for name in (HEAT, *USUAL)}
    for name, path in named.items():
        try:
            if path:
                check_stored(path)
                yield name, path
        except FileNotFoundError:
            log.warning("Left %s of event %s out of its export: it is not in the media folder", name, event.pk)


def _pieces(
    event: Event, stored: dict[str, str], by: User, at: datetime, asked_from: origin.Origin
) -> Generator[bytes, None, None]:
    outlet = _Outlet()
    packed: list[PackedFile] = []
    with ZipFile(outlet, "w", ZIP_STORED) as archive:
        package = _Package(archive, outlet, folder_of(event), at)
        for name, path in stored.items():
            try:
                file = default_storage.open(path)
            except FileNotFoundError:  # its time was over while those before it were sent
                log.warning("Left %s of event %s out of its export: it went meanwhile", name, event.pk)
                continue
            with file:
                packed.append((yield from package.add(name, _chunks(file), file.size)))
        for name, text in {"event.json": _told(event), "README.txt": README}.items():
            packed.append((yield from package.add_text(name, text)))
        manifest = yield from package.add_text("manifest.json", _manifest(event, packed, by, at))
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in [*packed, manifest])
        yield from package.add_text("SHA256SUMS", sums)
        with origin.coming_from(
            address=asked_from.address, way=asked_from.way, request_id=asked_from.request_id
        ):  # the request is over for the middleware
            details = {"manifest_sha256": manifest.sha256}
            trail.record("event.export_made", by=by, target=event, site=event.site_id, details=details)
    yield from outlet.taken()


def _chunks(file: File[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _told(event: Event) -> str:
    """All that Vigil says of the event; the address of the camera is nobody's business."""
    site = {"id": event.site_id, "name": event.site.name, "time_zone": event.site.time_zone}
    scores = ScoresSerializer(curve_of(event)).data
    return _json({"event": EventDetailSerializer(event).data, "site": site, "scores": scores})


def _manifest(event: Event, packed: list[PackedFile], by: User, at: datetime) -> str:
    files = [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in packed]
    made = {"made_at": at.isoformat(), "made_by": by.get_username(), "made_with": "Vigil"}
    return _json({"event": str(event.pk), "site": event.site_id, **made, "files": files})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


class _Outlet:
    """What the archive writes, until it is taken. It cannot be sought in: the archive tells lengths afterwards."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        """As of a file."""
        self._written += data
        return len(data)

    def flush(self) -> None:
        """As of a file."""

    def close(self) -> None:
        """As of a file."""

    def taken(self) -> Iterator[bytes]:
        """What was written since the last time, if anything."""
        if self._written:
            yield bytes(self._written)
            self._written.clear()


class _Package:
    """A ZIP below one folder."""

    def __init__(self, archive: ZipFile, outlet: _Outlet, folder: str, at: datetime) -> None:
        self._archive, self._outlet, self._folder, self._at = archive, outlet, folder, at

    def add_text(self, name: str, text: str) -> Generator[bytes, None, PackedFile]:
        """A file of this text."""
        data = text.encode("utf-8", "backslashreplace")
        return self.add(name, iter([data]), len(data))

    def add(self, name: str, chunks: Iterator[bytes], size: int) -> Generator[bytes, None, PackedFile]:
        """A file of these chunks; yields what is to be sent, returns what was packed."""
        info = ZipInfo(f"{self._folder}/{name}", self._at.timetuple()[:6])
        info.external_attr, info.file_size = 0o644 << 16, size
        digest, length = hashlib.sha256(), 0
        with self._archive.open(info, "w") as entry:
            for chunk in chunks:
                entry.write(chunk)
                digest.update(chunk)
                length += len(chunk)
                yield from self._outlet.taken()
        return PackedFile(name, length, digest.hexdigest())
