"""What is counted: the indicators, and which of them is narrower than, or part of, which."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from forumkg.namespaces import PREFIXES
from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import page_query
from forumkg.pages.translated_text import capitalized

__all__ = ["Indicator", "indicator_iri", "parts_of", "read_indicators"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A kind of number that is counted or measured.

    Attributes:
        chinese: its name in Chinese, where the graph has one.
        maximum: the most that is possible, where the curators know it.
        notes: of the curators.
        broader: the IRIs of the indicators that compare it with others.
        wholes: the IRIs of the indicators that count more of the same.
    """

    iri: str
    name: str
    chinese: str = ""
    definition: str = ""
    maximum: Decimal | None = None
    notes: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The last part of its IRI, as in the address of its page."""
        return self.iri.rpartition("/")[2]

    @property
    def title(self) -> str:
        """Its name at the head of a page."""
        return capitalized(self.name)


def indicator_iri(slug: str) -> str:
    """Return the IRI of the indicator of a page."""
    return PREFIXES["indicator"] + slug


def read_indicators(graph: Graph) -> Mapping[str, Indicator]:
    """Return all indicators by their IRIs, in the order of their names."""
    rows = graph.select(page_query("indicators").text)
    found: dict[str, Indicator] = {}
    for row in rows:
        iri = row.iri("indicator")
        if iri in found:
            continue
        own = [other for other in rows if other.iri("indicator") == iri]
        notes, broader, wholes = (
            tuple(dict.fromkeys(other.text(name) for other in own if name in other))
            for name in ("note", "broader", "whole")
        )
        found[iri] = Indicator(
            iri,
            row.text("name"),
            row.text("chineseName"),
            row.text("definition"),
            row.number("maximum"),
            notes,
            broader,
            wholes,
        )
    return found


def parts_of(iri: str, indicators: Mapping[str, Indicator]) -> tuple[Indicator, ...]:
    """Return the indicators directly under another: narrower ones, and those that count a part."""
    return tuple(each for each in indicators.values() if iri in each.broader or iri in each.wholes)
