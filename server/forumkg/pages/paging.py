"""Show long lists page by page, narrowed to a forum or an edition: `?forum=`, `?edition=`, `?page=`.

https://html.spec.whatwg.org/multipage/links.html#sequential-link-types
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote, urlencode

from flask import request

from forumkg.dataset.page_lists import PAGE_LISTS, ListItem, PageLists
from forumkg.errors import BadRequest, NotFound
from forumkg.namespaces import ID
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext
from forumkg.pages.names import Name, names_of
from forumkg.web.state import served

__all__ = [
    "Choice",
    "Filter",
    "ListPage",
    "Scope",
    "current_lists",
    "page_number",
    "read_filter",
    "read_page",
    "read_scope",
]

# A longer menu of forums or editions is no help, and makes the page long.
_CHOICES: Final = 200
_LONGEST_NUMBER: Final = 6


def current_lists() -> PageLists:
    """Return the ordered lists of the version that the application of this request answers from."""
    return PageLists(served().path / PAGE_LISTS)


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the lists that an address asks for.

    Attributes:
        forum: the IRI of the forum, if the address names one.
        edition: the IRI of the edition, if the address names one.
        number: of the page, from 1.
        kind: of what is listed, where a page lists several kinds.
        more: other parameters by which the page narrows its list, and their values.
    """

    forum: str = ""
    edition: str = ""
    number: int = 1
    kind: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def part(self) -> str:
        """The narrowest of both, as the lists name their parts; empty for all."""
        return self.edition or self.forum

    def query(self, *, number: int = 0, kind: str = "") -> str:
        """Return the query string of the page, or of another page or kind of the same part, with its `?`."""
        number = number or self.number
        wanted = {
            "kind": kind or self.kind,
            "forum": _slug(self.forum),
            "edition": _slug(self.edition),
            **dict(self.more),
            "page": str(number) if number > 1 else "",
        }
        written = urlencode({name: value for name, value in wanted.items() if value}, safe="/")
        return f"?{written}" if written else ""


@dataclass(frozen=True)
class ListPage:
    """Some items of a list, and where they stand in it.

    Attributes:
        scope: the part of the list.
        items: those of this page.
        total: how many the part has.
        size: of a page.
    """

    scope: Scope
    items: tuple[ListItem, ...]
    total: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first item, from 1."""
        return (self.scope.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last item."""
        return self.first + len(self.items) - 1

    @property
    def is_whole(self) -> bool:
        """Whether it is all that there is, of all forums."""
        return self.pages == 1 and not self.scope.part

    @cached_property
    def things(self) -> tuple[str, ...]:
        """The first IRI of each item."""
        return tuple(item[0] for item in self.items)

    @property
    def path(self) -> str:
        """The path of the page with its query string, percent-encoded."""
        return quote(request.path) + self.scope.query()

    @property
    def previous(self) -> str:
        """The query string of the page before; empty on the first."""
        return self._other(self.scope.number - 1)

    @property
    def next(self) -> str:
        """The query string of the page after; empty on the last."""
        return self._other(self.scope.number + 1)

    @property
    def links(self) -> str:
        """The Link header: https://www.rfc-editor.org/rfc/rfc8288."""
        found = (("prev", self.previous), ("next", self.next))
        return ", ".join(
            f'<{quote(request.script_root + request.path)}{to.removesuffix("?")}>; rel="{relation}"'
            for relation, to in found
            if to
        )

    def _other(self, number: int) -> str:
        return (self.scope.query(number=number) or "?") if 1 <= number <= self.pages else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A forum or an edition to which a list may be narrowed, and how many items of the list are of it."""

    name: Name
    count: int

    @property
    def slug(self) -> str:
        """What the address has for it."""
        return _slug(self.name.iri)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list may be narrowed to.

    Attributes:
        forums: with items, in order; `more_forums` are left out.
        editions: with items, of the forum that was chosen, or of the only one.
    """

    scope: Scope
    forums: tuple[Choice, ...] = ()
    more_forums: int = 0
    editions: tuple[Choice, ...] = ()

    @property
    def has_editions(self) -> bool:
        """Whether there is a choice of editions: between several, or between the chosen one and all."""
        return len(self.editions) > 1 or bool(self.editions and self.scope.edition)

    @property
    def forum_slug(self) -> str:
        """What the address has for the chosen forum."""
        return _slug(self.scope.forum)

    @property
    def edition_slug(self) -> str:
        """What the address has for the chosen edition."""
        return _slug(self.scope.edition)


