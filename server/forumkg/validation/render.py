"""Write a report as text for people, as JSON, and as a SHACL validation report.

https://www.w3.org/TR/shacl/#validation-report
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import ID, PREFIXES, shorten
from forumkg.rdf.turtle.full_names import names_in_full
from forumkg.validation.findings import Finding, Report

__all__ = ["CHECKS", "as_graph", "as_json", "as_text", "as_turtle"]

# The constraint components of the checks that are not SHACL's. Not in our own namespace, in which every IRI
# leads to a document.
CHECKS: Final = "urn:forumkg:check:"

_SH: Final = PREFIXES["sh"]


def as_text(report: Report) -> str:
    """Return the findings by file as `path:line:column: severity: …` with advice, then notes and counts."""
    groups = groupby(report.findings, key=lambda finding: finding.path)
    blocks = ["\n".join(_lines(finding) for finding in group) for _, group in groups]
    checked = (
        f"{_count(report.files, 'file')}, {_count(report.triples, 'triple')}, "
        f"{_count(report.statements, 'statement')}, {_count(report.passages, 'passage')}"
    )
    found = f"{_count(report.violations, 'violation')}, {_count(report.warnings, 'warning')}"
    if report.infos:
        found += f", {_count(report.infos, 'info')}"
    return "\n\n".join([*blocks, "\n".join([*report.notes, f"{found} in {checked}."])]) + "\n"


def as_json(report: Report) -> str:
    """Return the findings as a list of objects, without the words of an article text."""
    findings = [asdict(finding) for finding in report.findings]
    for finding in findings:
        del finding["component"], finding["excerpt"], finding["rdf"]
    return json.dumps(findings, ensure_ascii=False, indent=2) + "\n"


def as_graph(report: Report) -> tuple[ox.Triple, ...]:
    """Return a `sh:ValidationReport`; `dcterms:source` of a result is the file and the line.

    As the specification has it, a report with warnings alone does not conform either.
    """
    root = ox.BlankNode("report")
    conforms = ox.Literal(str(not report.findings).lower(), datatype=_iri(f"{PREFIXES['xsd']}boolean"))
    triples = [
        ox.Triple(root, _iri(f"{PREFIXES['rdf']}type"), _iri(f"{_SH}ValidationReport")),
        ox.Triple(root, _iri(f"{_SH}conforms"), conforms),
    ]
    results = [ox.BlankNode(f"result{number}") for number in range(1, len(report.findings) + 1)]
    triples += (ox.Triple(root, _iri(f"{_SH}result"), result) for result in results)
    for finding, result in zip(report.findings, results, strict=True):
        triples += _from_shape(finding.rdf, result) if finding.rdf else _from_check(finding, result)
        source = f"{finding.path}:{finding.line}" if finding.line is not None else finding.path
        triples.append(ox.Triple(result, _iri(f"{PREFIXES['dcterms']}source"), ox.Literal(source)))
    return tuple(triples)


def as_turtle(report: Report) -> str:
    """Return the validation report in Turtle."""
    prefixes = {prefix: PREFIXES[prefix] for prefix in ("dcterms", "sh", "shapes", "xsd", "zgc")}
    turtle = ox.serialize(as_graph(report), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    return names_in_full(turtle, prefixes).decode()


def _from_shape(rdf: str, result: ox.BlankNode) -> Iterator[ox.Triple]:
    """Yield the validation result of a shape, its other blank nodes named after it."""
    names: dict[ox.BlankNode, ox.BlankNode] = {}
    for quad in ox.parse(rdf, format=ox.RdfFormat.N_TRIPLES):
        names.setdefault(quad.subject, ox.BlankNode(f"{result.value}-{len(names)}") if names else result)
        if isinstance(quad.object, ox.BlankNode):
            names.setdefault(quad.object, ox.BlankNode(f"{result.value}-{len(names)}"))
        yield ox.Triple(names[quad.subject], quad.predicate, names.get(quad.object, quad.object))


def _from_check(finding: Finding, result: ox.BlankNode) -> Iterator[ox.Triple]:
    """Yield the validation result of a finding that did not come from SHACL's own report."""
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (f"{PREFIXES['rdf']}type", _iri(f"{_SH}ValidationResult")),
        (f"{_SH}focusNode", _iri(finding.focus)),
        (f"{_SH}resultSeverity", _iri(f"{_SH}{finding.severity.capitalize()}")),
        (f"{_SH}resultMessage", ox.Literal(f"{finding.message} {finding.advice}", language="en")),
        (f"{_SH}sourceConstraintComponent", _iri(finding.component or f"{CHECKS}{finding.rule}")),
    ]
    if finding.component:
        said.append((f"{_SH}sourceShape", _iri(finding.rule)))
    if finding.predicate:
        said.append((f"{_SH}resultPath", _iri(finding.predicate)))
    for predicate, value in said:
        yield ox.Triple(result, _iri(predicate), value)
    if finding.value:
        (quad,) = ox.parse(f"<urn:x> <{_SH}value> {finding.value} .", format=ox.RdfFormat.N_TRIPLES)
        yield ox.Triple(result, quad.predicate, quad.object)


def _iri(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _lines(finding: Finding) -> str:
    place = ":".join(str(part) for part in (finding.path, finding.line, finding.column) if part is not None)
    lines = [
        f"{place}: {finding.severity}: {_name(finding.focus)}: {finding.message}",
        f"    {finding.advice}",
    ]
    if finding.excerpt is not None:
        lines.append(f"    The text: {finding.excerpt!r}")
    return "\n".join(lines)


def _name(iri: str) -> str:
    name = shorten(iri)
    return iri.removeprefix(ID) if name.startswith("<") else name


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
