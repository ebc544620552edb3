"""The profiles of engines: addresses, timeouts, formats, and how each reports a failure.

A profile is data: `make docs` writes the table in docs/engines.md from it. Engines differ nowhere else.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from forumkg.dataset.description import DATASET
from forumkg.formats import JSON_LD, RDF_XML, Format

__all__ = ["PROFILES", "EngineTimeout", "Profile"]


@dataclass(frozen=True, slots=True)
class EngineTimeout:
    """The parameter of a request that bounds its time.

    Attributes:
        parameter: its name.
        unit: what follows the number of seconds.
    """

    parameter: str
    unit: str = ""

    def value(self, seconds: float) -> str:
        """Return the value of the parameter for a number of seconds, which is rounded up."""
        return f"{max(1, math.ceil(seconds))}{self.unit}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of engine.

    Attributes:
        name: the value of `--profile`.
        label: its name in texts.
        tried: the versions that were tried; empty where the profile is from the engine's documentation alone.
        example: an address of a dataset, as `--engine` has it.
        query: the path of queries, below the address of the dataset.
        store: the path that a whole dataset is loaded to, below the same.
        default_store: where the default graph alone is loaded to, on an engine without named graphs.
        is_form: send a query as a form, and not as the body itself.
        timeout: the parameter for the time of a query; None where only the engine's own options bound it.
        graphs: the format that graphs are asked for; it is closed by itself, so that a cut is an error.
        default_graph: the `default-graph-uri` of queries that name no graph.
        names_graphs: name the graphs of the version too, where a query has GRAPH and `default_graph` is sent.
        failures: header fields that only failed queries have.
        timeouts: values of such a field, and words of an error text, that mean that the time was over.
        blank_prefix: what blank nodes begin with in its answers, where that is not a label of SPARQL.
        counts: whether the engine counts the triples of a version, and none that are its own.
        ask_column: the column of a table that the engine answers ASK with.
        creates: how the engine makes a dataset: `fuseki` or `rdf4j`; empty where its operator does.
            A new name needs its `case` in `create_dataset` (`engine/loading.py`).
        deviations: patterns of `group name: detail` of tests that fail on this engine, and why.
        remark: what an operator has to know.
    """

    name: str
    label: str
    tried: str
    example: str
    query: str
    store: str
    default_store: str = ""
    is_form: bool = False
    timeout: EngineTimeout | None = None
    graphs: Format = RDF_XML
    default_graph: str = ""
    names_graphs: bool = False
    failures: tuple[str, ...] = ()
    timeouts: tuple[str, ...] = ()
    blank_prefix: str = ""
    counts: bool = True
    ask_column: str = ""
    creates: str = ""
    deviations: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""


_RDF4J_NIL: Final = "http://rdf4j.org/schema/rdf4j#nil"
_SECONDS: Final = EngineTimeout("timeout")
_OWN_GRAPHS: Final = "the shapes are graphs of their own"
_AGGREGATES: Final = "the limit ends rows that are sent, not an aggregate"
_ROWS: Final = "the limit ends no rows that are being sent; the end of the connection does"
_LONG: Final = "an integer above 2,147,483,647 cannot be read back"

