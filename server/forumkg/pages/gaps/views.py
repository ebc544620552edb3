"""Show what no source says of editions, plans and articles, and what was left out of these."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.list_queries import list_query_texts
from forumkg.dataset.page_lists import PageLists
from forumkg.errors import NotFound
from forumkg.pages.edition_list import read_editions
from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_, gettext
from forumkg.pages.names import Name, names_of, thing_name
from forumkg.pages.page_queries import PageQuery
from forumkg.pages.paging import ListPage, Scope, current_lists, read_filter, read_page, read_scope
from forumkg.pages.rendering import page
from forumkg.pages.statements import read_statements
from forumkg.pages.translated_text import catalogued
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("gaps", __name__)

# What is missing, by what the address has for it; the list of each is `gaps-` and the same.
_KINDS: Final = {
    "hosts": N_("Editions without a host"),
    "themes": N_("Editions without a theme"),
    "first-days": N_("Editions without a first day"),
    "last-days": N_("Editions without a last day"),
    "figures": N_("Figures missing that other editions have"),
    "reports": N_("Planned figures that no source reports as reached"),
    "dates": N_("Articles without a day"),
    "omitted": N_("Passages left out"),
}
# How many a page shows of one kind, and of each where it shows all kinds.
_OF_ONE: Final = 100
_OF_EACH: Final = 25


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind of thing that is missing.

    Attributes:
        kind: as in the address.
        title: what is missing.
        listed: the things that lack it.
        names: of each thing, and of the reason why a passage was left out.
        judgements: of statements that are judged wrong or impossible, by their IRIs.
    """

    kind: str
    title: str
    listed: ListPage
    names: tuple[tuple[Name, ...], ...]
    judgements: Mapping[str, str]

    @property
    def groups(self) -> tuple[tuple[Name, tuple[Name, ...]], ...]:
        """The things with all that each lacks, where it lacks several."""
        return tuple(
            (thing, tuple(names[-1] for names in of_one))
            for thing, of_one in groupby(self.names, key=lambda names: names[0])
        )


@blueprint.get("/gaps")
def gaps() -> Response:
    """Show what no source says."""
    lists, graph = current_lists(), current_graph()
    scope = read_scope(lists)
    kind = request.args.get("kind", "")
    if kind and kind not in _KINDS:
        raise NotFound(f"There is no kind {kind!r} of gaps: write one of {', '.join(_KINDS)}.")
    scope = replace(scope, kind=kind) if kind else Scope(scope.forum, scope.edition)
    found = [_gap(graph, lists, each, scope) for each in ([kind] if kind else _KINDS)]
    return page(
        "gaps/gaps.html",
        title=gettext("What is not known"),
        description=gettext(
            "What is not known about the Zhongguancun Forum: editions without a host, a theme or a "
            "day, plans without a report, articles without a day, and what was left out of the articles."
        ),
        queries=[_query(gap.kind) for gap in found],
        path=found[0].listed.path,
        links=found[0].listed.links if kind else "",
        gaps=found,
        kind=kind,
        years=() if kind else _years(graph, lists, scope),
        everything=Scope(scope.forum, scope.edition).query() or "?",
        filter=read_filter(graph, lists, "editions", found[0].listed, is_whole=_fits(lists, scope)),
    )


def _years(graph: Graph, lists: PageLists, scope: Scope) -> tuple[int, ...]:
    """Return the years between the editions of one forum in which no source mentions an edition."""
    if not _fits(lists, scope) or lists.count("editions") > _OF_ONE:
        return ()
    return tuple(year.year for year in read_editions(graph).years if year.edition is None)


def _fits(lists: PageLists, scope: Scope) -> bool:
    """Whether there is nothing to narrow: one forum, and nothing chosen."""
    return lists.count("forums") <= 1 and not scope.part


def _gap(graph: Graph, lists: PageLists, kind: str, scope: Scope) -> Gap:
    listed = read_page(lists, f"gaps-{kind}", scope, _OF_ONE if scope.kind else _OF_EACH)
    names = names_of(graph, (iri for item in listed.items for iri in item))
    shown = tuple(tuple(thing_name(names[iri]) for iri in item) for item in listed.items)
    return Gap(
        kind, gettext(_KINDS[kind]), listed, shown, _judgements(graph, listed) if kind == "reports" else {}
    )


def _judgements(graph: Graph, listed: ListPage) -> dict[str, str]:
    """Return how statements are judged: a plan that is judged wrong is no ordinary gap."""
    statements = read_statements(graph, (item[0] for item in listed.items))
    return {each.iri: each.judgement for each in statements if each.judgement}


def _query(kind: str) -> PageQuery:
    text = list_query_texts()[f"gaps-{kind}"]
    return PageQuery(catalogued(text.partition("\n")[0].removeprefix("# ")), text, f"gaps-{kind}")
