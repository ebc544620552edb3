"""The address of a client, behind proxies that are trusted or not."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.web.addresses import (
    client_address,
    client_key,
    client_scheme,
    parse_address,
    parse_hosts,
    parse_networks,
)

TRUSTED = parse_networks("127.0.0.0/8, 10.0.0.0/8,::1")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:4711 ", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_parse_address(text: str, address: str) -> None:
    """An address is read in each form that sockets and proxies write it in."""
    assert str(parse_address(text)) == address


@pytest.mark.parametrize(
    "text", ["", "unknown", "_hidden", "unix:", "192.0.2", "192.0.2.1:", "[::1", "1:2", "1" * 60_000]
)
def test_parse_no_address(text: str) -> None:
    """A text that does not name an address is not one."""
    assert parse_address(text) is None


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("192.0.2.9", "", "192.0.2.9"),
        ("192.0.2.9", "203.0.113.7", "192.0.2.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1:4711", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7,10.1.2.3", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, what, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("unix:", "203.0.113.7", "unix:"),
    ],
    ids=str,
)
def test_client_address(peer: str, forwarded_for: str, client: str) -> None:
    """The client is the rightmost address that no trusted proxy has, never what the client itself wrote."""
    assert client_address(peer, forwarded_for, TRUSTED) == client


def test_client_address_without_trust() -> None:
    """Without trusted proxies the header has no effect."""
    assert client_address("127.0.0.1", "203.0.113.7", ()) == "127.0.0.1"


@given(st.ip_addresses(), st.text())
def test_forwarded_for_of_a_stranger(peer: ipaddress.IPv4Address | ipaddress.IPv6Address, text: str) -> None:
    """Whatever a client writes before it, the address that a trusted proxy appended is the client's."""
    real = parse_address(str(peer))
    assert real is not None
    if any(real in network for network in TRUSTED):
        return

    assert client_address("127.0.0.1", f"{text},{peer}", TRUSTED) == str(real)


def test_parse_networks() -> None:
    """A list of networks is read; a wrong entry is an error that names it."""
    assert [str(network) for network in TRUSTED] == ["127.0.0.0/8", "10.0.0.0/8", "::1/128"]
    assert parse_networks("") == ()
    with pytest.raises(ValueError, match=r"example\.org"):
        parse_networks("127.0.0.1,example.org")


@pytest.mark.parametrize(
    ("peer", "proto", "scheme"),
    [
        ("127.0.0.1:4711", "https", "https"),
        ("127.0.0.1:4711", "", "http"),
        ("127.0.0.1:4711", "gopher", "http"),
        ("192.0.2.9", "https", "http"),
        ("unix:", "https", "http"),
    ],
)
def test_client_scheme(peer: str, proto: str, scheme: str) -> None:
    """A client asked by https where a trusted proxy says so."""
    assert client_scheme(peer, proto, TRUSTED) == scheme


def test_client_key() -> None:
    """An IPv4 address is a client of its own, an IPv6 network of 64 bits is one client."""
    assert client_key("192.0.2.1") == "192.0.2.1"
    assert client_key("2001:db8:1:2:3:4:5:6") == client_key("2001:db8:1:2::") == "2001:db8:1:2::/64"
    assert client_key("2001:db8:1:3::") != client_key("2001:db8:1:2::")
    assert client_key("unix:") == "unix:"


def test_parse_hosts() -> None:
    """Names are compared in lower case and without a dot at their end; what is never compared is refused."""
    assert parse_hosts(" Example.ORG., [::1],,10.0.0.1 ,b_c") == {"example.org", "[::1]", "10.0.0.1", "b_c"}
    assert parse_hosts("") == frozenset()
    for text in ("a b", "example.org:8000", "https://example.org", "a/", "::1", "*.example.org"):
        with pytest.raises(ValueError, match="is not the name of a host"):
            parse_hosts(f"example.org,{text}")
