"""The keys that scripts gave their requests, and what was answered."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from project.encryption import EncryptedTextField


class IdempotencyKey(models.Model):
    """One request of one person. Whoever inserts the row first does what is asked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    """SHA-256 of method, route and body: the same key must mean the same request."""
    claim = models.UUIDField(default=uuid.uuid4)
    """Of the attempt that is under way; another one after its lease has another."""
    leased_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    """Of the answer; null while the request is under way."""
    answer = EncryptedTextField(blank=True, default="")
    """As it was sent. Encrypted: what is shown once to its owner shall not lie about for a day."""
    content_type = models.CharField(max_length=100, blank=True, default="")
    kept = models.BooleanField(default=True)
    """False where the answer was too large to be kept."""
    standing = models.JSONField(default=dict)
    """{site id: role} of the asker then: an answer is not shown again to somebody who lost a right since."""
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="one_request_per_key")]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"
