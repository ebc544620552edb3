"""Dates, years and times as they are printed in English and Chinese."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.texts.dates import PrintedDate, dates, narrow


@pytest.mark.parametrize(
    ("content", "printed", "expected"),
    [
        ("on May 24 (Reuters)", "May 24", (None, 5, 24, None)),
        ("from September 24th to 28th, the", "September 24th to 28th", (None, 9, 24, None)),
        ("from September 24 to October 2, 2021.", "September 24 to October 2, 2021", (2021, 9, 24, None)),
        ("Sept. 3, 2021", "Sept. 3, 2021", (2021, 9, 3, None)),
        ("the 24 to 28 May 2023 event", "24 to 28 May 2023", (2023, 5, 24, None)),
        ("in June 2022 it", "June 2022", (2022, 6, None, None)),
        ("on 2023-05-24", "2023-05-24", (2023, 5, 24, None)),
        ("at 16:34:15", "16:34:15", (None, None, None, "16:34:15")),
        ("the 2021 forum", "2021", (2021, None, None, None)),
        ("2021年9月24日至28日举行", "2021年9月24日至28日", (2021, 9, 24, None)),
        ("将于９月２４日开幕", "９月２４日", (None, 9, 24, None)),
        ("24日开幕", "24日", (None, None, 24, None)),
        ("早在二〇〇七年创办", "二〇〇七年", (2007, None, None, None)),
    ],
)
def test_dates_of_one(
    content: str, printed: str, expected: tuple[int | None, int | None, int | None, str | None]
) -> None:
    """One date is found whole, with the parts that are printed."""
    (date,) = dates(content)

    assert content[date.start : date.end] == printed
    assert (date.year, date.month, date.day, date.time) == expected


@pytest.mark.parametrize(
    "content", ["2000多名嘉宾", "27,000 metres", "$2021", "12.2021", "may 24 people", "20230524"]
)
def test_dates_of_none(content: str) -> None:
    """Amounts that look like years, and the verb "may", are no dates."""
    assert dates(content) == ()


def test_dates_in_order() -> None:
    """Several dates come in the order of the text."""
    assert dates("2020 to 2021") == (PrintedDate(0, 4, 2020), PrintedDate(8, 12, 2021))


@given(st.text(st.sampled_from("0123456789 年月日May，,.:-/至２"), max_size=30))
def test_dates_of_any_text(content: str) -> None:
    """Whatever the text, its dates lie in it, in order, with months and days that exist."""
    found = dates(content)

    assert len(narrow(content)) == len(content)
    assert all(0 <= date.start < date.end <= len(content) for date in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(date.month is None or 1 <= date.month <= 12 for date in found)
    assert all(date.day is None or 1 <= date.day <= 31 for date in found)
