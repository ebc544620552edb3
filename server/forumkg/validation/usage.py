"""Find entities that nothing refers to, and articles without a judgement of the curators."""

from collections.abc import Callable, Iterator
from typing import Final

from rdflib import RDF, Namespace
from rdflib.term import Node

from forumkg.namespaces import OA, ZGC, shorten
from forumkg.validation.findings import Finding
from forumkg.validation.workspace import CheckedFile, Workspace

__all__ = ["check_usage"]

_ZGC: Final = Namespace(ZGC)
_OA: Final = Namespace(OA)
# What articles speak of or cite; each is in the graph because a statement refers to it.
_USED: Final = tuple(
    _ZGC[name]
    for name in (
        *("Group", "Organization", "Outcome", "Period", "Person", "Place", "Post", "ProgrammeSection"),
        *("RoleHolding", "Theme", "Topic"),
    )
)
_JUDGEMENTS: Final = (_ZGC.isAcceptedFor, _ZGC.hasRank, _ZGC.editorialNote)


def check_usage(workspace: Workspace) -> Iterator[Finding]:
    """Yield entities that no other one refers to, and articles none of whose statements is judged."""
    is_used = _usage(workspace)
    for kind in _USED:
        for entity in workspace.data.subjects(RDF.type, kind):
            if not is_used(entity) and not _is_settled(workspace, entity, "entity-unused"):
                message = f"Nothing refers to this {shorten(str(kind)).removeprefix('zgc:')}."
                advice = "Refer to it from a statement, or delete it; if it is to stay, say why in a "
                yield from _warning(workspace, entity, "entity-unused", message, advice)
    articles = None if workspace.scope is None else workspace.scope.articles
    for article in workspace.data.subjects(RDF.type, _ZGC.Article):
        if articles is not None and str(article) not in articles:
            continue
        if not _is_judged(workspace, article) and not _is_settled(workspace, article, "article-unjudged"):
            message = "None of the statements of this article is accepted, ranked or noted."
            advice = (
                "Write zgc:isAcceptedFor in graph/curation.ttl for those that speak for their subject; if "
            )
            advice += "there are none, say why in a "
            yield from _warning(workspace, article, "article-unjudged", message, advice)


def _usage(workspace: Workspace) -> Callable[[Node], bool]:
    """Return the function that says of an entity whether it is used, or not known here."""
    scope = workspace.scope
    if scope is None:
        referred = {o for s, _, o in workspace.data if s != o}
        return lambda entity: entity in referred
    return lambda entity: str(entity) not in scope.nodes or scope.whole.is_used(str(entity))


def _is_judged(workspace: Workspace, article: Node) -> bool:
    data = workspace.data
    statements = {
        statement
        for passage in data.subjects(_OA.hasSource, article)
        for statement in data.subjects(_ZGC.isSupportedBy, passage)
    }
    # Without statements there is nothing to judge, and other checks report the article.
    return not statements or any((s, p, None) in data for s in statements for p in _JUDGEMENTS)


def _is_settled(workspace: Workspace, subject: Node, check: str) -> bool:
    return any(f"[{check}]" in str(note) for note in workspace.data.objects(subject, _ZGC.editorialNote))


def _warning(workspace: Workspace, subject: Node, check: str, message: str, advice: str) -> Iterator[Finding]:
    file: CheckedFile | None = workspace.file_of(str(subject), str(RDF.type))
    if file is not None:
        advice = f"{advice}zgc:editorialNote that names [{check}]."
        line = file.locations.line(str(subject), str(RDF.type))
        yield Finding("warning", file.shown, line, str(subject), check, message, advice)
