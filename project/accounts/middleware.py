"""What requests leave behind and must have, as far as log-ins are concerned."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from project.accounts.backends import recognised
from project.accounts.devices import give_cookie
from project.accounts.log_ins import touch_session
from project.accounts.models import User
from project.accounts.second_factor import must_set_up

Handler = Callable[[HttpRequest], HttpResponse]

SET_UP_PAGE = "/second-factor"
_OPEN_BEFORE_SET_UP = ("/api/v1/auth/session", "/api/v1/auth/csrf", "/api/v1/auth/second-factor", "/admin/logout/")


def keep_log_ins(get_response: Handler) -> Handler:
    """Note when a session was last used. With the database away nothing is noted, and nothing breaks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session, user = request.session, request.user
        if session.accessed and session.session_key and session.get(SESSION_KEY) == str(user.pk):
            with contextlib.suppress(DatabaseError):
                touch_session(user=cast(User, user), request=request)
        return response

    return middleware


def remember_device(get_response: Handler) -> Handler:
    """Give the browser of somebody who has just logged in the cookie by which it is known again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        device = recognised(request)
        if device is not None:
            give_cookie(response, device)
        return response

    return middleware


def ask_staff_for_second_factor(get_response: Handler) -> Handler:
    """With VIGIL_STAFF_SECOND_FACTOR, a session of staff without a second factor reaches only its set-up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        closed = request.path.startswith(("/api/", "/admin/")) and not request.path.startswith(_OPEN_BEFORE_SET_UP)
        if not (settings.VIGIL_STAFF_SECOND_FACTOR and closed):
            return get_response(request)
        try:
            refused = request.user.is_authenticated and must_set_up(request.user)
        except DatabaseError:
            return _away()
        if not refused:
            return get_response(request)
        if request.path.startswith("/admin/"):
            return HttpResponseRedirect(SET_UP_PAGE)
        message = "Staff need a second factor here: set it up first (/api/v1/auth/second-factor)."
        return JsonResponse({"code": "second_factor_required", "message": message, "fields": {}}, status=403)

    return middleware


def _away() -> HttpResponse:
    message = "The database cannot be reached at the moment."
    body = {"code": "unavailable", "message": message, "fields": {}}
    return JsonResponse(body, status=503, headers={"Retry-After": "5"})
