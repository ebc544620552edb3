"""Names of things, for links to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from forumkg.namespaces import ID, shorten
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import DEFAULT, gettext, language
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.quantities import read_quantities
from forumkg.pages.translated_text import TranslatedText, plain, tag_of

__all__ = ["LONGEST_NOTE", "Name", "article_for", "cut", "names_of", "short_name", "thing_name"]

# Names and paraphrases are far shorter; the page of the thing has the rest.
_LONGEST: Final = 300
# Notes are shorter.
LONGEST_NOTE: Final = 2000
_LONGEST_LINK: Final = 160
_FIGURES: Final = f"{ID}quantity/"


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing, and its language."""

    iri: str
    text: str
    language: str = ""


def names_of(graph: Graph, things: Iterable[str], tag: str = "") -> dict[str, Name]:
    """Return the name of each thing, or its short IRI.

    The name is in the language of the page where there is one, else in English, else the first. One query,
    however many things, and one more where figures are among them: they are called as printed.

    Args:
        graph: the graph to query.
        things: their IRIs.
        tag: the language of the names, where it is not that of the page.
    """
    wanted = tuple(dict.fromkeys(filter(None, things)))
    if not wanted:
        return {}
    found: dict[str, Row] = {}
    for row in graph.select(page_query("labels", things=iris(wanted)).text):
        best = found.get(row.iri("thing"))
        if best is None or (row["rank"] == best["rank"] and _preference(row, tag) < _preference(best, tag)):
            found[row.iri("thing")] = row
    quantities = _quantities(graph, (iri for iri in wanted if iri.startswith(_FIGURES) and iri not in found))
    return {iri: quantities.get(iri) or _name(iri, found.get(iri)) for iri in wanted}


def _quantities(graph: Graph, quantities: Iterable[str]) -> dict[str, Name]:
    return {
        each.iri: Name(
            each.iri,
            gettext("%(figure)s: %(indicator)s")
            % {"figure": each.words, "indicator": plain(each.indicator_name)},
            tag_of(each.indicator_name) or language(),
        )
        for each in read_quantities(graph, quantities)
    }


def thing_name(name: Name, *, brief: bool = False) -> Name:
    """Return a name for a link: cut to a line or two, and in words for a passage, which has no label.

    Args:
        name: the name of the thing.
        brief: leave out the article of a passage.
    """
    article, mark, span = name.iri.removeprefix(ID).removesuffix("/selector").partition("/char=")
    start, comma, end = span.partition(",")
    if mark and comma and name.text.endswith(span):
        words = gettext("characters %(start)s to %(end)s")
        if not brief:
            words = gettext("characters %(start)s to %(end)s of %(article)s")
        parts = {"start": _digits(start), "end": _digits(end), "article": article.removeprefix("article/")}
        return Name(name.iri, words % parts)
    return Name(name.iri, cut(name.text, _LONGEST_LINK), name.language)


def _digits(text: str) -> str:
    return f"{int(text):,}" if text.isascii() and text.isdigit() and len(text) < 10 else text  # noqa: PLR2004


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return a text that is read beside others: where it is too long, its start and three dots."""
    if isinstance(text, TranslatedText):
        return text.cut(longest)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def article_for(label: str) -> str:
    """Return `a` or `an`, by the first letter of the label; `u` mostly sounds like `you`, as in `unit`."""
    return "an" if label[:1].lower() in {*"aeio"} else "a"


def short_name(iri: str) -> str:
    """Return what an IRI without a name is called: `xinhua-2023-05-24/7`, `zgc:Edition`, or all of it."""
    return shorten(iri).strip("<>").removeprefix(ID)


def _preference(row: Row, tag: str) -> int:
    """Return the rank of a name by its language: names with a lower one are preferred."""
    own = row.language("label")
    return 0 if own in {tag or language(), ""} else 1 if own == DEFAULT else 2


def _name(iri: str, row: Row | None) -> Name:
    return (
        Name(iri, cut(str(row.text("label"))), row.language("label")) if row else Name(iri, short_name(iri))
    )
