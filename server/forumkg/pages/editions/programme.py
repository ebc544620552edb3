"""The programme of an edition: its sections, those within others under them, and what is said of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forumkg.pages.editions.edition_facts import Fact
from forumkg.pages.graph import Row
from forumkg.pages.statements import Statement

__all__ = ["Section", "sections_of"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the programme, with what statements say of it and the sections within it."""

    iri: str
    name: str
    name_zh: str = ""
    kind: str = ""
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()
    sections: tuple["Section", ...] = ()


def sections_of(
    rows: Sequence[Row],
    facts: Mapping[str, tuple[Fact, ...]],
    plain: Mapping[str, tuple[Statement, ...]],
    edition: str,
) -> tuple[Section, ...]:
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

    def below(parent: str) -> tuple[Section, ...]:
        return tuple(
            Section(
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
