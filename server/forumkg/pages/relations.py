"""How statements agree and differ, by the rules of the ontology: each pair once, the gravest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.graph import Graph, Row
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.statements import Statement

__all__ = ["DISAGREEMENTS", "KINDS", "Relation", "Tie", "read_relations", "relations_of", "ties"]

# In the order in which they are shown. A statement that contradicts another differs from it, too.
KINDS: Final = ("contradicts", "differsFrom", "exceedsPossible", "isFulfilledBy", "corroborates")
_SYMMETRIC: Final = frozenset({"contradicts", "differsFrom", "corroborates"})
DISAGREEMENTS: Final = frozenset({"contradicts", "differsFrom", "exceedsPossible"})


@dataclass(frozen=True, slots=True)
class Relation:
    """A derived triple.

    Attributes:
        kind: the name of the property, one of `KINDS`.
        name: the property in words.
        other: a statement, or for `exceedsPossible` the indicator.
        other_name: of the indicator.
    """

    statement: str
    kind: str
    name: str
    other: str
    other_name: str = ""

    @property
    def property_iri(self) -> str:
        """The IRI of the property."""
        return ZGC + self.kind

    @property
    def is_disagreement(self) -> bool:
        """Whether it tells that sources do not agree, or cannot be right."""
        return self.kind in DISAGREEMENTS


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation with its statements as they are shown; the other is None where it is an indicator."""

    relation: Relation
    statement: Statement
    other: Statement | None = None


def read_relations(graph: Graph, statements: Iterable[str]) -> tuple[Relation, ...]:
    """Return what the rules derived for statements, each pair once under the graver of its relations."""
    wanted = tuple(dict.fromkeys(statements))
    if not wanted:
        return ()
    return relations_of(graph.select(page_query("derived-relations", statements=iris(wanted)).text))


def relations_of(rows: Iterable[Row]) -> tuple[Relation, ...]:
    """Return the relations of rows, each pair once under the graver of its relations."""
    found: dict[tuple[str, frozenset[str]], Relation] = {}
    for relation in sorted(map(_relation, rows), key=_order):
        pair = frozenset({relation.statement, relation.other})
        if relation.kind == "differsFrom" and ("contradicts", pair) in found:
            continue
        key = (relation.kind, pair) if relation.kind in _SYMMETRIC else (str(relation), pair)
        found.setdefault(key, relation)
    return tuple(found.values())


def ties(relations: Iterable[Relation], statements: Mapping[str, Statement]) -> tuple[Tie, ...]:
    """Return relations with their statements, without those whose statements are not given."""
    return tuple(
        Tie(relation, statements[relation.statement], statements.get(relation.other))
        for relation in relations
        if relation.statement in statements
        and (relation.other in statements or relation.kind == "exceedsPossible")
    )


def _relation(row: Row) -> Relation:
    return Relation(
        row.iri("statement"),
        row.iri("relation").removeprefix(ZGC),
        row.text("relationName"),
        row.iri("other"),
        row.text("otherName"),
    )


def _order(relation: Relation) -> tuple[int, str, str]:
    return KINDS.index(relation.kind), relation.statement, relation.other
