"""Findings and reports as values: a finding has a file, a line, a focus, what is wrong and what to write.

The severities are those of SHACL: https://www.w3.org/TR/shacl/#severity
"""

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Finding", "Report", "Severity"]

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file, and what to write instead.

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
        """The number of findings that a curator may let stand."""
        return self._count("warning")

    @property
    def infos(self) -> int:
        """The number of findings that only inform."""
        return self._count("info")

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings alone do not count."""
        return self.violations == 0

    def _count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)
