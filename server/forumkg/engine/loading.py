"""Load a version into an empty dataset of an engine, and verify that the engine has all of it.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import tempfile
from collections.abc import Callable
from http.client import HTTPResponse
from typing import IO, Final, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from forumkg.engine.answers import ask_engine
from forumkg.engine.authorization import AUTHORIZATION, AUTHORIZATION_FILE
from forumkg.engine.comparison import answer_locally, difference, read_comparable
from forumkg.engine.connection import Engine, engine_errors, reason_of
from forumkg.engine.stored import connect, short
from forumkg.errors import EngineError, StoreError

__all__ = [
    "create_dataset",
    "dataset_address",
    "differences",
    "fill",
    "graphs_of",
    "write_quads",
]

_LOAD: Final = 6 * 3600.0
_COUNT: Final = 600.0
_PLACEHOLDER: Final = "{version}"

# Lost, doubled and corrupted triples change one of these numbers.
_PROPERTIES: Final = """
SELECT ?property (COUNT(*) AS ?triples) (SUM(STRLEN(STR(?value))) AS ?characters)
WHERE { ?s ?property ?value FILTER (!isBlank(?value)) }
GROUP BY ?property
"""
_GRAPHS: Final = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"

_MAKE_ONE: Final = "Make an empty dataset there by the means of the engine, and run the command again."
_FORM: Final = "application/x-www-form-urlencoded"
_FUSEKI_TYPE: Final = "tdb2"
_RDF4J_CONFIG: Final = """
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix ns: <http://www.openrdf.org/config/sail/native#> .
[] a rep:Repository ;
    rep:repositoryID "%(name)s" ;
    rep:repositoryImpl [
        rep:repositoryType "openrdf:SailRepository" ;
        sr:sailImpl [ sail:sailType "openrdf:NativeStore" ; ns:tripleIndexes "spoc,posc,cspo" ]
    ] .
"""


def dataset_address(url: str, digest: str) -> str:
    """Return the address of the dataset for a version: `{version}` is the beginning of its digest.

    Raises:
        StoreError: the address is not one of HTTP.
    """
    address = url.replace(_PLACEHOLDER, short(digest)).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise StoreError(
            f"{url!r} is not the address of a dataset: write http://host:port/path, without a query."
        )
    if parts.username is not None:
        raise StoreError(
            "The address of the engine has a password: write 'Basic ' and the Base64 of user:password into "
            f"{AUTHORIZATION}, or into a file named by {AUTHORIZATION_FILE}."
        )
    return address


def graphs_of(store: ox.Store) -> tuple[str, ...]:
    """Return the named graphs of a version, in the order of their names."""
    return tuple(sorted(name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)))


def create_dataset(engine: Engine) -> None:
    """Have the engine make the dataset.

    Raises:
        StoreError: the engine has no such request, or refuses it.
        EngineError: it does not answer.
    """
    profile, parts = engine.profile, urlsplit(engine.url)
    above, _, name = parts.path.rpartition("/")
    purpose = f"make the dataset {engine.url}"
    match profile.creates:
        case "fuseki":
            body = urlencode({"dbName": f"/{name}", "dbType": _FUSEKI_TYPE}).encode()
            change = _Change("POST", f"{above}/$/datasets", _FORM, purpose, _MAKE_ONE)
        case "rdf4j":
            body = (_RDF4J_CONFIG % {"name": name}).encode()
            change = _Change("PUT", f"{above}/{name}", "text/turtle", purpose, _MAKE_ONE)
        case _:
            raise StoreError(f"{engine.url} does not exist: make an empty dataset there.")
    root = Engine(profile, urlunsplit(parts._replace(path="")), authorization=engine.authorization)
    _send(root, change, body, len(body))


def fill(
    engine: Engine, store: ox.Store, progress: Callable[[str], None], *, is_replaced: bool = False
) -> None:
    """Load all of a store into a dataset of an engine; what was acknowledged is not verified.

    Args:
        engine: the engine.
        store: what to load.
        progress: called with the name of each step.
        is_replaced: whether the dataset may hold something, in the place of which the store is loaded.

    Raises:
        StoreError: the engine refuses the data.
        EngineError: it does not answer.
    """
    profile = engine.profile
    if not profile.store and not profile.default_store:
        raise StoreError(f"{profile.label} is loaded by its own tools: {profile.remark}")
    with tempfile.TemporaryFile() as file:
        if profile.store:
            write_quads(store, file)
            method = "PUT" if is_replaced else "POST"
            change = _Change(method, engine.address(profile.store), "application/n-quads", "load the data")
        else:
            store.dump(file, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
            graph = f"?{urlencode({'graph-uri': profile.default_graph})}" if profile.default_graph else ""
            path = profile.default_store + graph
            change = _Change("PUT", engine.address(path), "text/turtle", "load the data")
        length = file.tell()
        file.seek(0)
        progress(f"Sending {length:,} bytes to {engine.url}")
        _send(engine, change, file, length)


def write_quads(store: ox.Store, file: IO[bytes]) -> None:
    """Write all graphs of a store as N-Quads, triples of the default graph without a name."""
    store.dump(file, format=ox.RdfFormat.N_QUADS)


def differences(engine: Engine, store: ox.Store) -> dict[str, str]:
    """Return how an engine differs from a store, in `properties` and in `graphs`; empty where it does not.

    Raises:
        QueryError: the engine refuses a query.
        LimitError: the engine does not answer; its subclasses say why.
    """
    queries = {"properties": _PROPERTIES, "graphs": _GRAPHS}
    if engine.profile.default_store:
        del queries["graphs"]
    found = {}
    with connect(engine) as connection:
        for name, query in queries.items():
            answer = read_comparable(ask_engine(connection, query, seconds=_COUNT), "SELECT")
            found[name] = difference(answer, answer_locally(store, query, "SELECT"), in_order=False)
    return found


class _Change(NamedTuple):
    """A request that changes what the engine has, what it is for, and what to do where it is refused."""

    method: str
    path: str
    kind: str
    purpose: str
    advice: str = ""


def _send(engine: Engine, change: _Change, body: bytes | IO[bytes], length: int) -> None:
    """Send a request of which only the status matters.

    Raises:
        StoreError: the engine refuses it.
        EngineError: it does not answer.
    """
    headers = engine.headers(Content_Type=change.kind, Content_Length=str(length))
    with connect(engine) as connection:
        try:
            response = connection.request(change.method, change.path, body, headers, _LOAD)
        except EngineError as error:
            raise StoreError(
                f"{engine.url} broke off the request to {change.purpose}: does it accept updates (Fuseki: "
                f"--update), and is --profile {engine.profile.name} right?"
            ) from error
        with engine_errors():
            text = reason_of(response)
    if not _is_success(response):
        answer = f"{response.status} {response.reason}".strip()
        raise StoreError(f"The engine does not {change.purpose} ({answer}): {text} {change.advice}".strip())


def _is_success(response: HTTPResponse) -> bool:
    return response.status // 100 == 2  # noqa: PLR2004 (https://www.rfc-editor.org/rfc/rfc9110#section-15.3)
