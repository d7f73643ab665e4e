"""The limit of log-ins, as the REST API says it: 429 with Retry-After."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from project.accounts.attempts import Guess, begin, guess_at, wait_for
from project.audit.log_ins import record_failure
from project.errors import TooMany


class LogInThrottle(BaseThrottle):
    """Refuses further tries of somebody who failed too often; what counts is in `project.accounts.attempts`."""

    seconds = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this log-in may be tried."""
        if request.method != "POST" or not isinstance(request.data, dict):
            return True
        username = str(request.data.get("username", ""))
        self.seconds = wait_for(guess_at(request._request, username))
        if self.seconds > 0:
            record_failure(username=username, blocked=True)
        return self.seconds <= 0

    def wait(self) -> float:
        """Seconds until the next try is allowed."""
        return self.seconds


def refuse_too_many(guess: Guess) -> None:
    """Count a try that is never forgiven, such as asking for a mail. Raises TooMany."""
    if not begin(guess):
        raise TooMany("Too many tries: try again later.", wait=wait_for(guess))
