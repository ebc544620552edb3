"""Find runs of signs that two texts share: a paraphrase that copies its article."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from forumkg.texts.signs import Span, is_han, key, signs

__all__ = ["COPIED_SIGNS", "COPIED_WORDS", "Original", "copied_run"]

# A run of this many words, or of this many Chinese characters, is a copy.
COPIED_WORDS: Final = 8
COPIED_SIGNS: Final = 15


@dataclass(frozen=True)
class Original:
    """A text that other texts are compared with, indexed once."""

    content: str

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The spans of the signs."""
        return signs(self.content)

    @cached_property
    def positions(self) -> dict[str, tuple[int, ...]]:
        """The indexes in `spans` at which each sign stands."""
        found = defaultdict(list)
        for index, (start, end) in enumerate(self.spans):
            found[key(self.content[start:end])].append(index)
        return {sign: tuple(indexes) for sign, indexes in found.items()}


def copied_run(content: str, original: Original) -> tuple[Span, Span] | None:
    """Return the longest run of signs that a text copies from another one, if it is long enough.

    Case, width, punctuation and white space make no difference. Where words and Chinese characters are mixed,
    `COPIED_WORDS` words are as long as `COPIED_SIGNS` characters.

    Args:
        content: the text that may be a copy.
        original: the text that it may be copied from.

    Returns:
        The span in `content` and the span in `original`; None where no run is long enough.
    """
    spans = signs(content)
    best, best_length = None, COPIED_WORDS * COPIED_SIGNS - 1
    # For each index of the original at which the run ends: how many signs it has, and how long it is.
    runs: dict[int, tuple[int, int]] = {}
    for here, (start, end) in enumerate(spans):
        sign = content[start:end]
        length = COPIED_WORDS if is_han(sign) else COPIED_SIGNS
        previous, runs = runs, {}
        for there in original.positions.get(key(sign), ()):
            count, so_far = previous.get(there - 1, (0, 0))
            runs[there] = (count + 1, so_far + length)
            if so_far + length > best_length:
                best, best_length = (here, there, count + 1), so_far + length
    if best is None:
        return None
    here, there, count = best
    first, last = spans[here - count + 1], spans[here]
    first_there, last_there = original.spans[there - count + 1], original.spans[there]
    return (first[0], last[1]), (first_there[0], last_there[1])
