"""Derived relations between statements: what contradicts, differs from, corroborates or fulfils what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import gettext, translate
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.stances import stance_words
from forumkg.pages.statements import Statement

__all__ = [
    "DISAGREEMENTS",
    "DISAGREEMENT_KINDS",
    "KINDS",
    "Relation",
    "Tie",
    "read_relations",
    "read_relations_of_each",
    "relation_of",
    "relations_of",
    "ties",
    "without_implied",
]

# In the order in which pages show them.
KINDS: Final = ("contradicts", "differsFrom", "exceedsPossible", "isFulfilledBy", "corroborates")
# The kinds of disagreements, by what addresses and pages call each.
DISAGREEMENT_KINDS: Final = MappingProxyType(
    {"contradictions": "contradicts", "differences": "differsFrom", "impossible": "exceedsPossible"}
)
DISAGREEMENTS: Final = frozenset(DISAGREEMENT_KINDS.values())
_SYMMETRIC: Final = frozenset({"contradicts", "differsFrom", "corroborates"})


@dataclass(frozen=True, slots=True)
class Relation:
    """A derived triple.

    Attributes:
        statement: the subject.
        kind: the local name of the property, one of `KINDS`.
        name: the label of the property.
        other: the object: a statement, or for `exceedsPossible` an indicator.
        other_name: the paraphrase or the label of the object, where the query asks for it.
        other_stance: the stance of the object, as the graph names it, where the query asks for it.
        other_judgement: the judgement on the object in English, likewise.
    """

    statement: str
    kind: str
    name: str
    other: str
    other_name: str = ""
    other_stance: str = ""
    other_judgement: str = ""

    @property
    def other_remarks(self) -> str:
        """The judgement on the object and its stance, as text beside its name: `judged wrong, planned`."""
        words = (translate(self.other_judgement), stance_words(self.other_stance))
        return gettext(", ").join(filter(None, words))

    @property
    def property_iri(self) -> str:
        """The IRI of the property."""
        return ZGC + self.kind

    @property
    def is_disagreement(self) -> bool:
        """Whether the two differ, or the statement exceeds what is possible."""
        return self.kind in DISAGREEMENTS

    @property
    def disagreement(self) -> str:
        """What pages call the kind of disagreement, a key of `DISAGREEMENT_KINDS`; empty for none."""
        return next((name for name, kind in DISAGREEMENT_KINDS.items() if kind == self.kind), "")

    @property
    def pair(self) -> frozenset[str]:
        """The two IRIs, in no order."""
        return frozenset({self.statement, self.other})


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation with both statements; `other` is None for an indicator."""

    relation: Relation
    statement: Statement
    other: Statement | None = None

    @property
    def is_same_article(self) -> bool:
        """Whether both statements are in one article."""
        return self.other is not None and self.statement.article == self.other.article

    @property
    def judgements(self) -> tuple[str, ...]:
        """The judgements of those of both statements that are judged wrong or impossible."""
        sides = (self.statement, self.other)
        return tuple(each.judgement for each in sides if each is not None and each.judgement)


def relation_of(row: Row) -> Relation:
    """Return the relation of a row with `statement`, `relation`, `relationName`, `other` and `otherName`.

    The row may have `otherStance`, `otherRank` and `otherIsImpossible`.
    """
    impossible = "impossible" if row.flag("otherIsImpossible") else ""
    return Relation(
        row.iri("statement"),
        row.iri("relation").removeprefix(ZGC),
        row.text("relationName"),
        row.iri("other"),
        row.text("otherName"),
        row.text("otherStance"),
        "judged wrong" if row.text("otherRank") == "deprecated" else impossible,
    )


def without_implied(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    """Return relations in their order, without `differsFrom` where two statements contradict each other."""
    found = tuple(relations)
    contradicting = {relation.pair for relation in found if relation.kind == "contradicts"}
    return tuple(each for each in found if each.kind != "differsFrom" or each.pair not in contradicting)


def relations_of(rows: Iterable[Row]) -> tuple[Relation, ...]:
    """Return the relations of rows in the order of `KINDS`, each pair once for a symmetric property."""
    found: dict[object, Relation] = {}
    for relation in sorted(without_implied(map(relation_of, rows)), key=_order):
        key = (relation.kind, relation.pair) if relation.kind in _SYMMETRIC else relation
        found.setdefault(key, relation)
    return tuple(found.values())


def read_relations(graph: Graph, statements: Iterable[str]) -> tuple[Relation, ...]:
    """Return the relations of statements, as `relations_of` does."""
    wanted = tuple(dict.fromkeys(statements))
    if not wanted:
        return ()
    return relations_of(graph.select(page_query("derived-relations", statements=iris(wanted)).text))


def read_relations_of_each(graph: Graph, statements: Iterable[str]) -> dict[str, tuple[Relation, ...]]:
    """Return the relations of each statement that has any, from its own side, one for each other side."""
    rows = graph.select(page_query("relations-of-each", statements=iris(statements)).text)
    found: defaultdict[str, dict[str, Relation]] = defaultdict(dict)
    # The query orders by the property, so that `contradicts` comes before `differsFrom`.
    for relation in map(relation_of, rows):
        found[relation.statement].setdefault(relation.other, relation)
    return {statement: tuple(others.values()) for statement, others in found.items()}


def ties(relations: Iterable[Relation], statements: Mapping[str, Statement]) -> tuple[Tie, ...]:
    """Return relations with their statements, without those whose statements are not given."""
    return tuple(
        Tie(relation, statements[relation.statement], statements.get(relation.other))
        for relation in relations
        if relation.statement in statements
        and (relation.other in statements or relation.kind == "exceedsPossible")
    )


def _order(relation: Relation) -> tuple[int, str, str]:
    return KINDS.index(relation.kind), relation.statement, relation.other
