"""The app of the keys."""

from __future__ import annotations

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Keys of requests and the answers they had."""

    name = "project.idempotency"
    label = "idempotency"
