"""Find dangling references: undeclared terms, nodes that no file describes, blank nodes, comments.

No shape applies to a misspelt term or IRI, so SHACL does not see it.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from rdflib import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    XSD,
    BNode,
    Graph,
    URIRef,
)
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

from forumkg.namespaces import ID, OA, ZGC, shorten
from forumkg.validation.findings import Finding
from forumkg.validation.workspace import CheckedFile, Workspace, name_of

__all__ = ["check_references", "check_writing"]

_PROPERTIES: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)
_CLASSES: Final = (OWL.Class, RDFS.Class)
# rdflib knows the terms of these; of our own and of Web Annotation the ontology declares what we use.
_KNOWN: Final = (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)
_DECLARED_BY_US: Final = (ZGC, OA)
_NEAR: Final = 0.7

# Returns the things to which an IRI may be similar.
_Things: TypeAlias = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The terms that the ontology declares, by what they are."""

    properties: frozenset[str]
    classes: frozenset[str]
    terms: frozenset[str]

    @classmethod
    def of(cls, ontology: Graph) -> "_Vocabulary":
        return cls(
            frozenset(str(s) for kind in _PROPERTIES for s in ontology.subjects(RDF.type, kind)),
            frozenset(str(s) for kind in _CLASSES for s in ontology.subjects(RDF.type, kind)),
            # A version of the ontology lies in its namespace.
            frozenset(str(s) for p in (RDF.type, DCTERMS.isVersionOf) for s in ontology.subjects(p)),
        )

    def with_foreign(self, graph: Graph) -> "_Vocabulary":
        """Return the vocabulary with the objects of a graph in other namespaces declared, too."""
        objects = (str(o) for o in graph.objects(unique=True) if isinstance(o, URIRef))
        return replace(self, terms=self.terms | {iri for iri in objects if not iri.startswith(ZGC)})


def check_references(workspace: Workspace) -> Iterator[Finding]:
    """Yield the dangling references in all files of the workspace."""
    vocabulary = _Vocabulary.of(workspace.ontology)
    everything = (workspace.data, workspace.ontology)
    subjects = frozenset(str(s) for graph in everything for s in graph.subjects(unique=True))
    typed = frozenset(str(s) for graph in everything for s in graph.subjects(RDF.type))
    things = _things(workspace, typed)
    yield from _untyped(workspace, typed, things)
    for file in workspace.files:
        if file.is_data:
            yield from _dangling(file, _missing(workspace, file) - subjects, things)
    for file in workspace.files:
        yield from _undeclared(file, vocabulary, _looked_at(workspace, file))
    for file in workspace.checked:
        yield from check_writing(file)


def check_writing(file: CheckedFile) -> Iterator[Finding]:
    """Yield what only the text of a file has, and no other file can refer to: blank nodes and comments."""
    if file.is_data:
        yield from _blank_nodes(file)
        yield from _comments(file)


def _things(workspace: Workspace, typed: Set[str]) -> _Things:
    """Return the function that gives the things in the namespace of an IRI."""
    if workspace.scope is None:
        return lambda _: typed
    found, untyped = workspace.scope.whole.things, workspace.scope.nodes - typed
    return lambda iri: {*found(_split(iri)[0]), *typed} - untyped


def _missing(workspace: Workspace, file: CheckedFile) -> set[str]:
    """Return the things that a file points to, as far as it is known whether they are described."""
    named = {str(o) for o in file.graph.objects(unique=True) if isinstance(o, URIRef) and o.startswith(ID)}
    if workspace.scope is None or file.is_given:
        return named
    return named & workspace.scope.nodes


def _looked_at(workspace: Workspace, file: CheckedFile) -> Iterable[tuple[Node, Node, Node]]:
    """Return the triples of a file, or those about the nodes that are to be checked."""
    if workspace.scope is None or file.is_given:
        return file.graph
    return [
        triple for node in workspace.scope.nodes for triple in file.graph.triples((URIRef(node), None, None))
    ]


def _undeclared(
    file: CheckedFile, vocabulary: _Vocabulary, triples: Iterable[tuple[Node, Node, Node]]
) -> Iterator[Finding]:
    if triples and file.source.is_shapes:
        # Shapes also name what must not be used, such as oa:exact: of them only our own terms are looked at.
        vocabulary = vocabulary.with_foreign(file.graph)
    for s, p, o in triples:
        triple = (name_of(s), str(p), str(o))
        yield from _misused(file, triple[:2], str(p), vocabulary, "property")
        if isinstance(o, URIRef) and p == RDF.type:
            yield from _misused(file, triple, str(o), vocabulary, "class")
        elif isinstance(o, URIRef) and not _is_declared(str(o), vocabulary):
            yield _unknown(file, triple, str(o), vocabulary.terms)


