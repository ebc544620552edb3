"""Choose the neighbours of a thing to draw: the most specific links from it and to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from forumkg.namespaces import ID, ZGC, shorten
from forumkg.pages.things.facts import Fact, Facts, Value
from forumkg.reasoning.proofs import Origin

__all__ = ["Neighbour", "choose_neighbours"]

# More on one side of a drawing is illegible. The note below the drawing has both numbers.
_MOST: Final = 6
_OF_ONE_PROPERTY: Final = 3

# Properties that say little, or that a narrower property implies.
_GENERAL: Final = frozenset(
    f"{ZGC}{name}"
    for name in (
        "belongsToForum",
        "hasAcceptedStatement",
        "hasParticipant",
        "hasStatement",
        "isAbout",
        "isAcceptedFor",
        "isReportedBy",
        "isReportedIn",
        "statesParticipant",
    )
)
_CODED: Final = (f"{ID}code/", f"{ID}scheme/")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing that one fact relates to another.

    Attributes:
        by: the name of the property that relates the two.
        text: its name.
        iri: where it leads.
        is_towards: whether it points to the thing, not the thing to it.
        is_asserted: whether the fact is asserted, not inferred by an axiom or a rule.
        language: of its name.
        by_language: of the name of the property.
    """

    by: str
    text: str
    iri: str
    is_towards: bool = False
    is_asserted: bool = True
    language: str = ""
    by_language: str = ""


def choose_neighbours(facts: Facts, inbound: Facts) -> tuple[Neighbour, ...]:
    """Return some neighbours by each property, the narrow properties first."""
    found: dict[str, Neighbour] = {}
    for neighbour in _candidates(facts, inbound):
        if sum(each.is_towards == neighbour.is_towards for each in found.values()) < _MOST:
            found.setdefault(neighbour.iri, neighbour)
    return tuple(found.values())


def _candidates(facts: Facts, inbound: Facts) -> Iterator[Neighbour]:
    for is_general in (False, True):
        yield from _some(facts.facts, is_general=is_general, is_towards=False)
        yield from _some(inbound.facts, is_general=is_general, is_towards=True)


def _some(facts: Iterable[Fact], *, is_general: bool, is_towards: bool) -> Iterator[Neighbour]:
    for fact in facts:
        if _is_telling(fact) and (fact.by.iri in _GENERAL) == is_general:
            yield from islice(
                (
                    Neighbour(
                        fact.by.text,
                        value.text,
                        value.iri,
                        is_towards,
                        value.origin is Origin.ASSERTED,
                        value.language,
                        fact.by.language,
                    )
                    for value in fact.values
                    if _is_link(value)
                ),
                _OF_ONE_PROPERTY,
            )


def _is_telling(fact: Fact) -> bool:
    return shorten(fact.by.iri).startswith(("skos:broader", "zgc:", "sh:", "void:subset", "dcterms:isPartOf"))


def _is_link(value: Value) -> bool:
    return value.iri.startswith(("http://", "https://")) and not value.iri.startswith(_CODED)
