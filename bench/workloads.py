"""What the servers are asked: query strings, in most of which a number makes each request a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from bench.datasets import Dataset
from bench.load import NUMBER
from forumkg.namespaces import prefix_lines
from forumkg.rdf.reading import read_text
from forumkg.resources import ontology_dir

__all__ = ["ROWS", "Workload", "attacks", "lookups", "million_rows", "queries", "questions"]

ROWS: Final = 1_000_000

_PREFIXES: Final = prefix_lines("zgc")
_THINGS: Final = 2000


@dataclass(frozen=True, slots=True)
class Workload:
    """Requests of one kind.

    Attributes:
        name: As the report calls it.
        targets: The query strings.
    """

    name: str
    targets: tuple[str, ...]


def questions() -> Workload:
    """Return the questions of the ontology, the same each time: what a cache is good for."""
    texts = [read_text(path) for path in sorted((ontology_dir() / "questions").glob("*.rq"))]
    return Workload(f"the {len(texts)} questions, repeated", tuple(map(_target, texts)))


def lookups(dataset: Dataset) -> Workload:
    """Return all that is said about one statement, each time about the next one."""
    statements = _things(dataset, "zgc:Statement")
    texts = (f"SELECT ?p{NUMBER} ?o {{ {thing} ?p{NUMBER} ?o }}" for thing in statements)
    return Workload("point look-ups, all distinct", tuple(map(_target, texts)))


def queries(dataset: Dataset) -> list[Workload]:
    """Return the workloads whose requests are all distinct."""
    articles = _things(dataset, "zgc:Article")
    joins = (
        f"{_PREFIXES}SELECT ?statement{NUMBER} ?subject ?number ?indicator {{ "
        f"?statement{NUMBER} zgc:isReportedIn {article} ; zgc:isAbout ?subject ; zgc:hasQuantity ?quantity . "
        "?quantity zgc:statedNumber ?number ; zgc:hasIndicator ?indicator }"
        for article in articles
    )
    rows = (
        f"{_PREFIXES}SELECT ?statement{NUMBER} ?p ?o {{ "
        f"?statement{NUMBER} a zgc:Statement ; ?p ?o }} LIMIT 1000"
    )
    aggregate = (
        f"{_PREFIXES}SELECT ?indicator (COUNT(?quantity{NUMBER}) AS ?count) (AVG(?number) AS ?mean) {{ "
        f"?quantity{NUMBER} zgc:hasIndicator ?indicator ; zgc:statedNumber ?number }} GROUP BY ?indicator"
    )
    return [
        lookups(dataset),
        Workload("joins of five patterns, all distinct", tuple(map(_target, joins))),
        Workload("1,000 rows, all distinct", (_target(rows),)),
        Workload("aggregates over all figures, all distinct", (_target(aggregate),)),
    ]


def million_rows(rows: int = ROWS) -> str:
    """Return the query string of a long answer."""
    return _target(f"SELECT * {{ ?s ?p ?o }} LIMIT {rows}")


def attacks() -> tuple[str, ...]:
    """Return queries that would run for hours, or sort millions of rows."""
    product = f"?a ?b ?c{NUMBER} . ?d ?e ?f . ?g ?h ?i"
    texts = (
        f"SELECT (COUNT(*) AS ?n) {{ {product} }}",
        f"SELECT (COUNT(*) AS ?n) {{ ?a (!<x:y>)+ ?c{NUMBER} }}",
        f'SELECT (COUNT(*) AS ?n) {{ {product} FILTER regex(str(?c{NUMBER}), "(a|aa)+$") }}',
        f"SELECT * {{ {{ SELECT * {{ {product} }} LIMIT 1000000 }} }} ORDER BY ?f ?c{NUMBER} LIMIT 10",
        f"SELECT DISTINCT ?c{NUMBER} ?f {{ {{ SELECT * {{ {product} }} LIMIT 1000000 }} }}",
    )
    return tuple(map(_target, texts))


def _target(text: str) -> str:
    return urlencode({"query": text}, quote_via=quote, safe="@")


def _things(dataset: Dataset, class_: str) -> Iterable[str]:
    """Return some things of a class, spread over the dataset."""
    store = ox.Store.read_only(str(dataset.store))
    rows = store.query(f"{_PREFIXES}SELECT ?thing {{ ?thing a {class_} }} ORDER BY ?thing")
    things = [str(row["thing"]) for row in rows] if isinstance(rows, ox.QuerySolutions) else []
    return things[:: max(1, len(things) // _THINGS)]
