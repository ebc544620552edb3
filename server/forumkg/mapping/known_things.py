"""What the graph and the vocabulary know already: things with classes, labels and relations."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import pyoxigraph as ox

from forumkg.namespaces import ID, PREFIXES, SKOS, ZGC

__all__ = ["KnownThing", "KnownThings", "full_iri", "local_name"]

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
