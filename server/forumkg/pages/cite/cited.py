"""Find what an address or an IRI names, and return its citation."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from forumkg.dataset.description import DATASET
from forumkg.pages.citations import SITE, Citation, CitedKind, key_of, statement_citation
from forumkg.pages.dataset_facts import read_dataset
from forumkg.pages.graph import Graph
from forumkg.pages.languages import DEFAULT
from forumkg.pages.names import names_of
from forumkg.pages.page_queries import page_query
from forumkg.pages.relations import read_relations_of_each
from forumkg.pages.site_pages import title_of_page
from forumkg.pages.statements import read_statements
from forumkg.pages.targets import is_page, statements_of, thing_of
from forumkg.sparql.identifiers import HTML, path_of

__all__ = ["Server", "citation_of"]

# The relations to a statement that says something else.
_DIFFERING: Final = frozenset({"contradicts", "differsFrom"})


@dataclass(frozen=True, slots=True)
class Server:
    """What a citation says of the server: its address without a slash at the end, and its dataset.

    Attributes:
        version: the number of the version and the beginning of the digest of its inputs.
        built: the day on which the version was built.
    """

    root: str
    version: str
    built: date


def citation_of(graph: Graph, of: str, server: Server) -> Citation | None:
    """Return the citation of what an IRI or a path names.

    Args:
        graph: the graph to query.
        of: an IRI of the dataset, or the path of a page, such as `/compare/exhibitors`.
        server: where it is cited from.

    Returns:
        None where it is neither one of our IRIs nor a path.
    """
    if of in {"", "/", DATASET, "/dataset.html"}:
        return _dataset(graph, server)
    iri = thing_of(of)
    if iri and (cited := _statement(graph, iri, server) or _article(graph, iri, server)):
        return cited
    if iri and (found := names_of(graph, [iri], DEFAULT).get(iri)) and found.language:
        return _page(found.text, key_of(iri), f"{server.root}{path_of(iri, HTML)}", server)
    if not is_page(of):
        return None
    return _page(title_of_page(graph, of) or f"Page {of}", key_of(of), f"{server.root}{of}", server)


def _statement(graph: Graph, iri: str, server: Server) -> Citation | None:
    for statement in read_statements(graph, statements_of(graph, iri)):
        rivals = read_statements(
            graph,
            (
                relation.other
                for relation in read_relations_of_each(graph, [statement.iri]).get(statement.iri, ())
                if relation.kind in _DIFFERING
            ),
        )
        return statement_citation(statement, f"{server.root}{path_of(iri)}", server.version, rivals)
    return None


def _article(graph: Graph, iri: str, server: Server) -> Citation | None:
    rows = graph.select(page_query("cite/article", thing=iri).text)
    if not rows:
        return None
    first = rows[0]
    carrier, publisher = first.text("carrier"), first.text("publisher")
    url = f"{server.root}{path_of(iri)}"
    notes = (
        "the title is ours, not the headline",
        f"carried by {carrier}" if carrier and carrier != publisher else "",
        f"described at {url}" if first.text("url") else "",
    )
    return Citation(
        kind=CitedKind.ARTICLE,
        key=key_of(iri),
        title=first.text("name"),
        author=publisher or first.text("name"),
        url=first.text("url") or url,
        issued=first.date("issued"),
        container=publisher,
        note="; ".join(filter(None, notes)),
    )


def _dataset(graph: Graph, server: Server) -> Citation:
    facts = read_dataset(graph)
    return Citation(
        kind=CitedKind.DATASET,
        key="zgc-forum-graph",
        title=facts.title or SITE,
        author=facts.creator or SITE,
        url=f"{server.root}/",
        issued=facts.issued or server.built,
        version=server.version,
        note=f"the dataset was issued on this day; this version was built on {server.built:%-d %B %Y}"
        if facts.issued
        else "",
    )


def _page(title: str, key: str, url: str, server: Server) -> Citation:
    return Citation(
        kind=CitedKind.PAGE,
        key=key,
        title=title,
        author=SITE,
        url=url,
        issued=server.built,
        version=server.version,
    )
