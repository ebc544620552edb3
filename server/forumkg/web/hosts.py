"""Check the Host of a request: that there is one, and that it is a name of this server.

https://www.rfc-editor.org/rfc/rfc9112#section-3.2 wants the first. The second keeps a foreign page from
reaching a server on its reader's own machine by a name that it makes point there (DNS rebinding).
"""

import re
from typing import Final

from forumkg.errors import BadRequest, MisdirectedRequest

__all__ = ["check_host"]

_HOST: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?"
)


def check_host(host: str | None, allowed: frozenset[str]) -> None:
    """Refuse a request that names no host, or another one.

    Args:
        host: the Host header, or `:authority` of HTTP/2; None where the request has none.
        allowed: the names that this server has, in lower case and without a port; empty means any.

    Raises:
        BadRequest: there is no host, or what it says is none.
        MisdirectedRequest: the host is not one of ours.
    """
    match = _HOST.fullmatch(host or "")
    if match is None:
        raise BadRequest(
            f"The Host header is {host!r}: send the name of the server, as in `Host: example.org`."
        )
    name = match["name"].lower().rstrip(".")
    if allowed and name not in allowed:
        raise MisdirectedRequest(f"This server is not {name!r}: ask {' or '.join(sorted(allowed))}.")
