"""Find numerals in English and Chinese text: digits, words, Chinese numerals, shares and ordinals."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

__all__ = ["Numeral", "numerals"]

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINAL_WORDS: Final = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
_SMALL: Final[Mapping[str, int]] = MappingProxyType(
    {word: value for value, word in enumerate(_ONES)}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
)
_LARGE: Final[Mapping[str, int]] = MappingProxyType(
    {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "mn": 10**6}
    | {"billion": 10**9, "bn": 10**9, "trillion": 10**12}
)
_ORDINALS: Final[Mapping[str, int]] = MappingProxyType(
    {word: value for value, word in enumerate(_ORDINAL_WORDS, start=1)}
)
_DENOMINATORS: Final[Mapping[str, int]] = MappingProxyType(
    {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
)
_HAN_DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
)
_HAN_POWERS: Final[Mapping[str, int]] = MappingProxyType(
    {"十": 10, "百": 100, "千": 10**3, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
)
_MYRIAD: Final = 10**4

_DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_HAN: Final = "零〇一二两兩三四五六七八九十百千万萬亿億"
_HAN_LARGE: Final = "百千万萬亿億"
_SOME: Final = "多余"
# A lone Chinese numeral is one only before a unit or a count noun: 五个, but not 统一.
_COUNTED: Final = "个個名位家项項场場次届大种類类条年天月人国件份部座支套周款处所"
_MULTIPLIER: Final = "|".join(_LARGE)
_PERCENT: Final = r"\s?(?:%|percent\b|per\s?cent\b)"
_WORD: Final = f"(?:{'|'.join(sorted((*_SMALL, *_LARGE), key=len, reverse=True))})"
_PART: Final = "(?:half|halves|thirds?|quarters?|fifths?|tenths?)"
_HUNDREDTHS: Final = "百分之"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral of a text.

    Attributes:
        start: where it starts, in code points.
        end: where it ends, multiplier and percent sign included.
        value: the number; of a share the ratio.
        is_share: whether it is a percentage or a fraction.
        is_ordinal: whether it is a place in an order.
        is_spelt: whether it is written in words or in Chinese numerals.
        is_exceeded: whether 多 or 余 stands inside it, as in 10多万.
    """

    start: int
    end: int
    value: Decimal
    is_share: bool = False
    is_ordinal: bool = False
    is_spelt: bool = False
    is_exceeded: bool = False


def numerals(content: str) -> Iterator[Numeral]:
    """Yield the numerals of a text in order; they do not overlap.

    Args:
        content: a text with the digits, the point and the percent sign of ASCII.
    """
    for match in _NUMERAL.finditer(content):
        kind, printed = match.lastgroup or "", match.group()
        value = _READERS[kind](printed)
        if value is not None:
            yield Numeral(
                *match.span(),
                value,
                is_share=kind in _SHARES or re.search(rf"{_PERCENT}$", printed, re.IGNORECASE) is not None,
                is_ordinal=kind in {"ordinal", "han_ordinal"},
                is_spelt=kind != "digits" and not any(character.isdigit() for character in printed),
                is_exceeded=printed == "过半" or any(sign in _SOME for sign in printed),
            )


def _read_digits(printed: str) -> Decimal:
    (number,) = re.findall(_DIGITS, printed)
    value = Decimal(number.replace(",", ""))
    for sign in printed:
        value *= _HAN_POWERS.get(sign, 1)
    for word in re.findall(r"[a-z]+", printed.casefold()):
        value *= _LARGE.get(word, 1)
    return value / 100 if re.search(f"{_PERCENT}$", printed, re.IGNORECASE) else value


def _read_hundredths(printed: str) -> Decimal:
    return _read_either(printed.removeprefix(_HUNDREDTHS)) / 100


def _read_fraction_han(printed: str) -> Decimal | None:
    below, above = map(_read_either, printed.split("分之"))
    return above / below if below else None


def _read_tenths(printed: str) -> Decimal:
    tenths, _, half = printed.partition("成")
    return _read_either(tenths) / 10 + (Decimal("0.05") if half else 0)


def _read_half(_: str) -> Decimal:
    return Decimal("0.5")


def _read_either(printed: str) -> Decimal:
    return Decimal(printed.replace(",", "")) if printed[0].isascii() else _read_han(printed)


