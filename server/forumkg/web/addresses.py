"""Find the client of a request, behind the reverse proxies that the operator trusts.

Any client can write an `X-Forwarded-For` of its own. Its entries count from the right only, and only as long
as trusted proxies wrote them: https://www.rfc-editor.org/rfc/rfc7239#section-8.1
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

__all__ = [
    "Address",
    "Network",
    "client_address",
    "client_key",
    "client_scheme",
    "is_trusted",
    "normalized_address",
    "parse_address",
    "parse_hosts",
    "parse_networks",
]

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# 192.0.2.1:4711, [2001:db8::1] and [2001:db8::1]:4711: what sockets and some proxies write for an address.
_WITH_PORT: Final = re.compile(r"(?P<v4>[0-9.]+):\d+|\[(?P<v6>[0-9A-Fa-f:.]+)\](?::\d+)?")
_HOST: Final = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
# Longer than any address with a zone and a port.
_MAX_ADDRESS: Final = 128
# What one household or one machine holds: https://www.rfc-editor.org/rfc/rfc6177
_ONE_SITE: Final = 64


def parse_address(text: str) -> Address | None:
    """Return the address that a text names, with or without a port; None if it does not name one."""
    # A proxy may pass on what a client made long, and the cache counts entries, not bytes.
    return _parse(text) if len(text) <= _MAX_ADDRESS else None


@lru_cache(maxsize=4096)  # A client that keeps its connection asks often.
def _parse(text: str) -> Address | None:
    match = _WITH_PORT.fullmatch(text.strip())
    bare = (match["v4"] or match["v6"]) if match else text.strip()
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a list that is separated by commas: `127.0.0.1,10.0.0.0/8,::1`.

    Raises:
        ValueError: an entry is neither an address nor a network.
    """
    return tuple(ip_network(entry.strip()) for entry in text.split(",") if entry.strip())


def parse_hosts(text: str) -> frozenset[str]:
    """Return the host names of a list that is separated by commas, in lower case: `example.org,[::1]`.

    Raises:
        ValueError: an entry is not a name or an address without a port, as no Host is compared with it.
    """
    names = {name.strip().removesuffix(".").lower() for name in text.split(",")} - {""}
    for name in sorted(names):
        if not _HOST.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a host")
    return frozenset(names)


def client_address(peer: str, forwarded_for: str, trusted: tuple[Network, ...]) -> str:
    """Return the address of the client of a request.

    Args:
        peer: the other end of the connection.
        forwarded_for: all `X-Forwarded-For` of the request, joined by commas; empty where there is none.
        trusted: the proxies whose word counts.

    Returns:
        The rightmost address that is not a trusted proxy: the client itself may have written those left
        of it. If the peer has no internet address (a Unix socket), the peer as it is.
    """
    if not forwarded_for:
        return normalized_address(peer)
    address = parse_address(peer)
    if address is None:
        return peer
    for entry in reversed(forwarded_for.split(",")):
        if not any(address in network for network in trusted):
            break
        before = parse_address(entry)
        if before is None:
            break
        address = before
    return str(address)


@lru_cache(maxsize=4096)
def normalized_address(peer: str) -> str:
    """Return the address of the other end of a connection, in its usual form if it is an internet address."""
    address = parse_address(peer)
    return peer if address is None else str(address)


def is_trusted(peer: str, trusted: tuple[Network, ...]) -> bool:
    """Whether the other end of a connection is a proxy whose word counts."""
    address = parse_address(peer)
    return address is not None and any(address in network for network in trusted)


def client_scheme(peer: str, forwarded_proto: str, trusted: tuple[Network, ...]) -> str:
    """Return the scheme by which a client asked: `http`, or `https` where a trusted proxy says so.

    Args:
        peer: the other end of the connection.
        forwarded_proto: the `X-Forwarded-Proto` of the request; empty where there is none.
        trusted: the proxies whose word counts.
    """
    return "https" if forwarded_proto == "https" and is_trusted(peer, trusted) else "http"


@lru_cache(maxsize=4096)
def client_key(address: str) -> str:
    """Return the name under which the rate limits and shares of a client are kept.

    One machine may send from any address of an IPv6 network of 64 bits, so all of them are one client.
    """
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _ONE_SITE), strict=False))
    return address
