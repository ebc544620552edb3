"""The list of articles, the page of each with the statements of each passage, and of a passage.

https://schema.org/NewsArticle
"""

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, request

from forumkg.pages.article_list import Article, article_query, list_articles, read_articles
from forumkg.pages.articles.article import ArticlePage, mark_text, read_article
from forumkg.pages.class_views import page_of
from forumkg.pages.languages import gettext
from forumkg.pages.linked_data import item_list, news_article
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.paging import current_lists, read_filter, read_page, read_scope
from forumkg.pages.passages import PassageKind
from forumkg.pages.rendering import address, page
from forumkg.pages.translated_text import plain, tag_of
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.web.state import app_state

__all__ = ["blueprint"]

# How many the list shows on a page.
_ARTICLES: Final = 15
# Of so many other articles, the page of one recognizes the text.
_OTHERS: Final = 100

blueprint = Blueprint("articles", __name__)


@blueprint.get("/articles")
def articles() -> Response:
    """Show the list of articles."""
    lists, graph = current_lists(), current_graph()
    listed = read_page(lists, "articles", read_scope(lists), _ARTICLES)
    wanted = None if listed.is_whole else listed.things
    found = read_articles(graph, wanted)
    return page(
        "articles/articles.html",
        title=gettext("Articles"),
        description=gettext("The news articles behind the graph, and how much of each is in it."),
        queries=[
            article_query(wanted),
            page_query("article-passages", articles=iris(article.iri for article in found)),
        ],
        json_ld=item_list(map(_news_article, found)),
        path=listed.path,
        links=listed.links,
        articles=found,
        listed=listed,
        filter=read_filter(graph, lists, "articles", listed),
        PassageKind=PassageKind,
    )


@page_of("zgc:Article")
def show_article(iri: str) -> Response | None:
    """Show an article: where it was printed, and what it says on which stretch of its text.

    None where the graph lacks its English name, length or digest.
    """
    graph = current_graph()
    others = current_lists().things("articles", number=_OTHERS)
    listed = list_articles(graph, {iri, *others})
    known = next((each for each in listed if each.iri == iri), None)
    if known is None:
        return None
    shown = read_article(graph, known)
    article = shown.article
    text = app_state().texts.get(article.digest)
    return page(
        "articles/article.html",
        title=article.name,
        description=gettext(
            "What %(article)s says about the Zhongguancun Forum: %(number)s statements, each with the "
            "passage that it rests on."
        )
        % {"article": plain(article.name), "number": len(article.statements)},
        queries=[
            page_query("article-passages", articles=iris([iri])),
            page_query("articles/article-metadata", article=iri),
        ],
        json_ld=_described(shown),
        about=iri,
        article=article,
        shown=shown,
        PassageKind=PassageKind,
        text=text and mark_text(text, article.passages),
        data=_data(article, listed),
    )


@page_of("zgc:Passage", "zgc:OmittedPassage")
def show_passage(iri: str) -> Response | None:
    """Show a passage: its span, and its statements or the reason why it was left out.

    None where the graph does not say in which article it lies.
    """
    graph = current_graph()
    sources = {
        row.iri("article") for row in graph.select(page_query("articles/passage-source", passage=iri).text)
    }
    known = next(iter(list_articles(graph, sources)), None)
    shown = read_article(graph, known) if known else None
    part = next((part for part in shown.parts if part.passage.iri == iri), None) if shown else None
    if shown is None or part is None:
        return None
    found = shown.article
    text = app_state().texts.get(found.digest)
    words = text.content[part.passage.start : part.passage.end] if text else ""
    where = gettext("%(part)s, characters %(start)s to %(end)s") % {
        "part": plain(part.passage.part) or gettext("passage"),
        "start": f"{part.passage.start:,}",
        "end": f"{part.passage.end:,}",
    }
    return page(
        "articles/passage.html",
        title=where if tag_of(found.name) else f"{plain(found.name)}{gettext(': ')}{where}",
        description=gettext("What %(article)s says in its %(where)s, and what in the graph rests on it.")
        % {"article": plain(found.name), "where": where},
        queries=[page_query("article-passages", articles=iris([found.iri]))],
        about=iri,
        article=found,
        shown=shown,
        part=part,
        where=where,
        words=words,
        PassageKind=PassageKind,
    )


def _data(article: Article, listed: Iterable[Article]) -> dict[str, Any]:
    """Return what the script needs that checks a text which the reader drops into the page."""
    return {
        "name": article.name,
        "sha256": article.digest,
        "length": article.length,
        "passages": [
            {"start": each.start, "end": each.end, "sha256": each.digest, "kind": each.kind}
            for each in article.passages
        ],
        "others": [
            {"sha256": each.digest, "name": each.name, "address": address(each.iri)}
            for each in listed
            if each.iri != article.iri
        ],
    }


def _news_article(article: Article) -> dict[str, Any]:
    """Return the metadata of an article, as its list and its page have them."""
    return news_article(article.iri, article.name, article.publisher, article.publisher_name, article.issued)


def _described(shown: ArticlePage) -> dict[str, Any]:
    metadata = shown.metadata
    described = _news_article(shown.article)
    addresses = [each.name for each in metadata.addresses if each.name.startswith(("http://", "https://"))]
    if addresses:
        described["url"] = addresses[0]
    if metadata.writers:
        described["author"] = [
            {"@type": "Person", "@id": each.iri, "name": each.name} for each in metadata.writers
        ]
    described["subjectOf"] = {
        "@type": "WebPage",
        "url": request.url_root.rstrip("/") + path_of(shown.article.iri, HTML),
        "isBasedOn": shown.article.iri,
    }
    return described
