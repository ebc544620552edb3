"""The things that the graph and the vocabulary have already, and the labels by which texts name them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import pyoxigraph as ox

from forumkg.namespaces import ID, PREFIXES, SKOS, ZGC
from forumkg.texts.signs import has_han

__all__ = [
    "KnownThing",
    "KnownThings",
    "full_iri",
    "label_patterns",
    "labelled",
    "local_name",
    "without_labels",
]

_TYPE: Final = f"{PREFIXES['rdf']}type"
_LABELS: Final = (f"{SKOS}prefLabel", f"{SKOS}altLabel")
_NAMED: Final = re.compile(rf"{re.escape(ID)}([a-z]+)/([^/]+)")


@dataclass(frozen=True, slots=True)
class KnownThing:
    """A thing of the graph.

    Attributes:
        name: its prefixed name, as worksheets write it.
        labels: its names, the preferred ones first, each with its language.
        values: the values of all other properties by the name of the property without its namespace.
    """

    name: str
    labels: tuple[tuple[str, str], ...]
    values: Mapping[str, tuple[str, ...]]

    @property
    def kind(self) -> str:
        """The prefix of the name, such as `edition`."""
        return self.name.partition(":")[0]

    def label(self, language: str = "en") -> str:
        """Return the first label in a language, else the first of all, else the name."""
        found = next((text for text, tag in self.labels if tag == language), None)
        return found or (self.labels[0][0] if self.labels else self.name)

    def value(self, key: str) -> str:
        """Return the first value of a property; empty without one."""
        return next(iter(self.values.get(key, ())), "")


@dataclass(frozen=True, slots=True)
class KnownThings:
    """The things of the graph by their prefixed names."""

    things: Mapping[str, KnownThing]

    @classmethod
    def read(cls, triples: Iterable[ox.Triple]) -> Self:
        """Gather what triples say about things with names in our namespace."""
        labels: defaultdict[str, list[tuple[bool, str, str]]] = defaultdict(list)
        values: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if not isinstance(triple.subject, ox.NamedNode):
                continue
            name = local_name(triple.subject.value)
            if not name:
                continue
            predicate = triple.predicate.value
            if predicate in _LABELS and isinstance(triple.object, ox.Literal):
                is_other = predicate == _LABELS[1]
                labels[name].append((is_other, triple.object.value, triple.object.language or ""))
            elif isinstance(triple.object, ox.NamedNode | ox.Literal):
                values[name][_key(predicate)].append(_short(triple.object))
        return cls(
            {
                name: KnownThing(
                    name,
                    tuple((text, tag) for _, text, tag in sorted(labels[name])),
                    {key: tuple(sorted(found)) for key, found in values[name].items()},
                )
                for name in sorted(values)
                if "type" in values[name]
            }
        )

    def __contains__(self, name: str) -> bool:
        return name in self.things

    def get(self, name: str) -> KnownThing | None:
        """Return a thing by its name; None for an unknown one."""
        return self.things.get(name)

    def of_kind(self, *kinds: str) -> tuple[KnownThing, ...]:
        """Return the things whose names have one of the prefixes, by name."""
        return tuple(thing for thing in self.things.values() if thing.kind in kinds)


# Patterns for the labels of things, the longest labels first.
LabelPatterns: TypeAlias = tuple[tuple[re.Pattern[str], KnownThing], ...]


def label_patterns(things: Sequence[KnownThing]) -> LabelPatterns:
    """Return a pattern for the labels of each thing, those with the longest labels first."""
    found = []
    for thing in things:
        labels = sorted({text for text, _ in thing.labels if len(text) > 1}, key=len, reverse=True)
        if labels:
            words = "|".join(
                re.escape(label) if has_han(label) else rf"\b{re.escape(label)}\b" for label in labels
            )
            found.append((re.compile(words, re.IGNORECASE), thing))
    return tuple(sorted(found, key=lambda one: -max(len(text) for text, _ in one[1].labels)))


def without_labels(patterns: LabelPatterns, words: str) -> str:
    """Return words without the names of things."""
    for pattern, _ in patterns:
        words = pattern.sub(" ", words)
    return words


def labelled(patterns: LabelPatterns, words: str) -> list[KnownThing]:
    """Return the things whose labels are in the words, in their order; the longest label takes its place."""
    taken: list[tuple[int, int, KnownThing]] = []
    for pattern, thing in patterns:
        for match in pattern.finditer(words):
            if all(match.end() <= start or end <= match.start() for start, end, _ in taken):
                taken.append((*match.span(), thing))
                break
    return [thing for _, _, thing in sorted(taken, key=lambda one: one[0])]


def full_iri(name: str) -> str:
    """Return the IRI of a prefixed name of a thing: `edition:2025`."""
    kind, _, local = name.partition(":")
    return f"{ID}{kind}/{local}"


def local_name(iri: str) -> str:
    """Return the prefixed name of a thing; empty for an IRI that has none, such as that of a passage."""
    match = _NAMED.fullmatch(iri)
    return f"{match[1]}:{match[2]}" if match else ""


def _key(predicate: str) -> str:
    if predicate == _TYPE:
        return "type"
    return predicate.removeprefix(ZGC).removeprefix(SKOS)


def _short(value: ox.NamedNode | ox.Literal) -> str:
    if isinstance(value, ox.Literal):
        return value.value
    return local_name(value.value) or value.value.removeprefix(ZGC)
