"""Write docs/findings.md from the examples of tests/data/findings.toml, with the messages of the checks."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from finding_examples import EXAMPLES, Example, Side

from forumkg.validation.findings import Finding

__all__ = ["findings_reference"]

_HEAD = """# What `forumkg check` finds

This page is generated: `make docs` writes it anew.

Each finding that is not SHACL's, with the text of an invented article, what is wrong, what is reported, and
what is right. Those of the shapes are in [model.md](model.md), with valid and invalid cases in
[`tests/shapes/`](../tests/shapes). Checks that read an article's text run with `forumkg check --texts DIR`;
they compare numbers, dates and characters, and understand no sentence.

A *violation* has to be corrected. A *warning* may be right: an editorial note that names it in square
brackets (`zgc:editorialNote "… [number-unstated]."@en`) says why, and silences that warning alone. Notes are
on the thing that the warning is about, or on the statement.

| finding | severity |
|---|---|
"""


def findings_reference() -> str:
    """Return the page."""
    groups = [(check, tuple(examples)) for check, examples in groupby(EXAMPLES, key=attrgetter("check"))]
    rows = (f"| [`{check}`](#{check}) | {examples[0].severity} |\n" for check, examples in groups)
    return _HEAD + "".join(rows) + "".join("\n" + "\n".join(_section(*group)) for group in groups)


def _section(check: str, examples: tuple[Example, ...]) -> Iterator[str]:
    yield f"## {check}\n"
    for example in examples:
        yield f"{example.about}\n\n```text\n{example.text}\n```\n"
        yield _shown(example, "wrong")
        yield f"```text\n{_reported(example)}\n```\n"
        yield _shown(example, "right")


def _shown(example: Example, side: Side) -> str:
    """Return what one side says, in Turtle, or its passages where they are the difference."""
    said = "\n".join(part for part in (example.common, example.turtle(side)) if part)
    if not said:
        is_same = example.wrong_passages == example.right_passages
        passages = ", ".join(f"`{words}`" for words in example.passages(side))
        said_of = "no judgement" if is_same else f"the passages {passages}"
        return f"{side.capitalize()}: {said_of}.\n"
    for number, words in enumerate(example.passages(side), start=1):
        name = example.iri(words).rpartition("/")[2]
        said = said.replace(f"<{number}>", f"<…/{name}>").replace(f"<{number}/", f"<…/{name}/")
    return f"{side.capitalize()}:\n\n```turtle\n{said}\n```\n"


def _reported(example: Example) -> str:
    found = next(finding for finding in example.findings("wrong") if finding.rule == example.check)
    return "\n".join(_lines(found))


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}: {finding.message}"
    yield f"    {finding.advice}"
    if finding.excerpt is not None:
        yield f"    The text: {finding.excerpt!r}"
