"""Read the numbers of English and Chinese text with their hedges.

A hedge says how a printed number bounds the true one: "nearly 120" is below 120, 200多 is above 200. Hedges
are named as the comparators of the ontology are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from forumkg.texts.dates import dates, narrow
from forumkg.texts.numerals import Numeral, numerals
from forumkg.texts.signs import HAN

__all__ = ["Comparator", "Kind", "PrintedNumber", "numbers"]

Comparator = Literal["exact", "more-than", "nearly", "about", "at-least", "at-most"]
Kind = Literal["count", "share", "ordinal", "name"]

# Tried in this order: "no more than" is not "more than", 不超过 is not 超过.
_BEFORE: Final[tuple[tuple[str, tuple[Comparator, ...]], ...]] = (
    (r"(?:no|not) (?:fewer|less) than", ("at-least",)),
    (r"(?:no|not) (?:more|greater|higher) than|not (?:over|above|exceeding)", ("at-most",)),
    (
        r"(?:more|greater|higher) than|over|above|exceed(?:s|ed|ing)?|in excess of|upwards? of|beyond"
        r"|surpass(?:es|ed|ing)?|top(?:s|ped|ping)",
        ("more-than",),
    ),
    (r"nearly|almost|close to|just under|approaching|(?:fewer|less|lower) than|under|below", ("nearly",)),
    (r"at least|a minimum of", ("at-least",)),
    (r"at (?:the )?most|up to|as (?:many|much) as|a maximum of", ("at-most",)),
    (r"about|around|approximately|approx\.|roughly|some|an estimated|circa|~|≈", ("about",)),
    (r"不(?:少|低|小)于|不下|至少|最少", ("at-least",)),
    (r"不(?:超过|多于|高于|大于)|至多|最多|多达|高达", ("at-most",)),
    (r"不到|不足|少于|低于|未满|接近|将近|近", ("nearly",)),
    (r"超过|超出|超越|多于|高于|大于|突破|逾|超", ("more-than",)),
    (r"大约|大概|约为|约合|折合|约|大致|估计", ("about",)),
)
_SUM: Final = r"(?:US\$|[$€£¥]|RMB|USD|CNY)"
_BEFORE_PATTERNS: Final = tuple(
    (re.compile(rf"(?<![A-Za-z])(?:{pattern})(?:\s+(?:a|the))?\s*(?:{_SUM}\s*)?$", re.IGNORECASE), found)
    for pattern, found in _BEFORE
)
# A unit or a count noun may stand between a Chinese number and its hedge: 200名以上, 30%左右.
_NOUN: Final = f"[{HAN}]{{0,4}}?"
_AFTER: Final[tuple[tuple[str, tuple[Comparator, ...]], ...]] = (
    (r"\+|\s+plus\b", ("more-than", "at-least")),
    (r"(?:\s+[a-z]+)?\s+or (?:more|above|over|greater|higher)\b", ("at-least",)),
    (r"(?:\s+[a-z]+)?\s+or (?:fewer|less|below|under|lower)\b", ("at-most",)),
    (r"(?:\s+[a-z]+)?\s+or so\b", ("about",)),
    (r"\s*[多余]", ("more-than",)),
    (rf"\s*{_NOUN}(?:及|或)?以上", ("at-least", "more-than")),
    (rf"\s*{_NOUN}(?:及|或)?(?:以下|以内|之内)", ("at-most",)),
    (rf"\s*{_NOUN}(?:左右|上下)", ("about",)),
)
_AFTER_PATTERNS: Final = tuple((re.compile(pattern, re.IGNORECASE), found) for pattern, found in _AFTER)
# The farthest that a hedge reaches from its number.
_REACH: Final = 32
_CURRENCIES: Final = (
    (r"yuan|renminbi|RMB|CNY|元|人民币", r"RMB|CNY|人民币", "CNY"),
    (r"US dollars?|dollars?|USD|美元", r"US\$|\$|USD", "USD"),
    (r"euros?|EUR|欧元", r"€|EUR", "EUR"),
    (r"pounds?|GBP|英镑", r"£|GBP", "GBP"),
)
_CURRENCY_PATTERNS: Final = tuple(
    (re.compile(rf"\s*(?:{after})", re.IGNORECASE), re.compile(rf"(?:{before})\s*$"), code)
    for after, before, code in _CURRENCIES
)
# G20 and COVID-19, 5G and 3D.
_NAME_BEFORE: Final = re.compile(r"[A-Za-z]-?$")
_NAME_AFTER: Final = re.compile(r"[GDK]\b|-[A-Z]{2}")
_ORDINAL_AFTER: Final = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
# 10 billion yuan ($1.55 billion): the second sum is a conversion, whose last digit is rounded.
_CONVERTED: Final = re.compile(rf"[(（]\s*(?:about|approx\.|约)?\s*{_SUM}?\s*$")
_RANGE: Final = re.compile(r"\s*(?:to|[-–—~～至到])\s*$")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed.

    Attributes:
        start: where its numeral starts, in code points; a hedge before it is outside.
        end: where its numeral ends, multiplier and percent sign included.
        value: the number; of a share the ratio, 0.3 for 30 %.
        comparators: those that agree with what is printed, the likeliest first.
        kind: a count or a measure; a share; a place in an order; part of a name such as 5G.
        is_spelt: whether it is written in words or in Chinese numerals.
        currency: the ISO 4217 code, where it is a sum of money.
    """

    start: int
    end: int
    value: Decimal
    comparators: tuple[Comparator, ...] = ("exact",)
    kind: Kind = "count"
    is_spelt: bool = False
    currency: str | None = None

    @property
    def is_hedged(self) -> bool:
        """Whether a hedge is printed beside it."""
        return self.comparators[0] != "exact"


