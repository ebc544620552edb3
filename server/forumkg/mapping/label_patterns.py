"""Find the things of the graph in a text by their labels, in English and Chinese."""

import re
from collections.abc import Sequence
from typing import TypeAlias

from forumkg.mapping.known_things import KnownThing
from forumkg.texts.signs import has_han

__all__ = ["LabelPatterns", "label_patterns", "labelled", "without_labels"]

LabelPatterns: TypeAlias = tuple[tuple[re.Pattern[str], KnownThing], ...]


def label_patterns(things: Sequence[KnownThing]) -> LabelPatterns:
    """Return a pattern for the labels of each thing, those with the longest labels first."""
    found = []
    for thing in things:
        labels = sorted({text for text, _ in thing.labels if len(text) > 1}, key=len, reverse=True)
        if labels:
            words = "|".join(
                re.escape(label) if has_han(label) else rf"\b{re.escape(label)}\b" for label in labels
            )
            found.append((re.compile(words, re.IGNORECASE), thing))
    return tuple(sorted(found, key=lambda one: -max(len(text) for text, _ in one[1].labels)))


def without_labels(patterns: LabelPatterns, words: str) -> str:
    """Return words without the names of things."""
    for pattern, _ in patterns:
        words = pattern.sub(" ", words)
    return words


def labelled(patterns: LabelPatterns, words: str) -> list[KnownThing]:
    """Return the things whose labels are in the words, in their order; the longest label takes its place."""
    taken: list[tuple[int, int, KnownThing]] = []
    for pattern, thing in patterns:
        for match in pattern.finditer(words):
            if all(match.end() <= start or end <= match.start() for start, end, _ in taken):
                taken.append((*match.span(), thing))
                break
    return [thing for _, _, thing in sorted(taken, key=lambda one: one[0])]
