"""Write the Server-Timing header, which browsers show beside a request.

https://www.w3.org/TR/server-timing/#the-server-timing-header-field
"""

from typing import Final

__all__ = ["HEADER", "server_timing"]

HEADER: Final = "Server-Timing"


def server_timing(**seconds: float) -> str:
    """Return the value of the header: the named durations in milliseconds, in the order given.

    >>> server_timing(queue=0.0004, query=0.0123)
    'queue;dur=0.4, query;dur=12.3'
    """
    return ", ".join(f"{name};dur={duration * 1000:.1f}" for name, duration in seconds.items())
