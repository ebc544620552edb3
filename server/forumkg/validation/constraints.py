"""Turn what SHACL says into findings with file and line, one for each mistake.

A mistake that another check has already named, with its line and a suggestion, is not told a second time; of
a blank node no more is told than that it should have an IRI.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from forumkg.namespaces import SHAPES, shorten
from forumkg.validation.findings import Finding
from forumkg.validation.shacl import ShaclResult, validate
from forumkg.validation.workspace import Workspace

__all__ = ["check_shapes"]

# Shapes that say for any store what one of our checks says better.
_RESTATED: Final = MappingProxyType(
    {
        f"{SHAPES}UnknownThing": {"dangling-iri"},
        f"{SHAPES}ThingWithoutClass": {"undeclared-term", "not-a-class"},
        f"{SHAPES}PassageIri": {"selector-disagrees"},
        f"{SHAPES}PassageInsideArticle": {"selector-bounds"},
        f"{SHAPES}SelectorStart": {"selector-bounds"},
        f"{SHAPES}PassageUse": {"idle-passage"},
    }
)
_NAME: Final = re.compile(r"\b[a-z]+:[\w/,=.-]*\w")
_LONGEST: Final = 80
# A program that wants to see a longer value has it: it sent it.
_LONGEST_TERM: Final = 1000
_ABOUT_TERMS: Final = frozenset(
    {"blank-node", "dangling-iri", "undeclared-term", "not-a-class", "not-a-property"}
)


def check_shapes(workspace: Workspace, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the results of SHACL that none of the findings so far already tells.

    Args:
        workspace: the files to validate together.
        found: the findings of the other checks.

    Raises:
        DataError: the shapes cannot be run.
    """
    told: Mapping[str, list[Finding]] = defaultdict(list)
    for finding in found:
        told[finding.focus].append(finding)
    for result in validate(workspace.data, workspace.shapes, workspace.ontology):
        near = (*told[result.focus], *told[result.focus.removesuffix("/selector")])
        if not result.focus.startswith("_:") and not any(_tells(finding, result) for finding in near):
            yield _finding(workspace, result)


def _tells(finding: Finding, result: ShaclResult) -> bool:
    """Return whether the finding at the same thing already tells what the result says.

    Where a term is misspelt, or leads nowhere, the shapes miss the very term that the finding names; of a
    thing that no file describes they miss everything.
    """
    if finding.rule == "untyped-subject" or finding.rule in _RESTATED.get(result.shape, ()):
        return True
    things = {shorten(iri) for iri in (result.path, result.value) if iri}
    named = set(_NAME.findall(f"{finding.message} {finding.advice}"))
    return finding.rule in _ABOUT_TERMS and not named.isdisjoint(things.union(_NAME.findall(result.message)))


def _finding(workspace: Workspace, result: ShaclResult) -> Finding:
    file = workspace.file_of(result.focus, result.path, result.value)
    return Finding(
        result.severity,
        file.shown if file else "",
        file.locations.line(result.focus, result.path, result.value) if file else None,
        result.focus,
        result.shape,
        result.wrong if result.value is None else f"{result.wrong} Found: {_shown(result)}.",
        result.advice,
        component=result.component,
        predicate=result.path,
        value=result.term if result.term and len(result.term) <= _LONGEST_TERM else None,
    )


def _shown(result: ShaclResult) -> str:
    """Return the path and the value of a result that has a value, for people to read."""
    value = result.value or ""
    is_iri = re.fullmatch(r"https?://\S+", value)
    line = (
        shorten(value) if is_iri else repr(value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…")
    )
    return f"{shorten(result.path)} {line}" if result.path else line
