"""What statements give: things under the property that states them, printed figures, and plain words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.graph import Row
from forumkg.pages.quantities import Quantity
from forumkg.pages.statements import Statement

__all__ = ["ENTAILED", "Fact", "QuantityRow", "facts_of", "plain_of", "quantities_of"]

# What follows of the subject where a statement is accepted: the chains of properties in ontology/core.ttl.
ENTAILED: Final = {
    "statesPeriod": "takesPlaceDuring",
    "statesPlace": "takesPlaceIn",
    "statesTheme": "hasTheme",
    "statesTopic": "hasTopic",
    "statesHost": "isHostedBy",
    "statesOrganizer": "isOrganizedBy",
    "statesAttendee": "hasParticipant",
    "statesOutcome": "hasOutcome",
}
# How the curators rank, the best first.
_RANKS: Final = ("preferred", "", "deprecated")


@dataclass(frozen=True, slots=True)
class Fact:
    """A thing that statements give for an edition or a section of it.

    Attributes:
        subject: the edition or the section.
        states: the name of the property of the statements, such as `statesTheme`.
        iri: of the thing, and beside it its names.
        roles: the parts that the statements give to it, where it takes part.
        accepted: whether the curators accept one of the statements.
        claims: the statements.
    """

    subject: str
    states: str
    iri: str
    name: str
    name_zh: str = ""
    roles: tuple[str, ...] = ()
    accepted: bool = False
    statements: tuple[Statement, ...] = ()

    @property
    def entailed(self) -> str:
        """The IRI of the property that relates the subject to the thing, where a statement is accepted."""
        return ZGC + ENTAILED[self.states]

    @property
    def stances(self) -> tuple[str, ...]:
        """The stance of the statements: planned, reported as under way, or reported."""
        return tuple(dict.fromkeys(statement.stance for statement in self.statements if statement.stance))


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """A printed figure with its statement; `subject` is the name of the section that it is about, if any."""

    quantity: Quantity
    statement: Statement
    subject: str = ""


def facts_of(rows: Iterable[Row], statements: Mapping[str, Statement]) -> dict[str, tuple[Fact, ...]]:
    """Return the facts on each subject, those accepted first, then by what most statements give."""
    groups: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if "value" in row:
            groups[row.iri("subject"), row.iri("property"), row.iri("value")].append(row)
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for (subject, property_, value), of_one in groups.items():
        found[subject].append(
            Fact(
                subject=subject,
                states=property_.removeprefix(ZGC),
                iri=value,
                name=of_one[0].text("name") or value,
                name_zh=of_one[0].text("nameZh"),
                roles=tuple(dict.fromkeys(row.text("role") for row in of_one if row.text("role"))),
                accepted=any(row.flag("accepted") for row in of_one),
                statements=tuple(dict.fromkeys(statements[row.iri("statement")] for row in of_one)),
            )
        )
    order = list(ENTAILED)
    return {
        subject: tuple(
            sorted(
                facts,
                key=lambda fact: (
                    order.index(fact.states),
                    not fact.accepted,
                    -len(fact.statements),
                    fact.name,
                ),
            )
        )
        for subject, facts in found.items()
    }


def plain_of(rows: Iterable[Row], statements: Mapping[str, Statement]) -> dict[str, tuple[Statement, ...]]:
    """Return the statements on each subject that give no thing."""
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for row in rows:
        if "value" not in row:
            found[row.iri("subject")].append(statements[row.iri("statement")])
    return {subject: tuple(dict.fromkeys(of_one)) for subject, of_one in found.items()}


def quantities_of(
    rows: Iterable[Row], statements: Mapping[str, Statement], names: Mapping[str, str]
) -> tuple[QuantityRow, ...]:
    """Return the figures that statements give, by indicator; `names` are those of the sections."""
    subjects = {row.iri("statement"): names.get(row.iri("subject"), "") for row in rows}
    found = (
        QuantityRow(quantity, statements[iri], subject)
        for iri, subject in subjects.items()
        for quantity in statements[iri].quantities
    )

    def order(row: QuantityRow) -> tuple[str, int, str]:
        rank = _RANKS.index(row.statement.rank) if row.statement.rank in _RANKS else 1
        return row.quantity.indicator_name, rank, row.statement.iri

    return tuple(sorted(found, key=order))
