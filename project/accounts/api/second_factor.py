"""My second factor."""

from __future__ import annotations

from typing import Any

import segno
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from project.accounts import second_factor
from project.accounts.api.access import ManagesAccount, person, session_key
from project.accounts.api.fields import PasswordField
from project.accounts.log_ins import end_log_ins
from project.accounts.passwords import confirm_password


class StateSerializer(serializers.Serializer[Any]):
    """Whether codes are asked for."""

    enabled = serializers.BooleanField()
    recovery_codes = serializers.IntegerField(help_text="How many are left.")
    must_set_up = serializers.BooleanField(help_text="Whether I can do nothing else before.")


class PasswordSerializer(serializers.Serializer[Any]):
    """My password again."""

    password = PasswordField()


class SetUpSerializer(serializers.Serializer[Any]):
    """What the app needs, by QR code or typed."""

    secret = serializers.CharField()
    uri = serializers.CharField(help_text="otpauth://…")
    qr = serializers.CharField(help_text="A picture, as data:image/svg+xml.")


class CodeSerializer(serializers.Serializer[Any]):
    """What the app shows."""

    code = serializers.CharField(max_length=64)


class ProofSerializer(PasswordSerializer, CodeSerializer):
    """My password and a code."""


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    """Each opens the account once; they are shown this once."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class SecondFactorView(ManagesAccount, APIView):
    """Codes of an app (TOTP) beside the password."""

    @extend_schema(responses=StateSerializer)
    def get(self, request: Request) -> Response:
        """Whether codes are asked for at log-in."""
        user = person(request)
        return Response(
            {
                "enabled": second_factor.has_second_factor(user),
                "recovery_codes": user.recovery_codes.count(),
                "must_set_up": second_factor.must_set_up(user),
            }
        )

    @extend_schema(request=PasswordSerializer, responses=SetUpSerializer)
    def post(self, request: Request) -> Response:
        """Begin the set-up with a new secret. Nothing is asked for at log-in until a code confirms it."""
        asked = PasswordSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = person(request)
        confirm_password(user=user, password=asked.validated_data["password"], request=request._request)
        factor = second_factor.begin_set_up(user=user)
        uri = second_factor.address_for_app(factor)
        qr = segno.make(uri, error="m").svg_data_uri(scale=4, border=4, light="white")
        return Response({"secret": factor.secret, "uri": uri, "qr": qr})


class ConfirmView(ManagesAccount, APIView):
    """The end of the set-up."""

    @extend_schema(request=CodeSerializer, responses=RecoveryCodesSerializer)
    def post(self, request: Request) -> Response:
        """Show that the app works. I am logged out everywhere else, for there no code was asked for."""
        asked = CodeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        codes = second_factor.confirm_set_up(user=person(request), code=asked.validated_data["code"])
        end_log_ins(user=person(request), but=session_key(request), keys=False)
        return Response({"recovery_codes": codes})


class RecoveryCodesView(ManagesAccount, APIView):
    """For who has used them up, or lost them."""

    @extend_schema(request=ProofSerializer, responses=RecoveryCodesSerializer)
    def post(self, request: Request) -> Response:
        """Make other recovery codes; the old ones stop working."""
        _prove(request)
        return Response({"recovery_codes": second_factor.renew_recovery_codes(user=person(request))})


class DisableView(ManagesAccount, APIView):
    """For who changes to another app, or wants none."""

    @extend_schema(request=ProofSerializer, responses={204: OpenApiResponse(description="Done.")})
    def post(self, request: Request) -> Response:
        """Switch it off. I am logged out everywhere else."""
        _prove(request)
        second_factor.remove_second_factor(user=person(request), by=person(request))
        end_log_ins(user=person(request), but=session_key(request), keys=False)
        return Response(status=204)


def _prove(request: Request) -> None:
    asked = ProofSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    user = person(request)
    confirm_password(user=user, password=asked.validated_data["password"], request=request._request)
    second_factor.require_code(user=user, code=asked.validated_data["code"], request=request._request)
