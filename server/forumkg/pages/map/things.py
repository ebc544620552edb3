"""The things that a field of the mapping page lists: by their names, or by words of their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from forumkg.dataset.search_index import SearchIndex
from forumkg.mapping.worksheet import FACT_KEYS
from forumkg.namespaces import ID
from forumkg.pages.graph import Graph
from forumkg.pages.names import names_of

__all__ = ["AGENTS", "KINDS", "SUBJECTS", "ListedThing", "find_things"]

# The kinds of things, as names on a worksheet begin with them.
AGENTS: Final = ("organization", "person", "group")
SUBJECTS: Final = ("edition", "forum", "section", "organization", "person", "place", "outcome")
KINDS: Final = tuple(
    dict.fromkeys(
        (*AGENTS, *SUBJECTS, "indicator", *(key.prefix for key in FACT_KEYS.values() if key.prefix))
    )
)
# A browser shows some twenty at a time; more letters find the others.
_MOST: Final = 100
# How many texts are read: names have several, in two languages.
_MOST_TEXTS: Final = 2000


@dataclass(frozen=True, slots=True)
class ListedThing:
    """A thing that a worksheet can name.

    Attributes:
        name: as a worksheet has it, `edition:2025`.
        label: its label, and behind it the other label that has the typed words.
    """

    name: str
    label: str


def find_things(graph: Graph, index: SearchIndex, typed: str, kinds: Sequence[str]) -> list[ListedThing]:
    """Return the things of some kinds that what was typed may mean, at most a hundred.

    Those whose names begin with it come first, then those that have its words in a label.

    Args:
        graph: Has the labels.
        index: Finds them.
        typed: A name or its beginning, with its kind or without, or words; empty for all things.
        kinds: Of `KINDS`.
    """
    kind, colon, local = typed.partition(":")
    if colon and kind in kinds:
        kinds, typed = (kind,), local
    beginnings = [f"{ID}{each}/" for each in kinds]
    found = {
        text.thing: ""
        for beginning in beginnings
        for text in index.named(f"{beginning}{typed.casefold()}", 2 * _MOST)
    }
    if words := typed.split():
        for text in index.with_all([[word] for word in words], _MOST_TEXTS):
            if text.rank == 1 and text.thing.startswith(tuple(beginnings)):
                found.setdefault(text.thing, text.text)
    names = names_of(graph, [*found][:_MOST])
    return [ListedThing(_written(iri), _label(name.text, found[iri])) for iri, name in names.items()]


def _written(iri: str) -> str:
    return iri.removeprefix(ID).replace("/", ":", 1)


def _label(label: str, other: str) -> str:
    # Browsers list only what has the typed letters.
    return f"{label} ({other})" if other and other.casefold() not in label.casefold() else label
