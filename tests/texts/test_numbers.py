"""Numbers with their hedges, in English and Chinese."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.texts.numbers import PrintedNumber, numbers


def one(content: str) -> PrintedNumber:
    """Return the only number of a text."""
    (number,) = numbers(content)
    return number


@pytest.mark.parametrize(
    ("content", "value", "comparator"),
    [
        ("it had 576 exhibitors", "576", "exact"),
        ("more than 1,000 guests", "1000", "more-than"),
        ("more than 2000 guests", "2000", "more-than"),
        ("over $1.5 billion", "1500000000", "more-than"),
        ("attracted 500+ firms", "500", "more-than"),
        ("nearly 120 experts", "120", "nearly"),
        ("fewer than thirty experts", "30", "nearly"),
        ("no more than 30 experts", "30", "at-most"),
        ("no fewer than a hundred experts", "100", "at-least"),
        ("30 or more", "30", "at-least"),
        ("30 days or less", "30", "at-most"),
        ("some 40 countries", "40", "about"),
        ("40 or so", "40", "about"),
        ("two hundred and fifty-five rooms", "255", "exact"),
        ("a dozen rooms", "12", "exact"),
        ("the five-day fair", "5", "exact"),
        ("5万多名观众", "50000", "more-than"),
        ("10多万名观众", "100000", "more-than"),
        ("200余家企业", "200", "more-than"),
        ("逾３，０００项成果", "3000", "more-than"),
        ("近百家企业", "100", "nearly"),
        ("约3.5亿元", "350000000", "about"),
        ("50家以上企业", "50", "at-least"),
        ("30天以内", "30", "at-most"),
        ("40名左右代表", "40", "about"),
        ("不少于50家", "50", "at-least"),
        ("不超过50家", "50", "at-most"),
        ("不到50家", "50", "nearly"),
        ("二百五十名代表", "250", "exact"),
        ("十余个国家", "10", "more-than"),
        ("两万三千人", "23000", "exact"),
        ("近200余家机构", "200", "about"),
    ],
)
def test_numbers_of_one(content: str, value: str, comparator: str) -> None:
    """The value is read with its multiplier, and the hedge before, inside or behind it."""
    number = one(content)

    assert (number.value, number.comparators[0]) == (Decimal(value), comparator)
    assert number.is_hedged == (comparator != "exact")


@pytest.mark.parametrize(
    ("content", "value", "kind"),
    [
        ("30% of the guests", "0.3", "share"),
        ("30 percent", "0.3", "share"),
        ("half of which", "0.5", "share"),
        ("three quarters of them", "0.75", "share"),
        ("百分之三十", "0.3", "share"),
        ("占３０％", "0.3", "share"),
        ("三成半观众", "0.35", "share"),
        ("四分之一", "0.25", "share"),
        ("一半来自海外", "0.5", "share"),
        ("the 14th edition", "14", "ordinal"),
        ("for the first time", "1", "ordinal"),
        ("第十四届", "14", "ordinal"),
        ("5G networks", "5", "name"),
        ("the G20 summit", "20", "name"),
    ],
)
def test_numbers_of_shares_ordinals_and_names(content: str, value: str, kind: str) -> None:
    """A share is a ratio; places in an order and numbers in names are distinguished from counts."""
    number = one(content)

    assert (number.value, number.kind) == (Decimal(value), kind)


def test_numbers_of_a_converted_sum() -> None:
    """The sum in brackets may be rounded; both have their currency."""
    first, second = numbers("a fund of 10 billion yuan ($ 1.55 billion)")

    assert first == PrintedNumber(10, 20, Decimal(10**10), currency="CNY")
    assert second == PrintedNumber(29, 41, Decimal(1550000000), ("exact", "about"), currency="USD")


def test_numbers_of_a_range() -> None:
    """The second number of a range is its upper bound."""
    assert [n.comparators for n in numbers("100 to 200 guests")] == [("exact",), ("exact", "at-most")]


@pytest.mark.parametrize(
    "content", ["in 2021", "May 25 to 30", "2021年9月24日至28日", "at 16:34", "统一的万众", "十分重要"]
)
def test_numbers_of_none(content: str) -> None:
    """Dates, years, times and numerals inside Chinese words are no numbers."""
    assert numbers(content) == ()


@given(st.text(st.sampled_from("0123456789,. %万亿多余近百十一两分之成第and twohundrde$"), max_size=30))
def test_numbers_of_any_text(content: str) -> None:
    """Whatever the text, its numbers lie in it, in order, and none is negative."""
    found = numbers(content)

    assert all(0 <= number.start < number.end <= len(content) for number in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(number.value >= 0 and number.comparators for number in found)


@given(st.integers(0, 10**12))
def test_numbers_of_any_integer(value: int) -> None:
    """Every integer is read, with and without thousands separators, also where it could be a year."""
    assert [n.value for n in numbers(f"more than {value:,} guests")] == [value]
    assert [n.value for n in numbers(f"超过{value}名")] == [value]
