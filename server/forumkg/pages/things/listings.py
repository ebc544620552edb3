"""The lists of people, of organizations, and of themes and topics."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, Response

from forumkg.pages.graph import Graph
from forumkg.pages.languages import DEFAULT, N_, gettext, language
from forumkg.pages.names import LONGEST_NOTE, Name, cut, names_of
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.paging import ListPage, Scope, current_lists, page_number, read_page
from forumkg.pages.rendering import page
from forumkg.pages.things.sections import Column, Section, ShownSection, Table, read_sections
from forumkg.pages.worker_graph import current_graph

__all__ = ["ORGANIZATIONS", "PEOPLE", "TOPICS", "Theme", "Wording", "blueprint", "read_themes"]

PEOPLE: Final = (
    Section(
        N_("People by name"),
        "things/people",
        (
            Column("person", N_("Person")),
            Column("post", N_("Post")),
            Column("organization", N_("Organization")),
            Column("day", N_("Attested on")),
            Column("statements", N_("Statements made")),
            Column("articles", N_("Articles written")),
        ),
        lead=N_("A passage attests a post on a day: neither since when nor until when it was held."),
        listed="people",
    ),
    Section(
        N_("Groups without a name"),
        "things/groups",
        (
            Column("group", N_("Group")),
            Column("event", N_("Takes part in")),
            Column("part", N_("Role")),
            Column("statements", N_("Statements made")),
        ),
        lead=N_("People whom an article describes or names as its author, and whose names are uncertain."),
        listed="groups",
    ),
)

ORGANIZATIONS: Final = (
    Section(
        N_("Organizations"),
        "things/organizations",
        (
            Column("organization", N_("Organization")),
            Column("hosted", N_("Host or co-host")),
            Column("organized", N_("Organizer")),
            Column("attended", N_("Attendee")),
            Column("said", N_("Statements made")),
            Column("published", N_("Articles published")),
            Column("sites", N_("Articles carried")),
        ),
        lead=N_(
            "How many statements call it a host or co-host, an organizer or an attendee, how many are made "
            "by it or in one of its posts, and how many articles it published, or carried on its site."
        ),
        listed="organizations",
    ),
    Section(
        N_("Role in which event"),
        "things/organization-parts",
        (
            Column("organization", N_("Organization")),
            Column("event", N_("Event")),
            Column("part", N_("Role")),
            Column("stance", N_("Stance")),
            Column("statement", N_("Statement")),
            Column("article", N_("Article")),
        ),
        listed="organizations",
    ),
)

TOPICS: Final = (
    Section(
        N_("Topics"),
        "things/topics",
        (
            Column("topic", N_("Topic")),
            Column("events", N_("Forums, editions and sections")),
            Column("statements", N_("Statements")),
            Column("articles", N_("Articles")),
        ),
        lead=N_("A theme is a motto; a topic is what a forum, an edition or a section deals with."),
        listed="topics",
    ),
)

# How many things of each list a page shows.
_THINGS: Final = 20
_QUERIES: Final = ("things/theme-wordings", "things/theme-labels")


@dataclass(frozen=True, slots=True)
class Wording:
    """A theme as a statement words it.

    Attributes:
        printed: the words.
        of: the forum or the edition whose theme it is.
        year: of the edition; None for a forum.
        publisher: of the article; None where it is unknown.
        issued: the day of the article.
        english: how its English came about.
        statement: the IRI and the paraphrase of the statement.
        is_accepted: whether the curators accept the statement.
        note: of the curators.
    """

    printed: str
    of: Name
    publisher: Name | None
    issued: date | None
    english: Name | None
    statement: Name
    is_accepted: bool
    note: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its names in all languages, and in whose words it is printed."""

    name: Name
    labels: tuple[Name, ...]
    wordings: tuple[Wording, ...]

    @property
    def of(self) -> tuple[Name, ...]:
        """The forums and the editions whose theme it is."""
        return tuple(dict.fromkeys(wording.of for wording in self.wordings))

    @property
    def years(self) -> tuple[int, ...]:
        """The years of these editions; none for a forum."""
        return tuple(dict.fromkeys(each.year for each in self.wordings if each.year is not None))

    @property
    def spellings(self) -> int:
        """In how many ways it is printed, where capitals make no difference."""
        return len({wording.printed.casefold() for wording in self.wordings if wording.printed})


def _theme_queries(wanted: Iterable[str] | None = None) -> tuple[PageQuery, ...]:
    """Return the queries behind some themes, or all."""
    terms = {} if wanted is None else {"things": iris(wanted)}
    return tuple(page_query(name, **terms) for name in _QUERIES)


