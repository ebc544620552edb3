"""Find printed dates, years and times of day in English and Chinese text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from forumkg.texts.signs import Span

__all__ = ["PrintedDate", "dates", "narrow"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\dA-Za-z%]|,\d)"
_YEAR: Final = r"(?:1[89]|20|21)\d\d"
_TO: Final = r"\s*(?:to|and|through|until|[-–—])\s*"
_TO_ZH: Final = r"(?:至|到|[-–—~～])"
_NOT_WITHIN: Final = r"(?<![\dA-Za-z.,])"

_DATE: Final = re.compile(
    "|".join(
        [
            # 2023-05-24, 2023/5/24
            rf"{_NOT_WITHIN}(?P<y1>{_YEAR})[-/.](?P<m1>0?[1-9]|1[0-2])[-/.](?P<d1>[12]\d|3[01]|0?[1-9])(?!\d)",
            r"(?<![\d:])(?P<time>\d{1,2}:[0-5]\d(?::[0-5]\d)?)(?![\d:])",
            # May 24, May 25 to 30, September 24th to October 2nd, 2021
            rf"\b(?P<m2>{_MONTH})\s+(?P<d2>{_DAY})(?:{_TO}(?:{_MONTH}\s+)?{_DAY})?(?:,?\s+(?P<y2>{_YEAR})(?!\d))?",
            # 24 May, 25 to 30 May 2021
            rf"{_NOT_WITHIN}(?P<d3>{_DAY})(?:{_TO}{_DAY})?\s+(?:of\s+)?(?P<m3>{_MONTH})\b(?:,?\s+(?P<y3>{_YEAR})(?!\d))?",
            rf"\b(?P<m4>{_MONTH})\s+(?P<y4>{_YEAR})(?!\d)",
            # 2021年9月24日至28日, 9月24日, 24日, 9月
            rf"(?:(?P<y5>{_YEAR})\s*年\s*)?(?P<m5>1[0-2]|0?[1-9])\s*月\s*(?:(?P<d5>[12]\d|3[01]|0?[1-9])\s*[日号])?"
            rf"(?:\s*{_TO_ZH}\s*(?:\d{{1,2}}\s*月\s*)?\d{{1,2}}\s*[日号])?",
            rf"(?<!\d)(?P<d6>[12]\d|3[01]|0?[1-9])\s*(?:{_TO_ZH}\s*\d{{1,2}})?\s*[日号]"
            rf"(?:\s*{_TO_ZH}\s*\d{{1,2}}\s*[日号])?",
            rf"(?<!\d)(?P<y7>{_YEAR})\s*年",
            r"(?P<y9>[一二][〇零一二三四五六七八九]{3})\s*年",
            # A bare year; with a count noun behind it, it is a number.
            rf"(?<![\dA-Za-z$€£¥])(?<!\d[.,])(?P<y8>{_YEAR})(?![\d%]|[.,]\d|\s?[年多余名个家项场位万亿])",
        ]
    )
)
_HAN: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_WIDE_COMMA: Final = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_WIDE: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    0xFF0E: ".",
    0xFF05: "%",
    0xFF1A: ":",
    0xFF04: "$",
    0xFF0B: "+",
}


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date, a year or a time of day as printed; what is not printed is None.

    Attributes:
        start: where it starts, in code points.
        end: where it ends.
        year: the year.
        month: the month, from 1; of a range that of the first day.
        day: the day; of a range the first one.
        time: the time of day, as printed.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    time: str | None = None


def narrow(content: str) -> str:
    """Return a text of the same length whose full-width digits, and the signs of numbers, are ASCII."""
    return _WIDE_COMMA.sub(",", content).translate(_WIDE)


def dates(content: str) -> tuple[PrintedDate, ...]:
    """Return the dates, years and times of a text, in order; they do not overlap."""
    return tuple(_dates(narrow(content)))


def _dates(content: str) -> Iterator[PrintedDate]:
    for match in _DATE.finditer(content):
        parts = {name: value for name, value in match.groupdict().items() if value is not None}
        year = next((int(value.translate(_HAN)) for name, value in parts.items() if name[0] == "y"), None)
        month = next((value for name, value in parts.items() if name[0] == "m"), None)
        day = next((value for name, value in parts.items() if name[0] == "d"), None)
        yield PrintedDate(
            *_trimmed(match.span(), content),
            year=year,
            month=None if month is None else _month(month),
            day=None if day is None else int(re.sub(r"\D", "", day)),
            time=parts.get("time"),
        )


def _trimmed(span: Span, content: str) -> Span:
    start, end = span
    return start, start + len(content[start:end].rstrip())


def _month(printed: str) -> int:
    return int(printed) if printed.isdigit() else _MONTHS.index(printed[:3].casefold()) + 1
