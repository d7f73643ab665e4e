"""Mail that must not show in how long a request takes whether it was sent. Secrets are made here, not queued."""

from __future__ import annotations

from celery import current_app, shared_task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from project.accounts import invitations, passwords
from project.errors import DomainError
from project.redis_server import knock

QUEUE = "control"
RESET, REGISTER = "accounts.send_reset_link", "accounts.send_registration"
EXPIRES = 600.0


class QueueAway(DomainError):
    """Nothing can be asked of the workers at the moment."""

    code = "unavailable"
    status_code = 503


@shared_task(name=RESET)
def send_reset_link(user_id: int) -> None:
    """To the user; to nobody where there is none."""
    passwords.send_reset_link(user_id=user_id)


@shared_task(name=REGISTER)
def send_registration(email: str, language: str) -> None:
    """To the owner of the mailbox."""
    invitations.send_registration(email=email, language=language)


def order(name: str, *args: object) -> None:
    """Have the control worker do it. Raises QueueAway."""
    try:
        knock()
        current_app.send_task(name, args=args, queue=QUEUE, expires=EXPIRES, retry=False)
    except (OperationalError, RedisError, OSError):
        raise QueueAway("Vigil cannot send mail just now. Try again in a moment.") from None
