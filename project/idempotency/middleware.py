"""The header `Idempotency-Key` of whatever the API is asked to do: every POST, so that no view needs to think of it.

Log-in, tokens and keys (`auth/`) are left out: their answers are secrets that are shown once, to one request.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.response import StreamingHttpResponse
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from project.accounts.models import User
from project.errors import DomainError, Invalid
from project.idempotency.services import Claim, KeptAnswer, claim_key, keep_answer, release_key

log = structlog.get_logger(__name__)
Handler = Callable[[HttpRequest], HttpResponseBase]

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
RETRY_SECONDS = 2
COVERED = "/api/v1/"
LEFT_OUT = re.compile(r"/api/v1/(auth/|sites/[^/]+/(members|invitations))")
"""What is answered there is about accounts, and partly shown only once."""
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def do_once(get_response: Handler) -> Handler:
    """Do a request with a key once, and answer it the same way for a day."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if key is None or not is_covered(request.method or "", request.path):
            return get_response(request)
        if not _KEY.fullmatch(key):
            sentence = "Give 1 to 200 visible ASCII characters, such as a UUID."
            return _refusal(Invalid(f"{HEADER}: {sentence}", fields={HEADER: [sentence]}))
        digest = _digest(request)  # reads the body before anybody else, so that all can read it again
        user = _user(request)
        if user is None:  # nobody: the view says so, in its own words
            return get_response(request)
        try:
            claimed = claim_key(user=user, key=key, request_digest=digest)
        except DomainError as refused:
            return _refusal(refused)
        except DatabaseError:  # as it will for the view, which says so
            return get_response(request)
        return _again(claimed) if isinstance(claimed, KeptAnswer) else _first(claimed, get_response, request)

    return middleware


def is_covered(method: str, path: str) -> bool:
    """Whether a key counts here."""
    return method == "POST" and path.startswith(COVERED) and not LEFT_OUT.match(path)


def _user(request: HttpRequest) -> User | None:
    """Who asks, by the API's own authenticators, CSRF included; None for nobody, or for who is refused."""
    of_session = request.user
    try:
        user = APIView().initialize_request(request).user
    except (APIException, DomainError, PermissionDenied, DatabaseError):
        return None
    finally:
        request.user = of_session  # REST framework has put its own there, and the view shall find out by itself
    return user if isinstance(user, User) else None


def _digest(request: HttpRequest) -> str:
    route = f"{request.method} {request.path.rstrip('/')}?{request.META.get('QUERY_STRING', '')}\n"
    return hashlib.sha256(route.encode("utf-8", "surrogatepass") + request.body).hexdigest()


def _first(claim: Claim, get_response: Handler, request: HttpRequest) -> HttpResponseBase:
    response = get_response(request)
    try:
        if 200 <= response.status_code < 300 and not isinstance(response, StreamingHttpResponse):
            body = getattr(response, "content", b"").decode()
            content_type = response.headers.get("Content-Type", "")
            keep_answer(claim=claim, status=response.status_code, body=body, content_type=content_type)
        else:
            release_key(claim=claim)
    except DatabaseError as error:
        # What was done is done, and is answered; a repetition is told to wait until the lease ends.
        log.warning("the answer to an idempotency key could not be kept", error=repr(error))
    return response


def _again(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status, content_type=kept.content_type or None)
    if not kept.content_type:
        del response["Content-Type"]
    response[REPLAYED] = "true"
    return response


def _refusal(error: DomainError) -> JsonResponse:
    body = {"code": error.reason, "message": error.message, "fields": error.fields}
    headers = {"Retry-After": str(RETRY_SECONDS)} if error.reason == "idempotency_key_in_use" else {}
    return JsonResponse(body, status=error.status_code, headers=headers)