def _misused(
    file: CheckedFile, triple: tuple[str, ...], term: str, vocabulary: _Vocabulary, wanted: str
) -> Iterator[Finding]:
    """Yield a finding where a term is unknown, or is not of the kind that its position requires."""
    right = vocabulary.properties if wanted == "property" else vocabulary.classes
    if not _is_declared(term, vocabulary):
        yield _unknown(file, triple, term, right)
    elif term.startswith(_DECLARED_BY_US) and term not in right:
        advice = f"Use a {wanted}{_did_you_mean(term, right)}"
        yield file.finding(f"not-a-{wanted}", triple, f"{shorten(term)} is not a {wanted}.", advice)


def _is_declared(term: str, vocabulary: _Vocabulary) -> bool:
    if term.startswith(_DECLARED_BY_US):
        return term in vocabulary.terms or term in _DECLARED_BY_US
    known = _known(term)
    return known is None or term in known or term == str(known)


def _known(term: str) -> type[DefinedNamespace] | None:
    return next((namespace for namespace in _KNOWN if term.startswith(str(namespace))), None)


def _unknown(file: CheckedFile, triple: tuple[str, ...], term: str, right: Iterable[str]) -> Finding:
    known = _known(term)
    candidates = right if known is None else map(str, dir(known))
    advice = f"Use a term that it declares{_did_you_mean(term, candidates)}"
    message = f"{shorten(term)} is not declared by its vocabulary."
    return file.finding("undeclared-term", triple, message, advice)


def _did_you_mean(iri: str, candidates: Iterable[str]) -> str:
    """Return an end of a sentence that asks for the most similar candidate of the same namespace."""
    namespace, local = _split(iri)
    locals_ = [other for base, other in map(_split, candidates) if base == namespace and other != local]
    best = difflib.get_close_matches(local, locals_, n=1, cutoff=_NEAR)
    return f": did you mean {shorten(namespace + best[0])}?" if best else "."


def _split(iri: str) -> tuple[str, str]:
    """Return the part of an IRI that its kind has in common, and its own part."""
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]


def _untyped(workspace: Workspace, typed: Set[str], things: _Things) -> Iterator[Finding]:
    """Yield the nodes without a type, each once: in the file with most triples about it."""
    files = [file for file in workspace.files if file.is_data]
    nodes = None if workspace.scope is None else workspace.scope.nodes
    for s in workspace.data.subjects(unique=True):
        if nodes is not None and str(s) not in nodes:
            continue
        if isinstance(s, URIRef) and s.startswith(ID) and str(s) not in typed:
            counts = [sum(1 for _ in file.graph.predicate_objects(s)) for file in files]
            file = files[counts.index(max(counts))]
            message = f"{shorten(s)} has no type in any file."
            advice = f"Describe it, beginning with `a zgc:…`, or name what is meant{_similar(s, things)}"
            yield file.finding("untyped-subject", (str(s),), message, advice)


def _dangling(file: CheckedFile, missing: Set[str], things: _Things) -> Iterator[Finding]:
    for s, p, o in file.graph if missing else ():
        if isinstance(o, URIRef) and str(o) in missing:
            message = f"{shorten(str(p))} points to {shorten(o)}, which no file describes."
            advice = f"Describe it, or point to what is meant{_similar(o, things)}"
            yield file.finding("dangling-iri", (str(s), str(p), str(o)), message, advice)


def _similar(iri: str, things: _Things) -> str:
    """Return a hint for readable names; numbers and offsets are all alike."""
    return "." if iri[-1].isdigit() else _did_you_mean(iri, things(iri))


def _blank_nodes(file: CheckedFile) -> Iterator[Finding]:
    """Yield a finding for each group of blank nodes: where an IRI points to it, or where its first one is."""
    advice = "Give it an IRI: blank nodes have no stable name to point to, to compare or to merge."
    nodes = sorted({term for s, _, o in file.graph for term in (s, o) if isinstance(term, BNode)})
    found: set[BNode] = set()
    for node in nodes:
        named = [(s, p) for s, p in file.graph.subject_predicates(node) if isinstance(s, URIRef)]
        if named:
            subject, predicate = map(str, min(named))
            message = f"{shorten(predicate)} points to a blank node."
            yield file.finding("blank-node", (subject, predicate), message, advice)
            _add_reachable(file, node, found)
    # In a cycle that no IRI points to, each node has another one that points to it.
    unreferenced = [node for node in nodes if not any(file.graph.subjects(None, node))]
    for node in (*unreferenced, *nodes):
        if node not in found:
            yield file.finding("blank-node", (f"_:{node}",), "A blank node is described here.", advice)
            _add_reachable(file, node, found)


def _add_reachable(file: CheckedFile, node: BNode, found: set[BNode]) -> None:
    """Add a blank node, and those that are its objects or objects of these."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += (o for o in file.graph.objects(node) if isinstance(o, BNode))


def _comments(file: CheckedFile) -> Iterator[Finding]:
    lines = file.locations.comments
    if not lines:
        return
    where = f"line {lines[0]}" if len(lines) == 1 else f"{len(lines)} lines: {', '.join(map(str, lines))}"
    message = f"There are comments, for which the canonical form has no place ({where})."
    advice = "Say it in a zgc:editorialNote, or delete it: `forumkg format --drop-comments` deletes comments."
    yield file.finding_on_file("comment", lines[0], message, advice)
