"""What a worksheet does not map yet: passages without a statement, proposals that are left, numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from forumkg.mapping.mapping_report import problem_lines
from forumkg.mapping.placing import place_passages
from forumkg.mapping.worksheet import Acceptance, Worksheet, WorksheetPassage, WorksheetProblem
from forumkg.texts.numbers import numbers
from forumkg.texts.reading import Text

__all__ = ["Coverage", "coverage", "coverage_report"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is mapped of a text.

    Attributes:
        passages: how many there are.
        unmapped: line and words of the passages that nothing cites.
        proposed: line and words of the passages that have proposals alone.
        numbers: line and printed form of the numbers that no figure of their passage gives.
        problems: where the worksheet leaves the text.
    """

    passages: int
    unmapped: tuple[tuple[int, str], ...]
    proposed: tuple[tuple[int, str], ...]
    numbers: tuple[tuple[int, str], ...]
    problems: tuple[WorksheetProblem, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to be mapped; a number may be left on purpose."""
        return not (self.unmapped or self.proposed or self.problems)


def coverage(worksheet: Worksheet, text: Text) -> Coverage:
    """Return which parts of a text a worksheet maps."""
    cited = {role.passage for role in worksheet.roles}
    for passage in worksheet.passages:
        for one in passage.statements:
            if one.acceptance is not Acceptance.PROPOSED:
                cited |= {*passage.supports, *one.supports}
    unmapped: list[tuple[int, str]] = []
    proposed: list[tuple[int, str]] = []
    for passage in worksheet.passages:
        kept = any(one.acceptance is not Acceptance.PROPOSED for one in passage.statements)
        if kept or passage.omission or passage.attests or passage.label in cited:
            continue
        (proposed if passage.statements else unmapped).append((passage.line, passage.words))
    printed = tuple(line for passage in worksheet.passages for line in _numbers(passage, worksheet))
    _, problems = place_passages(worksheet, text)
    return Coverage(len(worksheet.passages), tuple(unmapped), tuple(proposed), printed, problems)


def coverage_report(found: Coverage, problems: Iterable[WorksheetProblem], name: str) -> str:
    """Return what is left to be mapped, for a terminal.

    Args:
        found: what is mapped.
        problems: what cannot be read of the worksheet.
        name: the name of its file.
    """
    blocks = ["\n".join(problem_lines((*problems, *found.problems), name))]
    for title, lines in (
        ("Nothing rests on:", found.unmapped),
        ("Proposals alone:", found.proposed),
        ("Numbers that no figure of their passage gives:", found.numbers),
    ):
        if lines:
            blocks.append("\n".join([title, *(f"  {line}: {words}" for line, words in lines)]))
    mapped = found.passages - len(found.unmapped) - len(found.proposed)
    blocks.append(f"{mapped} of {found.passages} passages are mapped.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _numbers(passage: WorksheetPassage, worksheet: Worksheet) -> Iterator[tuple[int, str]]:
    """Yield the numbers of a passage that no figure of a statement that rests on it gives."""
    if passage.omission:
        return
    statements = [
        one
        for other in worksheet.passages
        for one in other.statements
        if other is passage or (passage.label and passage.label in (*one.supports, *other.supports))
    ]
    given = {_value(figure.number, figure.unit) for one in statements for figure in one.figures}
    for number in numbers(passage.words):
        if number.kind in {"count", "share"} and not number.is_spelt and number.value not in given:
            start = max(0, number.start - 12)
            yield passage.line, f"…{passage.words[start : number.end + 16]}…"


def _value(number: Decimal, unit: str) -> Decimal:
    return number.scaleb(-2) if unit == "%" else number
