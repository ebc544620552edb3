"""Follow a request for a query on its way to its reply."""

import time
from typing import TYPE_CHECKING

from forumkg.errors import QueryError, RequestError
from forumkg.formats import Format
from forumkg.sparql.parameters import QueryRequest
from forumkg.web.addresses import client_key
from forumkg.web.compression import coding_for
from forumkg.web.query_ids import new_query_id
from forumkg.web.query_replies import refusal
from forumkg.web.query_requests import Request
from forumkg.web.replies import Facts, Reply
from forumkg.workers.pool import Job

if TYPE_CHECKING:
    from forumkg.web.cache import Key

__all__ = ["Errand", "job_of"]


class Errand:
    """A request on its way to its reply.

    Attributes:
        request: what came.
        client: under what name its client is counted.
        id: the name of the query.
        coding: the content coding of the answer.
        query: the text of the query, as soon as it is known.
        format: the format of the answer, as soon as it is known.
        key: what decides the answer, as soon as it is known.
    """

    __slots__ = ("_began", "client", "coding", "format", "id", "key", "query", "request")

    def __init__(self, request: Request) -> None:
        self._began = time.perf_counter()
        self.request = request
        self.client = client_key(request.client)
        self.id = request.query_id or new_query_id()
        self.coding = coding_for(request.accept_encoding)
        self.query = ""
        self.format: Format
        self.key: Key

    def refused(self, error: QueryError | RequestError) -> Reply:
        """Return the reply that says what was wrong."""
        seconds = time.perf_counter() - self._began
        facts = Facts(type(error).__name__, self.query, self.id, seconds=seconds)
        return refusal(self.request, error, facts)


def job_of(asked: QueryRequest, format_: Format, client: str, query_id: str) -> Job:
    """Return what the workers are asked."""
    return Job(
        query=asked.query,
        format=format_,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        timeout=asked.timeout,
        client=client,
        id=query_id,
    )
