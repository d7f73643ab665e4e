"""`GET /api/v1/`: where to begin."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

ENTRANCES = {
    "login": "/api/v1/auth/login",
    "session": "/api/v1/auth/session",
    "sites": "/api/v1/sites/",
    "cameras": "/api/v1/cameras/",
    "events": "/api/v1/events/",
    "schema": "/api/schema/",
    "docs": "/api/docs/",
}


class IndexView(APIView):
    """The addresses of the API."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """What there is, and where."""
        links = {name: request.build_absolute_uri(path) for name, path in ENTRANCES.items()}
        return Response({"name": "Vigil", "version": "1", **links})