def numbers(content: str) -> tuple[PrintedNumber, ...]:
    """Return the numbers of a text with their hedges, in order; dates, years and times are left out."""
    return tuple(_numbers(narrow(content)))


def _numbers(content: str) -> Iterator[PrintedNumber]:
    dated = [(date.start, date.end) for date in dates(content) if not _is_hedged(content, date.start)]
    last_end, last_value = 0, Decimal(0)
    for numeral in numerals(content):
        if any(start < numeral.end and numeral.start < end for start, end in dated):
            continue
        number = _number(content, numeral)
        if _RANGE.match(content[last_end : number.start]) and 0 < last_value < number.value:
            number = replace(number, comparators=(*number.comparators, "at-most"))
        last_end, last_value = number.end, number.value
        yield number


def _number(content: str, numeral: Numeral) -> PrintedNumber:
    start, end = numeral.start, numeral.end
    return PrintedNumber(
        start,
        end,
        numeral.value,
        comparators=_comparators(content, numeral),
        kind=_kind(content, numeral),
        is_spelt=numeral.is_spelt,
        currency=_currency(content[max(0, start - 8) : start], content[end : end + 12]),
    )


def _comparators(content: str, numeral: Numeral) -> tuple[Comparator, ...]:
    before = content[max(0, numeral.start - _REACH) : numeral.start]
    after = content[numeral.end : numeral.end + _REACH]
    first = _before(before)
    second: tuple[Comparator, ...] = next((found for p, found in _AFTER_PATTERNS if p.match(after)), ())
    if numeral.is_exceeded:
        second = ("more-than",)
    if first and second and not set(first) & set(second):
        # 近200余家: the two exclude each other, and what is left is an approximation.
        return ("about",)
    hedges = first or second
    if not hedges and _CONVERTED.search(before):
        return ("exact", "about")
    return hedges or ("exact",)


def _before(before: str) -> tuple[Comparator, ...]:
    return next((found for pattern, found in _BEFORE_PATTERNS if pattern.search(before)), ())


def _is_hedged(content: str, start: int) -> bool:
    """Return whether what looks like a date or a year is a hedged number: more than 2000."""
    return bool(_before(content[max(0, start - _REACH) : start]))


def _kind(content: str, numeral: Numeral) -> Kind:
    start, end = numeral.start, numeral.end
    if (
        numeral.is_ordinal
        or _ORDINAL_AFTER.match(content[end : end + 3])
        or content[max(0, start - 1) : start] == "第"
    ):
        return "ordinal"
    if not numeral.is_spelt and (
        _NAME_BEFORE.search(content[max(0, start - 2) : start]) or _NAME_AFTER.match(content[end : end + 3])
    ):
        return "share" if numeral.is_share else "name"
    return "share" if numeral.is_share else "count"


def _currency(before: str, after: str) -> str | None:
    return next(
        (code for behind, ahead, code in _CURRENCY_PATTERNS if behind.match(after) or ahead.search(before)),
        None,
    )
