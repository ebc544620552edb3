"""The parts of a request and of a query that the access log has."""

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["LoggedQuery", "LoggedRequest"]


class LoggedRequest(NamedTuple):
    """The part of a request that is logged, of one that could not be read as a whole.

    Attributes:
        id: the name of the request in its response and in the log.
        client_address: the address of the client, behind trusted proxies.
        method: its HTTP method.
        path: its path, without a query part.
        began: when it came, by the clock of the log.
    """

    id: str
    client_address: str
    method: str
    path: str
    began: float


class LoggedQuery(NamedTuple):
    """The part of a query that is logged and counted.

    Attributes:
        outcome: `answered`, `cached`, `unchanged`, or the name of an error.
        text: the text of the query, where it came so far.
        query_id: the name by which the query could be cancelled.
        rows: how many rows or triples were answered, where that was counted, or what counts them.
        waited: seconds in the queue.
        seconds: seconds of evaluation; of everything, where it failed.
    """

    outcome: str
    text: str = ""
    query_id: str = ""
    rows: int | Callable[[], int | None] | None = None
    waited: float = 0.0
    seconds: float = 0.0
