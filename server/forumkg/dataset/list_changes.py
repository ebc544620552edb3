"""How a changed triple reaches the items of the lists behind pages.

An item can change only where a triple that its query reads has changed. The subject of that triple is the
item itself, or one of the things from which a pattern here leads to it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.dataset.list_queries import ListQuery
from forumkg.errors import WholeBuildError
from forumkg.namespaces import prefix_lines
from forumkg.rdf.terms import select
from forumkg.reasoning.rederivation import Changes, iris_of, values

__all__ = ["REACHES", "affected_items", "narrowed"]

_Node: TypeAlias = ox.NamedNode | ox.BlankNode

_PREFIXES: Final = prefix_lines("oa", "skos", "zgc")
# Of a statement: what it is about, and the edition of which that is a section.
_ABOUT: Final = ("?item zgc:isAbout ?changed .", "?item zgc:isAbout/zgc:isSectionOf ?changed .")
_OF_ARTICLE: Final = (
    "?changed zgc:isReportedIn ?item .",
    "?statement zgc:isReportedIn ?item ; zgc:isAbout ?changed .",
    "?statement zgc:isReportedIn ?item ; zgc:isAbout/zgc:isSectionOf ?changed .",
)
_DAYS: Final = ("?item zgc:takesPlaceDuring ?changed .",)
# For each list the patterns that lead from a changed subject to items, other than from the item itself.
REACHES: Final[dict[str, tuple[str, ...]]] = {
    "apparent-conflicts": (
        "?changed zgc:isAbout ?item .",
        "?statement zgc:isAbout ?item ; zgc:hasQuantity ?changed .",
        "?statement zgc:isAbout ?item ; zgc:hasQuantity/zgc:hasIndicator ?changed .",
        "?statement zgc:isAbout ?item ;"
        " zgc:hasQuantity/zgc:hasIndicator/(skos:broader|zgc:isSubsetOf) ?changed .",
        "?item zgc:isSectionOf ?changed .",
    ),
    "articles": _OF_ARTICLE,
    "contradicts": _ABOUT,
    "differsFrom": _ABOUT,
    "editions": ("?item zgc:isEditionOf ?changed .",),
    "exceedsPossible": _ABOUT,
    "figures": (
        *_ABOUT,
        "?item zgc:hasQuantity ?changed .",
        "?item zgc:hasQuantity/zgc:hasIndicator ?changed .",
        "?item zgc:belongsToForum ?changed .",
    ),
    "forums": (),
    "gaps-cohosts": ("?changed zgc:isAcceptedFor ?item .",),
    "gaps-dates": _OF_ARTICLE,
    # An edition has a gap where the others of its forum have a figure.
    "gaps-figures": (
        "?changed zgc:isEditionOf/^zgc:isEditionOf ?item .",
        "?changed zgc:isAbout/zgc:isEditionOf/^zgc:isEditionOf ?item .",
        "?statement zgc:hasQuantity ?changed ; zgc:isAbout/zgc:isEditionOf/^zgc:isEditionOf ?item .",
    ),
    "gaps-first-days": _DAYS,
    "gaps-hosts": (),
    "gaps-last-days": _DAYS,
    "gaps-omitted": ("?item oa:hasSelector ?changed .",),
    "gaps-posts": ("?item zgc:isHoldingOf ?changed .", "?changed zgc:isSaidAs ?item ."),
    "gaps-reports": _ABOUT,
    "gaps-themes": (),
    "gaps-unclear": _ABOUT,
    "graphs": (),
    "groups": ("?changed zgc:isSaidBy ?item .",),
    "organizations": (),
    "pages": ("?changed oa:hasSelector ?item .",),
    "people": ("?changed zgc:isSaidBy|zgc:isWrittenBy|zgc:isEditedBy ?item .",),
    "publishers": ("?changed zgc:isPublishedBy ?item .",),
    "statements": ("?item zgc:isReportedIn ?changed .", *_ABOUT),
    "themes": (
        "?changed zgc:statesTheme ?item .",
        "?statement zgc:statesTheme ?item ; zgc:isAbout ?changed .",
    ),
    "topics": ("?changed zgc:statesTopic ?item .",),
}
# Where a query is narrowed to some items, unless that is where its pattern begins.
_NARROWED_AT: Final = {
    "apparent-conflicts": "?quantity zgc:hasIndicator ?indicator ;",
    "pages": "?thing a ?class",
}
# Where groups within a query are narrowed, too, and the pattern that relates the item to them.
_NARROWED_WITHIN: Final = {
    "articles": (("?statement zgc:isReportedIn ?article .", ""),),
    "gaps-dates": (("?article a zgc:Article . FILTER NOT EXISTS { ?article dcterms:issued ?day }", ""),),
    "gaps-figures": (
        ("?other zgc:isEditionOf ?forum .", "?thing zgc:isEditionOf ?forum ."),
        ("?own zgc:isAbout ?thing ;", ""),
    ),
    "gaps-reports": (("?statement zgc:isAbout/zgc:isSectionOf? ?edition .", ""),),
    "gaps-unclear": (("?thing zgc:isAbout/zgc:isSectionOf? ?edition .", ""),),
}


def affected_items(
    query: ListQuery, before: ox.Store, store: ox.Store, changes: Changes
) -> frozenset[ox.NamedNode]:
    """Return the first things of the items that may have changed.

    Args:
        query: the query of the list.
        before: The previous version.
        store: The version now.
        changes: Of the default graph.

    Raises:
        WholeBuildError: a blank node has changed, or the list has no patterns here.
    """
    if query.name not in REACHES:
        raise WholeBuildError(f"nothing says how a change reaches the list {query.name}")
    changed = changes.subjects(iris_of(query.text))
    found = set(changed)
    for pattern in REACHES[query.name] if changed else ():
        for each in (before, store):
            found.update(_reached(each, pattern, changed))
    return frozenset(node for node in found if isinstance(node, ox.NamedNode))


def _reached(store: ox.Store, pattern: str, changed: Iterable[_Node]) -> Iterator[_Node]:
    query = f"{_PREFIXES} SELECT DISTINCT ?item WHERE {{ {values('changed', changed)} {pattern} }}"
    for row in select(store, query):
        if isinstance(node := row["item"], ox.NamedNode | ox.BlankNode):
            yield node


def narrowed(query: ListQuery, items: Iterable[ox.NamedNode]) -> ListQuery:
    """Return the query of a list for the items of some first things alone."""
    first = values(query.items[0], items)
    text = query.text
    for place, pattern in _NARROWED_WITHIN.get(query.name, ()):
        text = text.replace(place, f"{first} {pattern} {place}", 1)
    if query.name in _NARROWED_AT:
        place = _NARROWED_AT[query.name]
        return query.with_text(text.replace(place, f"{first} {place}", 1))
    return query.with_text(text.replace("\nWHERE {", f"\nWHERE {{ {first}", 1))
