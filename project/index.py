"""`GET /api/v1/`: where to begin."""

from __future__ import annotations

from django.urls import NoReverseMatch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

ENTRANCES = {
    "login": "login",
    "session": "session",
    "sites": "site-list",
    "cameras": "camera-list",
    "events": "event-list",
    "schema": "schema",
    "docs": "docs",
}


class IndexView(APIView):
    """The addresses of the API."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """What there is, and where."""
        links = {}
        for name, view in ENTRANCES.items():
            try:
                links[name] = reverse(view, request=request)
            except NoReverseMatch:
                continue
        return Response({"name": "Vigil", "version": "1", **links})
