"""The page of a statement: its evidence, what it states, what follows, and related statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import gettext
from forumkg.pages.names import Name, names_of, thing_name
from forumkg.pages.page_queries import PageQuery, page_query
from forumkg.pages.relations import Relation, without_implied
from forumkg.pages.statements import Statement, read_statements

__all__ = ["Given", "OtherSide", "StatedValue", "Statement", "read_statement_page"]

_QUERIES: Final = (
    "things/statement-states",
    "things/statement-gives",
    "things/statement-relations",
    "things/claims-beside",
)
# So many statements on the same passage are shown.
_BESIDE: Final = 60
# Properties that say what a statement is about, and how.
_NO_FACTS: Final = frozenset({f"{ZGC}isAbout", f"{ZGC}hasParticipationRole"})


@dataclass(frozen=True, slots=True)
class StatedValue:
    """What a statement states, by which property."""

    property: Name
    value: Name


@dataclass(frozen=True, slots=True)
class Given:
    """A simple fact that rests on a statement."""

    subject: Name
    property: Name
    value: Name


@dataclass(frozen=True, slots=True)
class OtherSide:
    """The other side of a relation of a statement.

    Attributes:
        relation: between the two, in the direction in which it is derived.
        words: the relation as seen from the statement: its name, or `fulfils` for the inverse.
        name: of the other side.
        statement: the other side, unless it is an indicator.
    """

    relation: Relation
    words: str
    name: Name
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement as its own page shows it; `beside` are other statements on the same passages."""

    statement: Statement
    stated: tuple[StatedValue, ...]
    given: tuple[Given, ...]
    sides: tuple[OtherSide, ...]
    beside: tuple[Statement, ...]
    queries: tuple[PageQuery, ...]

    @property
    def states_fact(self) -> bool:
        """Whether it states something from which a simple fact would follow, if it were accepted."""
        return any(each.property.iri not in _NO_FACTS for each in self.stated)

    @property
    def sides_by_words(self) -> Mapping[str, Mapping[Name, tuple[OtherSide, ...]]]:
        """The other sides, each once with all its relations, by the words for these relations."""
        found: dict[Name, list[OtherSide]] = {}
        for side in self.sides:
            found.setdefault(side.name, []).append(side)
        grouped: dict[str, dict[Name, tuple[OtherSide, ...]]] = {}
        for name, sides in found.items():
            grouped.setdefault(gettext(" and ").join(each.words for each in sides), {})[name] = tuple(sides)
        return grouped


def read_statement_page(graph: Graph, iri: str) -> StatementPage | None:
    """Return a statement as its page shows it; None without a paraphrase or an article."""
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
        stated=tuple(
            StatedValue(_name(row, "property", names), _name(row, "value", names)) for row in states
        ),
        given=tuple(
            Given(*(_name(row, variable, names) for variable in ("subject", "property", "value")))
            for row in gives
        ),
        sides=_sides(related, names, statements, iri),
        beside=tuple(statements[each] for each in besides if each in statements),
        queries=queries,
    )


def _is_statement(iri: str) -> bool:
    return "/id/statement/" in iri


def _name(row: Row, variable: str, names: Mapping[str, Name]) -> Name:
    return thing_name(names.get(row.iri(variable)) or Name(row.iri(variable), row.text(variable)))


def _sides(
    rows: Iterable[Row], names: Mapping[str, Name], statements: Mapping[str, Statement], iri: str
) -> tuple[OtherSide, ...]:
    """Return the other sides of the relations of a statement."""
    relations = (
        Relation(
            row.iri("from"),
            row.iri("relation").removeprefix(ZGC),
            _name(row, "relation", names).text,
            row.iri("to"),
        )
        for row in rows
    )
    return tuple(_side(relation, names, statements, iri) for relation in without_implied(relations))


def _side(
    relation: Relation, names: Mapping[str, Name], statements: Mapping[str, Statement], iri: str
) -> OtherSide:
    is_inverse = relation.kind == "isFulfilledBy" and relation.other == iri
    other = relation.statement if is_inverse else relation.other
    name = thing_name(names.get(other) or Name(other, other))
    return OtherSide(
        relation, gettext("fulfils") if is_inverse else relation.name, name, statements.get(other)
    )
