"""The stance of a clause, by its verbs: a plan, a present state, or something accomplished."""

import re
from typing import Final

__all__ = ["stance_of"]

# Tried together: the first verb of a clause decides, and of two at one place the first in this order.
_VERBS: Final = (
    (
        "planned",
        re.compile(
            r"\b(?:will|shall|is to|are to|to be|plans? to|upcoming|kicks? off|invite|ahead of|"
            r"(?:is|are) (?:expected|scheduled|planned|slated|set|due|invited|about to))\b"
            r"|将|拟|预计|计划|即将|届时|定于"
        ),
    ),
    (
        "accomplished",
        re.compile(
            r"\b(?:was|were|has|have|had|did|held|took|came|began|became|brought|saw|made|won|gave|"
            r"(?<!is )(?<!are )(?<!be )[a-z]{3,}ed)\b"
            r"|(?<![为除])了(?!解)|已|曾|落幕|闭幕|共有|共计|吸引|达成|来自|创办于|始于"
        ),
    ),
    (
        "ongoing",
        re.compile(
            r"\b(?:is|are|being|remains?|serves?|serving|includes|covers|features|runs|shows|takes|offers?|"
            r"insists?|adheres?|lies|boasts|has become|enjoy|highlighting)\b"
            r"|正在|是|位于|包括"
        ),
    ),
)


def stance_of(clause: str, sentence: str = "", *, default: str = "accomplished") -> str:
    """Return the stance of a clause: that of its own verbs, else that of its sentence, else the default.

    Args:
        clause: the words of a passage.
        sentence: the whole sentence that the clause is in.
        default: the stance of a clause without a verb in a sentence without one.
    """
    for words in (clause, sentence):
        found = [
            (match.start(), order, stance)
            for order, (stance, pattern) in enumerate(_VERBS)
            if (match := pattern.search(words))
        ]
        if found:
            return min(found)[2]
    return default
