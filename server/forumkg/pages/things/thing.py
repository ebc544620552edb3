"""The page of a thing: its names, what its kind shows first, all facts, and what points to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import PREFIXES, SKOS, ZGC
from forumkg.pages.graph import Graph
from forumkg.pages.languages import language
from forumkg.pages.names import Name, names_of, thing_name
from forumkg.pages.quantities import Quantity, read_quantities
from forumkg.pages.things.facts import Facts, Value, read_facts, read_inbound
from forumkg.pages.things.sections import Section, ShownSection, StatementSection, read_sections
from forumkg.reasoning.proofs import Origin

__all__ = ["Thing", "read_thing"]

_TYPE: Final = f"{PREFIXES['rdf']}type"
_LABEL: Final = f"{SKOS}prefLabel"
_OTHER_LABEL: Final = f"{SKOS}altLabel"
_MEANING: Final = (f"{SKOS}definition", f"{PREFIXES['dcterms']}description", f"{PREFIXES['sh']}message")
_QUANTITY: Final = f"{ZGC}Quantity"
_SEVERITY: Final = f"{PREFIXES['sh']}severity"
_NOTE: Final = f"{ZGC}editorialNote"
_TRANSLATED_NOTE: Final = f"{ZGC}translatedNote"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as it is shown.

    Attributes:
        name: what it is called first.
        labels: its names in other languages.
        other_labels: other names.
        types: its classes, ours first.
        meaning: what it is or checks, in words.
        notes: of the curators.
        sections: what its kind shows.
        quantities: the quantity, where the thing is one.
        facts: all that is said of it.
        inbound: what points to it.
    """

    name: Name
    labels: tuple[Value, ...]
    other_labels: tuple[Value, ...]
    types: tuple[Value, ...]
    meaning: tuple[Value, ...]
    notes: tuple[Value, ...]
    sections: tuple[ShownSection, ...]
    quantities: tuple[Quantity, ...]
    facts: Facts
    inbound: Facts

    @property
    def iri(self) -> str:
        """The IRI of the thing."""
        return self.name.iri

    @property
    def kinds(self) -> tuple[Value, ...]:
        """The classes that people gave it, or all where they gave it none."""
        return tuple(each for each in self.types if each.origin is Origin.ASSERTED) or self.types

    @property
    def severities(self) -> tuple[Value, ...]:
        """How grave a finding of a shape is; nothing where the shape does not say."""
        return self.values(_SEVERITY)

    @property
    def judgement(self) -> str:
        """What the curators judge of the statement that gives the quantity; nothing for other things."""
        sections = self.sections if self.quantities else ()
        stating = (each.statements for each in sections if isinstance(each, StatementSection))
        return next((statement.judgement for statements in stating for statement in statements), "")

    @property
    def inferred(self) -> frozenset[tuple[str, str, str]]:
        """The facts between it and other things that an axiom or a rule gives, as far as they are here."""
        own = (
            (self.iri, fact.by.iri, value.iri)
            for fact in self.facts.facts
            for value in fact.values
            if value.origin is not Origin.ASSERTED
        )
        others = (
            (value.iri, fact.by.iri, self.iri)
            for fact in self.inbound.facts
            for value in fact.values
            if value.origin is not Origin.ASSERTED
        )
        return frozenset((*own, *others))

    def values(self, property_: str) -> tuple[Value, ...]:
        """Return the values of a property."""
        return _values(self.facts, property_)


def read_thing(graph: Graph, iri: str, sections: Iterable[Section] = ()) -> Thing:
    """Return a thing as it is shown, with some sections."""
    shown = read_sections(graph, iri, sections)
    facts = read_facts(graph, iri)
    name = thing_name(names_of(graph, [iri])[iri])
    types = sorted(_values(facts, _TYPE), key=lambda value: not value.iri.startswith(ZGC))
    return Thing(
        name=name,
        labels=tuple(value for value in _values(facts, _LABEL) if value.text != name.text),
        other_labels=_values(facts, _OTHER_LABEL),
        types=tuple(types),
        meaning=tuple(value for property_ in _MEANING for value in _values(facts, property_)),
        notes=_notes(facts),
        sections=shown,
        quantities=read_quantities(graph, [iri] if _QUANTITY in (value.iri for value in types) else []),
        facts=facts,
        inbound=read_inbound(graph, iri),
    )


def _notes(facts: Facts) -> tuple[Value, ...]:
    """Return the notes in the language of the page, else in English."""
    translated = _values(facts, _TRANSLATED_NOTE)
    return tuple(each for each in translated if each.language == language()) or _values(facts, _NOTE)


def _values(facts: Facts, property_: str) -> tuple[Value, ...]:
    return next((fact.values for fact in facts.facts if fact.by.iri == property_), ())
