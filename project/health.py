"""Whether this instance lives (`/health`) and whether it can do its work (`/ready`).

Apps add what they need to be ready: `project` knows of none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from project.redis_server import knock

Check = Callable[[], str]
"""Empty where all is well, else what is wrong, in a sentence for people."""

_checks: dict[str, Check] = {}


def add_check(name: str, check: Check) -> None:
    """Have `/ready` ask this too."""
    _checks[name] = check


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 while this process answers, whatever else is away: nobody should restart it for that."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where everything that watching needs is there, else 503 with what is missing."""
    problems = {name: check() for name, check in {"database": database_problem, "redis": _redis, **_checks}.items()}
    parts = {name: problem or "ok" for name, problem in problems.items()}
    is_ready = not any(problems.values())
    return JsonResponse({"status": "ready" if is_ready else "not ready", **parts}, status=200 if is_ready else 503)


def database_problem() -> str:
    """What is wrong with the database, if anything."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "the database cannot be reached"
    return ""


def _redis() -> str:
    try:
        knock()
    except (RedisError, OSError):
        return "Redis cannot be reached"
    return ""
