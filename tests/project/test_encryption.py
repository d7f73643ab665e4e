"""Stored secrets, and the keys they are stored with."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from project.encryption import decrypt, encrypt


def test_what_was_written_with_an_old_key_is_read_with_the_new_one_before_it(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.VIGIL_FIELD_KEYS = [old]
    token = encrypt("rtsp://a:b@192.0.2.1/")
    assert "192.0.2.1" not in token
    settings.VIGIL_FIELD_KEYS = [new, old]
    assert decrypt(token) == "rtsp://a:b@192.0.2.1/"
    settings.VIGIL_FIELD_KEYS = [new]
    with pytest.raises(ImproperlyConfigured, match="VIGIL_FIELD_KEYS"):
        decrypt(token)
