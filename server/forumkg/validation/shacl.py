"""Run the SHACL shapes over the asserted data, and read the report as values.

https://www.w3.org/TR/shacl/
The shapes see the data merged with the whole ontology: pySHACL's own `ont_graph` copies the axioms alone, and
the shapes also look at coded values and labels. Nothing is inferred: what is entailed must not be written.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Final

import pyoxigraph as ox
import pyshacl
from pyshacl.entrypoints import meta_validate
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.term import Node

from forumkg.errors import ShapeError
from forumkg.namespaces import BASE, shorten
from forumkg.rdf.conversion import QueriedGraph, merge, oxigraph_node, oxigraph_term
from forumkg.validation.findings import Severity

__all__ = ["DATASET", "ShaclResult", "ill_formed", "validate"]

# The one focus of the rules over the whole dataset, each of which selects its offenders as ?value.
DATASET: Final = URIRef(f"{BASE}dataset")

_SEVERITIES: Final[dict[Node, Severity]] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}
_COPIED: Final = (SH.focusNode, SH.resultSeverity, SH.value, SH.sourceConstraintComponent, SH.sourceShape)
_SUFFIXES: Final = ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?"))
_STEPS: Final = frozenset(
    {RDF.first, RDF.rest, SH.inversePath, SH.alternativePath, *(predicate for predicate, _ in _SUFFIXES)}
)
# An IRI that a variable of a message stands for; where a message is given with brackets, so are they.
_IRI: Final = re.compile(r"<*([a-z]+:[^<>\s]+)>*")
_BRACKETED: Final = re.compile(r"<+([^<>\s]+)>+")
_VARIABLE: Final = re.compile(r"\{[?$]\w+\}")
_ROOT: Final = ox.BlankNode("result")
# pySHACL raises any kind of exception for shapes that it does not handle, not only its own errors.
_FAILURES: Final = (
    RuntimeError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    re.error,
)


@dataclass(frozen=True, slots=True)
class ShaclResult:
    """One result of a report; `rdf` is the result as the specification defines it.

    Attributes:
        focus: an IRI, `_:name`, or a literal as N-Triples writes it; of a rule over the whole dataset it is
            the thing to fix.
        path: the IRI of the path, or a path of several steps as SPARQL writes it; None for a node shape.
        value: the lexical form of the value, None where there is none or where it is the focus.
        shape: the IRI of the shape, or of the nearest one around a shape without an IRI; empty without any.
        severity: an own severity of the shapes counts as a violation.
        message: what is wrong, a colon, and what to write instead; in English where the shape has English.
        component: https://www.w3.org/TR/shacl/#results-source-constraint-component
        is_path_of_steps: whether the path is more than an IRI.
        term: the value as N-Triples writes it.
        rdf: the validation result in N-Triples, with each message in its language and the whole path.
    """

    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: Severity
    message: str
    component: str
    is_path_of_steps: bool = False
    term: str | None = field(default=None, compare=False)
    rdf: str = field(default="", compare=False, repr=False)

    @property
    def predicate(self) -> str | None:
        """The IRI of the path; None for a path of several steps."""
        return None if self.is_path_of_steps else self.path

    @property
    def wrong(self) -> str:
        """What is wrong: the message before its first colon and space, as a sentence."""
        wrong, colon, _ = self.message.partition(": ")
        return f"{wrong}." if colon else wrong

    @property
    def advice(self) -> str:
        """What to write instead: the message after its first colon and space, as a sentence."""
        advice = self.message.partition(": ")[2]
        return advice[:1].upper() + advice[1:]

    def __lt__(self, other: "ShaclResult") -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[str, ...]:
        said = (self.severity, self.message, self.component)
        return (self.focus, self.shape, self.path or "", self.value or "", *said)


def validate(
    data: Graph, shapes: Graph, ontology: Graph, selected: Mapping[Node, Collection[Node]] | None = None
) -> tuple[ShaclResult, ...]:
    """Return what the shapes find in the data, ordered by focus, shape, path and value.

    Args:
        data: asserted triples, in a store of rdflib: pySHACL must not meet a store of another library.
        shapes: all shapes; the data and the ontology hold none.
        ontology: the terms, coded values and indicators, which the shapes of the ontology look at too.
        selected: of a shape over the whole dataset, the things of which its results are wanted; None for all.

    Raises:
        ShapeError: a shape is ill-formed, so that pySHACL cannot work with the shapes.
    """
    merged = QueriedGraph(data, ontology)
    report = _run(merged, shapes)
    if isinstance(report, str):
        raise _ill_formed(merged, shapes, report)
    return tuple(sorted(set(_results(report, shapes, selected or {}))))


def ill_formed(shapes: Graph, nodes: Iterable[Node]) -> dict[str, str]:
    """Return the violations of SHACL's shapes for shapes, by the name of each shape.

    https://www.w3.org/TR/shacl/#shacl-shacl

    Args:
        shapes: all shapes.
        nodes: those to look at; a shape without targets is never run, and so no run notices what it lacks.
    """
    # pySHACL accepts graphs to validate in rdflib's default store alone.
    described = Graph(bind_namespaces="none")
    for node in nodes:
        described += _description(shapes, node)
    _, report, _ = meta_validate(described, inference="none")
    found: dict[str, str] = {}
    for result in report.objects(None, SH.result) if isinstance(report, Graph) else ():
        name = _name(described, report.value(result, SH.focusNode))
        messages = (str(each) for each in report.objects(result, SH.resultMessage))
        found[name] = min(found.get(name, "\uffff"), *messages)
    return found


def _run(data: Graph, shapes: Graph) -> Graph | str:
    """Return the report of pySHACL, or the reason why it cannot run the shapes."""
    # A copy, because pySHACL adds axioms of its own; with rdflib's prefixes, which it writes in messages.
    own_shapes = Graph(SimpleMemory())
    own_shapes += shapes
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=own_shapes, inference="none")
    except RecursionError:
        # It is the data that are too deep, such as a chain of a thousand classes.
        raise
    except _FAILURES as error:
        return f"{error or type(error).__name__}"
    return report if isinstance(report, Graph) else text


def _ill_formed(data: Graph, shapes: Graph, reason: str) -> ShapeError:
    """Return the error that names the shape on which a run fails: the smallest that fails alone."""
    named = {node for kind in (SH.NodeShape, SH.PropertyShape) for node in shapes.subjects(RDF.type, kind)}
    alone = sorted(((_description(shapes, node), node) for node in named), key=lambda pair: len(pair[0]))
    for description, node in alone:
        failure = _run(data, description)
        if isinstance(failure, str):
            return ShapeError(_first_line(failure), shape=_name(shapes, node))
    return ShapeError(_first_line(reason))


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if line.endswith(".") else f"{line}."


def _description(graph: Graph, node: Node) -> Graph:
    """Return the triples about a node, and about all nodes reachable from it."""
    found = merge()
    todo = [node]
    while todo:
        subject = todo.pop()
        if (subject, None, None) not in found:
            found += ((subject, p, o) for p, o in graph.predicate_objects(subject))
            todo += [o for o in graph.objects(subject) if not isinstance(o, Literal)]
    return found


def _results(
    report: Graph, shapes: Graph, selected: Mapping[Node, Collection[Node]]
) -> Iterator[ShaclResult]:
    for node in report.objects(None, SH.result):
        focus, value = report.value(node, SH.focusNode), report.value(node, SH.value)
        if focus == DATASET and value is not None and report.value(node, SH.sourceConstraint) is not None:
            shape = report.value(node, SH.sourceShape)
            if shape is not None and value not in selected.get(shape, (value,)):
                continue
            focus, value = value, None
            report.set((node, SH.focusNode, focus))
            report.remove((node, SH.value, None))
        path = report.value(node, SH.resultPath)
        messages = tuple(_messages(report, node, shapes))
        written = _written(report, node, shapes)
        shown = None if value is None or value == focus else value
        yield ShaclResult(
            focus=_focus(focus),
            path=None if path is None else _path(report, path),
            value=None if shown is None else str(shown),
            shape=_name(shapes, report.value(node, SH.sourceShape)),
            severity=_SEVERITIES.get(report.value(node, SH.resultSeverity) or SH.Violation, "violation"),
            message=_for_people(messages, written),
            component=str(report.value(node, SH.sourceConstraintComponent)),
            is_path_of_steps=isinstance(path, BNode),
            term=None if shown is None else str(oxigraph_term(shown)),
            rdf=_n_triples(report, node, messages),
        )


def _focus(node: Node | None) -> str:
    if isinstance(node, Literal):
        return str(oxigraph_term(node))
    return f"_:{node}" if isinstance(node, BNode) else str(node)


def _name(shapes: Graph, shape: Node | None) -> str:
    """Return the IRI of a shape, or of the nearest shape around it that has one."""
    seen: set[Node] = set()
    ring = [] if shape is None else [shape]
    while ring:
        if named := min((str(node) for node in ring if isinstance(node, URIRef)), default=None):
            return named
        seen |= set(ring)
        ring = [s for node in ring for s in shapes.subjects(None, node) if s not in seen]
    return ""


def _messages(report: Graph, node: Node, shapes: Graph) -> Iterator[Literal]:
    """Yield the messages of a result in order, each in the language in which its shape has it.

    pySHACL loses the language of messages in which it fills in variables.
    """
    written = _written(report, node, shapes)
    for message in sorted(report.objects(node, SH.resultMessage), key=lambda each: (str(each), each.n3())):
        text = str(message)
        same = (each for each in written if each.language and _template(str(each)).fullmatch(text))
        language = message.language if isinstance(message, Literal) else None
        yield Literal(text, lang=language or next((each.language for each in same), None))


def _written(report: Graph, node: Node, shapes: Graph) -> tuple[Literal, ...]:
    """Return the messages as the shape and the constraint of a result have them, with their variables."""
    nodes = (report.value(node, SH.sourceShape), report.value(node, SH.sourceConstraint))
    found = (each for node in nodes if node is not None for each in shapes.objects(node, SH.message))
    return tuple(each for each in found if isinstance(each, Literal))


def _template(message: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, _VARIABLE.split(message))), re.DOTALL)


def _for_people(messages: Iterable[Literal], written: Iterable[Literal]) -> str:
    """Return the messages in English, else those without a language, else all; IRIs as prefixed names.

    Args:
        messages: with values in place of variables.
        written: with variables, to find these values.
    """
    templates = [str(each) for each in written if _VARIABLE.search(str(each))]
    said = tuple(messages)
    english = [message for message in said if (message.language or "").split("-")[0] == "en"]
    chosen = english or [message for message in said if not message.language] or said
    shown = (_with_names(str(message), templates) for message in chosen)
    return _BRACKETED.sub(lambda match: shorten(match[1]), " ".join(shown))


def _with_names(message: str, templates: Iterable[str]) -> str:
    """Return a message with the IRIs that its variables stand for in brackets."""
    for template in templates:
        if match := _template(template).fullmatch(message):
            values = (
                _IRI.sub(r"<\1>", value) if _IRI.fullmatch(value) else value for value in match.groups()
            )
            return "".join(chain(*zip_longest(_VARIABLE.split(template), values, fillvalue="")))
    return message


def _n_triples(report: Graph, node: Node, messages: Iterable[Literal]) -> str:
    """Return a result with its path in N-Triples; of a shape without an IRI a blank node is all there is."""

    def triples() -> Iterator[ox.Triple]:
        yield ox.Triple(_ROOT, ox.NamedNode(str(RDF.type)), ox.NamedNode(str(SH.ValidationResult)))
        for predicate in _COPIED:
            for value in report.objects(node, predicate):
                yield ox.Triple(_ROOT, ox.NamedNode(str(predicate)), oxigraph_term(value))
        for message in messages:
            yield ox.Triple(_ROOT, ox.NamedNode(str(SH.resultMessage)), oxigraph_term(message))
        for path in report.objects(node, SH.resultPath):
            yield ox.Triple(_ROOT, ox.NamedNode(str(SH.resultPath)), oxigraph_term(path))
            if isinstance(path, BNode):
                yield from _path_triples(report, path)

    return (ox.serialize(triples(), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _path_triples(graph: Graph, path: BNode) -> Iterator[ox.Triple]:
    """Yield what a graph says of a path of several steps."""
    todo, seen = [path], set[BNode]()
    while todo:
        node = todo.pop()
        seen.add(node)
        for p, o in graph.predicate_objects(node):
            if p in _STEPS:
                yield ox.Triple(oxigraph_node(node), ox.NamedNode(str(p)), oxigraph_term(o))
                if isinstance(o, BNode) and o not in seen:
                    todo.append(o)


def _path(graph: Graph, path: Node) -> str:
    """Return a path as SPARQL writes it, an IRI as it is: https://www.w3.org/TR/shacl/#property-paths."""
    return str(path) if isinstance(path, URIRef) else _steps(graph, path)


def _steps(graph: Graph, path: Node) -> str:
    if isinstance(path, URIRef):
        return shorten(str(path))
    if (inner := graph.value(path, SH.inversePath)) is not None:
        return f"^{_step(graph, inner)}"
    if (choices := graph.value(path, SH.alternativePath)) is not None:
        return "|".join(_step(graph, each) for each in graph.items(choices))
    for predicate, suffix in _SUFFIXES:
        if (inner := graph.value(path, predicate)) is not None:
            return f"{_step(graph, inner)}{suffix}"
    return "/".join(_step(graph, each) for each in graph.items(path))


def _step(graph: Graph, path: Node) -> str:
    text = _steps(graph, path)
    return text if isinstance(path, URIRef) else f"({text})"