def _read_han(printed: str) -> Decimal:
    """Return the value of a Chinese numeral: 三百二十 is 320, 十四 is 14, 二〇二一 is 2021."""
    read = [sign for sign in printed if sign in _HAN]
    if not any(sign in _HAN_POWERS for sign in read):
        return Decimal("".join(str(_HAN_DIGITS[sign]) for sign in read))
    total = section = digit = 0
    for sign in read:
        power = _HAN_POWERS.get(sign)
        if power is None:
            digit = _HAN_DIGITS[sign]
        elif power < _MYRIAD:
            section, digit = section + (digit or 1) * power, 0
        else:
            total, section, digit = (total + section + digit or 1) * power, 0, 0
    return Decimal(total + section + digit)


def _read_words(printed: str) -> Decimal:
    """Return the value of a number in words: "two hundred and fifty" is 250."""
    total = section = 0
    for word in re.findall(r"[a-z]+", printed.casefold()):
        power = _LARGE.get(word, 1)
        if word in _SMALL:
            section += _SMALL[word]
        elif power >= _LARGE["thousand"]:
            total, section = total + (section or 1) * power, 0
        else:
            section = (section or 1) * power
    value = Decimal(total + section)
    return value / 100 if re.search(f"{_PERCENT}$", printed, re.IGNORECASE) else value


def _read_fraction(printed: str) -> Decimal:
    *before, part = re.findall(r"[a-z]+", printed.casefold())
    below = next(value for word, value in _DENOMINATORS.items() if part.startswith(word[:3]))
    return Decimal(_SMALL.get(before[0], 1) if before else 1) / below


def _read_ordinal(printed: str) -> Decimal:
    return Decimal(_ORDINALS[printed.casefold()])


_PATTERNS: Final[tuple[tuple[str, str, Callable[[str], Decimal | None]], ...]] = (
    ("hundredths", rf"{_HUNDREDTHS}(?:{_DIGITS}|[{_HAN}]+)", _read_hundredths),
    ("fraction_han", rf"(?:[{_HAN}]{{1,3}}|\d+)分之(?:[{_HAN}]{{1,3}}|\d+)", _read_fraction_han),
    ("tenths", rf"(?:[{_HAN}]|\d(?:\.\d)?)成半?(?![{_HAN}为立功本果员])", _read_tenths),
    ("half_han", "一半|半数|过半|对半", _read_half),
    (
        "digits",
        rf"{_DIGITS}(?:\s?[{_SOME}](?=[{_HAN_LARGE}]))?(?:\s?[{_HAN_LARGE}]+)?"
        rf"(?:[\s-]?(?:{_MULTIPLIER})\b)?(?:{_PERCENT})?",
        _read_digits,
    ),
    ("han_ordinal", f"第[{_HAN}]+", _read_han),
    ("han_some", f"[{_HAN}]+[{_SOME}][{_HAN_LARGE}]+", _read_han),
    ("han_counted", f"[{_HAN}]+(?=[{_SOME}]?[{_COUNTED}])", _read_han),
    ("han_long", f"[{_HAN[:12]}][十百千万萬亿億][{_HAN}]*", _read_han),
    ("han_round", f"[十百千万萬亿億]+(?=[{_SOME}])", _read_han),
    (
        "share",
        rf"(?<![\w-])(?:(?:a|one|two|three|four)[\s-])?{_PART}(?=\s+of\b)"
        rf"|(?<![\w-])(?:one|two|three|four|nine)[\s-]{_PART}\b|(?<![\w-])half\b(?!-|\s+(?:day|hour|year))",
        _read_fraction,
    ),
    (
        "words",
        rf"(?<!\w)(?:a\s+(?=(?:{_MULTIPLIER})\b))?{_WORD}\b(?:(?:\s+and\s+|[\s-]+){_WORD}\b)*(?:{_PERCENT})?",
        _read_words,
    ),
    ("ordinal", rf"(?<!\w)(?:{'|'.join(_ORDINAL_WORDS)})\b", _read_ordinal),
)
_NUMERAL: Final = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern, _ in _PATTERNS), re.IGNORECASE
)
_READERS: Final = MappingProxyType({name: reader for name, _, reader in _PATTERNS})
_SHARES: Final = frozenset({"hundredths", "fraction_han", "tenths", "half_han", "share"})
