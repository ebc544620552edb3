"""The policy of a server towards its clients: rate limits, trusted proxies, hosts, log and contact."""

from dataclasses import dataclass
from typing import Final

from forumkg.web.addresses import Network

__all__ = ["SLOW_QUERY", "Policy"]

# What a person notices; by then a query has left the fast lane.
SLOW_QUERY: Final = 1.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for clients; the defaults suit a public endpoint on two cores.

    Attributes:
        client_seconds: of a worker's time that a client may use in a minute; 0 is no limit.
        client_errors: that a client may make in a minute; 0 is no limit.
        trusted_proxies: the proxies whose `X-Forwarded-For` is trusted.
        allowed_hosts: the values of Host that are accepted, in lower case; none means any.
        slow_query: seconds after which a query is logged as slow.
        contact: where readers report errors, as `contact.parse_contact` returns it; empty for nowhere.
    """

    client_seconds: float = 60.0
    client_errors: float = 60.0
    trusted_proxies: tuple[Network, ...] = ()
    allowed_hosts: frozenset[str] = frozenset()
    slow_query: float = SLOW_QUERY
    contact: str = ""
