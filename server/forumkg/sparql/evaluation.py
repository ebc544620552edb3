"""Evaluate SPARQL queries on a store.

https://www.w3.org/TR/sparql11-query/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import pyoxigraph as ox

from forumkg.errors import QueryError
from forumkg.rdf.sparql_tokens import BOM, Token, dataset_clauses, form_token, tokens
from forumkg.sparql.deviations import corrected
from forumkg.sparql.query_text import QueryText, needs_reading
from forumkg.sparql.result_writers import Answer, serialize, serialize_triples
from forumkg.sparql.syntax_errors import evaluation_errors, parser_message
from forumkg.sparql.xpath_patterns import FUNCTIONS

__all__ = ["Answer", "Store", "evaluate", "serialize", "serialize_triples"]

Store = ox.Store

_ANSWERS: Final = {
    "ASK": ox.QueryBoolean,
    "CONSTRUCT": ox.QueryTriples,
    "DESCRIBE": ox.QueryTriples,
    "SELECT": ox.QuerySolutions,
}
# A group of these is a basic graph pattern, whose variables are all in scope.
_PLAIN_KINDS: Final = frozenset({"blank", "iri", "language", "name", "number", "string", "variable"})
_PLAIN_MARKS: Final = frozenset({".", ";", ",", "^^", "/", "^", "|", "[", "]"})
_PLAIN_ENDS: Final = frozenset({"ORDER", "BY", "ASC", "DESC", "LIMIT", "OFFSET"})


@dataclass(frozen=True, slots=True)
class _Dataset:
    """What a query is evaluated on: a store, and the graphs that the query sees, all where none is named."""

    store: ox.Store
    default: Sequence[ox.NamedNode | ox.DefaultGraph] | None = None
    named: Sequence[ox.NamedNode] = ()

    def query(self, text: str, *, is_corrected: bool) -> Answer:
        ask = partial(self.store.query, text)
        if is_corrected:
            ask = partial(ask, custom_functions=FUNCTIONS)
        if self.default is None:
            return ask()
        return ask(default_graph=[*self.default], named_graphs=[*self.named])


def evaluate(
    store: ox.Store, query: str, default_graphs: Iterable[str] = (), named_graphs: Iterable[str] = ()
) -> Answer:
    """Return the answer to a query, not yet read to the end.

    Args:
        store: where to look.
        query: SPARQL of one of the four query forms.
        default_graphs: graphs whose merge is the default graph, in the place of what the query says.
        named_graphs: graphs that GRAPH reaches, in the place of what the query says.

    Raises:
        QueryError: the query cannot be parsed or evaluated, is an update, calls another server, or would have
            a wrong answer.
    """
    query = query.removeprefix(BOM)
    form = form_token(query)
    # Most queries have nothing that would have to be read more closely.
    text = corrected(QueryText(query)) if needs_reading(query) else query
    dataset = _dataset(store, query, form.start, default_graphs, named_graphs)
    try:
        with evaluation_errors(query):
            answer = _evaluated(dataset, text, form.start, is_corrected=text != query)
    except QueryError as error:
        if text != query and error.line is not None and not parser_message(query):
            raise QueryError("The query cannot be read: write white space around each < and >.") from error
        raise
    if not isinstance(answer, _ANSWERS[form.keyword]):
        raise form.error(query, f"{form.text} could be read in two ways here: write white space behind it.")
    return answer


def _evaluated(dataset: _Dataset, text: str, start: int, *, is_corrected: bool) -> Answer:
    """Evaluate a query, with the columns of `SELECT *` in the order in which the query first names them."""
    star = _star(text, start)
    if star is None:
        return dataset.query(text, is_corrected=is_corrected)
    behind = text[star.end :]
    names = _plain_variables(behind)
    if not names:
        answer = dataset.query(text, is_corrected=is_corrected)
        if not isinstance(answer, ox.QuerySolutions):
            return answer
        sorted_names = [variable.value for variable in answer.variables]
        places = {name: place for place, name in enumerate(_variables(tokens(behind)))}
        names = tuple(sorted(sorted_names, key=lambda name: places.get(name, len(places))))
        if [*names] == sorted_names:
            return answer
    columns = " ".join(f"?{name}" for name in names)
    return dataset.query(f"{text[: star.start]} {columns} {behind}", is_corrected=is_corrected)


def _star(text: str, start: int) -> Token | None:
    """Return the star of `SELECT *`."""
    if "*" not in text:
        return None
    found = tokens(text[start:])
    keyword = next(found).keyword
    token = next(found, None)
    if token and token.keyword in {"DISTINCT", "REDUCED"}:
        token = next(found, None)
    return (
        token._replace(start=token.start + start)
        if keyword == "SELECT" and token and token.text == "*"
        else None
    )


def _plain_variables(text: str) -> tuple[str, ...]:
    """Return the variables of a query, from its star on, that has one basic graph pattern and nothing else.

    Where there is more, only the parser says which variables are in scope; none are returned then.
    """
    inside: list[Token] = []
    found = tokens(text)
    token = next(found, None)
    if token and token.keyword == "WHERE":
        token = next(found, None)
    if token is None or token.text != "{":
        return ()
    for token in found:
        if token.text == "}":
            break
        if token.kind not in _PLAIN_KINDS and token.text not in _PLAIN_MARKS and token.text != "a":
            return ()
        inside.append(token)
    for token in found:
        if (
            token.kind not in {"number", "variable"}
            and token.keyword not in _PLAIN_ENDS
            and token.text not in "()"
        ):
            return ()
    return _variables(inside)


def _variables(found: Iterable[Token]) -> tuple[str, ...]:
    """Return the names of variables, each once, in the order in which they appear first."""
    return tuple(dict.fromkeys(token.text[1:] for token in found if token.kind == "variable"))


def _dataset(
    store: ox.Store, query: str, start: int, default_graphs: Iterable[str], named_graphs: Iterable[str]
) -> _Dataset:
    """Return the dataset that the request describes, or else the query; its prologue ends at `start`."""
    try:
        default, named = tuple(map(ox.NamedNode, default_graphs)), tuple(map(ox.NamedNode, named_graphs))
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}.") from error
    if not default and not named:
        clauses = dataset_clauses(query)
        default, named = _resolve(query[:start], clauses[0]), _resolve(query[:start], clauses[1])
    if not default and not named:
        return _Dataset(store)
    # Oxigraph counts the triples of a graph as often as the graph is named.
    default, named = tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))
    if len(default) > 1:
        return _Dataset(_merge(store, default, named), (ox.DefaultGraph(),), named)
    return _Dataset(store, default, named)


def _resolve(prologue: str, graphs: tuple[str, ...]) -> tuple[ox.NamedNode, ...]:
    """Return the IRIs that names of graphs stand for; none where the query itself cannot be parsed."""
    if not graphs:
        return ()
    try:
        rows = ox.Store().query(f"{prologue} SELECT ?graph {{ VALUES ?graph {{ {' '.join(graphs)} }} }}")
    except SyntaxError:
        return ()
    found = (row["graph"] for row in rows) if isinstance(rows, ox.QuerySolutions) else ()
    return tuple(graph for graph in found if isinstance(graph, ox.NamedNode))


def _merge(store: ox.Store, default: Iterable[ox.NamedNode], named: Iterable[ox.NamedNode]) -> ox.Store:
    """Return a store in memory with the RDF merge of some graphs as its default graph.

    Oxigraph would count a triple that two of them hold twice.
    """
    merge = ox.Store()
    for graph in default:
        merge.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object)
            for quad in store.quads_for_pattern(None, None, None, graph)
        )
    for graph in named:
        merge.extend(store.quads_for_pattern(None, None, None, graph))
    return merge
