"""Where connections may go, counted at a listener that nobody may reach."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from project.outgoing.deadline import Deadline
from project.outgoing.http import check_url, post
from project.outgoing.policy import HTTP_PORTS, SMTP_PORTS, NotAllowed, Policy, Unreachable
from tests.support.listeners import listener

LOOPBACK = ("127.0.0.0/8",)


def resolves_to(*answers: list[str]) -> Callable[[str], list[str]]:
    """A resolver that gives one answer after the other, and the last one for ever."""
    left = list(answers)
    return lambda host: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.1", "[::1]", "[::ffff:127.0.0.1]", "[::7f00:1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0.0.0.0", "[::]", "0", "localhost", "LOCALHOST.", "x.localhost"),
        *("10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "169.254.169.254", "169.254.1.1", "[fe80::1]"),
        *("[fd00:ec2::254]", "[fc00::1]", "224.0.0.1", "[ff02::1]", "255.255.255.255", "198.18.0.1", "192.0.2.1"),
        *("metadata.google.internal", "metadata", "instance-data."),
    ],
)
def test_no_spelling_of_an_inner_address_is_allowed(host: str) -> None:
    with pytest.raises(NotAllowed):
        check_url(f"https://{host}/hook", policy=Policy())


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/"),
        *("http://example.org/", "https://", "https:///x", "https://example.org:0/", "https://example.org:99999/"),
        *("https://user:pw@example.org/", "https://example.org@127.0.0.1/", "https://example.org\\@127.0.0.1/"),
        *("https://example.org#@127.0.0.1/", "https://exa mple.org/", "https://example.org/\r\nHost: x"),
        *("https://①②⑦.0.0.1/", "https://ⓔxample.org/", "https://[::1/", "https://[example.org]/"),
        *("https://example.org:22/", "https://example.org:6379/", "https://example.org:25/", "https://a%2eb/"),
        "https://example.org/" + "x" * 2000,
    ],
)
def test_other_urls_are_refused_too(url: str) -> None:
    with pytest.raises(NotAllowed):
        check_url(url, policy=Policy())


@pytest.mark.parametrize("url", ["https://example.org/hook?a=b", "https://1.1.1.1", "https://[2606:4700::1111]:8443/"])
def test_a_public_address_is_allowed(url: str) -> None:
    check_url(url, policy=Policy())


def test_what_is_refused_is_not_repeated() -> None:
    for url in ("https://u:hunter2@example.org/", "https://127.0.0.1/hunter2", "https://hunter2 x/", "http://hunter2/"):
        with pytest.raises(NotAllowed) as caught:
            check_url(url, policy=Policy())
        assert "hunter2" not in str(caught.value)


def test_the_settings_let_a_network_in_with_all_its_ports_but_no_metadata_and_no_group() -> None:
    policy = Policy(allowed_networks=("0.0.0.0/0", "::/0"), tls_only=False)
    check_url("http://192.168.1.20:1880/hook", policy=policy)
    for host in ("169.254.169.254", "[fd00:ec2::254]", "0.0.0.0", "239.1.1.1", "metadata"):
        with pytest.raises(NotAllowed):
            check_url(f"http://{host}/", policy=policy)


def test_a_name_that_leads_inside_is_refused_with_no_connection() -> None:
    with listener() as inside:
        for answer in (["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], ["0.0.0.0"], ["::1%lo"]):
            policy = Policy(tls_only=False, resolve=resolves_to(answer))
            with pytest.raises(NotAllowed, match="leads where it may not") as caught, Deadline(5) as deadline:
                policy.connect("evil.example", inside.port, ports={inside.port}, deadline=deadline)
            assert caught.value.by_name
        assert inside.connections == 0


def test_a_name_is_resolved_once_and_what_it_resolves_to_later_is_not_reached() -> None:
    with listener() as inside, listener(b"HTTP/1.1 204 No Content\r\n\r\n") as checked:
        asked: list[str] = []

        def rebinding(host: str) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

        policy = Policy(allowed_networks=("127.0.0.1/32",), tls_only=False, resolve=rebinding)
        assert post(f"http://evil.example:{checked.port}/", b"", headers={}, policy=policy).status == 204
        with pytest.raises(NotAllowed):
            post(f"http://evil.example:{inside.port}/", b"", headers={}, policy=policy)
        assert (len(asked), inside.connections, checked.connections) == (2, 0, 1)


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    def fail(host: str) -> list[str]:
        raise OSError(host)

    with pytest.raises(Unreachable, match="cannot be resolved"):
        post("https://nowhere.example/", b"", headers={}, policy=Policy(resolve=fail))


def test_the_next_address_is_tried_where_the_first_one_does_not_answer() -> None:
    with listener() as server, Deadline(5) as deadline:
        policy = Policy(allowed_networks=LOOPBACK, resolve=resolves_to(["127.0.0.9", "127.0.0.1"]))
        policy.connect("two.example", server.port, ports=HTTP_PORTS, deadline=deadline).close()


def test_each_protocol_has_its_ports() -> None:
    Policy().check_host("mail.example.org", 587, ports=SMTP_PORTS)
    with pytest.raises(NotAllowed, match="25, 465, 587, 2525"):
        Policy().check_host("1.1.1.1", 80, ports=SMTP_PORTS)
