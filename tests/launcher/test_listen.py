"""Others than this machine reach Vigil through HTTPS only."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from project.launcher.errors import Refusal
from project.launcher.listen import listen_at
from project.launcher.network import ask, demand_port, free_port, is_loopback


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vigil.test")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(files[0]), str(files[1])


def test_by_default_only_this_machine_reaches_it() -> None:
    listen = listen_at("127.0.0.1", 8000)
    assert listen.url == listen.check_url == "http://127.0.0.1:8000"
    assert listen.environment() == {"VIGIL_BASE_URL": "http://127.0.0.1:8000"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "vigil.example"])
def test_the_network_in_the_clear_is_refused(host: str) -> None:
    with pytest.raises(Refusal, match="in the clear"):
        listen_at(host, 8000)


def test_a_certificate_opens_it_to_others(pair: tuple[str, str]) -> None:
    listen = listen_at("0.0.0.0", 8443, url="https://vigil.test:8443", certificate=pair[0], key=pair[1])
    assert listen.check_url == "https://127.0.0.1:8443"
    environment = listen.environment()
    assert environment["VIGIL_PRODUCTION"] == "1"
    assert {"127.0.0.1", "vigil.test"} <= set(environment["VIGIL_ALLOWED_HOSTS"].split(","))
    assert "*" not in environment["VIGIL_ALLOWED_HOSTS"]
    assert "https://vigil.test:8443" in environment["VIGIL_TRUSTED_ORIGINS"].split(",")


def test_a_proxy_needs_the_address_that_people_type() -> None:
    with pytest.raises(Refusal, match="--url"):
        listen_at("127.0.0.1", 8000, behind_proxy=True)
    listen = listen_at("127.0.0.1", 8000, behind_proxy=True, url="https://vigil.test/")
    assert listen.environment() == {
        "VIGIL_BASE_URL": "https://vigil.test",
        "VIGIL_PRODUCTION": "1",
        "VIGIL_BEHIND_PROXY": "1",
        "VIGIL_ALLOWED_HOSTS": "127.0.0.1,localhost,127.0.0.1,vigil.test",
        "VIGIL_TRUSTED_ORIGINS": "https://vigil.test",
    }


def test_a_certificate_must_fit_its_key(pair: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="go together"):
        listen_at("0.0.0.0", 8443, certificate=pair[0])
    with pytest.raises(Refusal, match="does not exist"):
        listen_at("0.0.0.0", 8443, certificate=pair[0], key=str(tmp_path / "none"))
    with pytest.raises(Refusal, match="no PEM certificate"):
        listen_at("0.0.0.0", 8443, certificate=pair[1], key=pair[0])


@pytest.mark.parametrize("port", [0, 65536, -1])
def test_a_port_is_a_number_of_a_certain_size(port: int) -> None:
    with pytest.raises(Refusal, match="from 1 to 65535"):
        listen_at("127.0.0.1", port)


def test_a_busy_port_is_named_with_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=f"Port {port} is in use by another program"):
            demand_port("127.0.0.1", port)
    demand_port("127.0.0.1", free_port())


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(Refusal, match="no address of this machine"):
        demand_port("192.0.2.7", free_port())


def test_nobody_there_is_an_answer() -> None:
    assert ask(f"http://127.0.0.1:{free_port()}/ready").status == 0


@pytest.mark.parametrize(
    ("host", "own"), [("127.9.9.9", True), ("::1", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own
