"""Fields that several resources of accounts share."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from project.accounts.models import Role


class RoleField(serializers.ChoiceField):
    """viewer, operator or manager."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[role.label for role in Role], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The role of this name."""
        return Role[str(super().to_internal_value(data)).upper()]

    def to_representation(self, value: Any) -> Any:
        """Its name; None for none."""
        return None if value is None else Role(value).label


class PasswordField(serializers.CharField):
    """Any characters, with the spaces that are typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=1024, trim_whitespace=False, write_only=True, **kwargs)


class CodeField(serializers.CharField):
    """A code of the app, or a recovery code; empty where there is no second factor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, required=False, allow_blank=True, default="", **kwargs)


class LinkSecretField(serializers.CharField):
    """What stands behind the # of a link that was mailed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, write_only=True, **kwargs)
