"""Findings and reports: as values, as text, as JSON, as annotations of GitHub, and as a SHACL report.

https://www.w3.org/TR/shacl/#validation-report
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Final, Literal

import pyoxigraph as ox

from forumkg.namespaces import ID, PREFIXES, shorten
from forumkg.rdf.terms import english
from forumkg.rdf.turtle.full_names import names_in_full

__all__ = [
    "CHECKS",
    "Finding",
    "Report",
    "Severity",
    "as_github",
    "as_graph",
    "as_json",
    "as_text",
    "as_turtle",
    "counted",
]

Severity = Literal["violation", "warning", "info"]

# The constraint components of the checks that are not SHACL's. Not in our own namespace, in which every IRI
# leads to a document.
CHECKS: Final = "urn:forumkg:check:"

_SH: Final = PREFIXES["sh"]
_LEVELS: Final = MappingProxyType({"violation": "error", "warning": "warning", "info": "notice"})


@dataclass(frozen=True, slots=True)
class Finding:
    """An error in a file, and what to write instead. The severities are those of SHACL.

    Attributes:
        severity: only violations keep a report from conforming.
        path: the file.
        line: the 1-based line; None where the whole file is meant, or the line is unknown.
        focus: the IRI of the node, or a literal as N-Triples writes it.
        rule: the short name of a check, or the IRI of a shape.
        message: what is wrong.
        advice: what to write instead.
        component: the IRI of the constraint component of a shape.
        excerpt: words of an article text, for the reader's terminal: no report that can be stored repeats it.
        column: the 1-based column, known where a document cannot be read.
        predicate: the IRI of the predicate in question.
        property_path: a path of several steps as SPARQL writes it.
        value: the value in question, as N-Triples writes it.
        rdf: the validation result of a shape in N-Triples, as the specification wants it.
    """

    severity: Severity
    path: str
    line: int | None
    focus: str
    rule: str
    message: str
    advice: str
    component: str | None = field(default=None, compare=False)
    excerpt: str | None = None
    column: int | None = field(default=None, compare=False)
    predicate: str | None = field(default=None, compare=False)
    value: str | None = field(default=None, compare=False)
    property_path: str | None = field(default=None, compare=False)
    rdf: str | None = field(default=None, compare=False, repr=False)

    def __lt__(self, other: "Finding") -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[str, int, str, str, str, str]:
        # A finding about a whole file (no line) comes before those inside it.
        return (self.path, self.line or 0, self.severity, self.focus, self.rule, self.message)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one check, what was checked, and what was left unchecked and why."""

    findings: tuple[Finding, ...]
    files: int = 0
    triples: int = 0
    statements: int = 0
    passages: int = 0
    notes: tuple[str, ...] = ()

    @property
    def violations(self) -> int:
        """The number of findings that must be fixed."""
        return self._count("violation")

    @property
    def warnings(self) -> int:
        """The number of findings that a curator may ignore."""
        return self._count("warning")

    @property
    def infos(self) -> int:
        """The number of informative findings."""
        return self._count("info")

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings alone do not count."""
        return self.violations == 0

    def _count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)


def as_text(report: Report) -> str:
    """Return the findings by file as `path:line:column: severity: …` with advice, then notes and counts."""
    groups = groupby(report.findings, key=lambda finding: finding.path)
    blocks = ["\n".join(_lines(finding) for finding in group) for _, group in groups]
    return "\n\n".join([*blocks, "\n".join([*report.notes, _counts(report)])]) + "\n"


def _counts(report: Report) -> str:
    checked = (
        f"{counted(report.files, 'file')}, {counted(report.triples, 'triple')}, "
        f"{counted(report.statements, 'statement')}, {counted(report.passages, 'passage')}"
    )
    found = f"{counted(report.violations, 'violation')}, {counted(report.warnings, 'warning')}"
    if report.infos:
        found += f", {counted(report.infos, 'info')}"
    return f"{found} in {checked}."


def as_json(report: Report) -> str:
    """Return the findings as a list of objects, without the words of an article text."""
    findings = [asdict(finding) for finding in report.findings]
    for finding in findings:
        del finding["component"], finding["excerpt"], finding["rdf"]
    return json.dumps(findings, ensure_ascii=False, indent=2) + "\n"


def as_github(report: Report) -> str:
    """Return a workflow command for each finding, which GitHub shows at its line, and the counts.

    The words of an article text are left out: logs of workflows are public.
    https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """
    commands = [_command(finding) for finding in report.findings]
    return "\n".join([*commands, *report.notes, _counts(report)]) + "\n"


def _command(finding: Finding) -> str:
    place = {"file": finding.path, "line": finding.line, "col": finding.column, "title": _title(finding)}
    given = [f"{name}={_escaped(str(value), ':,')}" for name, value in place.items() if value]
    message = f"{_name(finding.focus)}: {finding.message} {finding.advice}"
    return f"::{_LEVELS[finding.severity]} {','.join(given)}::{_escaped(message)}"


def _title(finding: Finding) -> str:
    return shorten(finding.rule) if ":" in finding.rule else finding.rule


def _escaped(text: str, more: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in f"%\r\n{more}" else sign for sign in text)


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
        (f"{_SH}resultMessage", english(f"{finding.message} {finding.advice}")),
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


def counted(number: int, noun: str) -> str:
    """Return a number and a noun, which has an s for any number but 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
