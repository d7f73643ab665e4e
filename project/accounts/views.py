"""Log-in for scripts (tokens) and for the UI (a session), and the sites somebody may see."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import authenticate, login, logout
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import viewsets
from rest_framework.authentication import SessionAuthentication, get_authorization_header
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from project.accounts import people, serializers, tokens
from project.accounts.api.access import NotByKey
from project.accounts.log_ins import note_script
from project.accounts.models import Site, User
from project.accounts.rights import roles_of, sites_of
from project.accounts.second_factor import must_set_up
from project.accounts.throttles import LogInThrottle
from project.errors import DomainError
from project.pagination import ByName

NOTHING = OpenApiResponse(description="Done.")


class WrongPassword(DomainError):
    """Says nothing about whether the name exists."""

    code = "wrong_password"
    status_code = 401


class SetUpRequired(DomainError):
    """Tokens come after the second factor."""

    code = "second_factor_required"
    status_code = 403


class LogInView(APIView):
    """For scripts: name and password for a pair of tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LogInThrottle,)

    @extend_schema(request=serializers.LogInSerializer, responses=serializers.TokenPairSerializer)
    def post(self, request: Request) -> Response:
        """Log in. 401 `second_factor_needed` asks for the same with the `code` of the app, or a recovery code."""
        user = _user_who_logs_in(request)
        if must_set_up(user):
            raise SetUpRequired("Staff need a second factor here: log in with a browser and set it up first.")
        pair = tokens.issue_tokens(user=user)
        note_script(user=user, request=request._request, family=pair.family)
        return _tokens(pair)


class RefreshView(APIView):
    """For scripts: the next pair of tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=serializers.RefreshSerializer, responses=serializers.TokenPairSerializer)
    def post(self, request: Request) -> Response:
        """Exchange the refresh token, which works once."""
        asked = serializers.RefreshSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return _tokens(tokens.refresh_tokens(refresh=asked.validated_data["refresh"]))


class LogOutView(APIView):
    """For scripts: the end of a log-in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=serializers.LogOutSerializer, responses={204: NOTHING})
    def post(self, request: Request) -> Response:
        """End the log-in of the token in the header, and of the refresh token where one is given."""
        asked = serializers.LogOutSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        bearer = get_authorization_header(request).decode("latin-1").partition(" ")[2].strip()
        for secret in filter(None, (bearer, asked.validated_data.get("refresh"))):
            tokens.revoke_log_in(secret=secret)
        return Response(status=204)


class SessionView(APIView):
    """For the UI: who is logged in, by a cookie."""

    throttle_classes = (LogInThrottle,)

    def get_permissions(self) -> list[Any]:
        """Whoever has no session may ask for one; what is a person's own is changed in person."""
        if self.request.method == "POST":
            return [AllowAny()]
        return [*super().get_permissions(), *([NotByKey()] if self.request.method == "PATCH" else [])]

    @extend_schema(responses=serializers.UserSerializer)
    def get(self, request: Request) -> Response:
        """Who I am; 401 where nobody is logged in."""
        return Response(serializers.UserSerializer(cast(User, request.user)).data)

    @extend_schema(request=serializers.LogInSerializer, responses=serializers.UserSerializer)
    def post(self, request: Request) -> Response:
        """Log in. Needs the header X-CSRFToken: see `auth/csrf`.

        401 `second_factor_needed` asks for the same with the `code` of the app, or a recovery code.
        """
        SessionAuthentication().enforce_csrf(request)
        user = _user_who_logs_in(request)
        login(request._request, user)
        return Response(serializers.UserSerializer(user).data)

    @extend_schema(request=serializers.LanguageSerializer, responses=serializers.UserSerializer)
    def patch(self, request: Request) -> Response:
        """Say in which language I am written to."""
        asked = serializers.LanguageSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = people.choose_language(user=cast(User, request.user), **asked.validated_data)
        return Response(serializers.UserSerializer(user).data)

    @extend_schema(responses={204: NOTHING})
    def delete(self, request: Request) -> Response:
        """Log out. With a token there is no session to end, so 403: see `auth/logout`."""
        if request.auth is not None:
            raise PermissionDenied("A token is no session: end it with POST auth/logout, an API key under auth/keys.")
        logout(request._request)
        return Response(status=204)


class CsrfView(APIView):
    """For the UI: what proves that a request comes from it and not from another site."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=serializers.CsrfSerializer)
    def get(self, request: Request) -> Response:
        """The token for the header X-CSRFToken; the cookie comes with it. Logging in changes both."""
        return Response({"csrf_token": get_token(request._request)})


class SiteViewSet(viewsets.ReadOnlyModelViewSet[Site]):
    """The sites I may see."""

    serializer_class = serializers.SiteSerializer
    pagination_class = ByName
    lookup_value_regex = r"\d{1,18}"
    queryset = Site.objects.none()

    def get_queryset(self) -> QuerySet[Site]:
        """Those I am a member of; all of them for a superuser."""
        return sites_of(self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        """With the asker's roles, which are shown."""
        return {**super().get_serializer_context(), "roles": roles_of(self.request.user)}


def _user_who_logs_in(request: Request) -> User:
    asked = serializers.LogInSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    user = authenticate(request._request, **asked.validated_data)
    if user is None:
        raise WrongPassword("The name or the password is wrong.")
    return user


def _tokens(pair: tokens.TokenPair) -> Response:
    return Response(serializers.TokenPairSerializer(pair).data)
