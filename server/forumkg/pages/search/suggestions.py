"""Suggest the words of the graph for words that are not in it."""

from collections.abc import Sequence
from difflib import get_close_matches

from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import page_query
from forumkg.pages.search.search_text import matches, words_in

__all__ = ["suggest"]


def suggest(graph: Graph, words: Sequence[str]) -> str:
    """Return the words with those replaced that no text has; nothing where there is nothing alike."""
    texts = [row.text("text") for row in graph.select(page_query("search/texts").text)]
    known = dict.fromkeys(word for text in texts for word in words_in(text))
    found = [_alike(word, texts, tuple(known)) for word in words]
    return " ".join(found) if all(found) and tuple(found) != tuple(words) else ""


def _alike(word: str, texts: Sequence[str], known: Sequence[str]) -> str:
    if any(next(matches(text, word), None) for text in texts):
        return word
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.75)), "")
