"""What the dataset of an engine holds: which version of the graph, and how many triples."""

import json
from functools import cache
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import urlencode

from forumkg.dataset.description import DATASET
from forumkg.dataset.version_info import VersionInfo
from forumkg.engine.connection import Engine, EngineConnection
from forumkg.engine.queries import EngineQuery, read_for_engine
from forumkg.errors import EngineError, EngineVersionError, QueryError
from forumkg.rdf.terms import named

__all__ = ["EngineDataset", "connect", "count_triples", "engine_dataset", "require_stored", "short"]

_CONNECT: Final = 10.0
_COUNT: Final = 600.0
_TRIPLES: Final = "SELECT (COUNT(*) AS ?value) { ?s ?p ?o }"
# One pattern of two constants: each engine answers it from an index, whatever the size of the dataset.
_DIGESTS: Final = f"SELECT ?value {{ <{DATASET}> <{named('dcterms:identifier').value}> ?value }} LIMIT 9"
_SHOWN: Final = 12
_SOON: Final = 5


class EngineDataset(NamedTuple):
    """What a dataset of an engine holds.

    Attributes:
        digests: of the versions of the graph that it says it is: one, unless it is something else.
        triples: the triples of its default graph; None where the engine cannot count them.
    """

    digests: tuple[str, ...]
    triples: int | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, as far as that can be counted."""
        return not self.digests and not self.triples

    def holds(self, info: VersionInfo) -> bool:
        """Whether it says that it is a version, and has as many triples, as far as they can be counted."""
        return self.digests == (info.digest,) and self.triples in {None, info.triples}

    def describe(self) -> str:
        """Return what it holds, for a message: `version 0123456789ab in 1,234 triples`."""
        versions = " and ".join(f"version {short(digest)}" for digest in self.digests)
        held = versions or "no version of this graph"
        return held if self.triples is None else f"{held} in {self.triples:,} triples"


def short(digest: str) -> str:
    """Return the beginning of a digest, by which messages name a version."""
    return digest[:_SHOWN]


def connect(engine: Engine) -> EngineConnection:
    """Open a connection to an engine.

    Raises:
        EngineError: it cannot be reached.
    """
    try:
        return EngineConnection(engine, _CONNECT)
    except EngineError as error:
        raise EngineError(f"{error} Its address is {engine.url}.") from error


def engine_dataset(engine: Engine) -> EngineDataset | None:
    """Return what the dataset of an engine holds; None where the engine has no such dataset.

    Raises:
        EngineError: the engine cannot be reached, or does not answer.
        QueryError: it refuses a query.
    """
    try:
        with connect(engine) as connection:
            digests = _values(connection, _DIGESTS, _COUNT)
    except (EngineError, QueryError):
        if _is_missing(engine):
            return None
        raise
    return EngineDataset(digests, count_triples(engine) if engine.profile.counts else None)


def count_triples(engine: Engine) -> int:
    """Return how many triples the default graph of an engine has; raise what `engine_dataset` does."""
    with connect(engine) as connection:
        (count,) = _values(connection, _TRIPLES, _COUNT)
    return int(count)


def require_stored(connection: EngineConnection, seconds: float) -> None:
    """Require that an engine holds the version that it is asked for.

    Args:
        connection: to an engine with the digest of a version.
        seconds: how long the answer may take.

    Raises:
        EngineVersionError: it holds another version, none, or several.
        LimitError: it does not answer; its subclasses say why.
    """
    digests, expected = _values(connection, _DIGESTS, seconds), connection.engine.version
    if digests != (expected,):
        raise EngineVersionError(
            f"The engine of this endpoint holds {EngineDataset(digests, None).describe()}, and this server "
            f"serves version {short(expected)}: its operator loads that version into the engine, or serves "
            "the other one. Try again later.",
            retry_after=_SOON,
        )


def _values(connection: EngineConnection, query: str, seconds: float) -> tuple[str, ...]:
    """Return the values of the one column of an answer, in order."""
    body = connection.ask(_read(query), seconds)
    try:
        if not (data := body.read()).strip():
            raise EngineError("The engine of this endpoint sent an empty answer.")
        body.finish()
        rows = json.loads(data)["results"]["bindings"]
        return tuple(sorted(str(row["value"]["value"]) for row in rows))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        connection.close()
        raise EngineError(
            "The engine of this endpoint sent an answer that cannot be read to its end."
        ) from error


@cache
def _read(query: str) -> EngineQuery:
    return read_for_engine(query)


def _is_missing(engine: Engine) -> bool:
    path = f"{engine.address(engine.profile.query)}?{urlencode({'query': 'ASK {}'})}"
    with connect(engine) as connection:
        response = connection.request("GET", path, None, engine.headers(Accept="*/*"), _COUNT)
        return response.status == HTTPStatus.NOT_FOUND
