"""The terms of the ontology as values: what each is called, what it means, and its axioms in words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import ZGC, shorten
from forumkg.pages.graph import Row, Term
from forumkg.pages.languages import DEFAULT, N_, gettext, language, pgettext
from forumkg.pages.names import Name, article_for
from forumkg.pages.translated_text import TranslatedText, catalogued
from forumkg.rdf.terms import named

__all__ = ["Kind", "OntologyTerm", "Triples", "read_terms"]

Triples = Mapping[Term, Mapping[str, Sequence[Term]]]
Kind = str

_KINDS: Final = {
    named("owl:Class"): N_("class"),
    named("owl:ObjectProperty"): N_("property between things"),
    named("owl:DatatypeProperty"): N_("property with a value"),
}
# The place of a name in the sentence of an axiom.
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_SUPER: Final = ("rdfs:subClassOf", "rdfs:subPropertyOf")


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A class or a property.

    Attributes:
        iri: its name.
        kind: `class`, `property between things` or `property with a value`.
        label: what it is called in the language of the page, or else in English.
        other: what it is called in the other language of the two; empty where it has no such name.
        definition: what it means.
        examples: of it, in words.
        notes: on how it is used.
        parents: our terms that it is a kind of, and `children` its kinds.
        alignments: the terms of other vocabularies that it is a kind of.
        domain: the classes of what has the property, and `range` those of its values.
        axioms: what follows from it, each as words of which some are links.
        uses: how many things are of the class, or in how many triples the property is.
    """

    iri: str
    kind: Kind
    label: str
    other: str = ""
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
    """Return our terms by their IRIs.

    Args:
        rows: of the query `ontology-triples`, in any order: to sort them in a store on disk takes 40 ms.
        uses: how often each is used.
    """
    triples: defaultdict[Term, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    short = cache(shorten)
    for row in sorted(rows, key=_order):
        triples[row["subject"]][short(row.iri("property"))].append(row["value"])
    reader = _Reader(triples)
    return {
        subject.value: reader.term(subject, uses.get(subject.value, 0))
        for subject in triples
        if isinstance(subject, ox.NamedNode)
        and subject.value.startswith(ZGC)
        # The IRI of a version lies in the namespace, too.
        and "dcterms:isVersionOf" not in triples[subject]
    }


def _order(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("subject", "property", "value"))


class _Reader:
    """Reads terms from the triples of the ontology."""

    def __init__(self, triples: Triples) -> None:
        self._triples = triples
        self._children: defaultdict[Term, list[Term]] = defaultdict(list)
        for node, name in product(triples, _SUPER):
            for parent in self._values(node, name):
                self._children[parent].append(node)
        lists = (each for values in triples.values() for each in values.get("owl:members", ()))
        self._disjoint = [self._members(each) for each in lists]

    def term(self, node: ox.NamedNode, uses: int) -> OntologyTerm:
        types = self._values(node, "rdf:type")
        return OntologyTerm(
            iri=node.value,
            kind=next((words for type_, words in _KINDS.items() if type_ in types), "term"),
            label=self._label(node),
            other=self._other(node),
            definition=catalogued(next(iter(self._texts(node, "skos:definition")), "")),
            examples=tuple(
                # A code is no text.
                TranslatedText(each, DEFAULT) if each.isalnum() else catalogued(each)
                for each in self._texts(node, "skos:example")
            ),
            notes=tuple(map(catalogued, self._texts(node, "skos:scopeNote"))),
            parents=self._parents(node, ours=True),
            children=self._names(self._children[node]),
            alignments=self._parents(node, ours=False),
            domain=self._names(self._values(node, "rdfs:domain")),
            range=self._names(self._values(node, "rdfs:range")),
            axioms=tuple(self._axioms(node, types)),
            uses=uses,
        )

    def _axioms(self, node: ox.NamedNode, types: Sequence[Term]) -> Iterator[tuple[Name, ...]]:
        me = (replace(self._name(node), iri=""),)
        for each in self._parents(node, ours=True):
            if named("owl:Class") in types:
                yield _sentence(gettext("Every %(term)s is %(parent)s."), term=me, parent=_with_article(each))
            else:
                yield _sentence(gettext("It implies “%(property)s”."), property=(each,))
        disjoint: Sequence[Term] = next((members for members in self._disjoint if node in members), ())
        others = [each for each in disjoint if each != node]
        if others:
            listed = _listed(self._names(others), pgettext("between names", ", "), gettext(" or "))
            yield _sentence(gettext("Nothing is both this and %(others)s."), others=listed)
        for each in self._names(self._values(node, "rdfs:domain")):
            yield _sentence(gettext("Its subject is %(thing)s."), thing=_with_article(each))
        for each in self._names(self._values(node, "rdfs:range")):
            yield _sentence(gettext("Its value is %(thing)s."), thing=_with_article(each))
        for each in self._names(self._values(node, "owl:inverseOf")):
            yield _sentence(gettext("It is the inverse of “%(property)s”."), property=(each,))
        if named("owl:SymmetricProperty") in types:
            yield _sentence(gettext("It is symmetric: it holds in both directions."))
        if named("owl:TransitiveProperty") in types:
            yield _sentence(gettext("It is transitive."))
        for chain in self._values(node, "owl:propertyChainAxiom"):
            steps = _listed(self._names(self._members(chain)), " → ", " → ")
            yield _sentence(gettext("It follows from the chain of properties %(steps)s."), steps=steps)

    def _parents(self, node: ox.NamedNode, *, ours: bool) -> tuple[Name, ...]:
        values = (each for name in _SUPER for each in self._values(node, name))
        return self._names(each for each in values if _is_ours(each) == ours)

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

    def _label(self, node: ox.NamedNode) -> str:
        name = self._name(node)
        return TranslatedText(name.text, name.language)

    def _other(self, node: ox.NamedNode) -> str:
        """Return the English name where the page has the Chinese one, else the Chinese one."""
        tag = "zh" if self._name(node).language == DEFAULT else DEFAULT
        texts = self._texts(node, "skos:prefLabel", tag)
        return TranslatedText(texts[0], tag) if texts else ""

    def _name(self, node: ox.NamedNode) -> Name:
        """Return what a term is called: in the language of the page, in English, or by its short IRI."""
        for tag in (language(), DEFAULT):
            if texts := self._texts(node, "skos:prefLabel", tag):
                return Name(node.value, texts[0], tag)
        return Name(node.value, shorten(node.value).strip("<>"), DEFAULT)

    def _names(self, nodes: Iterable[Term]) -> tuple[Name, ...]:
        return tuple(self._name(each) for each in nodes if isinstance(each, ox.NamedNode))


def _is_ours(node: Term) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(ZGC)


def _sentence(template: str, **parts: Sequence[Name]) -> tuple[Name, ...]:
    """Return a sentence in parts: its words, and names in the places of its `%(name)s`."""
    found: list[Name] = []
    for place, part in enumerate(_PLACE.split(template)):
        if place % 2:
            found += parts[part]
        elif part:
            found.append(Name("", part))
    return tuple(found)


def _with_article(name: Name) -> tuple[Name, ...]:
    """Return a name with its article in English; Chinese has none."""
    return (Name("", f"{article_for(name.text)} "), name) if language() == DEFAULT else (name,)


def _listed(names: Sequence[Name], comma: str, last: str) -> tuple[Name, ...]:
    """Return names with commas between, and a word before the last."""
    parts: list[Name] = []
    for place, name in enumerate(names):
        if place:
            parts.append(Name("", last if place == len(names) - 1 else comma))
        parts.append(name)
    return tuple(parts)
