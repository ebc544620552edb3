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
# The shapes that find something in each input; in all others nothing is wrong.
FOUND: dict[str, set[str]] = {
    "01-no-passage": {"StatementEvidence"},
    "02-two-stances": {"StatementStance"},
    "03-digest": {"Digest"},
    "04-bounds": {"BoundsExact"},
    "05-undeclared-class": {"StatementTopic", "ThingWithoutClass"},
    "06-no-label": {"EnglishLabel"},
    "07-bad-date": {"PeriodFirstDay"},
    "08-entailed-property": {"ComputedProperty"},
    "09-same-as": {"SameAs"},
    "10-nested-quantity": {"BlankThing", "QuantityUse"},
    "11-start-after-end": {"PassageIri", "SelectorStart"},
    "12-two-labels": {"LabelLanguages"},
    "13-closed": {"Statement"},
    "14-unknown-thing": {"UnknownThing"},
    "15-warning": {"PlannedAfterFirstDay"},
    "16-ill-typed-integer": {"BoundsExact", "QuantityNumber"},
    "17-chinese-full-stop": {"Wording"},
    "18-period-inverted": {"PeriodOrder"},
    "19-negative": {"QuantityNumber", "SubsetAboveTotal"},
    "20-number-as-string": {"BoundsExact", "QuantityNumber"},
    "21-quoted-text": {"QuotedText"},
    "22-alt-label-repeats": {"OtherNames"},
    "23-unused-passage": {"PassageUse"},
    "24-short-note": {"Note"},
    "27-shared-name": {"SharedName"},
    "28-wording-language": {"WordingLanguage"},
    "29-wording-length": {"WordingLength"},
    "30-address-taken": {"AddressTaken"},
    "31-passages-overlap": {"PassagesOverlap"},
}


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
