"""Evaluate SPARQL queries on a store.

https://www.w3.org/TR/sparql11-query/
"""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

import pyoxigraph as ox

from forumkg.errors import QueryError
from forumkg.rdf.sparql_tokens import BOM, Token, dataset_clauses, form_token, tokens
from forumkg.sparql.deviations import corrected
from forumkg.sparql.query_text import QueryText, needs_reading
from forumkg.sparql.result_writers import Answer, serialize, serialize_triples
from forumkg.sparql.syntax_errors import evaluation_errors, parser_message
from forumkg.sparql.xpath_patterns import FUNCTIONS

__all__ = ["Answer", "Store", "evaluate", "serialize", "serialize_triples", "with_columns"]

Store = ox.Store

_ANSWERS: Final = {
    "ASK": ox.QueryBoolean,
    "CONSTRUCT": ox.QueryTriples,
    "DESCRIBE": ox.QueryTriples,
    "SELECT": ox.QuerySolutions,
}
_STAR: Final = re.compile(r"SELECT(?:\s++(?:DISTINCT|REDUCED))?+\s*+\*", re.IGNORECASE)
# A group without braces, brackets and strings has triple patterns only: all of its variables are in scope.
_IRI: Final = re.compile(r"<[^\x00-\x20<>\"{}|^`]*+>")
_PLAIN_GROUP: Final = re.compile(
    rf"\s*+(?:WHERE\s*+)?\{{((?:[^{{}}()<>#@\\\"']|{_IRI.pattern})*+)\}}(?:\s*+(?:LIMIT|OFFSET)\s++[0-9]++)*+\s*+\Z",
    re.IGNORECASE,
)
_VARIABLE: Final = re.compile(r"(?<!\w)[?$](\w++)")


class _Dataset(NamedTuple):
    """The dataset of a query: a store and the graphs in it that the query sees, all if it names none."""

    store: ox.Store
    default: Sequence[ox.NamedNode | ox.DefaultGraph] | None = None
    named: Sequence[ox.NamedNode] = ()

    def query(self, text: str, *, is_corrected: bool) -> Answer:
        if self.default is None and not is_corrected:
            return self.store.query(text)
        ask = partial(self.store.query, text, custom_functions=FUNCTIONS)
        if self.default is None:
            return ask()
        return ask(default_graph=[*self.default], named_graphs=[*self.named])


def evaluate(
    store: ox.Store, query: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
) -> Answer:
    """Return the answer to a query; its rows are evaluated as they are read.

    Args:
        store: the store to query.
        query: SPARQL of one of the four query forms.
        default_graphs: graphs whose merge is the default graph, instead of those that the query names.
        named_graphs: graphs that GRAPH reaches, instead of those that the query names.

    Raises:
        QueryError: the query cannot be parsed or evaluated, is an update, calls another server, or would have
            a wrong answer.
    """
    query = query.removeprefix(BOM)
    form = form_token(query)
    # Fast path: most queries need no closer reading.
    is_read = needs_reading(query)
    text = corrected(QueryText(query)) if is_read else query
    is_described = is_read or default_graphs or named_graphs
    dataset = (
        _dataset(store, query, form.start, default_graphs, named_graphs) if is_described else _Dataset(store)
    )
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
    if star < 0:
        return dataset.query(text, is_corrected=is_corrected)
    names = _plain_variables(text[star + 1 :])
    if not names:
        answer = dataset.query(text, is_corrected=is_corrected)
        if not isinstance(answer, ox.QuerySolutions):
            return answer
        sorted_names = tuple(variable.value for variable in answer.variables)
        names = _in_order(text[star + 1 :], sorted_names)
        if names == sorted_names:
            return answer
    return dataset.query(_with_names(text, star, names), is_corrected=is_corrected)


def with_columns(query: str, start: int, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a query with the columns by name in place of `SELECT *`, and the columns in their order.

    Args:
        query: a SELECT.
        start: the offset of its query form.
        names: its columns, in any order.
    """
    star = _star(query, start)
    if star < 0 or not names:
        return query, names
    ordered = _in_order(query[star + 1 :], names)
    return _with_names(query, star, ordered), ordered


def _in_order(behind: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns in the order in which the text behind `SELECT *` first names them."""
    places = {name: place for place, name in enumerate(_variables(tokens(behind)))}
    return tuple(sorted(names, key=lambda name: places.get(name, len(places))))


def _with_names(text: str, star: int, names: Iterable[str]) -> str:
    columns = " ".join(f"?{name}" for name in names)
    return f"{text[:star]} {columns} {text[star + 1 :]}"


def _star(text: str, start: int) -> int:
    """Return the offset of the star of `SELECT *`; -1 where there is none."""
    if "*" not in text:
        return -1
    plain = _STAR.match(text, start)
    if plain:
        return plain.end() - 1
    found = tokens(text[start:])
    words = [token for token in islice(found, 3) if token.keyword not in {"DISTINCT", "REDUCED"}]
    is_star = len(words) > 1 and words[0].keyword == "SELECT" and words[1].text == "*"
    return start + words[1].start if is_star else -1


def _plain_variables(text: str) -> tuple[str, ...]:
    """Return the variables of a query, from its star on, that has one basic graph pattern and nothing else.

    Where there is more, only the parser says which variables are in scope; none are returned then.
    """
    plain = _PLAIN_GROUP.match(text)
    group = _IRI.sub("", plain[1]) if plain else ""
    names = _VARIABLE.findall(group)
    # A question mark may be part of a path, and a name may have characters that are not letters.
    is_plain = group.isascii() and len(names) == group.count("?") + group.count("$")
    return tuple(dict.fromkeys(names)) if is_plain else ()


def _variables(found: Iterable[Token]) -> tuple[str, ...]:
    """Return the names of variables, each once, in the order in which they appear first."""
    return tuple(dict.fromkeys(token.text[1:] for token in found if token.kind == "variable"))


def _dataset(
    store: ox.Store, query: str, start: int, default_graphs: Iterable[str], named_graphs: Iterable[str]
) -> _Dataset:
    """Return the dataset that the request names, else that of the query, whose prologue ends at `start`."""
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
    """Resolve the names of graphs against a prologue; return none where the query cannot be parsed."""
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
