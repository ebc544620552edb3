"""Run all checks on files merged with the shipped graph, and report the findings in those files.

With `--entailment`, owlrl computes the OWL 2 RL closure, slowly and independently, and the two are compared.
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.files import SourceFile, source_files
from forumkg.errors import DataError
from forumkg.namespaces import shorten
from forumkg.rdf.conversion import oxigraph_triples
from forumkg.rdf.terms import name_of
from forumkg.reasoning.entailment import entailed
from forumkg.reasoning.owlrl_closure import expand, inconsistencies, instance_triples
from forumkg.reasoning.rules import compile_rules
from forumkg.texts.reading import Text, read_texts
from forumkg.validation.batches import find_in_batches
from forumkg.validation.checks import Progress, caused, find, findings_in
from forumkg.validation.findings import Finding, Report
from forumkg.validation.patterns import Unbounded
from forumkg.validation.slices import slice_around
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.usage import check_usage
from forumkg.validation.workspace import (
    Counts,
    Workspace,
    counts,
    gather,
    given_sources,
    read_given,
)

__all__ = [
    "NOTHING_ELSE",
    "check",
    "check_entailment",
    "compare",
    "report",
]

# The note on a report about what cannot be read.
NOTHING_ELSE: Final = "Nothing else was checked: fix what cannot be read first."
# Triples of the largest dataset that is checked at once: it takes some 350 MB.
HELD: Final = 100_000
_WITHOUT_TEXTS: Final = "No passage was compared with its text: give the texts with --texts DIR."

_MISSING = (
    "entailment-missing",
    "owlrl entails {fact}, which the compiled rules do not.",
    "A rule is missing for an axiom of the ontology: see server/forumkg/reasoning/rules.py.",
)
_EXTRA = (
    "entailment-extra",
    "The compiled rules entail {fact}, which owlrl does not.",
    "A rule gives more than its axiom: see server/forumkg/reasoning/rules.py.",
)


def check(  # noqa: PLR0913 (what the command is given)
    given: Sequence[Path] = (),
    texts: Path | None = None,
    root: Path | None = None,
    progress: Progress = lambda _: None,
    *,
    entailment: bool = False,
    dataset: StoredDataset | None = None,
    held: int = HELD,
) -> Report:
    """Check files merged with the shipped graph, or the shipped graph alone.

    Args:
        given: Turtle files; see `workspace.gather` for the shipped files that they replace.
        texts: a folder with article texts, `*.txt`; without it no passage is compared with its text.
        root: a folder with `ontology/`, `graph/` and `shapes/`; the shipped one by default.
        progress: called with a description of each step before it begins.
        entailment: whether to compare the compiled entailment with that of owlrl.
        dataset: the same dataset on disk, the given files perhaps aside: of it only what they touch is read;
            without any, it is read in batches if it is large.
        held: triples of the largest dataset that is read at once.

    Returns:
        The findings in the given files and those that they cause in others; all where none is given.

    Raises:
        DataError: the shipped dataset is missing, or the files are nested too deeply.
    """
    if dataset is not None and not entailment:
        sources = given_sources(given, source_files(root))
        is_small = not sources and dataset.counts.triples <= held
        found = None if is_small else _check_in_part(sources, texts, dataset, progress)
        if found is not None:
            return found
    progress("reading the files")
    workspace = gather(given, root)
    if workspace.unreadable:
        return Report(tuple(sorted(workspace.unreadable)), len(workspace.files), notes=(NOTHING_ELSE,))
    at_hand, notes = _texts(texts)
    try:
        findings = find(workspace, at_hand, progress)
        if given:
            progress("looking for what the files cause in others")
            findings = _concerning(workspace, findings, at_hand, root)
        else:
            # Of the graph as a whole: a file alone need not have what uses it, or its curation.
            findings |= set(check_usage(workspace))
        if entailment:
            progress("comparing the entailment with that of owlrl")
            findings |= set(check_entailment(workspace))
    except RecursionError as error:
        raise DataError("The files are nested too deeply, or a hierarchy in them is too deep.") from error
    return report(counts(workspace), findings, notes)


def _texts(folder: Path | None) -> tuple[list[Text] | None, tuple[str, ...]]:
    """Return the article texts of a folder, and the notes on those that cannot be read."""
    if folder is None:
        return None, (_WITHOUT_TEXTS,)
    skipped: list[str] = []
    found = read_texts(folder, lambda error: skipped.append(f"Skipped: {error}"))
    return list(found), tuple(skipped)


def _check_in_part(
    sources: Sequence[SourceFile], texts: Path | None, dataset: StoredDataset, progress: Progress
) -> Report | None:
    """Return the report on files and what they touch of a dataset, or on all of it where none is given.

    None where the whole has to be read at once.
    """
    progress("reading what the files touch" if sources else "reading the dataset")
    unreadable: list[Finding] = []
    given = read_given(sources, unreadable)
    if unreadable or not all(file.is_data for file in given):
        return None
    at_hand, notes = _texts(texts)
    try:
        if not given:
            return report(dataset.counts, find_in_batches(dataset, at_hand, progress), notes)
        part = slice_around(given, dataset)
        return report(part.counts, findings_in(part, at_hand, progress), notes)
    except Unbounded:
        return None
    except RecursionError as error:
        raise DataError("The files are nested too deeply, or a hierarchy in them is too deep.") from error


def _concerning(
    workspace: Workspace, findings: set[Finding], texts: Sequence[Text] | None, root: Path | None
) -> set[Finding]:
    """Return the findings in the given files, and those in others that the shipped graph does not have."""
    names = {file.shown for file in workspace.given}
    own = {finding for finding in findings if finding.path in names}
    others = findings - own
    shipped = gather((), root)
    if not others or names & {file.shown for file in shipped.files}:
        # A shipped file that was edited in place has no other state to compare with: show all.
        return own | others
    return own | caused(others, find(shipped, texts))


def report(held: Counts, findings: Iterable[Finding], notes: tuple[str, ...]) -> Report:
    """Return the findings in order, with what was checked and what was not."""
    return Report(tuple(sorted(findings)), **asdict(held), notes=notes)


def check_entailment(workspace: Workspace) -> Iterator[Finding]:
    """Yield the facts that only one of the two entails, and the contradictions that owlrl finds.

    Raises:
        DataError: the ontology has an axiom that no compiled rule is known for.
    """
    asserted = frozenset((*oxigraph_triples(workspace.data), *oxigraph_triples(workspace.ontology)))
    rules = compile_rules(asserted)
    facts = {triple for triple in asserted if name_of(triple.subject) not in rules.terms}
    compiled = facts | entailed(asserted, rules)
    closed = expand(asserted)
    independent = instance_triples(closed, rules.terms)
    yield from compare(workspace, compiled, independent)
    for contradiction in inconsistencies(closed):
        path = workspace.given[0].shown if workspace.given else ""
        advice = "Correct the facts or the axiom that contradict each other."
        yield Finding("violation", path, None, "urn:forumkg:dataset", "inconsistent", contradiction, advice)


def compare(workspace: Workspace, compiled: Set[ox.Triple], independent: Set[ox.Triple]) -> Iterator[Finding]:
    """Yield the facts that only one of two entailments of a workspace has."""
    yield from (_finding(workspace, triple, *_MISSING) for triple in independent - compiled)
    yield from (_finding(workspace, triple, *_EXTRA) for triple in compiled - independent)


def _finding(workspace: Workspace, triple: ox.Triple, rule: str, message: str, advice: str) -> Finding:
    subject, predicate = name_of(triple.subject), triple.predicate.value
    file = workspace.file_of(subject)
    focus = file.source.graph if file and subject.startswith("_:") else subject
    value = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
    fact = f"{_short(subject)} {shorten(predicate)} {shorten(value) if value else triple.object}"
    return Finding(
        "violation",
        file.shown if file else "",
        file.locations.line(subject) if file else None,
        focus,
        rule,
        message.format(fact=fact),
        advice,
        predicate=predicate,
        value=str(triple.object),
    )


def _short(name: str) -> str:
    return name if name.startswith("_:") else shorten(name)
