"""An entry of the trail as the API shows it."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from project.audit.models import AuditEntry


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """Who did what to what, when and from where."""

    changes = serializers.SerializerMethodField()
    details = serializers.SerializerMethodField()

    class Meta:
        model = AuditEntry
        fields: ClassVar = [field.name for field in AuditEntry._meta.fields]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_changes(self, entry: AuditEntry) -> Any:
        """{field: [what it was, what it is now]}."""
        return from_json(entry.changes)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_details(self, entry: AuditEntry) -> Any:
        """What else is known."""
        return from_json(entry.details)


def from_json(text: str) -> dict[str, Any]:
    """The values; none where the text was damaged, which `audit verify` finds."""
    try:
        values = json.loads(text or "{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
