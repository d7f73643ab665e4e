"""This instance's policy, from Django's settings."""

from __future__ import annotations

from django.conf import settings

from project.outgoing.policy import Policy


def policy() -> Policy:
    """For addresses that users name."""
    return Policy(
        allowed_networks=tuple(settings.VIGIL_ALLOWED_TARGET_NETWORKS),
        tls_only=settings.PRODUCTION,
    )


def trusted_policy() -> Policy:
    """For servers that the administrator names in the environment: wherever they are."""
    return Policy(allowed_networks=("0.0.0.0/0", "::/0"), tls_only=False)
