"""The result of a validation as the page shows it: findings by line, and the text with those lines marked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final

from forumkg.namespaces import ID, shorten
from forumkg.pages.code_pieces import Piece, pieces_of
from forumkg.pages.languages import DEFAULT, N_, gettext, language, ngettext
from forumkg.pages.translated_text import catalogued
from forumkg.pages.validate.shape_messages import translated
from forumkg.validation.findings import Finding, Report, Severity

__all__ = ["SEVERITIES", "Group", "ShownFinding", "Validation", "validation"]

# Of a longer text the lines with findings are shown, and those around them.
_MAX_LINES: Final = 1500
_AROUND: Final = 3
_MAX_WIDTH: Final = 400

# The severities of SHACL, as the catalogue has them.
SEVERITIES: Final = (N_("violation"), N_("warning"), N_("info"))

# The line ends of Turtle, XML and JSON.
_LINE_END: Final = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as the page shows it.

    Attributes:
        number: counts the findings of the page, from 1.
        severity: of the finding.
        column: where a text cannot be read.
        focus: the short name of the node; empty for the document itself.
        message: what is wrong.
        advice: what to write instead.
        language: of message and advice.
    """

    number: int
    severity: Severity
    column: int | None
    focus: str
    message: tuple[Piece, ...]
    advice: tuple[Piece, ...]
    language: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Group:
    """The findings on one line of one file; those without a line concern the file."""

    path: str
    line: int | None
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the text.

    Attributes:
        number: counts from 1.
        text: its text; the end of a very long line is left out.
        findings: the numbers of those on it.
        skipped: how many lines before it are left out.
    """

    number: int
    text: str
    findings: tuple[int, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of a validation.

    Attributes:
        report: where it comes from.
        here: the findings in the document, by line.
        elsewhere: findings that it causes in files of the dataset.
        lines: the text.
        skipped: how many lines are left out after the last one.
    """

    report: Report
    here: tuple[Group, ...]
    elsewhere: tuple[Group, ...]
    lines: tuple[SourceLine, ...]
    skipped: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to say, such as what was not checked."""
        return tuple(map(catalogued, self.report.notes))

    @property
    def verdict(self) -> str:
        """The result in some words."""
        report = self.report
        counts = [
            (report.violations, ngettext("%(num)s violation", "%(num)s violations", report.violations)),
            (report.warnings, ngettext("%(num)s warning", "%(num)s warnings", report.warnings)),
            (report.infos, ngettext("%(num)s info", "%(num)s infos", report.infos)),
        ]
        found = [words % {"num": f"{count:,}"} for count, words in counts if count]
        return gettext(" and ").join(found) or gettext("No problems found")


def validation(
    report: Report, name: str, text: str, messages: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> Validation:
    """Return what is shown of a report on a text.

    Args:
        report: on the text.
        name: of its file.
        text: that was validated.
        messages: of each shape in English, to translate its findings; none for a page in English.
    """
    groups = tuple(_groups(report.findings, messages))
    here = tuple(group for group in groups if group.path == name)
    elsewhere = tuple(group for group in groups if group.path != name)
    lines, skipped = _lines(text, here)
    return Validation(report, here, elsewhere, lines, skipped)


def _groups(findings: Iterable[Finding], messages: Mapping[str, Iterable[str]]) -> Iterator[Group]:
    ordered = sorted(findings, key=lambda finding: (finding.path, finding.line or 0))
    number = 0
    for (path, line), group in groupby(ordered, key=lambda finding: (finding.path, finding.line)):
        shown = tuple(_shown(number + at, finding, messages) for at, finding in enumerate(group, start=1))
        number += len(shown)
        yield Group(path, line, shown)


def _shown(number: int, finding: Finding, messages: Mapping[str, Iterable[str]]) -> ShownFinding:
    name = shorten(finding.focus)
    if name.startswith("<"):
        name = finding.focus.removeprefix(ID)
    here = translated(finding, messages)
    said = here or finding
    return ShownFinding(
        number,
        finding.severity,
        finding.column,
        "" if name.startswith("graph:") else name,
        tuple(pieces_of(said.message)),
        tuple(pieces_of(said.advice)),
        language() if here else DEFAULT,
    )


def _lines(text: str, groups: Sequence[Group]) -> tuple[tuple[SourceLine, ...], int]:
    """Return the lines that are shown, and how many are left out after them."""
    written = _LINE_END.split(text)
    if written[-1] == "":
        written.pop()
    marked = {
        group.line: tuple(finding.number for finding in group.findings) for group in groups if group.line
    }
    shown: Iterable[int] = range(1, len(written) + 1)
    if len(written) > _MAX_LINES:
        near = {line + step for line in marked for step in range(-_AROUND, _AROUND + 1)}
        shown = sorted(line for line in near if 1 <= line <= len(written))[:_MAX_LINES]
    lines: list[SourceLine] = []
    last = 0
    for number in shown:
        cut = written[number - 1]
        cut = cut if len(cut) <= _MAX_WIDTH else f"{cut[:_MAX_WIDTH]} …"
        lines.append(SourceLine(number, cut, marked.get(number, ()), number - last - 1))
        last = number
    return tuple(lines), len(written) - last
