"""Write the result of mapping a worksheet for a terminal."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from forumkg.mapping.effects import RELATIONS, Effect
from forumkg.mapping.mapped import MappedWorksheet, WorksheetCounts
from forumkg.mapping.worksheet import WorksheetProblem

__all__ = ["counts_line", "mapping_report", "problem_lines"]


def mapping_report(mapped: MappedWorksheet, name: str) -> str:
    """Return the problems by line, the counts, and the preview of what the article does to the graph.

    Args:
        mapped: the result.
        name: the name of the worksheet's file.
    """
    blocks = ["\n".join(problem_lines(mapped.problems, name)), counts_line(mapped.counts)]
    if mapped.conforms:
        blocks += _preview(mapped)
    violations = sum(not problem.is_warning for problem in mapped.problems)
    warnings = len(mapped.problems) - violations
    blocks.append(f"{_count(violations, 'error')}, {_count(warnings, 'warning')}.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def problem_lines(problems: Iterable[WorksheetProblem], name: str) -> Iterator[str]:
    """Yield the problems as `name:line: error: …`, each with its advice on the next line."""
    for problem in problems:
        place = f"{name}:{problem.line}" if problem.line else name
        yield f"{place}: {'warning' if problem.is_warning else 'error'}: {problem.message}"
        yield f"    {problem.advice}"


def counts_line(counts: WorksheetCounts) -> str:
    """Return what a worksheet holds, in one line."""
    parts = [
        f"{_count(counts.passages, 'passage')} ({counts.omitted} omitted)",
        f"{_count(counts.statements, 'statement')} ({counts.accepted} accepted)",
        _count(counts.figures, "figure"),
        _count(counts.roles, "role"),
        _count(counts.new_things, "new thing"),
    ]
    if counts.proposals:
        parts.append(_count(counts.proposals, "proposal"))
    return ", ".join(parts)


def _preview(mapped: MappedWorksheet) -> Iterator[str]:
    for relation, effects in groupby(mapped.effects, key=lambda effect: effect.relation):
        yield "\n".join([f"{RELATIONS[relation].capitalize()}:", *map(_effect, effects)])
    if mapped.alone:
        lines = [f"  {line}: {paraphrase}" for line, paraphrase in mapped.alone]
        yield "\n".join(["Figures that no other statement gives:", *lines])
    if mapped.derived:
        lines = [f"  {name}: {label}" for name, label in mapped.derived]
        yield "\n".join(["New things described by their names (a line `new` says otherwise):", *lines])
    if mapped.known_already:
        yield "\n".join(["Names that exist:", *(f"  {one}" for one in mapped.known_already)])


def _effect(effect: Effect) -> str:
    return f"  {effect.line}: {effect.paraphrase}\n      {effect.other}: {effect.other_paraphrase}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