def read_scope(lists: PageLists) -> Scope:
    """Return the part of the lists that the address of the current request asks for.

    Raises:
        NotFound: there is no such forum, or no such edition of the forum.
        BadRequest: `page` is not a whole number from 1.
    """
    forum, edition = (_part(lists, name) for name in ("forum", "edition"))
    if forum and edition not in lists.things("editions", forum, number=lists.count("editions", forum)):
        edition = ""  # Another forum was chosen beside an edition of the one before.
    return Scope(forum, edition, page_number())


def page_number() -> int:
    """Return the number of the page that the address of the current request asks for.

    Raises:
        BadRequest: `page` is not a whole number from 1.
    """
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER and int(number)):
        raise BadRequest(
            gettext("page=%(value)s is not the number of a page: write a whole number from 1.")
            % {"value": repr(number)}
        )
    return int(number)


def read_page(lists: PageLists, name: str, scope: Scope, size: int, *, part: str = "") -> ListPage:
    """Return a page of a list.

    Args:
        lists: the lists of the version.
        name: of the list.
        scope: its part, and the number of the page.
        size: how many items a page has.
        part: the part where it is not that of the scope: the edition whose page shows the list.

    Raises:
        NotFound: the part has fewer pages.
    """
    part = part or scope.part
    total = lists.count(name, part)
    items = lists.items(name, part, start=(scope.number - 1) * size, number=size)
    found = ListPage(scope, items, total, size)
    if scope.number > found.pages:
        words = gettext("There is no page %(number)s of this list: it has %(pages)s.")
        raise NotFound(words % {"number": scope.number, "pages": found.pages})
    return found


def read_filter(
    graph: Graph,
    lists: PageLists,
    name: str | tuple[str, ...],
    listed: ListPage,
    *,
    is_whole: bool | None = None,
) -> Filter:
    """Return to which forums and editions a list may be narrowed: to none where a page shows all of it.

    Args:
        graph: knows the names.
        lists: the lists of the version.
        name: of the list, or the names of the lists where the page shows several.
        listed: the page of it.
        is_whole: whether the page shows all, where it shows several lists.
    """
    scope = listed.scope
    if listed.is_whole if is_whole is None else is_whole:
        return Filter(scope)
    forums = lists.things("forums", number=_CHOICES)
    forum = scope.forum or (forums[0] if len(forums) == 1 else "")
    # What was chosen stays in the menu, even if the list has nothing of it.
    counts = Counter({iri: 0 for iri in (scope.forum, scope.edition) if iri})
    editions = lists.things("editions", forum, number=_CHOICES) if forum else tuple(counts)
    for each in (name,) if isinstance(name, str) else name:
        counts.update(lists.counts(each, (*forums, *editions)))
    names = names_of(graph, counts)

    def choices(among: tuple[str, ...], names: Mapping[str, Name]) -> tuple[Choice, ...]:
        return tuple(Choice(names[iri], counts[iri]) for iri in among if iri in counts)

    return Filter(
        scope,
        choices(forums, names),
        lists.count("forums") - len(forums),
        choices(editions, names),
    )


def _part(lists: PageLists, kind: str) -> str:
    """Return the IRI of the forum or the edition that the address names; empty where it names none."""
    slug = request.args.get(kind, "")
    iri = f"{ID}{kind}/{slug}" if slug else ""
    if iri and not lists.count(f"{kind}s", iri):
        words = {
            "forum": gettext("There is no forum %(name)s: %(address)s lists all."),
            "edition": gettext("There is no edition %(name)s: %(address)s lists all."),
        }
        raise NotFound(words[kind] % {"name": repr(slug), "address": f"{request.script_root}/editions"})
    return iri


def _slug(iri: str) -> str:
    return iri.removeprefix(ID).partition("/")[2]
