"""The list of all statements, narrowed to a forum, an edition, a stance, and a source.

A source is an article, a publisher, a carrier or a speaker.
"""

from dataclasses import dataclass, replace
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
from forumkg.pages.stances import STANCES, stance_words
from forumkg.pages.statements import read_statements
from forumkg.pages.worker_graph import current_graph

__all__ = ["ListedSource", "blueprint"]

blueprint = Blueprint("statements", __name__)

_LIST: Final = "statements"
_STANCES: Final = tuple(stance.code for stance in STANCES)
# How many statements a page shows, and how many articles the menu has.
_STATEMENTS: Final = 30
_SOURCES: Final = 100
# What a source is, and with what the IRI of one begins.
_SOURCE_KINDS: Final = {
    "article": f"{ID}article/",
    "publisher": f"{ID}organization/",
    "carrier": f"{ID}organization/",
    "speaker": ID,
}


@dataclass(frozen=True, slots=True)
class ListedSource:
    """Where statements are from.

    Attributes:
        kind: one of `_SOURCE_KINDS`; empty for any source.
        iri: of the article, the organization, or who speaks.
    """

    kind: str = ""
    iri: str = ""

    @property
    def parameter(self) -> str:
        """The value of the parameter of the address, whose name is the kind."""
        return self.iri.removeprefix(_SOURCE_KINDS.get(self.kind, ""))

    def list_name(self, stance: str = "") -> str:
        """Return the name of the list of its statements of a stance; of any stance without one."""
        first = f"{self.kind} {self.iri}" if self.kind not in {"", "article"} else self.iri
        narrower = " ".join(filter(None, (first, f"{ID}code/{stance}" if stance else "")))
        return f"{_LIST}/{narrower}" if narrower else _LIST


@blueprint.get("/statements")
def statements() -> Response:
    """Show the statements, each with its source."""
    lists, graph = current_lists(), current_graph()
    source, stance = _source(lists), _stance()
    scope = replace(read_scope(lists), more=((source.kind, source.parameter), ("stance", stance)))
    name = source.list_name(stance)
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
        source=source,
        stance=stance,
        sources={
            kind: _choices(graph, lists, scope.part, _sources(lists, scope.part, kind, source), stance)
            for kind in _SOURCE_KINDS
            if source.kind in {"", kind}
        },
        more_articles=max(0, lists.count("articles", scope.part) - _SOURCES),
        stances=_stances(lists, scope, source),
    )


def _sources(lists: PageLists, part: str, kind: str, chosen: ListedSource) -> tuple[ListedSource, ...]:
    """Return the sources of a kind for the menu; of the many carriers and speakers, the chosen one."""
    listed = {
        "article": lambda: lists.things("articles", part, number=_SOURCES),
        "publisher": lambda: lists.things("publishers", number=_SOURCES),
    }
    known = [ListedSource(kind, iri) for iri in (listed[kind]() if kind in listed else ())]
    return tuple(dict.fromkeys((*known, *((chosen,) if chosen.kind == kind else ()))))


def _choices(
    graph: Graph, lists: PageLists, part: str, sources: tuple[ListedSource, ...], stance: str
) -> tuple[Choice, ...]:
    """Return the sources that have statements, and how many each has."""
    known = {each.iri: each.list_name(stance) for each in sources}
    numbers = lists.numbers(known.values(), part)
    names = names_of(graph, known)
    return tuple(Choice(names[iri], numbers[name]) for iri, name in known.items() if name in numbers)


def _stances(lists: PageLists, scope: Scope, source: ListedSource) -> tuple[Choice, ...]:
    numbers = lists.numbers(map(source.list_name, _STANCES), scope.part)
    return tuple(
        Choice(Name(f"{ID}code/{stance}", stance_words(stance)), numbers[source.list_name(stance)])
        for stance in _STANCES
        if source.list_name(stance) in numbers
    )


def _source(lists: PageLists) -> ListedSource:
    """Return the source that the address names: the narrowest, where it names several.

    Raises:
        NotFound: the source is unknown, or has no statements.
    """
    for kind, start in _SOURCE_KINDS.items():
        slug = request.args.get(kind, "")
        if not slug:
            continue
        source = ListedSource(kind, start + slug)
        if not lists.count(source.list_name()):
            words = {
                "article": gettext(
                    "No statements come from an article named %(name)s. See all articles: %(address)s"
                ),
                "publisher": gettext(
                    "No statements come from a publisher named %(name)s. See all organizations: %(address)s"
                ),
                "carrier": gettext(
                    "No statements come from a carrier named %(name)s. See all organizations: %(address)s"
                ),
                "speaker": gettext(
                    "No statements are made by a speaker named %(name)s: write the end of the IRI, such as "
                    "person/wu-zhaohui. See all people: %(address)s"
                ),
            }
            pages = {
                "article": "/articles",
                "publisher": "/organizations",
                "carrier": "/organizations",
                "speaker": "/people",
            }
            values = {"name": repr(slug), "address": f"{request.script_root}{pages[kind]}"}
            raise NotFound(words[kind] % values)
        return source
    return ListedSource()


def _stance() -> str:
    """Return the stance that the address names; empty where it names none.

    Raises:
        NotFound: the stance is unknown.
    """
    stance = request.args.get("stance", "")
    if stance and stance not in _STANCES:
        raise NotFound(
            gettext("Unknown stance %(name)s: write one of %(names)s.")
            % {"name": repr(stance), "names": ", ".join(_STANCES)}
        )
    return stance
