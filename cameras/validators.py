"""What may stand in a camera's fields, as Django's models, forms and serializers ask for it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError

from cameras.geometry import GeometryError, parse_polygon, parse_zone
from cameras.sources import SourceNotAllowed, check_source

MAX_SHAPES = 32


def check_source_allowed(value: str) -> None:
    """The policy of `cameras.sources` with this instance's settings."""
    try:
        check_source(value, footage_dir=settings.VIGIL_FOOTAGE_DIR, allowed_networks=settings.VIGIL_ALLOWED_NETWORKS)
    except SourceNotAllowed as error:
        raise ValidationError(str(error), code="source_not_allowed") from None


def check_zones(value: object) -> None:
    """A list of zones."""
    _check_each(value, "zone", parse_zone)


def check_masks(value: object) -> None:
    """A list of polygons."""
    _check_each(value, "mask", parse_polygon)


def _check_each(value: object, what: str, parse: Callable[[object], object]) -> None:
    if not isinstance(value, list) or len(value) > MAX_SHAPES:
        raise ValidationError(f"Give a list of at most {MAX_SHAPES} {what}s.", code="invalid")
    for number, item in enumerate(value, start=1):
        try:
            parse(item)
        except GeometryError as error:
            raise ValidationError(f"{what.capitalize()} {number}: {error}", code="invalid") from None
