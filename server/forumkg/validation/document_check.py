"""Validate a document of a client as one more file of a dataset.

A document is a file of facts, whatever it holds: it replaces the shipped file of facts that has the same
article, and the one that has its name. What it says of terms or shapes changes none of them.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from forumkg.dataset.files import SourceFile
from forumkg.errors import DataError, DocumentError
from forumkg.namespaces import GRAPH, shorten
from forumkg.rdf.reading import read_text
from forumkg.validation.checks import caused, find, findings_in
from forumkg.validation.constraints import ILL_FORMED
from forumkg.validation.document import Document
from forumkg.validation.findings import Finding, Report
from forumkg.validation.patterns import Unbounded
from forumkg.validation.run import NOTHING_ELSE, report
from forumkg.validation.slices import slice_around
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.workspace import CheckedFile, Counts, Workspace, counts, graph_of, lay_over, unparsed

__all__ = ["MAX_FINDINGS", "Shipped", "check_document", "require_shapes", "unreadable"]

# Enough to fix before the next validation.
MAX_FINDINGS: Final = 1000

_WITHOUT_TEXTS: Final = (
    "No passage was compared with its text: `forumkg check --texts DIR` does so where the texts are."
)
_SAYS_NOTHING: Final = (
    "The document states nothing: there is no triple in it. In JSON-LD, IRIs have to be written in full, or "
    "with a prefix that the @context declares."
)


@dataclass(frozen=True)
class Shipped:
    """A dataset to check documents against."""

    files: tuple[CheckedFile, ...]

    @classmethod
    def read(cls, folder: Path) -> "Shipped":
        """Read the Turtle files of a folder, each of which is the graph that its path below it says.

        Raises:
            DataError: there is none, or one cannot be read.
        """
        names = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.ttl"))
        if not names:
            raise DataError(f"No Turtle file in {folder}.")
        return cls(tuple(_read(folder, name) for name in names))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The paths of the files without their ends."""
        return tuple(file.source.name for file in self.files)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The graphs of the files of facts."""
        return tuple(file.source.graph for file in self.files if file.is_data)

    @cached_property
    def findings(self) -> frozenset[Finding]:
        """The findings in the dataset alone."""
        return frozenset(find(Workspace(self.files)))


def _read(folder: Path, name: str) -> CheckedFile:
    # Named as in the repository: messages do not say where the server keeps its files.
    shown = name if name.startswith(("ontology/", "shapes/")) else f"graph/{name}"
    text = read_text(folder / f"{name}.ttl")
    return CheckedFile.read(SourceFile(Path(f"{shown}.ttl"), f"{GRAPH}{name}"), text)


def check_document(document: Document, dataset: StoredDataset | Shipped) -> Report:
    """Return the findings in a document, and those that it causes in the dataset.

    They are those of `forumkg check` for a file with this name and text. Turtle alone has a canonical form.

    Args:
        document: the document.
        dataset: read, or on disk: of one on disk only what the document touches is read, where that suffices.

    Raises:
        DocumentError: the document cannot be read in its syntax.
        DataError: a file of a dataset on disk cannot be read.
    """
    source = _source_file(document, dataset)
    file = CheckedFile.read(source, document.text, document.format, is_given=True)
    held, findings = _checked(file, dataset)
    notes = (_WITHOUT_TEXTS,) if len(file.graph) else (_SAYS_NOTHING,)
    return report(held, *_bounded(findings, notes))


def _checked(file: CheckedFile, dataset: StoredDataset | Shipped) -> tuple[Counts, set[Finding]]:
    """Return how much the dataset holds with a document, and the findings."""
    if isinstance(dataset, StoredDataset):
        try:
            part = slice_around([file], dataset)
        except Unbounded:
            return _checked(file, Shipped(dataset.whole()))
        return part.counts, findings_in(part)
    workspace = lay_over([file], dataset.files)
    findings = find(workspace)
    own = {finding for finding in findings if finding.path == file.shown}
    others = findings - own
    return counts(workspace), own | (caused(others, dataset.findings) if others else set())


def require_shapes(dataset: StoredDataset) -> None:
    """Refuse a dataset with which no document can be validated.

    Raises:
        DataError: a shape is ill-formed.
    """
    for finding in find(Workspace(dataset.terms)):
        if finding.rule == ILL_FORMED:
            raise DataError(f"{finding.path}: {shorten(finding.focus)}: {finding.message}")


def unreadable(document: Document, dataset: StoredDataset | Shipped, error: DocumentError) -> Report:
    """Return the report on a document that cannot be read."""
    finding = unparsed(_source_file(document, dataset), error, document.format)
    return Report((finding,), len(dataset.names), notes=(NOTHING_ELSE,))


def _bounded(findings: set[Finding], notes: tuple[str, ...]) -> tuple[set[Finding], tuple[str, ...]]:
    """Return at most `MAX_FINDINGS`, violations first, and the note that there are more."""
    if len(findings) <= MAX_FINDINGS:
        return findings, notes
    first = sorted(findings, key=lambda finding: (finding.severity, finding))[:MAX_FINDINGS]
    note = f"There are {len(findings):,} findings, of which these are the first {MAX_FINDINGS:,}."
    return set(first), (note, *notes)


def _source_file(document: Document, dataset: StoredDataset | Shipped) -> SourceFile:
    """Return a document as a file: the shipped file of facts with its name, or a new one."""
    stem = PurePosixPath(document.name).stem
    same = next((graph for graph in dataset.facts if PurePosixPath(graph).name == stem), graph_of(stem))
    return SourceFile(Path(document.name), same)
