"""Map a worksheet: compile it, check what it would make of the graph, and preview its effects.

Nothing is written here: `cli.map` writes the files, and the server writes nothing at all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from forumkg.dataset.files import source_files
from forumkg.mapping.compiler import Compiled, compile_worksheet
from forumkg.mapping.effects import Effect, effects_of, figures_alone
from forumkg.mapping.graph_files import changed_files
from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.parser import parse_worksheet
from forumkg.mapping.placing import place_passages, placed_text
from forumkg.mapping.worksheet import Acceptance, Worksheet, WorksheetProblem
from forumkg.rdf.conversion import oxigraph_triples
from forumkg.rdf.reading import read_text
from forumkg.reasoning.derivation import DerivationRule, load_rules
from forumkg.texts.reading import Text
from forumkg.validation.checks import find
from forumkg.validation.findings import Finding
from forumkg.validation.workspace import CheckedFile, Workspace, lay_over

# What to write in a worksheet, where the advice of a check is about Turtle.
_ADVICE: Final = {
    "idle-passage": (
        "Write a statement below it, give it a #label that a statement or a role refers to, or write "
        "`[omit:background body] …` (or navigation, picture-credit, rhetoric)."
    ),
}

__all__ = ["MappedWorksheet", "MappingDataset", "WorksheetCounts", "map_worksheet"]


@dataclass(frozen=True)
class MappingDataset:
    """A dataset that articles are mapped into.

    Attributes:
        files: all its Turtle files.
        rules: the rules that derive agreement and disagreement.
    """

    files: tuple[CheckedFile, ...]
    rules: tuple[DerivationRule, ...]

    @classmethod
    def read(cls, root: Path | None = None) -> "MappingDataset":
        """Read a folder with `ontology/`, `graph/` and `shapes/`; the shipped one by default.

        Raises:
            DataError: a file is missing, or cannot be read.
        """
        files = tuple(CheckedFile.read(file, read_text(file.path)) for file in source_files(root))
        return cls(files, load_rules(root / "ontology" / "rules" if root else None))

    @cached_property
    def known(self) -> KnownThings:
        """The things of the graph and the terms of the vocabulary."""
        return KnownThings.read(
            triple
            for file in self.files
            if not file.source.is_shapes
            for triple in oxigraph_triples(file.graph)
        )


@dataclass(frozen=True, slots=True)
class WorksheetCounts:
    """What a worksheet holds."""

    passages: int = 0
    omitted: int = 0
    statements: int = 0
    accepted: int = 0
    figures: int = 0
    roles: int = 0
    new_things: int = 0
    proposals: int = 0


@dataclass(frozen=True, slots=True)
class MappedWorksheet:
    """The result of mapping a worksheet.

    Attributes:
        counts: what it holds.
        problems: what is wrong with it, by line, warnings included.
        effects: how its statements relate to those of the graph; empty while there are violations.
        alone: line and paraphrase of the figures that no other statement gives.
        derived: the new things whose descriptions follow from their names: name and label.
        known_already: names on `new` lines that the graph has, and labels of new things that others have.
        files: the files of the graph as they would be; empty while the worksheet cannot be compiled.
        compiled: the triples; None while the worksheet cannot be placed.
    """

    counts: WorksheetCounts
    problems: tuple[WorksheetProblem, ...]
    effects: tuple[Effect, ...] = ()
    alone: tuple[tuple[int, str], ...] = ()
    derived: tuple[tuple[str, str], ...] = ()
    known_already: tuple[str, ...] = ()
    files: tuple[CheckedFile, ...] = ()
    compiled: Compiled | None = None

    @property
    def conforms(self) -> bool:
        """Whether the article can be written."""
        return all(problem.is_warning for problem in self.problems)


def map_worksheet(
    content: str,
    text: Text | None,
    dataset: MappingDataset,
    progress: Callable[[str], None] = lambda _: None,
) -> MappedWorksheet:
    """Compile a worksheet and check what it would make of the graph.

    Args:
        content: the worksheet.
        text: the article text; without it passages have offsets and digests, and no wording is verified.
        dataset: the graph that it goes into.
        progress: called with a description of each step before it begins.

    Raises:
        DataError: the dataset is not complete.
    """
    progress("reading the worksheet")
    worksheet, problems = parse_worksheet(content)
    placed, astray = place_passages(worksheet, text) if text else placed_text(worksheet)
    counts = _counts(worksheet)
    if problems or astray:
        return MappedWorksheet(counts, _sorted((*problems, *astray)))
    compiled = compile_worksheet(worksheet, placed, dataset.known)
    counts = replace(counts, new_things=_count_new(worksheet, compiled))
    if compiled.problems:
        return MappedWorksheet(counts, compiled.problems, compiled=compiled)
    changed = changed_files(dataset.files, compiled)
    workspace = lay_over(changed, dataset.files)
    found = _problems(workspace, dataset.files, compiled, text, progress)
    mapped = MappedWorksheet(
        counts,
        _sorted((*found, *_left_over(worksheet))),
        derived=tuple((thing.name, thing.labels[0].text) for thing in compiled.derived if thing.labels),
        known_already=tuple(_known_already(worksheet, compiled, dataset.known)),
        files=changed,
        compiled=compiled,
    )
    if not mapped.conforms:
        return mapped
    progress("looking for what it contradicts and corroborates")
    asserted = [
        triple
        for file in workspace.files
        if not file.source.is_shapes
        for triple in oxigraph_triples(file.graph)
    ]
    effects = effects_of(compiled, asserted, dataset.rules)
    return replace(mapped, effects=effects, alone=figures_alone(compiled, effects))


def _counts(worksheet: Worksheet) -> WorksheetCounts:
    kept = [one for one in worksheet.statements if one.acceptance is not Acceptance.PROPOSED]
    return WorksheetCounts(
        passages=len(worksheet.passages),
        omitted=sum(passage.omission is not None for passage in worksheet.passages),
        statements=len(kept),
        accepted=sum(one.acceptance is Acceptance.ACCEPTED for one in kept),
        figures=sum(len(one.figures) for one in kept),
        roles=len(worksheet.roles),
        new_things=len(worksheet.new),
        proposals=len(worksheet.statements) - len(kept),
    )


def _count_new(worksheet: Worksheet, compiled: Compiled) -> int:
    return len(worksheet.new) - len(compiled.known_already) + len(compiled.derived)


def _problems(
    workspace: Workspace,
    shipped: Sequence[CheckedFile],
    compiled: Compiled,
    text: Text | None,
    progress: Callable[[str], None],
) -> Iterator[WorksheetProblem]:
    """Yield the findings of the project's own checks, on the lines of the worksheet.

    Those on nothing that the worksheet has are left out where the dataset has them without it.
    """
    findings = find(workspace, None if text is None else (text,), progress)
    elsewhere = {finding for finding in findings if finding.focus not in compiled.lines}
    if elsewhere:
        elsewhere -= find(Workspace(tuple(shipped)))
    for finding in sorted(findings):
        if line := compiled.lines.get(finding.focus):
            yield _problem(finding, line)
        elif finding in elsewhere or finding.focus in compiled.lines:
            yield _problem(finding, 0)


def _problem(finding: Finding, line: int) -> WorksheetProblem:
    message = finding.message if line else f"{finding.path}: {finding.message}"
    if finding.excerpt is not None:
        message += f" The text: {finding.excerpt!r}"
    advice = _ADVICE.get(finding.rule, finding.advice)
    return WorksheetProblem(line, message, advice, finding.severity != "violation")


def _left_over(worksheet: Worksheet) -> Iterator[WorksheetProblem]:
    for statement in worksheet.statements:
        if statement.acceptance is Acceptance.PROPOSED:
            advice = "Write * to accept it, - to keep it without acceptance, or delete the line."
            yield WorksheetProblem(
                statement.line, "A proposal is left: it is not compiled.", advice, is_warning=True
            )


def _known_already(worksheet: Worksheet, compiled: Compiled, known: KnownThings) -> Iterator[str]:
    for name in compiled.known_already:
        thing = known.get(name)
        yield f"{name} ({thing.label()}) is in the graph already" if thing else name
    labels = {text.casefold(): thing.name for thing in known.things.values() for text, _ in thing.labels}
    for new in worksheet.new:
        for label in new.labels:
            other = labels.get(label.text.casefold())
            if other and new.name not in compiled.known_already:
                yield f"{new.name}: {other} is called {label.text!r}, too"


def _sorted(problems: Iterable[WorksheetProblem]) -> tuple[WorksheetProblem, ...]:
    return tuple(sorted(problems, key=lambda one: (one.line, one.is_warning, one.message)))
