"""The end of the trail, told to where the database's owner has no say: who can write the table can compute it anew.

* Always a line in the log: `audit head`, with number and digest.
* To the file VIGIL_AUDIT_FILE, best on another disk or a share that can only be appended to; one JSON line each.
* To VIGIL_AUDIT_WEBHOOK, every few seconds, by the control worker.
"""

from __future__ import annotations

import errno
import json
import os
import urllib.request
from http.client import HTTPException

import structlog
from django.conf import settings
from django.utils import timezone

from project.audit.models import AuditHead

log = structlog.get_logger(__name__)

EVENT = "audit head"
BEGINNING = f'{{"event": "{EVENT}"'
"""Of a line in the file."""
WEBHOOK_SECONDS = 5.0


def send(number: int, digest: str) -> None:
    """Tell that this entry was committed. Never raises: the entry stands, whoever hears of it."""
    log.info(EVENT, number=number, digest=digest)
    if settings.VIGIL_AUDIT_FILE:
        try:
            _append(settings.VIGIL_AUDIT_FILE, _line(number, digest))
        except OSError as error:
            log.error("audit head not written to its file", number=number, reason=str(error))


def post_newest() -> bool:
    """POST the head to the webhook if it has moved since; False where there was nothing to do or nobody heard it."""
    head = AuditHead.objects.first()
    if not settings.VIGIL_AUDIT_WEBHOOK or head is None or head.number <= head.told:
        return False
    body = _line(head.number, head.digest).encode()
    request = urllib.request.Request(settings.VIGIL_AUDIT_WEBHOOK, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=WEBHOOK_SECONDS):
            AuditHead.objects.filter(pk=head.pk).update(told=head.number)
    except (OSError, HTTPException) as error:
        log.warning("audit head not told to its webhook", number=head.number, reason=type(error).__name__)
        return False
    return True


def _line(number: int, digest: str) -> str:
    return json.dumps({"event": EVENT, "number": number, "digest": digest, "timestamp": timezone.now().isoformat()})


def _append(path: str, line: str) -> None:
    data = f"{line}\n".encode()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        if os.write(file, data) < len(data):
            raise OSError(errno.ENOSPC, "only a part of the line found room")
        os.fsync(file)
    finally:
        os.close(file)
