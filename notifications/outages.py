"""Cameras that are away: told once, and once when they are back. The only writer of `Outage` and `Watch`.

* A camera is away when no pictures came from it for DOWN_FOR; that also holds where its worker is gone.
* It is back when pictures came for BACK_FOR: one that comes and goes is told of once.
* A camera that somebody stopped is not away.
* All times are the database's: hosts whose clocks differ must not take each other's looks for steps of the clock.
* While Vigil itself was away nobody looked: whoever begins to look gives everything GRACE to start.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cameras.health import CameraHealth, health_of, with_health
from cameras.models import Camera
from notifications import clock_steps, outage_messages
from notifications.clocks import database_now
from notifications.models import Delivery, Notice, Outage, Watch
from notifications.models.notices import OFFLINE
from notifications.outage_messages import CameraNews
from notifications.severity import HIGH

DOWN_FOR = timedelta(seconds=60)
BACK_FOR = timedelta(seconds=60)
GRACE = timedelta(seconds=120)
LOOKED_AWAY = timedelta(seconds=25)
"""Not to have looked for so long is to begin anew, for it may have been a restart; beat asks every ten seconds."""
THERE = frozenset({"learning", "watching"})


def look_after_cameras() -> None:
    """See which cameras are away and which are back, and queue what is to be told of it."""
    watch = _begin_or_go_on()
    begun_at, now = watch.begun_at, watch.looked_at
    known = Outage.objects.select_related("notice").in_bulk()
    away, back = [], []
    for camera in with_health(Camera.objects.all()):
        health, outage = health_of(camera, now=camera.database_now), known.pop(camera.pk, None)
        if health.state == "stopped":
            if outage is not None:
                _end(outage, now)
        elif health.state not in THERE:
            if _is_away(camera, outage, now, calm=now - begun_at >= GRACE):
                away.append((camera, health))
        elif outage is not None and _is_there(outage, now):
            back.append((camera, outage))
    for outage in known.values():  # of cameras that were removed
        _end(outage, now)
    if away or back:
        with transaction.atomic():
            gone = [news for camera, health in away if (news := _begin_notice(camera, health, now))]
            outage_messages.tell(gone, Delivery.Reason.OFFLINE, timezone.now())
            returned = [news for camera, outage in back if (news := _end_notice(camera, outage, now))]
            outage_messages.tell(returned, Delivery.Reason.BACK, timezone.now())


def _begin_or_go_on() -> Watch:
    """Since when somebody looks without a break, and the moment of this look."""
    with transaction.atomic():
        moment = timezone.now()
        row = {"begun_at": moment, "looked_at": moment}
        watch, new = Watch.objects.select_for_update().get_or_create(pk=1, defaults=row)
        now = database_now()  # not before we hold the row: else another's look might seem to be later than now
        if new:
            watch.begun_at = watch.looked_at = now
        if watch.looked_at - now > LOOKED_AWAY:
            clock_steps.set_back(watch.looked_at - now, now, noticed_within=LOOKED_AWAY)
        if abs(now - watch.looked_at) > LOOKED_AWAY:  # or the clock was set back
            watch.begun_at = now
            Outage.objects.filter(notice=None).update(since=now)
            Outage.objects.exclude(back_since=None).update(back_since=now)
        watch.looked_at = now
        watch.save()
    return watch


def _is_away(camera: Camera, outage: Outage | None, now: datetime, *, calm: bool) -> bool:
    """Note that it is; whether it is time to tell that."""
    if outage is None:
        Outage.objects.bulk_create([Outage(camera=camera, since=now)], ignore_conflicts=True)
    elif outage.back_since is not None:
        Outage.objects.filter(pk=camera.pk).update(back_since=None)
    else:
        return outage.notice_id is None and calm and now - outage.since >= DOWN_FOR
    return False


def _is_there(outage: Outage, now: datetime) -> bool:
    """Note that it is; whether it is time to tell that it is back."""
    if outage.notice_id is None:
        _end(outage, now)
    elif outage.back_since is None:
        Outage.objects.filter(pk=outage.pk, back_since=None).update(back_since=now)
    else:
        return now - outage.back_since >= BACK_FOR
    return False


def _begin_notice(camera: Camera, health: CameraHealth, now: datetime) -> CameraNews | None:
    """None where another worker was faster."""
    outage = Outage.objects.filter(pk=camera.pk, notice=None, back_since=None).first()
    if outage is None:
        return None
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
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    open_ = Notice.objects.get(camera=camera, category=OFFLINE, closed_at=None)
    Outage.objects.filter(pk=camera.pk).update(notice=open_)
    if open_.pk != notice.pk:
        return None
    return CameraNews(camera, notice, health.last_frame_at or outage.since, health.detail)


def _end_notice(camera: Camera, outage: Outage, now: datetime) -> CameraNews | None:
    """None where another worker was faster."""
    if outage.notice is None:
        return None
    mine = Notice.objects.filter(pk=outage.notice.pk, closed_at=None)
    ended = mine.update(closed_at=now, revision=F("revision") + 1)
    Outage.objects.filter(pk=camera.pk, notice=outage.notice).delete()
    return CameraNews(camera, Notice.objects.get(pk=outage.notice.pk), outage.back_since or now) if ended else None


def _end(outage: Outage, now: datetime) -> None:
    """It is over, and there is nothing to tell of that."""
    with transaction.atomic():
        if outage.notice_id is not None:
            Notice.objects.filter(pk=outage.notice_id, closed_at=None).update(closed_at=now)
        Outage.objects.filter(pk=outage.pk).delete()
