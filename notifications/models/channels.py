"""Where messages go beside the inbox."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from notifications.severity import LOW, Choices
from project.accounts.models import Site
from project.accounts.rights import SiteOwnedQuerySet
from project.encryption import EncryptedTextField


class Channel(models.Model):
    """One way to reach one person, or whoever listens for a whole site, such as another system."""

    class Kind(models.TextChoices):
        EMAIL = "email", "e-mail"
        WEBHOOK = "webhook", "webhook"
        WEB_PUSH = "web_push", "web push"
        MQTT = "mqtt", "MQTT"
        APPRISE = "apprise", "Apprise"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="channels"
    )
    """Whose own it is; empty for a site's."""
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=80)
    target = EncryptedTextField()
    """JSON, as the transport of the kind has it. Holds secrets: people are shown `targets.masked_target`."""
    severity_floor = models.PositiveSmallIntegerField(choices=Choices, default=LOW)
    """Nothing below goes here."""
    language = models.CharField(max_length=8, default="en", choices=settings.LANGUAGES)
    """Of a site's channel; a person's speaks the person's."""
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=300, blank=True, default="", editable=False)
    """Why Vigil switched it off; empty where nobody or a person did."""
    disabled_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SiteOwnedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(user=None, site__isnull=False) | models.Q(user__isnull=False, site=None),
                name="channel_of_a_person_or_a_site",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_kind_display()})"