_ALL: Final = (
    Profile(
        name="fuseki",
        label="Apache Jena Fuseki",
        tried="5.6.0",
        example="http://127.0.0.1:3030/forum",
        query="/query",
        store="/data",
        timeout=_SECONDS,
        graphs=RDF_XML,
        creates="fuseki",
        remark="The timeout of a request counts only up to that of the server: `--timeout`.",
    ),
    Profile(
        name="rdf4j",
        label="Eclipse RDF4J Server",
        tried="4.1.3",
        example="http://127.0.0.1:8080/rdf4j-server/repositories/forum",
        query="",
        store="/statements",
        timeout=_SECONDS,
        graphs=RDF_XML,
        default_graph=_RDF4J_NIL,
        names_graphs=True,
        creates="rdf4j",
        deviations={"limit before the first byte, *: it went on for *": _AGGREGATES},
        remark="An aggregate goes on beyond its `timeout`, also after the connection has ended.",
    ),
    Profile(
        name="halyard",
        label="Halyard",
        tried="4.2",
        example="http://127.0.0.1:8080/rdf4j-server/repositories/forum",
        query="",
        store="/statements",
        timeout=_SECONDS,
        graphs=RDF_XML,
        default_graph=_RDF4J_NIL,
        names_graphs=True,
        counts=False,
        deviations={
            "load *: *empty answer*": _LONG,
            "limit *: it failed before its limit of *": _LONG,
            "question 25-money: *empty answer*": _LONG,
            "page *: Which figures *: *empty answer*": _LONG,
        },
        remark="Every query that meets an integer above 2,147,483,647 is an error.",
    ),
    Profile(
        name="virtuoso",
        label="OpenLink Virtuoso",
        tried="7.2.5",
        example="http://127.0.0.1:8890",
        query="/sparql",
        store="",
        default_store="/sparql-graph-crud",
        is_form=True,
        graphs=RDF_XML,
        default_graph=DATASET,
        failures=("X-SQL-State", "X-SPARQL-MaxRows"),
        timeouts=("S1TAT", "S1T00"),
        blank_prefix="nodeID://",
        ask_column="__ASK_RETVAL",
        deviations={
            "limit in mid-answer, SPARQL results JSON: it went on for *": _ROWS,
            "*: truth values as numbers": "truth values come as 1 and 0",
            "page */shapes.html:*": _OWN_GRAPHS,
            "page /id/scheme/*: What points to the thing, *: 1 rows for 2: *": _OWN_GRAPHS,
            "page /ontology.html:*0 rows for*": "the files of the ontology are graphs of their own",
        },
        remark="One named graph holds the merge of the version; a server holds one version. Grant "
        "`SPARQL_UPDATE` to `SPARQL` while it is loaded, or load the graph by `ld_dir`. No request has the "
        "parameter `timeout`, with which Virtuoso sends what it has by then as a whole answer: set "
        "`MaxQueryExecutionTime`, at which a query fails, unless its rows are being written by then. A "
        "connection keeps a thread of Virtuoso: `ServerThreads` of `[HTTPServer]` has to be more than the "
        "workers of all fronts, 7 for each process by default; with fewer it answers nothing.",
    ),
    Profile(
        name="oxigraph",
        label="Oxigraph server",
        tried="0.5.13",
        example="http://127.0.0.1:7878",
        query="/query",
        store="/store",
        graphs=RDF_XML,
        deviations={"limit in mid-answer, *: it went on for *": "its limit ends some queries alone"},
        remark="A request has no timeout: start the server with a `--timeout-s` 2 s above our `--timeout`. "
        "That limit ends some queries alone, and each query keeps a thread until it has passed.",
    ),
    Profile(
        name="graphdb",
        label="Ontotext GraphDB",
        tried="",
        example="http://127.0.0.1:7200/repositories/forum",
        query="",
        store="/statements",
        timeout=_SECONDS,
        graphs=RDF_XML,
        default_graph=_RDF4J_NIL,
        names_graphs=True,
    ),
    Profile(
        name="qlever",
        label="QLever",
        tried="",
        example="http://127.0.0.1:7001",
        query="",
        store="",
        timeout=EngineTimeout("timeout", unit="s"),
        graphs=JSON_LD,
        remark="Build its index of `full.ttl` by its own tools; `forumkg engine load` then verifies it.",
    ),
    Profile(
        name="neptune",
        label="Amazon Neptune",
        tried="",
        example="https://cluster.example:8182",
        query="/sparql",
        store="/sparql/gsp",
        is_form=True,
        graphs=RDF_XML,
        remark="Its default graph is the union of all: load `full.ttl` alone. A request has no timeout: set "
        "`neptune_query_timeout`.",
    ),
)

PROFILES: Final = {profile.name: profile for profile in _ALL}
