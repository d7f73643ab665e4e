"""Where the web server listens and who may reach it: this machine alone, or others through HTTPS."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from project.launcher.errors import Refusal
from project.launcher.network import is_loopback, own_names

_EVERY = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Listen:
    """An address to listen at, and what people call it."""

    host: str
    port: int
    url: str
    certificate: str = ""
    key: str = ""
    behind_proxy: bool = False

    @property
    def check_url(self) -> str:
        """How this machine itself reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"{'https' if self.certificate else 'http'}://{_bracketed(host)}:{self.port}"

    def environment(self) -> dict[str, str]:
        """What Django is told: names and origins to accept, and to be strict where others can reach it."""
        told = {"VIGIL_BASE_URL": self.url}
        if is_loopback(self.host) and not self.behind_proxy:
            return told
        outside = urlsplit(self.url).hostname or self.host
        names = {outside, self.host, *(own_names() if self.host in _EVERY else ())} - set(_EVERY)
        told["VIGIL_PRODUCTION"] = "1"
        told["VIGIL_ALLOWED_HOSTS"] = ",".join(["127.0.0.1", "localhost", *sorted(names)])
        told["VIGIL_TRUSTED_ORIGINS"] = ",".join([self.url, *(f"https://{name}:{self.port}" for name in sorted(names))])
        if self.behind_proxy:
            told["VIGIL_BEHIND_PROXY"] = "1"
            told["VIGIL_TRUSTED_ORIGINS"] = self.url
        return told


def listen_at(
    host: str, port: int, *, url: str = "", certificate: str = "", key: str = "", behind_proxy: bool = False
) -> Listen:
    """What `./vigil up` was given, checked. Raises Refusal where passwords would travel in the clear."""
    if not 1 <= port <= 65535:
        raise Refusal(f"--port {port}: a port is a number from 1 to 65535.")
    if bool(certificate) != bool(key):
        raise Refusal("--certificate and --key go together.")
    if certificate:
        _demand_pair(certificate, key)
    if behind_proxy and not url.startswith("https://"):
        raise Refusal("--behind-proxy needs --url https://…, the address that people type.")
    if not (is_loopback(host) or certificate or behind_proxy):
        raise Refusal(
            f"--host {host} would send passwords and pictures over the network in the clear. Give --certificate FILE "
            "--key FILE, or --behind-proxy --url https://… if a proxy speaks HTTPS for Vigil: see docs/operations.md."
        )
    name = own_names()[0] if host in _EVERY else host
    default = f"{'https' if certificate else 'http'}://{_bracketed(name)}:{port}"
    return Listen(host, port, (url or default).rstrip("/"), certificate, key, behind_proxy)


def _demand_pair(certificate: str, key: str) -> None:
    for file in (certificate, key):
        if not Path(file).is_file():
            raise Refusal(f"{file} does not exist.")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except ssl.SSLError:
        raise Refusal(f"{certificate} and {key} are no PEM certificate and its unencrypted key.") from None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
