"""One edition as its page shows it: what is stated of it, thing by thing, and what the curators accept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forumkg.pages.editions.edition_facts import Fact, QuantityRow, facts_of, plain_of, quantities_of
from forumkg.pages.editions.editions import Edition
from forumkg.pages.editions.programme import Section, sections_of
from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import page_query
from forumkg.pages.relations import Relation, read_relations_of_each
from forumkg.pages.statements import Speaker, Statement, read_statements

__all__ = ["EditionPage", "Voice", "read_edition"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is quoted on an edition, in each capacity, and what they say."""

    iri: str
    name: str
    capacities: tuple[Speaker, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """What the page of an edition shows.

    Attributes:
        facts: what is stated of the edition, under the names of the properties of the statements.
        figures: by indicator, those that the curators prefer first.
        sections: of the programme, those within others under them.
        voices: who is quoted.
        others: the statements on the edition that give neither a thing nor a figure.
        accepted: the statements that the curators accept.
        relations: of each statement that has any.
        disputes: the disagreements in which one of the statements takes part, each pair once.
    """

    edition: Edition
    facts: Mapping[str, tuple[Fact, ...]]
    quantities: tuple[QuantityRow, ...]
    sections: tuple[Section, ...]
    voices: tuple[Voice, ...]
    others: tuple[Statement, ...]
    accepted: frozenset[str]
    relations: Mapping[str, tuple[Relation, ...]]
    disputes: tuple[tuple[Statement, Relation], ...]


def read_edition(graph: Graph, edition: Edition) -> EditionPage:
    """Return what the page of an edition shows."""
    rows = graph.select(page_query("editions/edition-statements", edition=edition.iri).text)
    statements = {
        statement.iri: statement
        for statement in read_statements(graph, (row.iri("statement") for row in rows))
    }
    known = tuple(row for row in rows if row.iri("statement") in statements)
    facts = facts_of(known, statements)
    plain = plain_of(known, statements)
    relations = read_relations_of_each(graph, statements)
    section_rows = graph.select(page_query("editions/edition-sections", edition=edition.iri).text)
    names = {row.iri("section"): row.text("name") for row in section_rows}
    by_property: defaultdict[str, list[Fact]] = defaultdict(list)
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
    )


def _voices(statements: Iterable[Statement]) -> tuple[Voice, ...]:
    """Return who is quoted, those who are quoted most first."""
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
