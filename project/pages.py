"""The few pages that are not the API's: the built UI, and what stands in for it."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

_NO_UI = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Vigil</title>
<h1>Vigil is running, but its web pages were not built</h1>
<p><code>./vigil up</code> builds them; where it could not, <code>./vigil doctor</code> says why.</p>
<p>Meanwhile: <a href="/admin/">administration</a>, <a href="/api/docs/">the API</a>.</p></html>"""


@never_cache
@ensure_csrf_cookie
@require_safe
def ui(request: HttpRequest) -> HttpResponse:
    """The UI's one page, for every address it makes up itself; its files are served before this is asked."""
    if "." in request.path.rpartition("/")[2]:
        raise Http404  # a file that is not there: a page in its place would only confuse
    index = settings.WEB_DIST / "index.html"
    if not index.is_file():
        return HttpResponse(_NO_UI, status=503)
    return HttpResponse(index.read_bytes())


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """The answer to a form or a request that cannot show it comes from our own pages."""
    message = f"The request could not be told from one made by another site: reload the page. ({reason})"
    return JsonResponse({"code": "csrf", "message": message, "fields": {}}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what is no proper request, such as one for a host that this is not."""
    if isinstance(exception, RequestDataTooBig):
        return _in_words(request, 413, "too_large", "What was sent is too long.")
    return _in_words(request, 400, "bad_request", "This is no request that Vigil can answer.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what somebody may not do."""
    return _in_words(request, 403, "permission_denied", "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer where nothing is."""
    return _in_words(request, 404, "not_found", "There is nothing here.")


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to what nobody foresaw: it says where to look, and nothing of what happened."""
    message = "Something went wrong inside Vigil; the log has it under the id in the X-Request-ID header."
    return _in_words(request, 500, "internal", message)


def _in_words(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "message": message, "fields": {}}, status=status)
    return HttpResponse(message, status=status, content_type="text/plain")
