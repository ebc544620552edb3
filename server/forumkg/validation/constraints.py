"""Convert the results of SHACL into findings with file and line, one for each mistake.

A mistake that another check has already named, with its line and a suggestion, is not reported a second time;
of a blank node in the data only that it should have an IRI.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rdflib import SKOS, BNode, URIRef

from forumkg.errors import ShapeError
from forumkg.namespaces import ID, SHAPES, shorten
from forumkg.rdf.conversion import oxigraph_term
from forumkg.validation import shacl
from forumkg.validation.findings import Finding
from forumkg.validation.shacl import ShaclResult, validate
from forumkg.validation.shape_rules import narrowed
from forumkg.validation.workspace import CheckedFile, Workspace, name_of

__all__ = ["ILL_FORMED", "check_given_shapes", "check_shapes", "ill_formed"]

# The rule of a finding on a shape that cannot be run.
ILL_FORMED: Final = "ill-formed-shape"

# Shapes for any store, whose violations one of our checks reports better.
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
_SCHEME: Final = re.compile(r"\bscheme:[a-z-]+\b")
_LONGEST: Final = 80
# A client program has the longer values: it sent them.
_LONGEST_TERM: Final = 1000
_ABOUT_TERMS: Final = frozenset(
    {"blank-node", "dangling-iri", "undeclared-term", "not-a-class", "not-a-property"}
)


def check_shapes(workspace: Workspace, found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the results of SHACL that none of the findings so far already reports.

    Args:
        workspace: the files to validate together.
        found: the findings of the other checks.

    Raises:
        ShapeError: a shape is ill-formed.
    """
    reported: Mapping[str, list[Finding]] = defaultdict(list)
    for finding in found:
        reported[finding.focus].append(finding)
    blank = {f"_:{term}" for triple in workspace.data for term in triple if isinstance(term, BNode)}
    for result in _validated(workspace):
        near = (*reported[result.focus], *reported[result.focus.removesuffix("/selector")])
        if result.focus not in blank and not any(_reports(finding, result) for finding in near):
            yield _finding(workspace, result)


def _validated(workspace: Workspace) -> tuple[ShaclResult, ...]:
    """Return what the shapes find in the data; with a scope, in the nodes that it has for each shape."""
    data, shapes, ontology = workspace.data, workspace.shapes, workspace.ontology
    if workspace.scope is None:
        return validate(data, shapes, ontology)
    foci = workspace.scope.foci
    selected = {rule.shape: nodes for rule, nodes in foci if rule.is_about_all}
    return validate(data, narrowed(shapes, foci, (data, ontology)), ontology, selected)


def check_given_shapes(workspace: Workspace) -> Iterator[Finding]:
    """Yield the shapes of the given files that are ill-formed, whether they have a target or not."""
    given = [file for file in workspace.given if file.source.is_shapes]
    nodes = {node for file in given for node in file.graph.subjects(unique=True)}
    if nodes:
        for shape, reason in shacl.ill_formed(workspace.shapes, nodes).items():
            yield ill_formed(workspace, ShapeError(reason, shape=shape))


def ill_formed(workspace: Workspace, error: ShapeError) -> Finding:
    """Return the finding that a shape is ill-formed, at its place.

    The shapes of the dataset can be run: where none is given, it is the given data that stop them.
    """
    if workspace.given and all(given.is_data for given in workspace.given):
        name = shorten(error.shape) if error.shape else "a shape"
        return workspace.given[0].finding_on_file(
            ILL_FORMED,
            None,
            f"The data cannot be validated by {name}: {error.reason}",
            "Correct them: until then the shapes find nothing in them. See https://www.w3.org/TR/shacl/.",
        )
    file = workspace.file_of(error.shape) if error.shape else None
    return Finding(
        "violation",
        file.shown if file else "",
        file.locations.line(error.shape) if file else None,
        error.shape or SHAPES,
        ILL_FORMED,
        f"The shape cannot be run: {error.reason}",
        "Correct the shape: without it the files are not validated as they should be. "
        "See https://www.w3.org/TR/shacl/.",
    )


def _reports(finding: Finding, result: ShaclResult) -> bool:
    """Return whether the finding at the same node already reports what the result says.

    Where a term is misspelt, or an IRI leads nowhere, the shapes miss the very term that the finding names;
    of a node that no file describes they miss everything.
    """
    if finding.rule == "untyped-subject" or finding.rule in _RESTATED.get(result.shape, ()):
        return True
    terms = {shorten(iri) for iri in (result.predicate, result.value) if iri}
    named = set(_NAME.findall(f"{finding.message} {finding.advice}"))
    return finding.rule in _ABOUT_TERMS and not named.isdisjoint(terms.union(_NAME.findall(result.message)))


def _finding(workspace: Workspace, result: ShaclResult) -> Finding:
    file, line = _place(workspace, result)
    focus = result.focus
    if focus.startswith("_:"):
        # A blank node of the ontology or of the shapes: no name outlasts the file.
        focus = file.source.graph if file else SHAPES
    return Finding(
        result.severity,
        file.shown if file else "",
        line,
        focus,
        result.shape or result.component,
        result.wrong if result.value is None else f"{result.wrong} Found: {_shown(result)}.",
        result.advice + _codes(workspace, result.advice),
        component=result.component,
        predicate=result.predicate,
        value=result.term if result.term and len(result.term) <= _LONGEST_TERM else None,
        property_path=result.path if result.is_path_of_steps else None,
        rdf=result.rdf,
    )


def _codes(workspace: Workspace, advice: str) -> str:
    """Return the sentence that lists the codes of the scheme that an advice names, or nothing."""
    named = _SCHEME.search(advice)
    if named is None:
        return ""
    members = workspace.ontology.subjects(SKOS.inScheme, URIRef(f"{ID}{named[0].replace(':', '/')}"))
    codes = sorted(shorten(str(member)) for member in members)
    return f" Its codes are {', '.join(codes)}." if codes else ""


def _place(workspace: Workspace, result: ShaclResult) -> tuple[CheckedFile | None, int | None]:
    """Return file and line of a result; a literal is where it first stands as an object."""
    place: tuple[str, str | None, str | None] = (result.focus, result.predicate, result.value)
    if result.focus.startswith('"'):
        s, p, o = min(
            (triple for triple in workspace.data if str(oxigraph_term(triple[2])) == result.focus),
            default=(None, None, None),
        )
        if s is None:
            return None, None
        place = (name_of(s), str(p), str(o))
    file = workspace.file_of(*place)
    return file, file.locations.line(*place) if file else None


def _shown(result: ShaclResult) -> str:
    """Return the path and the value of a result that has a value, for people to read."""
    value = result.value or ""
    is_iri = re.fullmatch(r"https?://\S+", value)
    line = (
        shorten(value) if is_iri else repr(value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…")
    )
    path = shorten(result.predicate) if result.predicate else result.path
    return f"{path} {line}" if path else line
