"""Show where the sources disagree, and where they only seem to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.page_lists import PageLists
from forumkg.errors import NotFound
from forumkg.pages.charts import samples
from forumkg.pages.disagreements.disagreements import SelectedDisagreements, read_disagreements
from forumkg.pages.languages import gettext
from forumkg.pages.linked_data import reviews_json_ld
from forumkg.pages.paging import ListPage, Scope, current_lists, read_filter, read_page, read_scope
from forumkg.pages.relations import DISAGREEMENT_KINDS
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph

__all__ = ["blueprint"]

blueprint = Blueprint("disagreements", __name__)

# The lists of the kinds, by what the address has for each.
_KINDS: Final = {**DISAGREEMENT_KINDS, "seeming": "apparent-conflicts"}
# The list of the statements that the curators judge wrong.
_WRONG: Final = "statements/wrong"
# How many a page shows of one kind, of all kinds at most, and of each where those would be too many.
_OF_ONE: Final = 15
_OF_ALL: Final = 30
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class _Shown:
    """The pages of the kinds that are shown, and of how many there are of each kind."""

    kinds: Mapping[str, ListPage]
    totals: Mapping[str, int]
    is_whole: bool


@blueprint.get("/disagreements")
def disagreements() -> Response:
    """Show all that does not agree, with both sides; where that is too much, some of each kind."""
    lists, graph = current_lists(), current_graph()
    scope = read_scope(lists)
    kind = request.args.get("kind", "")
    if kind and kind not in _KINDS:
        raise NotFound(f"There is no kind {kind!r} of disagreements: write one of {', '.join(_KINDS)}.")
    shown = _shown(lists, scope, kind)
    found = read_disagreements(graph, None if shown.is_whole else _narrowed(shown))
    listed = shown.kinds.get(kind) or next(iter(shown.kinds.values()))
    return page(
        "disagreements/disagreements.html",
        title=gettext("Where statements disagree"),
        description=gettext(
            "Statements about the Zhongguancun Forum that differ or cannot be true: both sides, "
            "their passages and the curators' notes; and figures that only look like a conflict, and why."
        ),
        queries=found.queries,
        json_ld=reviews_json_ld(found.statements.values()),
        path=listed.path,
        links=listed.links if kind else "",
        found=found,
        kind=kind,
        everything=Scope(scope.forum, scope.edition).query() or "?",
        listed=listed,
        totals=shown.totals,
        counts={name: len(each.items) for name, each in shown.kinds.items()},
        numbers={name: each.total for name, each in shown.kinds.items()},
        is_whole=shown.is_whole,
        wrong=lists.count(_WRONG, scope.part),
        wrong_statements=Scope(scope.forum, scope.edition, more=(("judgement", "wrong"),)).query(),
        filter=read_filter(
            graph, lists, tuple(_KINDS[name] for name in shown.kinds), listed, is_whole=shown.is_whole
        ),
        samples=samples(found.charted),
    )


def _shown(lists: PageLists, scope: Scope, kind: str) -> _Shown:
    numbers = {name: lists.count(list_name, scope.part) for name, list_name in _KINDS.items()}
    totals = {name: lists.weight(list_name, scope.part) for name, list_name in _KINDS.items()}
    fits = sum(numbers.values()) <= _OF_ALL
    if kind:
        kinds = {kind: read_page(lists, _KINDS[kind], replace(scope, kind=kind), _OF_ONE)}
    else:
        size = _OF_ALL if fits else _FEW
        kinds = {
            name: read_page(lists, list_name, Scope(scope.forum, scope.edition), size)
            for name, list_name in _KINDS.items()
        }
    return _Shown(kinds, totals, is_whole=fits and not kind and not scope.part)


def _narrowed(shown: _Shown) -> SelectedDisagreements:
    pairs = (item for name, each in shown.kinds.items() if name != "seeming" for item in each.items)
    seeming = shown.kinds.get("seeming")
    return SelectedDisagreements(tuple(pairs), seeming.items if seeming else ())
