"""Inputs for SHACL engines, and what an engine reports in a form that can be compared.

An input is a file of `tests/validation/elsewhere/`, laid over the complete dataset of
`tests/shapes/base.ttl`: what it says of a subject stands in place of all that the dataset says of it.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node

from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse

FOLDER = Path(__file__).parents[1] / "validation" / "elsewhere"
BASE = Path(__file__).parents[1] / "shapes" / "base.ttl"
INPUTS = sorted(FOLDER.glob("*.ttl"))
BLANK = "_:"


class Result(NamedTuple):
    """What engines agree on: a blank node has no name of its own, and not all report the value."""

    focus: str
    shape: str
    component: str
    severity: str


def written(case: Path, folder: Path) -> Path:
    """Write an input as the document that a user would have."""
    changes = rdflib_graph(parse(case))
    described = {subject for subject in changes.subjects() if isinstance(subject, URIRef)}
    whole = Graph()
    whole += changes
    whole += (triple for triple in rdflib_graph(parse(BASE)) if triple[0] not in described)
    path = folder / case.name
    whole.serialize(path, format="turtle", encoding="utf-8")
    return path


def results(report: Graph) -> Counter[Result]:
    """Return the results of a validation report."""
    return Counter(
        Result(
            _name(report.value(node, SH.focusNode)),
            _name(report.value(node, SH.sourceShape)),
            _name(report.value(node, SH.sourceConstraintComponent)),
            _name(report.value(node, SH.resultSeverity)),
        )
        for node in report.objects(None, SH.result)
    )


def _name(node: Node | None) -> str:
    return BLANK if isinstance(node, BNode) else str(node)
