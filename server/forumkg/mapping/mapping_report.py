"""Report what a worksheet would do to the graph: as text for a terminal, as a document for programs."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any, Final

from forumkg.errors import DataError
from forumkg.mapping.compiler import Compiled
from forumkg.mapping.effects import RELATIONS, Effect, effects_of
from forumkg.mapping.mapped import MappedWorksheet, MappingDataset, WorksheetCounts, map_worksheet
from forumkg.mapping.worksheet import WorksheetProblem
from forumkg.rdf.conversion import oxigraph_triples
from forumkg.validation.findings import counted

__all__ = ["MAX_PROBLEMS", "mapping_report", "preview_document", "problem_lines", "warm_up"]

# Of a document. A reader corrects fewer at once, and a browser shows fewer without delay.
MAX_PROBLEMS: Final = 1000


def mapping_report(mapped: MappedWorksheet, name: str) -> str:
    """Return the problems by line, the counts, and the preview of what the article does to the graph.

    Args:
        mapped: the result.
        name: the name of the worksheet's file.
    """
    blocks = ["\n".join(problem_lines(mapped.problems, name)), _counts_line(mapped.counts)]
    if mapped.conforms:
        blocks += _preview(mapped)
    violations = sum(not problem.is_warning for problem in mapped.problems)
    warnings = len(mapped.problems) - violations
    blocks.append(f"{counted(violations, 'error')}, {counted(warnings, 'warning')}.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def problem_lines(problems: Iterable[WorksheetProblem], name: str) -> Iterator[str]:
    """Yield the problems as `name:line: error: …`, each with its advice on the next line."""
    for problem in problems:
        place = f"{name}:{problem.line}" if problem.line else name
        yield f"{place}: {'warning' if problem.is_warning else 'error'}: {problem.message}"
        yield f"    {problem.advice}"


def preview_document(worksheet: str, dataset: MappingDataset) -> dict[str, Any]:
    """Return the problems of a worksheet, what it holds, and its effects on a graph, as JSON has them.

    Args:
        worksheet: with offsets and digests in place of the words.
        dataset: the graph.
    """
    try:
        mapped = map_worksheet(worksheet, None, dataset)
    except DataError as error:
        problem = {"line": 0, "message": str(error), "advice": "", "is_warning": False}
        return {"conforms": False, "problems": [problem]}
    return {
        "conforms": mapped.conforms,
        "counts": asdict(mapped.counts),
        "problems": _bounded([asdict(problem) for problem in mapped.problems]),
        "effects": [{**asdict(effect), "relation": RELATIONS[effect.relation]} for effect in mapped.effects],
        "figures_alone": [{"line": line, "paraphrase": text} for line, text in mapped.alone],
        "derived": [{"name": name, "label": label} for name, label in mapped.derived],
        "known_already": list(mapped.known_already),
    }


def _bounded(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return at most `MAX_PROBLEMS` problems, errors first, after one that says how many there are."""
    if len(problems) <= MAX_PROBLEMS:
        return problems
    message = f"There are {len(problems):,} problems, of which these are the first {MAX_PROBLEMS:,}."
    more = {"line": 0, "message": message, "advice": "Correct these first.", "is_warning": False}
    return [more, *sorted(problems, key=lambda problem: bool(problem["is_warning"]))[:MAX_PROBLEMS]]


def warm_up(dataset: MappingDataset) -> None:
    """Run what a preview runs, so that confined processes need to load nothing."""
    map_worksheet("?", None, dataset)
    empty = Compiled("", frozenset(), frozenset(), frozenset(), {}, {})
    facts = (file for file in dataset.files if not file.source.is_shapes)
    effects_of(empty, [triple for file in facts for triple in oxigraph_triples(file.graph)], dataset.rules)


def _counts_line(counts: WorksheetCounts) -> str:
    """Return what a worksheet holds, in one line."""
    parts = [
        f"{counted(counts.passages, 'passage')} ({counts.omitted} omitted)",
        f"{counted(counts.statements, 'statement')} ({counts.accepted} accepted)",
        counted(counts.figures, "figure"),
        counted(counts.roles, "role"),
        counted(counts.new_things, "new thing"),
    ]
    if counts.proposals:
        parts.append(counted(counts.proposals, "proposal"))
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
