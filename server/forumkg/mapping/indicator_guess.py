"""Guess what a printed number counts: by the words around it, and by those of the indicators.

The words of an indicator are those of its labels, and those of the paraphrases with which the graph has given
figures of it before. For Chinese, which the paraphrases do not have, there is a short table.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import pyoxigraph as ox

from forumkg.mapping.known_things import KnownThings, local_name
from forumkg.namespaces import ZGC

__all__ = ["IndicatorGuesser"]

_WORD: Final = re.compile(r"[a-z]{3,}")
_BORING: Final = frozenset(
    [
        "the",
        "and",
        "for",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "from",
        "over",
        "more",
        "than",
        "with",
        "forum",
        "its",
        "that",
        "this",
        "there",
        "been",
        "will",
        "nearly",
        "almost",
        "about",
        "edition",
        "zhongguancun",
        "planned",
        "held",
        "first",
        "all",
        "who",
        "which",
        "into",
        "their",
        "other",
    ]
)
# The nearest match after the number, or else before it, in its part of the clause.
_CHINESE: Final[tuple[tuple[str, str], ...]] = (
    (r"平方米", "exhibition-area"),
    (r"平行论坛", "parallel-forums"),
    (r"国家和地区.{0,8}(?:外宾|外国嘉宾|外方)", "countries-of-foreign-guests"),
    (r"国家", "countries-represented"),
    (r"(?:海外|境外|国外|外国|外方).{0,4}(?:嘉宾|来宾)|外宾", "foreign-guests"),
    (r"(?:演讲|主旨)", "keynote-speakers"),
    (r"(?:顶尖|顶级|知名).{0,4}(?:专家|科学家)", "leading-experts"),
    (r"专家|学者|院士", "experts"),
    (r"(?:家|参展)企业", "exhibiting-companies"),
    (r"参展|展商", "exhibitors"),
    (r"代表", "representatives"),
    (r"(?:场|项|多)?(?:活动)", "activities"),
    (r"来自(?:境外|海外|国外)", "trade-projects-from-abroad"),
    (r"成果", "trade-achievements"),
    (r"发布.{0,6}项目", "released-projects"),
    (r"项目", "trade-projects"),
    (r"基金|规模", "fund-size"),
    (r"机构|组织", "institutions-represented"),
    (r"届", "editions-held"),
    (r"板块", "sections"),
    (r"天", "duration"),
    (r"人(?:次)?", "participants"),
)
_PART: Final = re.compile("[，。；、]")
_AROUND: Final = 60
_CLOSE: Final = 24


@dataclass(frozen=True, slots=True)
class IndicatorGuesser:
    """Words and their weights for each indicator."""

    words: Mapping[str, Mapping[str, float]]

    @classmethod
    def read(cls, known: KnownThings, triples: Iterable[ox.Triple]) -> Self:
        """Gather the words of the indicators.

        Args:
            known: the vocabulary with its labels.
            triples: the facts of the graph, with paraphrases and quantities.
        """
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for thing in known.of_kind("indicator"):
            for label, language in thing.labels:
                if language == "en":
                    found[thing.name].update(dict.fromkeys(_content_words(label), 3))
        for indicator, paraphrase in _paraphrases(triples):
            found[indicator].update(set(_content_words(paraphrase)))
        spread = Counter(word for words in found.values() for word in words)
        return cls(
            {
                name.removeprefix("indicator:"): {word: count / spread[word] for word, count in words.items()}
                for name, words in found.items()
            }
        )

    def guess(self, before: str, after: str, *, is_sure: bool = True) -> str:
        """Return the likeliest indicator for a number; empty where no word speaks for any.

        Args:
            before: the words of the clause before the number.
            after: those after it.
            is_sure: whether the number is a figure; where not, a word of its own must follow it.
        """
        behind, ahead = _PART.split(after)[0][:_CLOSE], _PART.split(before)[-1][-_CLOSE:]
        for words, is_before in ((behind, False), (ahead, True)):
            found = [
                (len(words) - match.end() if is_before else match.start(), order, indicator)
                for order, (pattern, indicator) in enumerate(_CHINESE)
                for match in re.finditer(pattern, words)
            ]
            if found:
                return min(found)[2]
        near = Counter(_content_words(after[:_AROUND].casefold()))
        far = Counter(_content_words(before[-_AROUND:].casefold()))
        scores = {
            name: sum(weights.get(word, 0.0) * (1.0 if word in near else 0.3) for word in near | far)
            for name, weights in self.words.items()
        }
        best = max(sorted(scores), key=lambda name: scores[name], default="")
        closest = set(_content_words(after[:_CLOSE].casefold()))
        if not is_sure and not any(self.words.get(best, {}).get(word, 0) >= 1 for word in closest):
            return ""
        return best if best and scores[best] > 0 else ""


def _paraphrases(triples: Iterable[ox.Triple]) -> list[tuple[str, str]]:
    """Return each indicator with the paraphrases of the statements that give a figure of it."""
    texts: dict[str, str] = {}
    owners: dict[str, str] = {}
    counted: dict[str, str] = {}
    for triple in triples:
        subject, value = str(triple.subject), triple.object
        if triple.predicate.value == f"{ZGC}paraphrase" and isinstance(value, ox.Literal):
            texts[subject] = value.value
        elif triple.predicate.value == f"{ZGC}hasQuantity":
            owners[str(value)] = subject
        elif triple.predicate.value == f"{ZGC}hasIndicator" and isinstance(value, ox.NamedNode):
            counted[subject] = local_name(value.value)
    return [
        (indicator, texts[owners[quantity]])
        for quantity, indicator in counted.items()
        if owners.get(quantity) in texts
    ]


def _content_words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.casefold()) if word not in _BORING]


def _stem(word: str) -> str:
    for ending, short in (("ies", "y"), ("ing", ""), ("ers", "er"), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word.removesuffix(ending) + short
    return word
