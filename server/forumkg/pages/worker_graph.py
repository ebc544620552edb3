"""Query the workers for pages, within the limits of the client."""

from typing import Final

import pyoxigraph as ox

from forumkg.errors import LimitError, PoolBusy, QueryOutOfMemory, QueryTimeout
from forumkg.formats import JSON, N_TRIPLES, Format
from forumkg.pages.graph import Graph, Row, read_rows, read_truth
from forumkg.pages.languages import DEFAULT, N_, gettext, language
from forumkg.pages.translated_graph import TranslatedGraph
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import current_client
from forumkg.web.state import query_service

__all__ = ["WorkerGraph", "current_graph"]

# For readers of the page, who wrote no query.
_WORDS: Final[dict[type[LimitError], str]] = {
    PoolBusy: N_("Too many queries wait, so this page could not be made in time."),
    QueryOutOfMemory: N_("A query behind this page takes more memory than the server allows."),
    QueryTimeout: N_("A query behind this page takes more time than the server allows."),
}


def current_graph() -> Graph:
    """Return the graph as the page of the current request queries it: in its language, within its limits."""
    graph = WorkerGraph(query_service(), current_client())
    return graph if language() == DEFAULT else TranslatedGraph(graph, language())


class WorkerGraph:
    """Asks by the workers, as a client would; what was asked before comes from the cache of answers."""

    def __init__(self, service: QueryService, client: str) -> None:
        """Ask for a client, by its address."""
        self._service = service
        self._client = client

    def select(self, query: str) -> tuple[Row, ...]:
        """Return the solutions of a SELECT."""
        return read_rows(self._results(query))

    def ask(self, query: str) -> bool:
        """Return the truth value of an ASK."""
        return read_truth(self._results(query))

    def construct(self, query: str) -> tuple[ox.Triple, ...]:
        """Return the triples of a CONSTRUCT."""
        data = self._read(query, N_TRIPLES)
        # N-Triples holds triples alone, each as a quad of the default graph.
        return tuple({quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)})

    def _results(self, query: str) -> object:
        return ox.parse_query_results(self._read(query, JSON), format=ox.QueryResultsFormat.JSON)

    def _read(self, query: str, format_: Format) -> bytes:
        try:
            return self._service.fetch(query, format_, self._client)
        except tuple(_WORDS) as error:
            raise type(error)(gettext(_WORDS[type(error)]), retry_after=error.retry_after) from error
