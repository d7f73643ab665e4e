"""Cameras that are away: told once, and once when they are back. The only writer of `Outage` and `Watch`.

* A camera is away when no pictures came from it for DOWN_FOR; that also holds where its worker is gone.
* It is back when pictures came for BACK_FOR: one that comes and goes is told of once.
* A camera that somebody stopped is not away.
* While Vigil itself was away nobody looked: whoever begins to look gives everything GRACE to start.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cameras.health import CameraHealth, health_of, with_health
from cameras.models import Camera
from notifications.audience import Audience, Topic
from notifications.facts import facts_of_outage
from notifications.models import Delivery, Notice, Outage, Watch
from notifications.models.notices import OFFLINE
from notifications.queue import Telling, queue_telling
from notifications.severity import HIGH

DOWN_FOR = timedelta(seconds=60)
BACK_FOR = timedelta(seconds=60)
GRACE = timedelta(seconds=120)
LOOKED_AWAY = timedelta(seconds=60)
"""Not to have looked for so long is to begin anew; beat asks every ten seconds."""
THERE = frozenset({"learning", "watching"})


def look_after_cameras(*, now: datetime | None = None) -> None:
    """See which cameras are away and which are back, and queue what is to be told of it."""
    now = now or timezone.now()
    begun_at = _begin_or_go_on(now)
    known = Outage.objects.select_related("notice").in_bulk()
    for camera in with_health(Camera.objects.all()):
        health, outage = health_of(camera, now=camera.database_now), known.pop(camera.pk, None)
        if health.state == "stopped":
            if outage is not None:
                _end(outage, now)
        elif health.state not in THERE:
            _is_away(camera, health, outage, now, calm=now - begun_at >= GRACE)
        elif outage is not None:
            _is_there(camera, outage, now)
    for outage in known.values():  # of cameras that were removed
        _end(outage, now)


def _begin_or_go_on(now: datetime) -> datetime:
    """Since when somebody looks without a break."""
    with transaction.atomic():
        watch, new = Watch.objects.select_for_update().get_or_create(pk=1, defaults={"begun_at": now, "looked_at": now})
        if not new and now - watch.looked_at > LOOKED_AWAY:
            watch.begun_at = now
            Outage.objects.filter(notice=None).update(since=now)
            Outage.objects.exclude(back_since=None).update(back_since=now)
        watch.looked_at = now
        watch.save()
    return watch.begun_at


def _is_away(camera: Camera, health: CameraHealth, outage: Outage | None, now: datetime, *, calm: bool) -> None:
    if outage is None:
        Outage.objects.bulk_create([Outage(camera=camera, since=now)], ignore_conflicts=True)
    elif outage.back_since is not None:
        Outage.objects.filter(pk=camera.pk).update(back_since=None)
    elif outage.notice_id is None and calm and now - outage.since >= DOWN_FOR:
        _tell_away(camera, health, outage, now)


def _is_there(camera: Camera, outage: Outage, now: datetime) -> None:
    if outage.notice is None:
        _end(outage, now)
    elif outage.back_since is None:
        Outage.objects.filter(pk=camera.pk, back_since=None).update(back_since=now)
    elif now - outage.back_since >= BACK_FOR:
        _tell_back(camera, outage, outage.notice, now)


def _tell_away(camera: Camera, health: CameraHealth, outage: Outage, now: datetime) -> None:
    notice = Notice(
        site_id=camera.site_id,
        camera=camera,
        category=OFFLINE,
        worst=HIGH,
        first_at=outage.since,
        last_at=outage.since,
        count=1,
        told=1,
        hinted=1,
        revision=1,
        next_hint_at=now,
        created_at=now,
    )
    since = health.last_frame_at or outage.since
    with transaction.atomic():
        if not Outage.objects.filter(pk=camera.pk, notice=None, back_since=None).exists():
            return
        Notice.objects.bulk_create([notice], ignore_conflicts=True)
        open_ = Notice.objects.get(camera=camera, category=OFFLINE, closed_at=None)
        Outage.objects.filter(pk=camera.pk).update(notice=open_)
        if open_.pk == notice.pk:  # else another worker was faster
            facts = facts_of_outage(notice, camera, kind="offline", at=since, detail=health.detail)
            _queue(Telling(notice, Delivery.Reason.OFFLINE, HIGH, facts), camera, now)


def _tell_back(camera: Camera, outage: Outage, notice: Notice, now: datetime) -> None:
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice.pk, closed_at=None)
        if mine.update(closed_at=now, revision=F("revision") + 1):
            notice.refresh_from_db()
            at = outage.back_since or now
            facts = facts_of_outage(notice, camera, kind="back", at=at)
            _queue(Telling(notice, Delivery.Reason.BACK, HIGH, facts), camera, now)
        Outage.objects.filter(pk=camera.pk, notice=notice).delete()


def _end(outage: Outage, now: datetime) -> None:
    """It is over, and there is nothing to tell of that."""
    with transaction.atomic():
        if outage.notice_id is not None:
            Notice.objects.filter(pk=outage.notice_id, closed_at=None).update(closed_at=now)
        Outage.objects.filter(pk=outage.pk).delete()


def _queue(telling: Telling, camera: Camera, now: datetime) -> None:
    audience = Audience(camera.site, now)
    topic = Topic(camera.pk, OFFLINE, HIGH)
    queue_telling(telling, audience.addressees(audience.rules_for(topic), topic), now)