def read_themes(graph: Graph, wanted: Collection[str] | None = None) -> tuple[Theme, ...]:
    """Return some themes, or all: the permanent ones first, then by the year of the edition."""
    wordings, labels = (graph.select(query.text) for query in _theme_queries(wanted))
    names = names_of(graph, (row.iri(name) for row in (*wordings, *labels) for name in row))
    others: defaultdict[str, list[Name]] = defaultdict(list)
    for row in labels:
        name = Name(row.iri("theme"), cut(str(row.text("label"))), row.language("label"))
        if name.text != names[name.iri].text:
            others[name.iri].append(name)
    found: defaultdict[str, list[Wording]] = defaultdict(list)
    for row in wordings:
        found[row.iri("theme")].append(
            Wording(
                printed=cut(row.text("printed")),
                of=names[row.iri("of")],
                publisher=names.get(row.iri("publisher")),
                issued=row.date("issued"),
                english=names.get(row.iri("english")),
                statement=names[row.iri("statement")],
                is_accepted=row.flag("stands"),
                note=cut(row.text("note"), LONGEST_NOTE),
                year=row.count("year") or None,
            )
        )
    themes = dict.fromkeys((*found, *(row.iri("theme") for row in labels)))
    return tuple(Theme(names[iri], tuple(others[iri]), tuple(found[iri])) for iri in themes)


blueprint = Blueprint("listings", __name__)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The page of several lists that the address asks for: the same page of each.

    Attributes:
        longest: the list with the most pages.
        narrowed: the things of the page, by the list; empty where a page shows all lists whole.
        ranges: the page of each list that has items on it.
    """

    longest: ListPage
    narrowed: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, ListPage]


def _read_listed(names: Iterable[str]) -> _Listed:
    """Return the page of lists.

    Raises:
        NotFound: no list has so many pages.
    """
    lists, number = current_lists(), page_number()
    sizes = {name: lists.count(name) for name in names}
    pages = {name: lists.things(name, start=(number - 1) * _THINGS, number=_THINGS) for name in sizes}
    longest = read_page(lists, max(sizes, key=lambda name: sizes[name]), Scope(number=number), _THINGS)
    ranges = {
        name: ListPage(Scope(number=number), tuple((iri,) for iri in things), sizes[name], _THINGS)
        for name, things in pages.items()
        if things
    }
    return _Listed(longest, {} if longest.is_whole else pages, ranges)


@blueprint.get("/people")
def people() -> Response:
    """List the people and the groups, with their posts and what they say and write."""
    return _listing(
        PEOPLE,
        N_("People"),
        N_("People quoted about the Zhongguancun Forum, their posts, and the authors of the articles."),
    )


@blueprint.get("/organizations")
def organizations() -> Response:
    """List the organizations, with their parts in the editions and what is said for them."""
    return _listing(
        ORGANIZATIONS,
        N_("Organizations"),
        N_(
            "Who hosts, organizes and attends the editions of the Zhongguancun Forum, and who "
            "reports on them."
        ),
    )


@blueprint.get("/themes")
def themes() -> Response:
    """List the themes in all wordings side by side, and the topics."""
    graph = current_graph()
    listed = _read_listed(("themes", "topics"))
    wanted = listed.narrowed.get("themes")
    topics = _sections(graph, TOPICS, listed)
    return page(
        "things/themes.html",
        title=gettext("Themes"),
        description=gettext(
            "The themes of the Zhongguancun Forum, edition by edition, in every wording that articles call "
            "a theme: who prints which translation, and which is garbled."
        ),
        queries=[*_theme_queries(wanted), *(part.query for part in topics)],
        path=listed.longest.path,
        links=listed.longest.links,
        listed=listed.longest,
        ranges=listed.ranges,
        themes=read_themes(graph, wanted) if wanted is None or wanted else (),
        parts=topics,
    )


def _listing(sections: Iterable[Section], title: str, description: str) -> Response:
    sections = tuple(sections)
    listed = _read_listed(section.listed for section in sections)
    graph = current_graph()
    parts = _sections(graph, sections, listed)
    return page(
        "things/listing.html",
        title=gettext(title),
        description=gettext(description),
        queries=[each.query for each in parts],
        path=listed.longest.path,
        links=listed.longest.links,
        listed=listed.longest,
        ranges=listed.ranges,
        parts=parts,
        other_names=_other_names(graph, parts),
    )


def _other_names(graph: Graph, parts: Iterable[ShownSection]) -> dict[str, Name]:
    """Return the names in the other language of the things that head rows, where they differ."""
    tag = "zh" if language() == DEFAULT else DEFAULT
    heads = {row[0].iri: row[0].text for part in parts if isinstance(part, Table) for row in part.rows}
    found = names_of(graph, heads, tag)
    return {iri: name for iri, name in found.items() if name.language == tag and name.text != heads[iri]}


def _sections(graph: Graph, sections: Iterable[Section], listed: _Listed) -> tuple[ShownSection, ...]:
    """Return the sections of a page, without those whose lists have fewer pages."""
    shown = (section for section in sections if listed.narrowed.get(section.listed, True))
    return read_sections(graph, "", shown, listed.narrowed)
