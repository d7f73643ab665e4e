"""What the environment says, read once and checked: the only place that reads it for Django.

An unsafe or half-set production environment is refused here with a sentence that names the variable and the fix.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def secret(name: str) -> str:
    """The variable NAME, or the content of the file that NAME_FILE names; empty where neither is set."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text().strip()
    return os.environ.get(name, "").strip()


def new_fernet_key() -> str:
    """A key for encryption."""
    return Fernet.generate_key().decode()


def new_token() -> str:
    """50 random bytes, as text."""
    return secrets.token_urlsafe(50)


def kept_secret(name: str, *, folder: Path, make: Callable[[], str] = new_token) -> str:
    """The secret NAME, or one made at the first start and kept, readable by its owner alone, in `folder`."""
    given = secret(name)
    if given:
        return given
    path = folder / name.lower()
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whichever process comes first decides
        draft.unlink()
    return path.read_text().strip()


def refuse(when: bool, sentence: str) -> None:
    """Raises ImproperlyConfigured with `sentence` if `when`."""
    if when:
        raise ImproperlyConfigured(sentence)


def refuse_bad_keys(keys: Sequence[str]) -> None:
    """Raises ImproperlyConfigured unless each is a Fernet key."""
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                "VIGIL_FIELD_KEYS must be Fernet keys (32 bytes in URL-safe base64), separated by commas; "
                "make one with `openssl rand -base64 32 | tr +/ -_`."
            ) from None


def refuse_bad_networks(name: str, networks: Sequence[str]) -> None:
    """Raises ImproperlyConfigured unless each is a network in CIDR form."""
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must be networks such as 192.168.1.0/24, separated by commas; {network} is none."
            ) from None


def refuse_unsafe(
    *, debug: bool, hosts: Sequence[str], base_url: str, cors_origins: Sequence[str], redis_url: str
) -> None:
    """Raises ImproperlyConfigured for what must not be so where strangers can reach this instance."""
    where = "where VIGIL_PRODUCTION=1"
    refuse(debug, f"VIGIL_DEBUG=1 shows secrets to strangers: unset it {where}.")
    refuse(any(host.startswith("*") for host in hosts), f"VIGIL_ALLOWED_HOSTS must name your hosts {where}, not *.")
    refuse(not base_url.startswith("https://"), f"VIGIL_BASE_URL must begin with https:// {where}.")
    refuse(
        any("*" in origin or not origin.startswith("https://") for origin in cors_origins),
        f"VIGIL_CORS_ORIGINS must name https:// origins {where}.",
    )
    redis = urlsplit(redis_url)
    refuse(
        redis.hostname not in ("127.0.0.1", "localhost", "::1", None) and not redis.password,
        f"REDIS_URL must have a password {where}: whoever reaches Redis can give the workers orders.",
    )
