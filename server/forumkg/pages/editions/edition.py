"""One edition as its page shows it: what is stated of it, thing by thing, and what the curators accept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forumkg.pages.editions.edition_facts import Fact, FigureRow, facts_of, figures_of, plain_of
from forumkg.pages.editions.editions import Edition
from forumkg.pages.editions.programme import Section, sections_of
from forumkg.pages.graph import Ask
from forumkg.pages.neighbours import Neighbour, read_neighbours
from forumkg.pages.page_queries import page_query
from forumkg.pages.statements import Claim, Speaker, read_claims

__all__ = ["EditionPage", "Voice", "read_edition"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who is quoted on an edition, in each capacity, and what they say."""

    iri: str
    name: str
    capacities: tuple[Speaker, ...]
    claims: tuple[Claim, ...]


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
        neighbours: how a statement agrees or disagrees with others, where it does.
        disputes: the disagreements in which one of the statements takes part, each pair once.
    """

    edition: Edition
    facts: Mapping[str, tuple[Fact, ...]]
    figures: tuple[FigureRow, ...]
    sections: tuple[Section, ...]
    voices: tuple[Voice, ...]
    others: tuple[Claim, ...]
    accepted: frozenset[str]
    neighbours: Mapping[str, tuple[Neighbour, ...]]
    disputes: tuple[tuple[Claim, Neighbour], ...]


def read_edition(ask: Ask, edition: Edition) -> EditionPage:
    """Return what the page of an edition shows."""
    rows = ask.rows(page_query("editions/edition-statements", edition=edition.iri).text)
    claims = {claim.iri: claim for claim in read_claims(ask, (row.iri("statement") for row in rows))}
    known = tuple(row for row in rows if row.iri("statement") in claims)
    facts = facts_of(known, claims)
    plain = plain_of(known, claims)
    neighbours = read_neighbours(ask, claims)
    section_rows = ask.rows(page_query("editions/edition-sections", edition=edition.iri).text)
    names = {row.iri("section"): row.text("name") for row in section_rows}
    by_property: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts.get(edition.iri, ()):
        by_property[fact.states].append(fact)
    return EditionPage(
        edition=edition,
        facts={states: tuple(found) for states, found in by_property.items()},
        figures=figures_of(known, claims, names),
        sections=sections_of(section_rows, facts, plain, edition.iri),
        voices=_voices(claims.values()),
        others=tuple(claim for claim in plain.get(edition.iri, ()) if not claim.figures),
        accepted=frozenset(row.iri("statement") for row in known if row.flag("accepted")),
        neighbours=neighbours,
        disputes=_disputes(claims, neighbours),
    )


def _voices(claims: Iterable[Claim]) -> tuple[Voice, ...]:
    """Return who is quoted, those who are quoted most first."""
    said: defaultdict[str, list[tuple[Speaker, Claim]]] = defaultdict(list)
    for claim in claims:
        for speaker in claim.speakers:
            said[speaker.iri].append((speaker, claim))
    voices = (
        Voice(
            iri,
            quoted[0][0].name,
            tuple(dict.fromkeys(speaker for speaker, _ in quoted)),
            tuple(dict.fromkeys(claim for _, claim in quoted)),
        )
        for iri, quoted in said.items()
    )
    return tuple(sorted(voices, key=lambda voice: (-len(voice.claims), voice.name)))


def _disputes(
    claims: Mapping[str, Claim], neighbours: Mapping[str, tuple[Neighbour, ...]]
) -> tuple[tuple[Claim, Neighbour], ...]:
    """Return the disagreements in which statements take part, each pair once."""
    found: dict[frozenset[str], tuple[Claim, Neighbour]] = {}
    for iri, others in neighbours.items():
        for other in others:
            if other.is_dispute:
                found.setdefault(frozenset({iri, other.iri}), (claims[iri], other))
    return tuple(found.values())
