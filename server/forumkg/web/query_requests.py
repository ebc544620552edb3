"""Hold what a request says of a query, in plain values."""

from collections.abc import Hashable
from typing import NamedTuple

__all__ = ["Request"]


class Request(NamedTuple):
    """A request as it came, in which nothing is decoded yet; headers that were not sent are empty.

    Attributes:
        client: the address of who asks; the pool keeps a share for each.
        query_id: the name that the client gives to the query, to cancel it by.
    """

    method: str
    query_string: bytes = b""
    content_type: str = ""
    body: bytes = b""
    accept: str = ""
    accept_encoding: str = ""
    if_none_match: str = ""
    client: str = ""
    query_id: str = ""

    @property
    def identity(self) -> Hashable:
        """What decides which answer it has, besides the content coding."""
        return (
            self.method == "POST",
            self.query_string,
            self.content_type,
            self.body,
            self.accept,
        )

    @property
    def length(self) -> int:
        """How many bytes that has."""
        return len(self.query_string) + len(self.content_type) + len(self.body) + len(self.accept)
