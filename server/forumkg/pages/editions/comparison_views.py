"""Show two editions side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import combinations
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from forumkg.dataset.page_lists import PageLists
from forumkg.errors import BadRequest, NotFound
from forumkg.namespaces import ID
from forumkg.pages.chart_documents import chart_document
from forumkg.pages.chart_files import quantity_file_chart
from forumkg.pages.charts import samples
from forumkg.pages.edition_list import read_editions
from forumkg.pages.editions.comparison import articles_of, compare_editions, compare_figures
from forumkg.pages.editions.edition import EditionPage, read_edition
from forumkg.pages.graph import Graph
from forumkg.pages.languages import gettext, language
from forumkg.pages.names import names_of
from forumkg.pages.page_queries import PageQuery
from forumkg.pages.paging import Choice, current_lists
from forumkg.pages.rendering import page, why_address
from forumkg.pages.translated_text import plain
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.negotiation import prefers_html

__all__ = ["blueprint"]

blueprint = Blueprint("edition_comparison", __name__)

# How many statements of each edition are compared, and how many editions can be chosen from a menu.
_STATEMENTS: Final = 150
_CHOICES: Final = 200
# Of how many editions, the last ones, each pair has a link.
_PAIRED: Final = 4


@blueprint.get("/editions/compare")
def compare() -> Response:
    """Show every fact of two editions side by side; without two editions, the form that chooses them."""
    lists, graph = current_lists(), current_graph()
    chosen = [_chosen(lists, name) for name in ("a", "b")]
    is_twice = bool(chosen[0]) and chosen[0] == chosen[1]
    if is_twice and prefers_html(request.headers.get("Accept", "")):
        chosen[1] = ""
    both = _both(chosen)
    choices = _choices(graph, lists, chosen)
    sides = [_read(graph, lists, iri) for iri in both]
    figures = compare_figures(*sides) if sides else ()
    response = page(
        "editions/comparison.html",
        status=HTTPStatus.BAD_REQUEST if is_twice else HTTPStatus.OK,
        title=_title(sides),
        description=gettext(
            "Dates, place, hosts, themes, programme, participants, outcomes and figures of two editions, "
            "each with its source."
        ),
        queries=tuple(query for side in sides for query in _queries(side)),
        path=_path(chosen) if sides else "/editions/compare",
        query=_path(chosen).partition("/editions/compare")[2] if sides else "",
        sides=sides,
        selected=_selected(chosen, choices),
        choices=choices,
        pairs=tuple(combinations(choices[-_PAIRED:], 2)) if not sides else (),
        most=_STATEMENTS,
        chapters=compare_editions(*sides) if sides else (),
        figures=figures,
        samples=samples(entry for each in figures for entries in each.sides for entry in entries),
        articles=[articles_of(side) for side in sides],
        why=why_address,
        is_twice=is_twice,
    )
    if is_twice:
        response.vary.add("Accept")
    return response


@blueprint.get("/editions/compare.<any(svg, png):ending>")
def compare_chart(ending: str) -> Response:
    """Send the figures of two editions as a file of charts."""
    lists, graph = current_lists(), current_graph()
    chosen = _both([_chosen(lists, name) for name in ("a", "b")])
    if not chosen:
        raise BadRequest("a and b name two editions, as in ?a=2021&b=2023.")
    sides = [_read(graph, lists, iri) for iri in chosen]
    charts = tuple(
        quantity_file_chart(each.chart, each.name[:1].upper() + each.name[1:])
        for each in compare_figures(*sides)
    )
    years = "-".join(str(side.edition.year) for side in sides)
    return chart_document(
        ending, f"zgc-forum-editions-{years}", f"{_title(sides)}: figures", charts, page=_path(chosen)
    )


def _title(sides: Sequence[EditionPage]) -> str:
    if not sides:
        return gettext("Compare two editions")
    first, second = (side.edition.named_in(language())[0] for side in sides)
    return gettext("%(first)s and %(second)s side by side") % {"first": first, "second": second}


def _queries(side: EditionPage) -> Iterator[PageQuery]:
    """Yield the queries of an edition, with its name in their titles: both editions have the same ones."""
    name, _ = side.edition.named_in(language())
    for query in side.queries:
        title = gettext("%(page)s: %(title)s") % {"page": name, "title": plain(query.title)}
        yield replace(query, title=title)


def _both(chosen: list[str]) -> list[str]:
    """Return the editions that the address names; none unless it names two.

    Raises:
        BadRequest: it names the same edition twice.
    """
    if not all(chosen):
        return []
    if chosen[0] == chosen[1]:
        slug = chosen[0].removeprefix(f"{ID}edition/")
        raise BadRequest(f"a and b are both {slug!r}: name two different editions, as in ?a=2021&b=2023.")
    return chosen


def _chosen(lists: PageLists, name: str) -> str:
    """Return the IRI of the edition that a parameter of the address names; empty where it names none.

    Raises:
        NotFound: there is no such edition.
    """
    slug = request.args.get(name, "")
    iri = f"{ID}edition/{slug}" if slug else ""
    if iri and not lists.count("editions", iri):
        raise NotFound(f"There is no edition {slug!r}: {request.script_root}/editions lists all.")
    return iri


def _read(graph: Graph, lists: PageLists, iri: str) -> EditionPage:
    """Return what is stated of an edition, by its first statements."""
    edition = next((each for each in read_editions(graph, [iri]).editions if each.iri == iri), None)
    if edition is None:
        raise NotFound(f"The graph does not say in which year <{iri}> lies.")
    is_whole = lists.count("statements", iri) <= _STATEMENTS
    return read_edition(
        graph, edition, None if is_whole else lists.things("statements", iri, number=_STATEMENTS)
    )


def _choices(graph: Graph, lists: PageLists, chosen: Iterable[str]) -> tuple[Choice, ...]:
    """Return the editions that can be chosen: the first of all, and those that are chosen."""
    among = lists.things("editions", number=_CHOICES)
    wanted = tuple(dict.fromkeys((*among, *filter(None, chosen))))
    counts, names = lists.counts("statements", wanted), names_of(graph, wanted)
    return tuple(Choice(names[iri], counts.get(iri, 0)) for iri in wanted)


def _selected(chosen: Sequence[str], choices: Iterable[Choice]) -> list[str]:
    """Return the editions that the menus show: those of the address, else the first that are not chosen."""
    free = iter([each.name.iri for each in choices if each.name.iri not in chosen])
    return [iri or next(free, "") for iri in chosen]


def _path(chosen: Iterable[str]) -> str:
    a, b = (iri.removeprefix(f"{ID}edition/") for iri in chosen)
    return f"/editions/compare?{urlencode({'a': a, 'b': b}, safe='/')}"
