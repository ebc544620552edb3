"""Two editions side by side: every fact of each, with the statements that support it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from markupsafe import Markup

from forumkg.pages.charts import QuantityChart, quantity_charts, sparklines
from forumkg.pages.editions.edition import EditionFact, EditionPage, EditionSection, QuantityRow
from forumkg.pages.languages import N_, gettext
from forumkg.pages.quantities import Quantity
from forumkg.pages.quantity_groups import QuantityGroup, ReportedQuantity
from forumkg.pages.statements import Statement

__all__ = [
    "ComparedChapter",
    "ComparedFigures",
    "ComparedItem",
    "CoveringArticle",
    "articles_of",
    "compare_editions",
    "compare_figures",
]

# The chapters of the comparison: an id, a title, and the properties of the statements in it.
_CHAPTERS: Final = (
    ("when", N_("When"), ("statesPeriod",)),
    ("where", N_("Where"), ("statesPlace",)),
    ("theme", N_("Theme"), ("statesTheme",)),
    ("hosts", N_("Hosts and co-hosts"), ("statesHost",)),
    ("organizers", N_("Organizers"), ("statesOrganizer",)),
    ("attendees", N_("Who takes part"), ("statesAttendee",)),
    ("outcomes", N_("Outcomes"), ("statesOutcome",)),
)
_TOPICS: Final = "statesTopic"
_THEME: Final = "statesTheme"
_PLACE: Final = "statesPlace"

# How two sets of values differ, in words.
_NEITHER: Final = N_("not stated for either")
_ONE: Final = N_("stated for one of them only")
_SAME: Final = N_("the same in both")
_PARTLY: Final = N_("some in common")
_DIFFERENT: Final = N_("none in common")
_OTHER_FIGURES: Final = N_("different figures")


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """A value of one edition, with what qualifies it, and the statements that support it.

    Attributes:
        iri: of the value; empty for a figure.
        name: of the value.
        name_zh: its Chinese name.
        remarks: English words that qualify it: roles, a kind, stances.
        is_accepted: whether the curators accept it.
        is_shared: whether the other edition has the same value.
        statements: that support it.
    """

    iri: str
    name: str
    name_zh: str = ""
    remarks: tuple[str, ...] = ()
    is_accepted: bool = False
    is_shared: bool = False
    statements: tuple[Statement, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the curators note on the statements that support it, each note once."""
        return tuple(dict.fromkeys(note for each in self.statements for note in each.notes))


@dataclass(frozen=True, slots=True)
class ComparedChapter:
    """What is stated of one aspect of both editions, and how they differ, in words."""

    id: str
    title: str
    sides: tuple[tuple[ComparedItem, ...], tuple[ComparedItem, ...]]
    verdict: str


@dataclass(frozen=True, slots=True)
class ComparedFigures:
    """The figures of one indicator of both editions, with their drawings on one scale.

    Attributes:
        indicator: its IRI.
        name: of the indicator.
        sides: the figures of each edition.
        drawings: of each edition.
        axis_words: the ends of their scale, in words; empty without a drawing.
        verdict: how the figures differ, in English.
        chart: all of them, for the file.
    """

    indicator: str
    name: str
    sides: tuple[tuple[ReportedQuantity, ...], tuple[ReportedQuantity, ...]]
    drawings: tuple[Markup, Markup]
    axis_words: str
    verdict: str
    chart: QuantityChart


@dataclass(frozen=True, slots=True)
class CoveringArticle:
    """An article, and how many of its statements are on an edition."""

    iri: str
    name: str
    publisher_name: str
    issued: date | None
    statements: int


def compare_editions(first: EditionPage, second: EditionPage) -> tuple[ComparedChapter, ...]:
    """Return the chapters of the comparison of two editions, also those of which nothing is stated."""
    found = [
        _chapter(id_, title, *(_of_chapter(side, properties) for side in (first, second)))
        for id_, title, properties in _CHAPTERS
    ]
    topics = (_items(_topics(side)) for side in (first, second))
    sections = (tuple(map(_section, _flat(side.sections))) for side in (first, second))
    return (
        *found,
        _chapter("topics", N_("Topics of the programme"), *topics),
        _chapter("sections", N_("Sections of the programme"), *sections),
        _chapter("voices", N_("Who is quoted"), *map(_voices, (first, second))),
    )


def compare_figures(first: EditionPage, second: EditionPage) -> tuple[ComparedFigures, ...]:
    """Return the figures of two editions by indicator, those of both editions first."""
    rows = (*first.quantities, *second.quantities)
    indicators = {row.quantity.indicator: row.quantity for row in rows}
    found = (_figures(each, first, second) for each in indicators.values())
    return tuple(sorted(found, key=lambda each: (not all(each.sides), each.name)))


def articles_of(side: EditionPage) -> tuple[CoveringArticle, ...]:
    """Return the articles that speak about an edition, the earliest first."""
    statements = {statement.iri: statement for statement in _statements(side)}
    first = {statement.article: statement for statement in reversed(statements.values())}
    counts = dict.fromkeys(first, 0)
    for statement in statements.values():
        counts[statement.article] += 1
    found = (
        CoveringArticle(iri, each.article_name, each.publisher_name, each.issued, counts[iri])
        for iri, each in first.items()
    )
    return tuple(sorted(found, key=lambda each: (each.issued or date.max, each.iri)))


