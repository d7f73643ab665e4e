"""Invitations to a site, for its managers; registering and accepting, for everybody."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from project.accounts import attempts, invitations, tasks
from project.accounts.api.access import ManagesAccount, NotByKey, managed_site, person
from project.accounts.api.fields import LinkSecretField, PasswordField, RoleField
from project.accounts.backends import recognise
from project.accounts.models import Invitation, User
from project.accounts.serializers import UserSerializer
from project.accounts.throttles import refuse_too_many

LANGUAGES = settings.LANGUAGES


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation that waits for an answer, without its secret."""

    role = RoleField()
    invited_by = serializers.CharField(source="invited_by.username", default=None, read_only=True)
    language = serializers.ChoiceField(choices=LANGUAGES, default="en", write_only=True, help_text="Of the mail.")

    class Meta:
        model = Invitation
        fields: ClassVar = ["id", "role", "email", "language", "invited_by", "created_at", "expires_at"]
        read_only_fields: ClassVar = ["id", "created_at", "expires_at"]


class NewInvitationSerializer(InvitationSerializer):
    """A new invitation with its link, which is shown this once."""

    link = serializers.CharField(read_only=True)
    mailed = serializers.BooleanField(read_only=True, help_text="Whether it was mailed to `email`.")

    class Meta(InvitationSerializer.Meta):
        fields: ClassVar = [*InvitationSerializer.Meta.fields, "link", "mailed"]


class InvitationViewSet(ManagesAccount, mixins.ListModelMixin, viewsets.GenericViewSet[Invitation]):
    """Who is invited to the site and has not answered. For its managers."""

    serializer_class = InvitationSerializer
    queryset = Invitation.objects.none()

    def get_queryset(self) -> QuerySet[Invitation]:
        """Those of a site that the asker manages."""
        if getattr(self, "swagger_fake_view", False):
            return Invitation.objects.none()
        site = managed_site(self.request, self.kwargs["site_id"])
        rows = Invitation.objects.filter(site=site, used_at=None, expires_at__gt=timezone.now())
        return rows.select_related("invited_by")

    @extend_schema(request=InvitationSerializer, responses={201: NewInvitationSerializer})
    def create(self, request: Request, site_id: str) -> Response:
        """Invite somebody, by mail where `email` is given; the link works once, for a week."""
        site = managed_site(request, site_id)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if asked.validated_data.get("email"):
            refuse_too_many(attempts.guess_at(request._request, person(request).username, what="invite"))
        made = invitations.invite(site=site, by=person(request), **asked.validated_data)
        row = self.get_serializer(made.invitation).data
        return Response({**row, "link": made.link, "mailed": made.mailed}, status=201)

    @extend_schema(responses={204: OpenApiResponse(description="Done.")})
    def destroy(self, request: Request, site_id: str, pk: str) -> Response:
        """Take it back: the link stops working."""
        invitations.take_back(invitation=self.get_object(), by=person(request))
        return Response(status=204)


class RegisterSerializer(serializers.Serializer[Any]):
    """Where the link to choose a password is mailed to; it becomes the user name."""

    email = serializers.EmailField(max_length=150)
    language = serializers.ChoiceField(choices=LANGUAGES, default="en")


class RegistrationSerializer(serializers.Serializer[Any]):
    """Whether there is any use in asking."""

    open = serializers.BooleanField(help_text="Whether anybody with an e-mail address can register here.")


class SecretSerializer(serializers.Serializer[Any]):
    """What stands behind the # of the link."""

    secret = LinkSecretField()


class InvitedSerializer(serializers.Serializer[Any]):
    """What an invitation is to."""

    site = serializers.CharField(source="site.name", default=None, allow_null=True)
    role = RoleField(help_text="In the site.")
    email = serializers.EmailField(allow_blank=True)
    expires_at = serializers.DateTimeField()


class AcceptSerializer(SecretSerializer):
    """Who accepts without being logged in becomes a user."""

    username = serializers.CharField(
        max_length=150, required=False, default="", allow_blank=True, help_text="The e-mail address if it is empty."
    )
    password = PasswordField(required=False, default="")
    language = serializers.ChoiceField(choices=LANGUAGES, default="en")


class RegisterView(APIView):
    """For who wants to become a user, where VIGIL_REGISTRATION is open."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=RegistrationSerializer)
    def get(self, request: Request) -> Response:
        """Whether one can register here, for the log-in page to offer it."""
        return Response({"open": settings.VIGIL_REGISTRATION == "open"})

    @extend_schema(request=RegisterSerializer, responses={202: OpenApiResponse(description="Look into the mailbox.")})
    def post(self, request: Request) -> Response:
        """Ask for a link by mail. The answer is the same whether or not the address has an account."""
        asked = RegisterSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if settings.VIGIL_REGISTRATION != "open":
            raise invitations.RegistrationClosed("Nobody can register here: ask whoever runs Vigil for an invitation.")
        email = asked.validated_data["email"]
        refuse_too_many(attempts.guess_at(request._request, email.casefold(), what="register"))
        tasks.order(tasks.REGISTER, email, asked.validated_data["language"])
        return Response(status=202)


class LookView(APIView):
    """For who has got a link."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=SecretSerializer, responses=InvitedSerializer)
    def post(self, request: Request) -> Response:
        """What the invitation is to. Does not use it up."""
        asked = SecretSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        invitation = invitations.find_invitation(secret=asked.validated_data["secret"])
        return Response(InvitedSerializer(invitation).data)


class AcceptView(APIView):
    """For who has got a link, logged in or not."""

    permission_classes = (NotByKey,)

    @extend_schema(request=AcceptSerializer, responses={200: UserSerializer, 201: UserSerializer})
    def post(self, request: Request) -> Response:
        """Accept: as myself (200), or as a new user (201), who then logs in."""
        asked = AcceptSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        if request.user.is_authenticated:
            invitations.accept_as(secret=data["secret"], user=person(request))
            return Response(UserSerializer(request.user).data)
        refuse_too_many(attempts.guess_at(request._request, data["secret"], what="accept"))
        user: User = invitations.accept_as_new_user(**data)
        recognise(request._request, user)
        return Response(UserSerializer(user).data, status=201)
