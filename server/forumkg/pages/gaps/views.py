"""Show what no source says of editions, plans and articles, and what was left out of these."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
from forumkg.pages.names import LONGEST_NOTE, Name, cut, names_of, thing_name
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.paging import ListPage, Scope, current_lists, read_filter, read_page, read_scope
from forumkg.pages.rendering import page
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.translated_text import catalogued
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("gaps", __name__)

# What is missing, by what the address has for it; the list of each is `gaps-` and the same.
_KINDS: Final = {
    "hosts": N_("Editions without a host"),
    "cohosts": N_("Editions of which only a co-host is named"),
    "themes": N_("Editions without a theme"),
    "first-days": N_("Editions without a first day"),
    "last-days": N_("Editions without a last day"),
    "figures": N_("Figures missing that other editions have"),
    "reports": N_("Planned figures that no source reports as reached"),
    "posts": N_("Posts without an organization"),
    "dates": N_("Articles without a day"),
    "omitted": N_("Passages left out"),
    "unclear": N_("Unclear, garbled or assumed, as the curators note"),
}
# The kinds whose gaps the curators explain in notes, and the place in an item of what these are on.
_NOTED: Final = {"cohosts": 1, "posts": 0, "dates": 0, "unclear": 0}
# How many a page shows of one kind, and of each where it shows all kinds.
_OF_ONE: Final = 100
_OF_EACH: Final = 25


@dataclass(frozen=True, slots=True)
class NotesOfArticle:
    """The curators' notes on the statements of an article.

    Attributes:
        article: None for things that no article reports.
        number: of the statements or things with notes.
        noted: the notes, each with what it is on.
    """

    article: Name | None
    number: int
    noted: tuple[tuple[tuple[str, ...], tuple[Name, ...]], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A kind of thing that is missing.

    Attributes:
        kind: as in the address.
        title: what is missing.
        listed: the things that lack it.
        names: of each thing, and of the reason why a passage was left out.
        statements: those among the things, by their IRIs.
        notes: of the curators, by the IRI of the first thing of each item.
        articles: that report statements with notes, by the IRIs of these.
    """

    kind: str
    title: str
    listed: ListPage
    names: tuple[tuple[Name, ...], ...]
    statements: Mapping[str, Statement]
    notes: Mapping[str, tuple[str, ...]]
    articles: Mapping[str, Name]

    @property
    def groups(self) -> tuple[tuple[Name, tuple[Name, ...]], ...]:
        """The things with all that each lacks, where it lacks several."""
        return tuple(
            (thing, tuple(names[-1] for names in of_one))
            for thing, of_one in groupby(self.names, key=lambda names: names[0])
        )

    @property
    def omissions(self) -> tuple[tuple[Name, tuple[tuple[Name, ...], ...]], ...]:
        """The articles with the passages that were left out of each, and the reasons."""
        return tuple(
            (article, tuple(of_one)) for article, of_one in groupby(self.names, key=lambda names: names[1])
        )

    @property
    def noted(self) -> tuple[NotesOfArticle, ...]:
        """The notes by article."""
        found: defaultdict[Name | None, list[Name]] = defaultdict(list)
        for names in self.names:
            found[self.articles.get(names[0].iri)].append(names[0])
        return tuple(
            NotesOfArticle(article, len(of_one), self._together(of_one)) for article, of_one in found.items()
        )

    def _together(self, names: Iterable[Name]) -> tuple[tuple[tuple[str, ...], tuple[Name, ...]], ...]:
        """Return the notes with the things that each is on, where several in a row have the same."""
        return tuple(
            (notes, tuple(of_one))
            for notes, of_one in groupby(names, key=lambda name: self.notes.get(name.iri, ()))
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
    years, year_notes = ((), ()) if kind else _years(graph, lists, scope)
    found = [_gap(graph, lists, each, scope) for each in ([kind] if kind else _KINDS)]
    return page(
        "gaps/gaps.html",
        title=gettext("What is not known"),
        description=gettext(
            "What is not known about the Zhongguancun Forum: editions without a host, a theme or a "
            "day, plans without a report, articles without a day, what was left out of the articles, and "
            "what is unclear in them."
        ),
        queries=[_query(gap.kind) for gap in found],
        path=found[0].listed.path,
        links=found[0].listed.links if kind else "",
        gaps=found,
        kind=kind,
        years=years,
        year_notes=year_notes,
        everything=Scope(scope.forum, scope.edition).query() or "?",
        filter=read_filter(graph, lists, "editions", found[0].listed, is_whole=_fits(lists, scope)),
    )


def _years(graph: Graph, lists: PageLists, scope: Scope) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the years between the editions of one forum without one, and the notes on the forum."""
    if not _fits(lists, scope) or lists.count("editions") > _OF_ONE:
        return (), ()
    listing = read_editions(graph)
    return tuple(year.year for year in listing.years if year.edition is None), listing.notes


def _fits(lists: PageLists, scope: Scope) -> bool:
    """Whether there is nothing to narrow: one forum, and nothing chosen."""
    return lists.count("forums") <= 1 and not scope.part


def _gap(graph: Graph, lists: PageLists, kind: str, scope: Scope) -> Gap:
    listed = read_page(lists, f"gaps-{kind}", scope, _OF_ONE if scope.kind else _OF_EACH)
    names = names_of(graph, (iri for item in listed.items for iri in item))
    shown = tuple(tuple(thing_name(names[iri], brief=True) for iri in item) for item in listed.items)
    return Gap(
        kind,
        gettext(_KINDS[kind]),
        listed,
        shown,
        _statements(graph, listed) if kind in {"reports", "unclear"} else {},
        _notes(graph, {item[0]: item[_NOTED[kind]] for item in listed.items}) if kind in _NOTED else {},
        _articles(graph, [item[0] for item in listed.items]) if kind == "unclear" else {},
    )


def _notes(graph: Graph, noted: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what the curators note for each key, on the thing that is its value."""
    if not noted:
        return {}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in graph.select(page_query("gaps/notes", things=iris(noted.values())).text):
        found[row.iri("thing")].append(cut(row.text("note"), LONGEST_NOTE))
    return {iri: tuple(found[thing]) for iri, thing in noted.items()}


def _articles(graph: Graph, things: Iterable[str]) -> dict[str, Name]:
    """Return the articles that report statements, by the IRIs of these."""
    things = tuple(things)
    if not things:
        return {}
    rows = graph.select(page_query("gaps/note-articles", things=iris(things)).text)
    names = names_of(graph, (row.iri("article") for row in rows))
    return {row.iri("thing"): names[row.iri("article")] for row in rows}


def _statements(graph: Graph, listed: ListPage) -> dict[str, Statement]:
    """Return the statements of a list, by their IRIs: each is shown with its stance and its judgement."""
    return {each.iri: each for each in read_statements(graph, (item[0] for item in listed.items))}


def _query(kind: str) -> PageQuery:
    text = list_query_texts()[f"gaps-{kind}"]
    return PageQuery(catalogued(text.partition("\n")[0].removeprefix("# ")), text, f"gaps-{kind}")
