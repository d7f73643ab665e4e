"""My API keys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from project.accounts import tokens
from project.accounts.api.access import ManagesAccount, person
from project.accounts.api.fields import RoleField
from project.accounts.models import Site, Token
from project.accounts.rights import sites_of


class SiteOfMine(serializers.PrimaryKeyRelatedField[Site]):
    """A site that the asker sees; another one does not exist."""

    def get_queryset(self) -> QuerySet[Site]:
        """The sites of whoever asks."""
        return sites_of(self.context["request"].user)


class KeySerializer(serializers.ModelSerializer[Token]):
    """An API key, without its secret."""

    role = RoleField(help_text="The highest role that it acts in.")
    site = SiteOfMine(required=False, allow_null=True, default=None, help_text="The only site it opens; null for all.")
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    class Meta:
        model = Token
        fields: ClassVar = ["id", "name", "role", "site", "created_at", "expires_at", "last_used_at"]
        read_only_fields: ClassVar = ["id", "created_at", "last_used_at"]
        extra_kwargs: ClassVar = {"name": {"required": True, "allow_blank": False}}

    def validate_expires_at(self, value: Any) -> Any:
        """In time to come."""
        if value is not None and value <= timezone.now():
            raise serializers.ValidationError("This is over already.")
        return value


class NewKeySerializer(KeySerializer):
    """A new API key with its secret, which is shown this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(KeySerializer.Meta):
        fields: ClassVar = [*KeySerializer.Meta.fields, "secret"]


class KeyViewSet(ManagesAccount, mixins.ListModelMixin, viewsets.GenericViewSet[Token]):
    """My API keys that have not ended. They can never manage accounts."""

    serializer_class = KeySerializer
    queryset = Token.objects.none()

    def get_queryset(self) -> QuerySet[Token]:
        """Mine."""
        if getattr(self, "swagger_fake_view", False):
            return Token.objects.none()
        return tokens.alive(
            Token.objects.filter(user=person(self.request), kind=Token.Kind.API_KEY).select_related("user")
        )

    @extend_schema(request=KeySerializer, responses={201: NewKeySerializer})
    def create(self, request: Request) -> Response:
        """Make one. It can do no more than I can in its site, and no more than its role."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        key, secret = tokens.issue_api_key(user=person(request), **asked.validated_data)
        return Response({**self.get_serializer(key).data, "secret": secret}, status=201)

    @extend_schema(responses={204: OpenApiResponse(description="Done.")})
    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke it, at once."""
        tokens.revoke_api_key(key=self.get_object())
        return Response(status=204)
