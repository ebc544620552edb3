"""The page of a statement: the claim with its evidence, what it states, what follows, what others say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.graph import Graph, Row
from forumkg.pages.names import Name, names_of
from forumkg.pages.page_queries import PageQuery, page_query
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.things.fact_values import thing_name

__all__ = ["Given", "Relation", "Stated", "Statement", "read_statement_page"]

_QUERIES: Final = (
    "things/statement-states",
    "things/statement-gives",
    "things/statement-relations",
    "things/claims-beside",
)
# So many statements on the same passage are shown.
_BESIDE: Final = 60


@dataclass(frozen=True, slots=True)
class Stated:
    """What a statement states, by which property."""

    property: Name
    value: Name


@dataclass(frozen=True, slots=True)
class Given:
    """A simple fact that stands on a statement."""

    subject: Name
    property: Name
    value: Name


@dataclass(frozen=True, slots=True)
class Relation:
    """A derived fact between a statement and another, or an indicator that it exceeds.

    Attributes:
        words: how the statement of the page stands to the other.
        relation: by which it is derived.
        subject: the IRI of the statement that the fact is said of.
        value: the IRI of its value.
        other: the other side, by its name.
        claim: the other side, where it is a statement.
    """

    words: str
    relation: str
    subject: str
    value: str
    other: Name
    statement: Statement | None = None

    @property
    def is_disagreement(self) -> bool:
        """Whether the two do not agree, or the one cannot be."""
        return self.relation in {f"{ZGC}contradicts", f"{ZGC}differsFrom", f"{ZGC}exceedsPossible"}


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement as its own page shows it; `beside` are those that stand on the same passages."""

    statement: Statement
    stated: tuple[Stated, ...]
    given: tuple[Given, ...]
    relations: tuple[Relation, ...]
    beside: tuple[Statement, ...]
    queries: tuple[PageQuery, ...]

    @property
    def ties(self) -> Mapping[str, Mapping[Name, tuple[Relation, ...]]]:
        """The relations by how this statement stands to others, and for each of these which make it so.

        Another side to which it stands in several ways is there once, so that its card is on the page once.
        """
        sides: dict[Name, list[Relation]] = {}
        for relation in self.relations:
            sides.setdefault(relation.other, []).append(relation)
        found: dict[str, dict[Name, tuple[Relation, ...]]] = {}
        for other, relations in sides.items():
            found.setdefault(" and ".join(each.words for each in relations), {})[other] = tuple(relations)
        return found


def read_statement_page(graph: Graph, iri: str) -> StatementPage | None:
    """Return a statement as its page shows it; None where it lacks what a claim needs."""
    queries = tuple(page_query(name, thing=iri) for name in _QUERIES)
    states, gives, related, beside = (graph.select(query.text) for query in queries)
    besides = [row.iri("statement") for row in beside[:_BESIDE]]
    statements = {
        statement.iri: statement
        for statement in read_statements(
            graph, [iri, *besides, *filter(_is_statement, (row.iri("other") for row in related))]
        )
    }
    if iri not in statements:
        return None
    names = names_of(graph, (row.iri(name) for row in (*states, *gives, *related) for name in row))
    return StatementPage(
        statement=statements[iri],
        stated=tuple(Stated(_name(row, "property", names), _name(row, "value", names)) for row in states),
        given=tuple(
            Given(*(_name(row, variable, names) for variable in ("subject", "property", "value")))
            for row in gives
        ),
        relations=_relations(related, names, statements, iri),
        beside=tuple(statements[each] for each in besides if each in statements),
        queries=queries,
    )


def _is_statement(iri: str) -> bool:
    return "/id/statement/" in iri


def _name(row: Row, variable: str, names: Mapping[str, Name]) -> Name:
    return thing_name(names.get(row.iri(variable)) or Name(row.iri(variable), row.text(variable)))


def _relations(
    rows: Sequence[Row], names: Mapping[str, Name], statements: Mapping[str, Statement], iri: str
) -> tuple[Relation, ...]:
    """Return the relations, without the weaker one where a stronger one holds with the same other side."""
    contradicted = {row.iri("other") for row in rows if row.iri("relation") == f"{ZGC}contradicts"}
    return tuple(
        _relation(row, names, statements, iri)
        for row in rows
        if row.iri("relation") != f"{ZGC}differsFrom" or row.iri("other") not in contradicted
    )


def _relation(row: Row, names: Mapping[str, Name], statements: Mapping[str, Statement], iri: str) -> Relation:
    relation = row.iri("relation")
    is_inverse = relation == f"{ZGC}isFulfilledBy" and row.iri("to") == iri
    return Relation(
        words="fulfils" if is_inverse else _name(row, "relation", names).text,
        relation=relation,
        subject=row.iri("from"),
        value=row.iri("to"),
        other=_name(row, "other", names),
        statement=statements.get(row.iri("other")),
    )
