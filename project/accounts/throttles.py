"""The limit of log-ins, as the REST API says it: 429 with Retry-After."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from project.accounts.attempts import client_address, seconds_to_wait
from project.audit.log_ins import record_failure


class LogInThrottle(BaseThrottle):
    """Refuses further tries of somebody who failed too often; what counts is in `project.accounts.attempts`."""

    seconds = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this log-in may be tried."""
        if request.method != "POST" or not isinstance(request.data, dict):
            return True
        username = str(request.data.get("username", ""))
        self.seconds = seconds_to_wait(username=username, address=client_address(request))
        if self.seconds > 0:
            record_failure(username=username, blocked=True)
        return self.seconds <= 0

    def wait(self) -> float:
        """Seconds until the next try is allowed."""
        return self.seconds
