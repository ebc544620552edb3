"""The terms of the ontology as values: what each is called, what it means, and its axioms in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import ZGC, shorten
from forumkg.pages.graph import Row, Term
from forumkg.pages.names import Name, article_for
from forumkg.rdf.terms import named

__all__ = ["Kind", "OntologyTerm", "Triples", "read_terms"]

Triples = Mapping[Term, Mapping[str, Sequence[Term]]]
Kind = str

_KINDS: Final = {
    named("owl:Class"): "class",
    named("owl:ObjectProperty"): "property between things",
    named("owl:DatatypeProperty"): "property with a value",
}
_SUPER: Final = ("rdfs:subClassOf", "rdfs:subPropertyOf")


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A class or a property.

    Attributes:
        iri: its name.
        kind: `class`, `property between things` or `property with a value`.
        label: what it is called in English, and `chinese` in Chinese.
        definition: what it means.
        examples: of it, in words.
        notes: on how it is used.
        parents: the terms of ours that it is a kind of, and `children` its kinds.
        alignments: the terms of other vocabularies that it is a kind of.
        domain: the classes of what has the property, and `range` those of its values.
        axioms: what follows from it, each as words of which some are links.
        uses: how many things are of the class, or in how many triples the property is.
    """

    iri: str
    kind: Kind
    label: str
    chinese: str = ""
    definition: str = ""
    examples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parents: tuple[Name, ...] = ()
    children: tuple[Name, ...] = ()
    alignments: tuple[Name, ...] = ()
    domain: tuple[Name, ...] = ()
    range: tuple[Name, ...] = ()
    axioms: tuple[tuple[Name, ...], ...] = ()
    uses: int = 0

    @property
    def name(self) -> str:
        """The last part of its IRI."""
        return self.iri.removeprefix(ZGC)

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return self.kind == "class"


def read_terms(rows: Iterable[Row], uses: Mapping[str, int]) -> dict[str, OntologyTerm]:
    """Return the terms of ours by their IRIs.

    Args:
        rows: of the query `ontology-triples`.
        uses: how often each is used.
    """
    triples: defaultdict[Term, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        triples[row["subject"]][shorten(row.iri("property"))].append(row["value"])
    reader = _Reader(triples)
    return {
        subject.value: reader.term(subject, uses.get(subject.value, 0))
        for subject in triples
        if isinstance(subject, ox.NamedNode)
        and subject.value.startswith(ZGC)
        # The IRI of a version lies in the namespace, too.
        and "dcterms:isVersionOf" not in triples[subject]
    }


class _Reader:
    """Reads terms from the triples of the ontology."""

    def __init__(self, triples: Triples) -> None:
        self._triples = triples

    def term(self, node: ox.NamedNode, uses: int) -> OntologyTerm:
        types = self._values(node, "rdf:type")
        return OntologyTerm(
            iri=node.value,
            kind=next((words for type_, words in _KINDS.items() if type_ in types), "term"),
            label=self._name(node).text,
            chinese=next(iter(self._texts(node, "skos:prefLabel", "zh")), ""),
            definition=next(iter(self._texts(node, "skos:definition")), ""),
            examples=self._texts(node, "skos:example"),
            notes=self._texts(node, "skos:scopeNote"),
            parents=self._parents(node, ours=True),
            children=self._names(
                each for each in self._triples for name in _SUPER if node in self._values(each, name)
            ),
            alignments=self._parents(node, ours=False),
            domain=self._names(self._values(node, "rdfs:domain")),
            range=self._names(self._values(node, "rdfs:range")),
            axioms=tuple(self._axioms(node, types)),
            uses=uses,
        )

    def _axioms(self, node: ox.NamedNode, types: Sequence[Term]) -> Iterator[tuple[Name, ...]]:
        me = self._name(node).text
        for each in self._parents(node, ours=True):
            if named("owl:Class") in types:
                yield _words(f"Every {me} is {article_for(each.text)} ", each, ".")
            else:
                yield _words("Where it holds, so does ", each, ".")
        others = [each for each in self._disjoint(node) if each != node]
        if others:
            yield (*_words("Nothing is both this and "), *_listed(self._names(others), "or"), *_words("."))
        for each in self._names(self._values(node, "rdfs:domain")):
            yield _words(f"What has it is {article_for(each.text)} ", each, ".")
        for each in self._names(self._values(node, "rdfs:range")):
            yield _words(f"Its value is {article_for(each.text)} ", each, ".")
        for each in self._names(self._values(node, "owl:inverseOf")):
            yield _words("It is ", each, " read from the other end.")
        if named("owl:SymmetricProperty") in types:
            yield _words("It holds in both directions.")
        if named("owl:TransitiveProperty") in types:
            yield _words("It carries on from link to link.")
        for chain in self._values(node, "owl:propertyChainAxiom"):
            steps = self._names(self._members(chain))
            yield (*_words("It follows from the chain "), *_listed(steps, "→"), *_words("."))

    def _parents(self, node: ox.NamedNode, *, ours: bool) -> tuple[Name, ...]:
        values = (each for name in _SUPER for each in self._values(node, name))
        return self._names(each for each in values if _is_ours(each) == ours)

    def _disjoint(self, node: ox.NamedNode) -> list[Term]:
        for values in self._triples.values():
            for list_ in values.get("owl:members", ()):
                members = self._members(list_)
                if node in members:
                    return members
        return []

    def _members(self, list_: Term) -> list[Term]:
        found: list[Term] = []
        while first := self._values(list_, "rdf:first"):
            found.append(first[0])
            list_ = self._values(list_, "rdf:rest")[0]
        return found

    def _values(self, node: Term, name: str) -> Sequence[Term]:
        return self._triples[node].get(name, ()) if node in self._triples else ()

    def _texts(self, node: Term, name: str, language: str = "en") -> tuple[str, ...]:
        values = (each for each in self._values(node, name) if isinstance(each, ox.Literal))
        return tuple(each.value for each in values if each.language == language)

    def _name(self, node: ox.NamedNode) -> Name:
        texts = self._texts(node, "skos:prefLabel")
        return Name(node.value, texts[0] if texts else shorten(node.value).strip("<>"))

    def _names(self, nodes: Iterable[Term]) -> tuple[Name, ...]:
        return tuple(self._name(each) for each in nodes if isinstance(each, ox.NamedNode))


def _is_ours(node: Term) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(ZGC)


def _words(*parts: str | Name) -> tuple[Name, ...]:
    return tuple(Name("", part) if isinstance(part, str) else part for part in parts)


def _listed(names: Sequence[Name], word: str) -> tuple[Name, ...]:
    """Return names with commas between and a word before the last; with a sign between all of them."""
    parts: list[Name] = []
    for place, name in enumerate(names):
        if place:
            last = place == len(names) - 1
            parts.append(Name("", f" {word} " if last or not word.isalpha() else ", "))
        parts.append(name)
    return tuple(parts)
