"""Change one's password, and reset a forgotten one."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from project.accounts import attempts, passwords, tasks
from project.accounts.api.access import ManagesAccount, person, session_key
from project.accounts.api.fields import LinkSecretField, PasswordField
from project.accounts.backends import recognise
from project.accounts.second_factor import has_second_factor
from project.accounts.throttles import refuse_too_many

DONE = OpenApiResponse(description="Done.")
MAILED = OpenApiResponse(description="If there is such an account with an e-mail address, a link was mailed to it.")


class ChangePasswordSerializer(serializers.Serializer[Any]):
    """The old password and the new one."""

    old_password = PasswordField()
    new_password = PasswordField()


class AskResetSerializer(serializers.Serializer[Any]):
    """Who has forgotten the password."""

    who = serializers.CharField(max_length=254, help_text="User name or e-mail address.")


class ResetSerializer(serializers.Serializer[Any]):
    """The secret of the link that was mailed, and the new password."""

    secret = LinkSecretField()
    new_password = PasswordField()


class PasswordView(ManagesAccount, APIView):
    """My password."""

    @extend_schema(request=ChangePasswordSerializer, responses={204: DONE})
    def post(self, request: Request) -> Response:
        """Change it. All my other sessions and all tokens end, API keys too; this session goes on under a new key."""
        asked = ChangePasswordSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        passwords.change_password(
            user=person(request),
            old=asked.validated_data["old_password"],
            new=asked.validated_data["new_password"],
            request=request._request,
            keep_session=session_key(request) is not None,
        )
        return Response(status=204)


class AskResetView(APIView):
    """For who has forgotten the password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=AskResetSerializer, responses={202: MAILED})
    def post(self, request: Request) -> Response:
        """Ask for a link by mail. The answer is the same whether or not there is such an account."""
        asked = AskResetSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        who = asked.validated_data["who"]
        refuse_too_many(attempts.guess_at(request._request, who.casefold(), what="reset"))
        user = passwords.find_for_reset(who=who)
        tasks.order(tasks.RESET, user.pk if user else 0)
        return Response(status=202)


class ResetView(APIView):
    """For who has got the link."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=ResetSerializer, responses={204: DONE})
    def post(self, request: Request) -> Response:
        """Set a new password. All sessions and tokens end; a second factor stays and is asked for at the log-in."""
        asked = ResetSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        refuse_too_many(attempts.guess_at(request._request, data["secret"], what="link"))
        user = passwords.reset_password(secret=data["secret"], new=data["new_password"])
        if not has_second_factor(user):  # else each link would give a guesser at the codes ten tries of its own
            recognise(request._request, user)
        return Response(status=204)
