"""Claims keys, keeps answers, forgets both. The only writer of `IdempotencyKey`.

* The row is inserted before anything is done: of two requests at once one is told to wait.
* Only what was done is kept, that is answers from 200 to 299. A refusal changed nothing, so it may be asked again.
* A process that dies on the way leaves a row whose lease ends; then the request is done anew. So a request may be done
  twice where its process died between doing it and noting the answer, and never otherwise.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from project.accounts.models import User
from project.accounts.rights import roles_of
from project.errors import DomainError
from project.idempotency.models import IdempotencyKey

LEASE = timedelta(seconds=60)
"""Longer than any request may take: the web server and the database have given up on it before."""
KEPT = timedelta(days=1)
ANSWER_BYTES = 256 * 1024
"""A longer answer is not kept; a request is bounded by DATA_UPLOAD_MAX_MEMORY_SIZE and only its digest is."""
STEP = 500
"""Rows of one delete: a few milliseconds."""


class KeyReused(DomainError):
    """The key was given to another request."""

    code = "idempotency_key_reused"
    status_code = 422


class StillRunning(DomainError):
    """The first request with this key has not been answered yet."""

    code = "idempotency_key_in_use"
    status_code = 409


class AnswerGone(DomainError):
    """It was done, and its answer cannot be shown again."""

    code = "idempotency_answer_gone"
    status_code = 409


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do what a key stands for."""

    row: int
    attempt: uuid.UUID


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered the first time."""

    status: int
    body: str
    content_type: str


def claim_key(*, user: User, key: str, request_digest: str) -> Claim | KeptAnswer:
    """The right to do the request, or what was answered when it was done.

    Raises KeyReused, StillRunning or AnswerGone.
    """
    now = timezone.now()
    fresh = {"request_digest": request_digest, "leased_until": now + LEASE, "standing": _standing(user)}
    row, is_ours = IdempotencyKey.objects.get_or_create(user=user, key=key, defaults=fresh)
    if not is_ours and row.created_at < now - KEPT:
        row.delete()
        row, is_ours = IdempotencyKey.objects.get_or_create(user=user, key=key, defaults=fresh)
    if is_ours:
        return Claim(row.pk, row.claim)
    if row.request_digest != request_digest:
        raise KeyReused("This Idempotency-Key was given to another request: make a new key for each.")
    if row.status is None:
        return _take_over(row)
    return _kept_answer(row, user)


def keep_answer(*, claim: Claim, status: int, body: str, content_type: str) -> None:
    """Note what was answered; nothing happens where the lease ended and somebody else has the claim."""
    kept = len(body) <= ANSWER_BYTES
    answer = body if kept else ""
    _claimed(claim).update(status=status, answer=answer, content_type=content_type[:100], kept=kept)


def release_key(*, claim: Claim) -> None:
    """Nothing was done: the key is free again, for whatever request."""
    _claimed(claim).delete()


def forget_keys() -> int:
    """Delete the keys of more than a day ago, some at a time; returns how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT)
    forgotten = 0
    while ids := list(old.values_list("pk", flat=True)[:STEP]):
        forgotten += IdempotencyKey.objects.filter(pk__in=ids).delete()[0]
    return forgotten


def _claimed(claim: Claim) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(pk=claim.row, claim=claim.attempt, status=None)


def _take_over(row: IdempotencyKey) -> Claim:
    now, attempt = timezone.now(), uuid.uuid4()
    ended = IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim, status=None, leased_until__lt=now)
    if not ended.update(claim=attempt, leased_until=now + LEASE):
        raise StillRunning("The first request with this Idempotency-Key is still under way: ask again in a moment.")
    return Claim(row.pk, attempt)


def _kept_answer(row: IdempotencyKey, user: User) -> KeptAnswer:
    now = _standing(user)
    if any(now.get(site, 0) < role for site, role in row.standing.items()):
        raise AnswerGone("This was done. What you may see has changed since, so the answer is not shown again.")
    if not row.kept or row.status is None:
        raise AnswerGone("This was done. Its answer was too long to be kept: ask for what it changed.")
    return KeptAnswer(row.status, row.answer, row.content_type)


def _standing(user: User) -> dict[str, int]:
    """Site id -> role, as the request's way in allows; as JSON keeps it, with text for keys."""
    return {str(site_id): role for site_id, role in roles_of(user).items()}
