"""Search the names, wordings and paraphrases of the graph, the best matches first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from forumkg.dataset.search_index import IndexedText, SearchIndex
from forumkg.namespaces import BASE, ID, PREFIXES, QUERY
from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_, translate
from forumkg.pages.names import Name, names_of
from forumkg.pages.page_queries import PageQuery, all_match, count_matches, page_query
from forumkg.pages.question_index import AskedQuestion, read_questions
from forumkg.pages.search.chinese_words import chinese_words_in
from forumkg.pages.search.search_text import (
    Fragment,
    folded,
    forms_of,
    marked,
    matches,
    pattern_of,
    words_in,
)
from forumkg.pages.site_pages import SITE_PAGES, SitePage
from forumkg.pages.statements import Statement, read_statements
from forumkg.pages.translated_text import plain

__all__ = ["MAX_LENGTH", "PAGE", "Facet", "Hit", "Results", "search"]

# A longer text costs time and finds nothing.
MAX_LENGTH: Final = 200
PAGE: Final = 20
_MAX_WORDS: Final = 12
# How many texts are looked at: those with all words, and those with some.
_LIMIT: Final = 2000
_SOME_LIMIT: Final = 60
_SHORT: Final = 3
# So many questions are shown above the hits.
_QUESTIONS: Final = 3
# Words that most questions could have, and within how many words a question says what it asks.
_COMMON: Final = frozenset(
    "edition editions forum forums many zhongguancun 论坛 中关村论坛 多少 多少个 多少家 几个 几家".split()  # noqa: SIM905 (short)
)
_FIRST_WORDS: Final = 4
_NOT_IRI: Final = re.compile(r"[\s<>\"{}|\\^`]")
_ENDING: Final = re.compile(r"\.(?:html|ttl|nt|jsonld|rdf)$")

# What things are called together, by the first part of their addresses, in the order in which they are shown.
_KINDS: Final = {
    "forum": N_("Forum"),
    "edition": N_("Editions"),
    "theme": N_("Themes"),
    "person": N_("People"),
    "organization": N_("Organizations"),
    "group": N_("Groups"),
    "article": N_("Articles"),
    "indicator": N_("Indicators"),
    "section": N_("Programme sections"),
    "outcome": N_("Outcomes"),
    "topic": N_("Topics"),
    "place": N_("Places"),
    "period": N_("Periods"),
    "post": N_("Posts"),
    "role": N_("Posts held by people"),
    "query": N_("Questions"),
    "statement": N_("Statements"),
    "ontology": N_("Terms of the ontology"),
    "scheme": N_("Lists"),
    "dataset": N_("Dataset"),
    "graph": N_("Named graphs"),
    "code": N_("Codes of the ontology"),
}
_ORDER: Final = {kind: place for place, kind in enumerate(_KINDS)}
# Kinds behind all others, however well they match: a reader looks for what they describe.
_LATER: Final = {"ontology": 1, "scheme": 1, "dataset": 1, "graph": 1, "code": 2}
# What was matched, by the ranks of the query, where it was no name.
_FIELDS: Final = {1: N_("also called"), 2: N_("as printed"), 3: N_("says"), 4: N_("note")}
# The name of one thing of a kind.
_ONE: Final = {
    "article": N_("news article"), "code": N_("code of the ontology"),
    "dataset": N_("dataset"), "edition": N_("edition"),
    "forum": N_("forum"), "graph": N_("named graph"), "group": N_("group"), "indicator": N_("indicator"),
    "ontology": N_("term of the ontology"), "organization": N_("organization"),
    "outcome": N_("outcome"), "period": N_("period"), "person": N_("person"), "place": N_("place"),
    "post": N_("post"), "query": N_("question"), "role": N_("post held"), "scheme": N_("list"),
    "section": N_("section"), "statement": N_("statement"), "theme": N_("theme"), "topic": N_("topic"),
}  # fmt: skip
_EXACT, _START, _NAME = range(3)
_CONTEXT: Final = 220
# For how many people their statements are shown, and how many of each.
_PEOPLE: Final = 3
_SAID: Final = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found.

    Attributes:
        name: what it is called.
        kind: of what kind it is, for people.
        title: its name, with what was found in it.
        field: what else was matched, if it was not the name.
        text: the words that were matched, with what was found in them; none where it is the name.
        language: of those words.
        statement: the thing as a statement with its evidence, where it is one.
        said: the first statements that the thing makes, where it is a person.
        has_more: whether the person makes more statements than these.
    """

    name: Name
    kind: str
    title: tuple[Fragment, ...]
    field: str = ""
    text: tuple[Fragment, ...] = ()
    language: str = ""
    statement: Statement | None = None
    said: tuple[Statement, ...] = ()
    has_more: bool = False

    @property
    def is_term(self) -> bool:
        """Whether it is a term, a list or a graph, which rank behind what the articles say."""
        return kind_of(self.name.iri) in _LATER


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of things, and how many of it were found."""

    kind: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was found.

    Attributes:
        words: what was looked for.
        total: how many things, of all kinds.
        facets: the kinds.
        hits: those on this page.
        number: of the page, the last one where one behind it was asked for.
        pages: how many pages there are.
        is_cut: whether there is more than was looked at.
        is_loose: whether nothing has all words, and these have some of them.
        query: the query behind the results; None where there was nothing to look for.
        questions: competency questions with most of the words; they are not among the hits of all kinds.
        pages_of_site: pages whose title or keywords have all words.
        suggestion: the words in a spelling that the graph has, where one was not found.
    """

    words: tuple[str, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    hits: tuple[Hit, ...] = ()
    number: int = 1
    pages: int = 0
    is_cut: bool = False
    is_loose: bool = False
    query: PageQuery | None = None
    questions: tuple[AskedQuestion, ...] = ()
    pages_of_site: tuple[SitePage, ...] = ()
    suggestion: str = ""


def search(graph: Graph, index: SearchIndex, query: str, kind: str = "", number: int = 1) -> Results:
    """Return the things that match all words of a query or, if none does, as many of them as possible.

    Args:
        graph: the graph to query for names and statements.
        index: finds texts by their words.
        query: words, as typed.
        kind: the kind to which the hits are narrowed; empty for all.
        number: of the page, from 1.
    """
    words = _words_in(index, query)
    if not words:
        return Results()
    if (pasted := iri_in(query)) and graph.ask(page_query("search/known", thing=pasted).text):
        return _only(graph, pasted)
    asked = page_query("search/search", tests=all_match("text", map(pattern_of, words)))
    rows = index.with_all(map(forms_of, words), _LIMIT)
    is_loose = not rows and len(words) > 1
    if is_loose:
        words = tuple(word for word in words if _says_much(word)) or words
        asked = page_query("search/search-some", points=count_matches("text", map(pattern_of, words)))
        rows = index.with_some(tuple(map(forms_of, words)), _SOME_LIMIT)
    best = _best(rows, folded(query.strip()))
    counts = Counter(kind_of(iri) for iri in best)
    questions = () if kind else _questions(graph, words)
    above = {QUERY + each.slug for each in questions}
    chosen = [iri for iri in best if (kind_of(iri) == kind if kind else iri not in above)]
    pages = -(-len(chosen) // PAGE)
    place = min(number, max(1, pages))
    shown = chosen[(place - 1) * PAGE : place * PAGE]
    names = names_of(graph, shown)
    statements = {each.iri: each for each in read_statements(graph, filter(_is_statement, shown))}
    return Results(
        words=words,
        total=len(best),
        facets=tuple(Facet(each, _label(each), counts[each]) for each in sorted(counts, key=_place)),
        hits=_with_said(graph, tuple(_hit(best[iri], names, words, statements) for iri in shown)),
        number=place,
        pages=pages,
        is_cut=len(rows) >= (_SOME_LIMIT if is_loose else _LIMIT),
        is_loose=is_loose,
        query=asked,
        questions=questions if place == 1 else (),
        pages_of_site=_site_pages(words) if place == 1 and not kind else (),
        suggestion=suggest(index, words) if is_loose or not best else "",
    )


def _words_in(index: SearchIndex, query: str) -> tuple[str, ...]:
    """Return the words of a query; a run of Chinese characters that no text has is divided."""
    words = words_in(query)[:_MAX_WORDS]
    parts = (
        part
        for word in words
        for part in ((word,) if word.isascii() or index.has((word,)) else chinese_words_in(word))
    )
    return tuple(dict.fromkeys(parts))[:_MAX_WORDS]


def iri_in(query: str) -> str:
    """Return the IRI of a thing that was pasted as it is, as a prefixed name or as its page; else nothing."""
    text = query.strip().strip("<>")
    prefix, colon, local = text.partition(":")
    if colon and not local.startswith("//") and prefix in PREFIXES:
        text = PREFIXES[prefix] + local
    elif "/id/" in text:
        text = ID + text.partition("/id/")[2]
    if not text.startswith(BASE) or _NOT_IRI.search(text):
        return ""
    return _ENDING.sub("", text) if text.startswith(ID) else text


def _only(graph: Graph, iri: str) -> Results:
    """Return a thing that was looked for by its IRI."""
    name = names_of(graph, [iri])[iri]
    kind = kind_of(iri)
    statements = read_statements(graph, [iri] if _is_statement(iri) else [])
    hit = Hit(
        name, translate(_ONE.get(kind, kind)), (Fragment(name.text),), statement=next(iter(statements), None)
    )
    return Results((iri,), 1, (Facet(kind, _label(kind), 1),), (hit,), 1, 1)


def _is_statement(iri: str) -> bool:
    return iri.startswith(f"{ID}statement/")


def _questions(graph: Graph, words: Sequence[str]) -> tuple[AskedQuestion, ...]:
    """Return the questions that have most of the words, or begin with what they ask; the best first."""
    asks = tuple(word for word in words if not word.isdigit() and word not in _COMMON)
    graded = []
    for each in read_questions(graph):
        # In English and in the language of the page: a reader may type either.
        titles = f"{each.title!s} {plain(each.title)}"
        beginnings = f"{_beginning(each.title)} {_beginning(plain(each.title))}"
        found = sum(any(matches(titles, word)) for word in words)
        begins = bool(asks) and all(any(matches(beginnings, word)) for word in asks)
        if begins or 2 * found > len(words) > 1:
            # A reader takes rows before the triples of a CONSTRUCT query.
            graded.append((each.form == "CONSTRUCT", -found, not begins, each))
    return tuple(each for *_, each in sorted(graded, key=lambda grade: grade[:3])[:_QUESTIONS])


def _beginning(title: str) -> str:
    """Return the first words of a title; of a Chinese one, which has no spaces, the first clause."""
    return " ".join(title.partition("，")[0].split()[:_FIRST_WORDS])


def _site_pages(words: Sequence[str]) -> tuple[SitePage, ...]:
    """Return the pages that are found by all words, in their titles or keywords."""
    found = (
        each
        for each in SITE_PAGES
        if all(any(matches(f"{each.title} {translate(each.title)} {each.keywords}", word)) for word in words)
    )
    return tuple(found)[:_QUESTIONS]


def _says_much(word: str) -> bool:
    """Whether a word narrows a search: `to` does not, nor what begins like it; `5G` and `北京` do."""
    return len(word) >= _SHORT or not word.isascii() or not word.isalpha()


def kind_of(iri: str) -> str:
    """Return the first part of the address of a thing: `person`, `ontology`, `query`."""
    return iri.removeprefix(ID).removeprefix(BASE).partition("/")[0].partition("#")[0]


def _label(kind: str) -> str:
    return translate(_KINDS.get(kind, kind.capitalize()))


def _place(kind: str) -> tuple[int, str]:
    return _ORDER.get(kind, len(_ORDER)), kind


def _best(rows: Iterable[IndexedText], wanted: str) -> dict[str, IndexedText]:
    """Return the best match of each thing, the best things first."""
    found: dict[str, tuple[tuple[int, int], IndexedText]] = {}
    for row in rows:
        grade = _grade(row, wanted)
        if row.thing not in found or grade < found[row.thing][0]:
            found[row.thing] = (grade, row)

    def order(iri: str) -> tuple[int, tuple[int, int], tuple[int, str], str, str]:
        grade, row = found[iri]
        return _LATER.get(kind_of(iri), 0), grade, _place(kind_of(iri)), row.text, iri

    return {iri: found[iri][1] for iri in sorted(found, key=order)}


def _grade(row: IndexedText, wanted: str) -> tuple[int, int]:
    """Return how good a match is: more words, then the whole name, its beginning, a word of it, others."""
    if row.rank > 1:
        return -row.score, _NAME + row.rank
    text = folded(row.text)
    return -row.score, _EXACT if text == wanted else _START if text.startswith(wanted) else _NAME


def _hit(
    row: IndexedText, names: Mapping[str, Name], words: Sequence[str], statements: Mapping[str, Statement]
) -> Hit:
    iri, rank = row.thing, row.rank
    name, text, kind = names[iri], row.text, kind_of(iri)
    title = marked(name.text, words)
    if text == name.text or (rank == 1 and all(any(matches(name.text, word)) for word in words)):
        return Hit(name, translate(_ONE.get(kind, kind)), title, statement=statements.get(iri))
    excerpt = tuple(_excerpt(marked(text, words)))
    return Hit(
        name,
        translate(_ONE.get(kind, kind)),
        title,
        translate(_FIELDS[rank]),
        excerpt,
        row.language,
        statements.get(iri),
    )


def _with_said(graph: Graph, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Return hits with what the first people among them say; one of whom only a note matches has none."""
    people = [hit.name.iri for hit in hits if kind_of(hit.name.iri) == "person" and not hit.field][:_PEOPLE]
    said = {
        person: [row.iri("statement") for row in graph.select(page_query("search/said", thing=person).text)]
        for person in people
    }
    found = {
        each.iri: each
        for each in read_statements(graph, (iri for iris in said.values() for iri in iris[:_SAID]))
    }
    return tuple(
        replace(
            hit,
            said=tuple(found[iri] for iri in said[hit.name.iri][:_SAID] if iri in found),
            has_more=len(said[hit.name.iri]) > _SAID,
        )
        if hit.name.iri in said
        else hit
        for hit in hits
    )


def _excerpt(fragments: Sequence[Fragment]) -> Iterator[Fragment]:
    """Yield fragments, less what stands far from a match."""
    for place, fragment in enumerate(fragments):
        text, half = fragment.text, _CONTEXT // 2
        if fragment.is_match or len(text) <= _CONTEXT:
            yield fragment
        elif place == 0:
            yield Fragment("… " + text[-half:].partition(" ")[2])
        elif place == len(fragments) - 1:
            yield Fragment(text[:half].rpartition(" ")[0] + " …")
        else:
            start, end = text[:half].rpartition(" ")[0], text[-half:].partition(" ")[2]
            yield Fragment(f"{start} … {end}")


def suggest(index: SearchIndex, words: Sequence[str]) -> str:
    """Return the words with those replaced that no text has; nothing where there is nothing alike."""
    found = [_alike(index, word) for word in words]
    return " ".join(found) if all(found) and tuple(found) != tuple(words) else ""


def _alike(index: SearchIndex, word: str) -> str:
    if index.has(forms_of(word)):
        return word
    return next(iter(get_close_matches(word, index.terms_like(word), n=1, cutoff=0.75)), "")
