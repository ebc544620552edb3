"""The list of all statements, narrowed to a forum, an edition, a source, a stance, and a judgement.

A source is an article, a publisher, a carrier or a speaker; the curators judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.page_lists import PageLists
from forumkg.errors import NotFound
from forumkg.namespaces import ID
from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_, gettext, translate
from forumkg.pages.linked_data import reviews_json_ld
from forumkg.pages.names import Name, names_of
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.paging import Choice, current_lists, read_filter, read_page, read_scope
from forumkg.pages.relations import read_relations_of_each
from forumkg.pages.rendering import page
from forumkg.pages.stances import STANCES, stance_words
from forumkg.pages.statements import read_statements
from forumkg.pages.worker_graph import current_graph

__all__ = ["ListedSource", "Narrowing", "blueprint"]

blueprint = Blueprint("statements", __name__)

_LIST: Final = "statements"
_STANCES: Final = tuple(stance.code for stance in STANCES)
# What the curators judge of a statement, as the lists name it, in the words of its badges. It may be accepted
# and preferred.
_JUDGEMENTS: Final = {
    "accepted": N_("accepted"),
    "preferred": N_("preferred by the curators"),
    "wrong": N_("judged wrong"),
    "unjudged": N_("not judged"),
}
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


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a statement of the list has: any, where it is empty.

    Attributes:
        source: where it is from.
        stance: one of `_STANCES`.
        judgement: one of `_JUDGEMENTS`.
    """

    source: ListedSource
    stance: str = ""
    judgement: str = ""

    @property
    def list_name(self) -> str:
        """The name of the list of these statements."""
        source, stance = self.source, f"{ID}code/{self.stance}" if self.stance else ""
        first = f"{source.kind} {source.iri}" if source.kind not in {"", "article"} else source.iri
        narrower = " ".join(filter(None, (first, stance, self.judgement)))
        return f"{_LIST}/{narrower}" if narrower else _LIST

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the address."""
        return (
            (self.source.kind, self.source.parameter),
            ("stance", self.stance),
            ("judgement", self.judgement),
        )


@blueprint.get("/statements")
def statements() -> Response:
    """Show the statements, each with its source."""
    lists, graph = current_lists(), current_graph()
    chosen = Narrowing(_source(lists), _stance(), _judgement())
    scope = replace(read_scope(lists), more=chosen.parameters)
    name = chosen.list_name
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
        chosen=chosen,
        sources={
            kind: _choices(
                lists,
                scope.part,
                {
                    name: replace(chosen, source=source)
                    for source, name in _named(graph, _sources(lists, scope.part, kind, chosen.source))
                },
            )
            for kind in _SOURCE_KINDS
            if chosen.source.kind in {"", kind}
        },
        more_articles=max(0, lists.count("articles", scope.part) - _SOURCES),
        stances=_choices(
            lists,
            scope.part,
            {Name(f"{ID}code/{each}", stance_words(each)): replace(chosen, stance=each) for each in _STANCES},
        ),
        judgements=_choices(
            lists,
            scope.part,
            {
                Name(f"judgement/{each}", translate(words)): replace(chosen, judgement=each)
                for each, words in _JUDGEMENTS.items()
            },
        ),
    )


def _sources(lists: PageLists, part: str, kind: str, chosen: ListedSource) -> tuple[ListedSource, ...]:
    """Return the sources of a kind for the menu; of the many carriers and speakers, the chosen one."""
    listed = {
        "article": lambda: lists.things("articles", part, number=_SOURCES),
        "publisher": lambda: lists.things("publishers", number=_SOURCES),
    }
    known = [ListedSource(kind, iri) for iri in (listed[kind]() if kind in listed else ())]
    return tuple(dict.fromkeys((*known, *((chosen,) if chosen.kind == kind else ()))))


def _named(graph: Graph, sources: tuple[ListedSource, ...]) -> Iterator[tuple[ListedSource, Name]]:
    names = names_of(graph, (each.iri for each in sources))
    return ((each, names[each.iri]) for each in sources)


def _choices(lists: PageLists, part: str, narrowings: Mapping[Name, Narrowing]) -> tuple[Choice, ...]:
    """Return the choices of a menu that have statements, and how many each has."""
    numbers = lists.numbers((each.list_name for each in narrowings.values()), part)
    return tuple(
        Choice(name, numbers[each.list_name])
        for name, each in narrowings.items()
        if each.list_name in numbers
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
        if not lists.count(Narrowing(source).list_name):
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
    return _one_of(_STANCES, "stance", gettext("Unknown stance %(name)s: write one of %(names)s."))


def _judgement() -> str:
    return _one_of(_JUDGEMENTS, "judgement", gettext("Unknown judgement %(name)s: write one of %(names)s."))


def _one_of(values: Iterable[str], parameter: str, message: str) -> str:
    """Return the value of a parameter of the address; empty where the address has none.

    Raises:
        NotFound: the value is unknown.
    """
    value = request.args.get(parameter, "")
    known = tuple(values)
    if value and value not in known:
        raise NotFound(message % {"name": repr(value), "names": ", ".join(known)})
    return value