def _chapter(
    id_: str, title: str, first: tuple[ComparedItem, ...], second: tuple[ComparedItem, ...]
) -> ComparedChapter:
    ours, theirs = ({item.iri for item in side} for side in (first, second))
    shared = ours & theirs

    def marked(side: tuple[ComparedItem, ...]) -> tuple[ComparedItem, ...]:
        return tuple(replace(item, is_shared=item.iri in shared) for item in side)

    return ComparedChapter(id_, title, (marked(first), marked(second)), _verdict(ours, theirs))


def _verdict(first: set[str], second: set[str], different: str = _DIFFERENT) -> str:
    if not first and not second:
        return _NEITHER
    if not first or not second:
        return _ONE
    if first == second:
        return _SAME
    return _PARTLY if first & second else different


def _facts(side: EditionPage, properties: Iterable[str]) -> Iterable[EditionFact]:
    return (fact for each in properties for fact in side.facts.get(each, ()))


def _of_chapter(side: EditionPage, properties: Iterable[str]) -> tuple[ComparedItem, ...]:
    """Return what is stated; where an edition takes place, also the places around the stated ones."""
    stated = _items(_facts(side, properties))
    if _PLACE not in properties:
        return stated
    known = {item.iri for item in stated}
    around = (
        ComparedItem(each.iri, each.name, remarks=(gettext("around the stated place"),), is_accepted=True)
        for each in side.edition.places
        if each.iri not in known
    )
    return (*stated, *around)


def _topics(side: EditionPage) -> Iterable[EditionFact]:
    """Return the topics of an edition and its sections, each topic once with all of its statements."""
    found: dict[str, EditionFact] = {}
    of_sections = (
        fact for section in _flat(side.sections) for fact in section.facts if fact.states == _TOPICS
    )
    for fact in (*side.facts.get(_TOPICS, ()), *of_sections):
        before = found.get(fact.iri)
        statements = (*(before.statements if before else ()), *fact.statements)
        accepted = fact.accepted or (before is not None and before.accepted)
        found[fact.iri] = replace(fact, statements=tuple(dict.fromkeys(statements)), accepted=accepted)
    return sorted(found.values(), key=lambda fact: (-len(fact.statements), fact.name))


def _items(facts: Iterable[EditionFact]) -> tuple[ComparedItem, ...]:
    return tuple(
        ComparedItem(
            fact.iri,
            fact.name,
            fact.name_zh,
            # A motto is neither planned nor ongoing.
            (*fact.roles, *(() if fact.states == _THEME else fact.stances)),
            fact.accepted,
            statements=fact.statements,
        )
        for fact in facts
    )


def _section(section: EditionSection) -> ComparedItem:
    supporting = (statement for fact in section.facts for statement in fact.statements)
    return ComparedItem(
        section.iri,
        section.name,
        section.name_zh,
        (section.kind,) if section.kind else (),
        is_accepted=True,
        statements=tuple(dict.fromkeys((*supporting, *section.statements))),
    )


def _voices(side: EditionPage) -> tuple[ComparedItem, ...]:
    return tuple(
        ComparedItem(voice.iri, voice.name, is_accepted=True, statements=voice.statements)
        for voice in side.voices
    )


def _flat(sections: Iterable[EditionSection]) -> Iterator[EditionSection]:
    for section in sections:
        yield section
        yield from _flat(section.sections)


def _figures(counted: Quantity, first: EditionPage, second: EditionPage) -> ComparedFigures:
    """Return the figures of two editions that count the same as a quantity."""
    ours, theirs = (
        tuple(_reported(row, side) for row in side.quantities if row.quantity.indicator == counted.indicator)
        for side in (first, second)
    )
    groups = (
        QuantityGroup(first.edition.iri, str(first.edition.year), ours),
        QuantityGroup(second.edition.iri, str(second.edition.year), theirs),
    )
    drawn = sparklines(groups, (*ours, *theirs), counted.maximum)
    (_, our_line), (_, their_line) = drawn.lines
    return ComparedFigures(
        counted.indicator,
        counted.indicator_name,
        (ours, theirs),
        (our_line, their_line),
        drawn.axis_words,
        _verdict(_words(ours), _words(theirs), _OTHER_FIGURES),
        quantity_charts(groups, counted.maximum)[0],
    )


def _words(entries: Iterable[ReportedQuantity]) -> set[str]:
    return {entry.quantity.words for entry in entries}


def _reported(row: QuantityRow, side: EditionPage) -> ReportedQuantity:
    return ReportedQuantity(
        row.quantity, row.statement, side.edition.iri, row.subject or side.edition.name, side.edition.year
    )


def _statements(side: EditionPage) -> Iterator[Statement]:
    facts = (fact for of_one in side.facts.values() for fact in of_one)
    for fact in facts:
        yield from fact.statements
    for row in side.quantities:
        yield row.statement
    for section in _flat(side.sections):
        yield from _section(section).statements
    yield from side.others
