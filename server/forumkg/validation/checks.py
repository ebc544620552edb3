"""Run all checks on the files of a workspace, or on those of its part that documents touch."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from forumkg.errors import ShapeError
from forumkg.rdf.jsonld import losses
from forumkg.rdf.reading import parse
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.texts.reading import Text
from forumkg.validation.constraints import check_given_shapes, check_shapes, ill_formed
from forumkg.validation.evidence import check_passages, check_texts
from forumkg.validation.findings import Finding
from forumkg.validation.references import check_references, check_writing
from forumkg.validation.slices import Slice
from forumkg.validation.workspace import CheckedFile, Workspace

__all__ = ["Progress", "caused", "find", "findings_in", "form_of"]

Progress = Callable[[str], None]


def find(
    workspace: Workspace, texts: Sequence[Text] | None = None, progress: Progress = lambda _: None
) -> set[Finding]:
    """Return all findings in the files of a workspace that could be read; see `check` for the arguments."""
    progress("looking for undeclared terms and dangling IRIs")
    found = {*check_references(workspace), *_check_json_ld(workspace)}
    progress("verifying passages")
    found |= set(check_passages(workspace))
    if texts is not None:
        found |= set(check_texts(workspace, texts))
    progress("validating with SHACL")
    found |= set(check_given_shapes(workspace))
    try:
        found |= set(check_shapes(workspace, found))
    except ShapeError as error:
        found.add(ill_formed(workspace, error))
    progress("comparing with the canonical form")
    return found | set(_check_canonical(workspace, {f.path for f in found if f.severity == "violation"}))


def findings_in(
    part: Slice, texts: Sequence[Text] | None = None, progress: Progress = lambda _: None
) -> set[Finding]:
    """Return the findings in documents, and those that they cause in other files; see `run.find`."""
    names = {file.shown for file in part.after.given}
    findings = find(part.after, texts, progress)
    own = {finding for finding in findings if finding.path in names}
    others = findings - own
    return own | (caused(others, find(part.before, texts)) if others else set())


def caused(findings: Iterable[Finding], known: Iterable[Finding]) -> set[Finding]:
    """Return the findings that are not among the known ones, compared without their advice."""
    before = {replace(finding, advice="") for finding in known}
    return {finding for finding in findings if replace(finding, advice="") not in before}


def form_of(file: CheckedFile, faulty: Container[str]) -> set[Finding]:
    """Return what is found in the text of a file of facts alone.

    Args:
        file: the file.
        faulty: the paths of files that have violations.
    """
    found = set(check_writing(file))
    if not found:
        found |= set(_check_canonical(Workspace((file,)), faulty))
    return found


def _check_json_ld(workspace: Workspace) -> Iterator[Finding]:
    """Yield what a processor of JSON-LD silently ignores."""
    for file in workspace.checked:
        if file.format.name == "jsonld":
            for loss in losses(file.text):
                finding = file.finding_on_file("json-ld", loss.line, loss.message, loss.advice)
                yield replace(finding, column=loss.column)


def _check_canonical(workspace: Workspace, faulty: Container[str]) -> Iterator[Finding]:
    """Yield the files of data that `forumkg format` would change.

    A file with violations is left out: fixing them changes its form, and blank nodes have no canonical one.
    """
    for file in workspace.checked:
        if (
            file.has_canonical_form
            and file.shown not in faulty
            and (line := _first_difference(file)) is not None
        ):
            message, advice = "The file is not in canonical form.", f"Run: forumkg format {file.shown}"
            yield file.finding_on_file("canonical-form", line, message, advice)


def _first_difference(file: CheckedFile) -> int | None:
    """Return the first line that the canonical form has otherwise, or None."""
    canonical = canonical_turtle(parse(file.source.path, file.text))
    if file.text == canonical:
        return None
    pairs = zip_longest(file.text.split("\n"), canonical.split("\n"))
    return next(number for number, (line, other) in enumerate(pairs, start=1) if line != other)
