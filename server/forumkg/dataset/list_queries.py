"""The queries of the lists behind pages: their texts, their orders, and their rows with the sort keys.

SQLite sorts the rows. The engine would read two IRIs from the disk to compare them, and compare each row with
some twenty others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.errors import DataError
from forumkg.namespaces import PREFIXES
from forumkg.rdf.terms import select

__all__ = ["COLUMNS", "INDICATORS", "ListQuery", "list_queries", "list_query_texts"]

_QUERIES: Final = resources.files(__package__) / "lists"
# Not a list: which indicators are above which.
INDICATORS: Final = "indicators"
# The variables that name the parts to which an item belongs; by what lists are narrowed further (indicator
# of a figure; article, stance, judgement, publisher, carrier and speaker of a statement); and a number beside
# the item: how many pairs an apparent conflict stands for.
_BESIDE: Final = (
    "forum",
    "edition",
    "indicator",
    "within",
    "stance",
    "judgement",
    "publisher",
    "carrier",
    "speaker",
    "weight",
)
_ITEM: Final = ("first", "second", "third")
_KEYS: Final = ("key0", "key1", "key2", "key3")
# The columns of a row, in their order.
COLUMNS: Final = (*_ITEM, *_BESIDE, *_KEYS)

_ORDER: Final = re.compile(r"\nORDER BY (?P<terms>.+)\s*\Z")
_TERM: Final = re.compile(r"(?P<down>DESC\()?(?P<bound>BOUND\()?\?(?P<name>\w+)\)*")
_NUMBERS: Final = frozenset(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "gYear"))

_Value: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The query of a list.

    Attributes:
        number: of the list, from 0, in the order of names.
        name: of the list.
        text: the query, without an order, with what it is ordered by among its variables.
        items: the variables of an item, at most three.
        keys: the other variables by which it is ordered.
        order: the same order in SQL, over `COLUMNS`.
    """

    number: int
    name: str
    text: str
    items: tuple[str, ...]
    keys: tuple[str, ...]
    order: str

    def with_text(self, text: str) -> "ListQuery":
        """Return the same list with another query for its rows."""
        return replace(self, text=text)

    def rows(self, store: ox.Store) -> Iterator[tuple[_Value, ...]]:
        """Yield the values of `COLUMNS` for each solution of the query that has an item."""
        solutions = select(store, self.text)
        known = {variable.value for variable in solutions.variables}
        for solution in solutions:
            item = [term.value for name in self.items if isinstance(term := solution[name], ox.NamedNode)]
            if item:
                beside = [_value(solution[name]) if name in known else None for name in _BESIDE]
                keys = [_value(solution[name]) for name in self.keys]
                yield (
                    *_filled(item, len(_ITEM)),
                    *beside,
                    *_filled(keys, len(_KEYS)),
                )


def list_query_texts() -> dict[str, str]:
    """Return the queries of the lists by the names of their files, without the ending."""
    return {
        file.name.removesuffix(".rq"): file.read_text(encoding="utf-8")
        for file in _QUERIES.iterdir()
        if file.name.endswith(".rq")
    }


def list_queries() -> tuple[ListQuery, ...]:
    """Return the queries of the lists, in the order of their names."""
    texts = sorted((name, text) for name, text in list_query_texts().items() if name != INDICATORS)
    return tuple(_read(number, *named) for number, named in enumerate(texts))


def _read(number: int, name: str, text: str) -> ListQuery:
    found = _ORDER.search(text)
    if found is None:
        raise DataError(f"The list {name} has no order: end it with a line ORDER BY ….")
    query, terms = text[: found.start()], list(_TERM.finditer(found["terms"]))
    selected = [variable.value for variable in select(ox.Store(), query).variables]
    counted = [each for each in selected if each != "weight" and f"AS ?{each})" in _head(query)]
    things = tuple(each for each in selected if each not in {*_BESIDE, *counted})
    keys = tuple(dict.fromkeys([*counted, *(each["name"] for each in terms if each["name"] not in selected)]))
    columns = {**dict(zip(things, _ITEM, strict=False)), **{each: each for each in _BESIDE}}
    columns |= dict(zip(keys, _KEYS, strict=False))
    if len(things) > len(_ITEM) or len(keys) > len(_KEYS):
        raise DataError(f"The list {name} has too many variables: three for an item, and four to order it.")
    order = [_in_sql(each, columns) for each in terms]
    order += [column for column in (*_ITEM, "forum", "edition") if column not in order]
    extra = "".join(f" ?{each}" for each in keys if each not in selected)
    return ListQuery(
        number, name, query.replace("\nWHERE", f"{extra}\nWHERE", 1), things, keys, ", ".join(order)
    )


def _head(query: str) -> str:
    return query.partition("\nWHERE")[0]


def _in_sql(term: "re.Match[str]", columns: dict[str, str]) -> str:
    column = columns[term["name"]]
    value = f"({column} IS NOT NULL)" if term["bound"] else column
    return f"{value} DESC" if term["down"] else value


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> _Value:
    """Return a term as SQLite orders it in the order of SPARQL: nothing first, then numbers, then texts."""
    if term is None or isinstance(term, ox.Triple):
        return None
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        return float(term.value) if "." in term.value or "e" in term.value.lower() else int(term.value)
    return term.value


def _filled(values: Iterable[_Value], length: int) -> list[_Value]:
    values = list(values)
    return [*values, *[None] * (length - len(values))]
