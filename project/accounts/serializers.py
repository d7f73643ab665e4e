"""People and sites as the API shows them, and what it takes to log in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from project.accounts.api.fields import CodeField
from project.accounts.models import Role, Site, User
from project.accounts.rights import roles_of, sites_of


class SiteSerializer(serializers.ModelSerializer[Site]):
    """A site with the role that the asker has in it."""

    role = serializers.SerializerMethodField()

    class Meta:
        model = Site
        fields: ClassVar = ["id", "name", "role", "time_zone"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=[role.label for role in Role]))
    def get_role(self, site: Site) -> str:
        """viewer, operator or manager."""
        return Role(self.context["roles"][site.pk]).label


class UserSerializer(serializers.ModelSerializer[User]):
    """Somebody with the sites they may see."""

    sites = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar = ["id", "username", "language", "is_staff", "sites"]
        read_only_fields = fields

    @extend_schema_field(SiteSerializer(many=True))
    def get_sites(self, user: User) -> list[dict[str, Any]]:
        """The sites of the user, by name."""
        serializer = SiteSerializer(sites_of(user), many=True, context={"roles": roles_of(user)})
        return list(serializer.data)


class LanguageSerializer(serializers.Serializer[Any]):
    """One of those that Vigil speaks."""

    language = serializers.ChoiceField(choices=settings.LANGUAGES)


class LogInSerializer(serializers.Serializer[Any]):
    """Name and password, and the code of who has a second factor."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    code = CodeField(help_text="Of the app, or a recovery code; where the answer before was second_factor_needed.")


class RefreshSerializer(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = serializers.CharField(max_length=200)


class LogOutSerializer(serializers.Serializer[Any]):
    """The refresh token, for a script that has lost its access token."""

    refresh = serializers.CharField(max_length=200, required=False)


class TokenPairSerializer(serializers.Serializer[Any]):
    """What a script is given at log-in."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds that the access token lives.")
    user = UserSerializer()


class CsrfSerializer(serializers.Serializer[Any]):
    """For the header X-CSRFToken."""

    csrf_token = serializers.CharField()
