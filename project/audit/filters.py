"""What the trail can be narrowed to."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django_filters import rest_framework as filters

from project.audit.models import AuditEntry

_LARGEST = 2**63 - 1
# A time zone turns the first and the last day of the calendar into an overflow.
_SANE = [MinValueValidator(datetime(1970, 1, 1, tzinfo=UTC)), MaxValueValidator(datetime(9000, 1, 1, tzinfo=UTC))]


class AuditFilter(filters.FilterSet):
    """All that is given must hold."""

    action = filters.CharFilter(
        max_length=64, method="did", help_text="camera.changed, or all that was done to one kind of thing: camera."
    )
    user = filters.NumberFilter(field_name="user_id", min_value=0, max_value=_LARGEST)
    site = filters.NumberFilter(field_name="site_id", min_value=0, max_value=_LARGEST)
    target = filters.CharFilter(field_name="target_id", max_length=64, help_text="The id of what it was done to.")
    after = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte", validators=_SANE)
    before = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt", validators=_SANE)

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    def did(self, queryset: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        """A name that ends with a dot means all that begin so."""
        return queryset.filter(**{"action__startswith" if value.endswith(".") else "action": value})
