"""What an address is, however it is spelled."""

from __future__ import annotations

import ipaddress

import pytest

from project.addresses import embedded, is_host_name, is_public, literal_address


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1."])
def test_every_spelling_of_an_ipv4_address_is_read(host: str) -> None:
    assert literal_address(host) == ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["example.org", "gate_camera", "127.0.0.1.example.org", "①②⑦.0.0.1"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal_address(host) is None


def test_what_stands_in_brackets_must_be_an_address() -> None:
    assert literal_address("fe80::1%eth0", bracketed=True) == ipaddress.ip_address("fe80::1")
    with pytest.raises(ValueError, match="does not appear"):
        literal_address("example.org", bracketed=True)


@pytest.mark.parametrize("text", ["::ffff:10.0.0.1", "2002:a00:1::1", "64:ff9b::a00:1", "10.0.0.1"])
def test_the_ipv4_address_inside_an_ipv6_one_is_found(text: str) -> None:
    assert embedded(ipaddress.ip_address(text)) == ipaddress.ip_address("10.0.0.1")


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1"])
def test_the_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1"),
        *("192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::7f00:1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("2001::1", "2001:db8::1", "3fff::1", "64:ff9b:1::1", "100::1", "5f00::1"),
    ],
)
def test_everything_else_is_not(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


def test_a_host_name_is_ascii_without_anything_that_separates() -> None:
    assert is_host_name("gate_camera.example.org.")
    assert not any(is_host_name(host) for host in ("", "a b", "a@b", "a/b", "é.org", "-a", "a\n", "a#b", "a" * 300))
