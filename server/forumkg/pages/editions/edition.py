"""The page of an edition: facts by property, figures, the programme, and the statements that support them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.edition_list import Edition
from forumkg.pages.graph import Graph, Row
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.quantities import Quantity
from forumkg.pages.relations import Relation, read_relations_of_each
from forumkg.pages.statements import Speaker, Statement, read_statements

__all__ = ["EditionFact", "EditionPage", "EditionSection", "QuantityRow", "Voice", "read_edition"]

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
class EditionFact:
    """A thing that statements give for an edition or a section of it.

    Attributes:
        subject: the edition or the section.
        states: the name of the property of the statements, such as `statesTheme`.
        iri: of the thing, and beside it its names.
        roles: the parts that the statements give to it, where it takes part.
        accepted: whether the curators accept one of the statements.
        statements: that give it.
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
        """The stance of the statements: planned, printed as ongoing, or reported."""
        return tuple(dict.fromkeys(each.stance_words for each in self.statements if each.stance))


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """A printed figure with its statement; `subject` is the name of the section that it is about, if any."""

    quantity: Quantity
    statement: Statement
    subject: str = ""


def facts_of(rows: Iterable[Row], statements: Mapping[str, Statement]) -> dict[str, tuple[EditionFact, ...]]:
    """Return the facts on each subject, those accepted first, then by what most statements give."""
    groups: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if "value" in row:
            groups[row.iri("subject"), row.iri("property"), row.iri("value")].append(row)
    found: defaultdict[str, list[EditionFact]] = defaultdict(list)
    for (subject, property_, value), of_one in groups.items():
        found[subject].append(
            EditionFact(
                subject=subject,
                states=property_.removeprefix(ZGC),
                iri=value,
                name=of_one[0].text("name") or value,
                name_zh=of_one[0].text("nameZh"),
                roles=tuple(dict.fromkeys(row.text("role") for row in of_one if row.text("role"))),
                accepted=any(row.flag("accepted") for row in of_one),
                statements=_best_first(
                    of_one[0].text("name"),
                    dict.fromkeys(statements[row.iri("statement")] for row in of_one),
                ),
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


def _best_first(name: str, found: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return statements in their order, but first those in which the article prints a thing by its name."""
    words = _words(name)
    return tuple(sorted(found, key=lambda statement: words not in map(_words, statement.wording)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


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


@dataclass(frozen=True, slots=True)
class EditionSection:
    """A part of the programme, with what statements say of it and the sections within it."""

    iri: str
    name: str
    name_zh: str = ""
    kind: str = ""
    facts: tuple[EditionFact, ...] = ()
    statements: tuple[Statement, ...] = ()
    sections: tuple["EditionSection", ...] = ()


def sections_of(
    rows: Sequence[Row],
    facts: Mapping[str, tuple[EditionFact, ...]],
    plain: Mapping[str, tuple[Statement, ...]],
    edition: str,
) -> tuple[EditionSection, ...]:
    """Return the sections of an edition, each under the smallest one that it is a section of."""
    first: dict[str, Row] = {}
    within: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        first.setdefault(row.iri("section"), row)
        within[row.iri("section")].update({row.iri("within")} - {"", row.iri("section")})
    # Transitive: the smallest of those around a section is in the most others itself.
    parents = {
        iri: max(around, key=lambda other: (len(within[other]), other), default=edition)
        for iri, around in within.items()
    }

    def below(parent: str) -> tuple[EditionSection, ...]:
        return tuple(
            EditionSection(
                iri,
                row.text("name"),
                row.text("nameZh"),
                row.text("kind"),
                facts.get(iri, ()),
                plain.get(iri, ()),
                below(iri),
            )
            for iri, row in first.items()
            if parents[iri] == parent
        )

    return below(edition)


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker quoted on an edition, in each capacity, with their statements."""

    iri: str
    name: str
    capacities: tuple[Speaker, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """What the page of an edition shows.

    Attributes:
        facts: what is stated of the edition, under the names of the properties of the statements.
        quantities: by indicator, the preferred ones first.
        sections: of the programme, those within others under them.
        voices: who is quoted.
        others: the statements on the edition that give neither a thing nor a figure.
        accepted: the statements that the curators accept.
        relations: of each statement that has any.
        disputes: the disagreements in which one of the statements takes part, each pair once.
    """

    edition: Edition
    facts: Mapping[str, tuple[EditionFact, ...]]
    quantities: tuple[QuantityRow, ...]
    sections: tuple[EditionSection, ...]
    voices: tuple[Voice, ...]
    others: tuple[Statement, ...]
    accepted: frozenset[str]
    relations: Mapping[str, tuple[Relation, ...]]
    disputes: tuple[tuple[Statement, Relation], ...]
    queries: tuple[PageQuery, ...]


def read_edition(graph: Graph, edition: Edition, wanted: Collection[str] | None = None) -> EditionPage:
    """Return what the page of an edition shows: by some statements on it, or by all."""
    narrowed = {} if wanted is None else {"statements": iris(wanted)}
    statement_query = page_query("editions/edition-statements", edition=edition.iri, **narrowed)
    section_query = page_query("editions/edition-sections", edition=edition.iri)
    rows = graph.select(statement_query.text)
    statements = {
        statement.iri: statement
        for statement in read_statements(graph, (row.iri("statement") for row in rows))
    }
    known = tuple(row for row in rows if row.iri("statement") in statements)
    facts = facts_of(known, statements)
    plain = plain_of(known, statements)
    relations = read_relations_of_each(graph, statements)
    section_rows = graph.select(section_query.text)
    names = {row.iri("section"): row.text("name") for row in section_rows}
    by_property: defaultdict[str, list[EditionFact]] = defaultdict(list)
    for fact in facts.get(edition.iri, ()):
        by_property[fact.states].append(fact)
    return EditionPage(
        edition=edition,
        facts={states: tuple(found) for states, found in by_property.items()},
        quantities=quantities_of(known, statements, names),
        sections=sections_of(section_rows, facts, plain, edition.iri),
        voices=_voices(statements.values()),
        others=tuple(statement for statement in plain.get(edition.iri, ()) if not statement.quantities),
        accepted=frozenset(row.iri("statement") for row in known if row.flag("accepted")),
        relations=relations,
        disputes=_disputes(statements, relations),
        queries=(statement_query, section_query),
    )


def _voices(statements: Iterable[Statement]) -> tuple[Voice, ...]:
    """Return the speakers, the most quoted first."""
    said: defaultdict[str, list[tuple[Speaker, Statement]]] = defaultdict(list)
    for statement in statements:
        for speaker in statement.speakers:
            said[speaker.iri].append((speaker, statement))
    voices = (
        Voice(
            iri,
            quoted[0][0].name,
            tuple(dict.fromkeys(speaker for speaker, _ in quoted)),
            tuple(dict.fromkeys(statement for _, statement in quoted)),
        )
        for iri, quoted in said.items()
    )
    return tuple(sorted(voices, key=lambda voice: (-len(voice.statements), voice.name)))


def _disputes(
    statements: Mapping[str, Statement], relations: Mapping[str, tuple[Relation, ...]]
) -> tuple[tuple[Statement, Relation], ...]:
    """Return the disagreements of statements, each pair once."""
    found: dict[frozenset[str], tuple[Statement, Relation]] = {}
    for of_one in relations.values():
        for relation in of_one:
            if relation.is_disagreement:
                found.setdefault(relation.pair, (statements[relation.statement], relation))
    return tuple(found.values())
