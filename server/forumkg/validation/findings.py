"""What a check finds, as values: a finding has a file, a line, a thing, what is wrong and what to write.

The severities are those of SHACL that we use: https://www.w3.org/TR/shacl/#severity
"""

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Finding", "Report", "Severity"]

Severity = Literal["violation", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file, and what to write instead.

    `focus` is an IRI; `rule` is the short name of a check, or the IRI of a shape with `component`, the IRI of
    the kind of constraint. `excerpt` holds words of a text for the terminal of whoever has it: no report that
    can be stored repeats it. `predicate` and `value` are what the thing says there, the value as N-Triples
    writes it; `column` is known where a text cannot be read.
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
        """The number of findings that must be mended."""
        return sum(finding.severity == "violation" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """The number of findings that a curator may let stand."""
        return len(self.findings) - self.violations

    @property
    def conforms(self) -> bool:
        """Whether nothing has to be mended; warnings alone do not count."""
        return self.violations == 0
