"""Run the SHACL shapes over the asserted data, and read the report as values.

https://www.w3.org/TR/shacl/
The shapes see the data merged with the whole ontology: pySHACL's own `ont_graph` copies the axioms alone, and
the shapes also look at coded values and labels. Nothing is inferred: what is entailed must not be written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node

from forumkg.errors import DataError
from forumkg.namespaces import BASE, shorten
from forumkg.rdf.conversion import oxigraph_term
from forumkg.rdf.queried_graph import QueriedGraph
from forumkg.validation.findings import Severity

__all__ = ["DATASET", "ShaclResult", "validate"]

# The one focus of the rules over the whole dataset, each of which selects its offenders as ?value.
DATASET: Final = URIRef(f"{BASE}dataset")

_SEVERITIES: Final[dict[Node, Severity]] = {SH.Violation: "violation", SH.Warning: "warning"}
_BRACKETED: Final = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class ShaclResult:
    """One result of a report: IRIs in full, `None` where the shape gives no path or value.

    A focus that is a blank node is `_:name`; the term is the value as N-Triples writes it.
    The component is the kind of constraint: https://www.w3.org/TR/shacl/#results-source-constraint-component
    Of a rule over the whole dataset the focus is the thing to mend. The message says what is wrong, a colon,
    and what to write instead.
    """

    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: Severity
    message: str
    component: str
    term: str | None = field(default=None, compare=False)

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


def validate(data: Graph, shapes: Graph, ontology: Graph) -> tuple[ShaclResult, ...]:
    """Return what the shapes find in the data, ordered by focus, shape, path and value.

    Args:
        data: asserted triples, in a store of rdflib: pySHACL must not meet a store of another library.
        shapes: all shapes; the data and the ontology hold none.
        ontology: the terms, coded values and indicators, which the shapes of the ontology look at too.

    Raises:
        DataError: pySHACL cannot work with the shapes.
    """
    merged = QueriedGraph(bind_namespaces="none")
    merged += data
    merged += ontology
    # A copy, because pySHACL adds axioms of its own to the graph of shapes.
    own_shapes = Graph(bind_namespaces="none") + shapes
    try:
        _, report, text = pyshacl.validate(merged, shacl_graph=own_shapes, inference="none")
    except (ReportableRuntimeError, SyntaxError) as error:
        raise DataError(f"The shapes cannot be run. {error}") from error
    if not isinstance(report, Graph):
        raise DataError(f"The shapes cannot be run. {text}")
    return tuple(sorted(set(_results(report))))


def _results(report: Graph) -> Iterator[ShaclResult]:
    for result in report.objects(None, SH.result):
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        if focus == DATASET and report.value(result, SH.sourceConstraint) is not None:
            focus, value = value, None
        severity = report.value(result, SH.resultSeverity) or SH.Violation
        yield ShaclResult(
            focus=f"_:{focus}" if isinstance(focus, BNode) else str(focus),
            path=_iri(report.value(result, SH.resultPath)),
            value=None if value is None or value == focus else str(value),
            shape=str(report.value(result, SH.sourceShape)),
            severity=_SEVERITIES[severity],
            message=_readable(str(report.value(result, SH.resultMessage))),
            component=str(report.value(result, SH.sourceConstraintComponent)),
            term=None if value is None or value == focus else str(oxigraph_term(value)),
        )


def _iri(path: Node | None) -> str | None:
    """Return the IRI of a path; a path of several steps has none."""
    return str(path) if isinstance(path, URIRef) else None


def _readable(message: str) -> str:
    return _BRACKETED.sub(lambda match: shorten(match[1]), message)
