"""Write a report as text for people, as JSON, and as a SHACL validation report in Turtle.

https://www.w3.org/TR/shacl/#validation-report
"""

import json
from dataclasses import asdict
from itertools import groupby

from rdflib import Literal

from forumkg.namespaces import ID, SHAPES, prefix_lines, shorten
from forumkg.validation.findings import Finding, Report

__all__ = ["as_json", "as_text", "as_turtle"]


def as_text(report: Report) -> str:
    """Return the findings by file as `path:line:column: severity: …` with advice, then notes and counts."""
    groups = groupby(report.findings, key=lambda finding: finding.path)
    blocks = ["\n".join(_lines(finding) for finding in group) for _, group in groups]
    checked = (
        f"{_count(report.files, 'file')}, {_count(report.triples, 'triple')}, "
        f"{_count(report.statements, 'statement')}, {_count(report.passages, 'passage')}"
    )
    found = f"{_count(report.violations, 'violation')}, {_count(report.warnings, 'warning')}"
    return "\n\n".join([*blocks, "\n".join([*report.notes, f"{found} in {checked}."])]) + "\n"


def as_json(report: Report) -> str:
    """Return the findings as a list of objects, without the words of a source."""
    findings = [asdict(finding) for finding in report.findings]
    for finding in findings:
        del finding["component"], finding["excerpt"]
    return json.dumps(findings, ensure_ascii=False, indent=2) + "\n"


def as_turtle(report: Report) -> str:
    """Return a `sh:ValidationReport`; `dcterms:source` of a result is the file and the line.

    As the specification has it, a report with warnings alone does not conform either.
    """
    prefixes = prefix_lines("dcterms", "sh", "xsd").replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    results = "".join(_result(finding) for finding in report.findings)
    conforms = str(not report.findings).lower()
    return f"{prefixes}\n[]\n    a sh:ValidationReport ;\n    sh:conforms {conforms} ;\n{results}.\n"


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


def _result(finding: Finding) -> str:
    source = f"{finding.path}:{finding.line}" if finding.line is not None else finding.path
    message = Literal(f"{finding.message} {finding.advice}", lang="en").n3()
    properties = [
        "a sh:ValidationResult",
        f"sh:focusNode <{finding.focus}>",
        f"sh:resultSeverity sh:{finding.severity.capitalize()}",
        f"sh:resultMessage {message}",
        f"sh:sourceConstraintComponent <{finding.component or f'{SHAPES}check/{finding.rule}'}>",
        f"dcterms:source {Literal(source).n3()}",
    ]
    if finding.predicate:
        properties.append(f"sh:resultPath <{finding.predicate}>")
    if finding.value:
        properties.append(f"sh:value {finding.value}")
    if finding.component:
        properties.append(f"sh:sourceShape <{finding.rule}>")
    return "    sh:result [\n" + "".join(f"        {line} ;\n" for line in properties) + "    ] ;\n"
