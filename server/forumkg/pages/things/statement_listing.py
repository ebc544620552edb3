"""The list of all statements, narrowed to a forum, an edition, an article or a stance."""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.page_lists import PageLists
from forumkg.errors import NotFound
from forumkg.namespaces import ID
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext
from forumkg.pages.linked_data import reviews_json_ld
from forumkg.pages.names import Name, names_of
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.paging import Choice, Scope, current_lists, read_filter, read_page, read_scope
from forumkg.pages.relations import read_relations_of_each
from forumkg.pages.rendering import page
from forumkg.pages.statements import read_statements, stance_words
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("statements", __name__)

_LIST: Final = "statements"
_STANCES: Final = ("planned", "ongoing", "accomplished")
# How many statements a page shows, and how many articles the menu has.
_STATEMENTS: Final = 30
_ARTICLES: Final = 100


@blueprint.get("/statements")
def statements() -> Response:
    """Show the statements, each with its source."""
    lists, graph = current_lists(), current_graph()
    article, stance = _article(lists), _stance()
    narrowed = (("article", article.removeprefix(f"{ID}article/")), ("stance", stance))
    scope = replace(read_scope(lists), more=narrowed)
    name = _list_of(article, stance)
    listed = read_page(lists, name, scope, _STATEMENTS)
    found = read_statements(graph, listed.things)
    accepted = graph.select(page_query("accepted", statements=iris(listed.things)).text) if found else ()
    return page(
        "things/statements.html",
        title=gettext("Statements"),
        description=gettext(
            "What the articles say about the Zhongguancun Forum, statement by statement, in our words: "
            "each with its source, its passage and what the curators judge."
        ),
        queries=[page_query("statements", statements=iris(listed.things))] if found else [],
        json_ld=reviews_json_ld(found),
        path=listed.path,
        links=listed.links,
        listed=listed,
        statements=found,
        accepted={row.iri("statement") for row in accepted},
        relations=read_relations_of_each(graph, listed.things) if found else {},
        filter=read_filter(graph, lists, name, listed, is_whole=False),
        article=article,
        stance=stance,
        articles=_articles(graph, lists, scope, article, stance),
        more_articles=max(0, lists.count("articles", scope.part) - _ARTICLES),
        stances=_stances(lists, scope, article),
    )


def _list_of(article: str, stance: str) -> str:
    """Return the name of the list of the statements of an article and of a stance; empty strings for all."""
    narrower = " ".join(filter(None, (article, f"{ID}code/{stance}" if stance else "")))
    return f"{_LIST}/{narrower}" if narrower else _LIST


def _articles(graph: Graph, lists: PageLists, scope: Scope, chosen: str, stance: str) -> tuple[Choice, ...]:
    """Return the articles that have statements, and how many each has."""
    known = dict.fromkeys(
        (*lists.things("articles", scope.part, number=_ARTICLES), *([chosen] if chosen else ()))
    )
    numbers = lists.numbers((_list_of(iri, stance) for iri in known), scope.part)
    names = names_of(graph, known)
    return tuple(
        Choice(names[iri], numbers[_list_of(iri, stance)])
        for iri in known
        if _list_of(iri, stance) in numbers
    )


def _stances(lists: PageLists, scope: Scope, article: str) -> tuple[Choice, ...]:
    numbers = lists.numbers((_list_of(article, stance) for stance in _STANCES), scope.part)
    return tuple(
        Choice(Name(f"{ID}code/{stance}", stance_words(stance)), numbers[_list_of(article, stance)])
        for stance in _STANCES
        if _list_of(article, stance) in numbers
    )


def _article(lists: PageLists) -> str:
    """Return the IRI of the article that the address names; empty where it names none.

    Raises:
        NotFound: there is no such article, or it has no statement.
    """
    slug = request.args.get("article", "")
    iri = f"{ID}article/{slug}" if slug else ""
    if iri and not lists.count(_list_of(iri, "")):
        raise NotFound(
            gettext("There is no article %(name)s with statements: %(address)s lists all.")
            % {"name": repr(slug), "address": f"{request.script_root}/articles"}
        )
    return iri


def _stance() -> str:
    """Return the stance that the address names; empty where it names none.

    Raises:
        NotFound: there is no such stance.
    """
    stance = request.args.get("stance", "")
    if stance and stance not in _STANCES:
        raise NotFound(
            gettext("There is no stance %(name)s: write one of %(names)s.")
            % {"name": repr(stance), "names": ", ".join(_STANCES)}
        )
    return stance
