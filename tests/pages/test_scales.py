"""Where numbers lie on an axis."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.pages.scales import FULL, scale_for

NUMBERS = st.decimals(0, 10**12, allow_nan=False, places=2)


@given(sure=st.lists(NUMBERS), doubtful=st.lists(NUMBERS), limit=st.none() | NUMBERS.filter(bool))
def test_numbers_stay_on_the_axis_in_their_order(
    sure: list[Decimal], doubtful: list[Decimal], limit: Decimal | None
) -> None:
    """Every number has a place from 0 to 100, and a larger number never has a smaller one."""
    scale = scale_for(sure, others=doubtful, limit=limit)
    places = [scale.place(number) for number in sorted([*sure, *doubtful])]

    assert places == sorted(places)
    assert all(0 <= place <= FULL for place in places)


@given(sure=st.lists(NUMBERS), doubtful=st.lists(NUMBERS), limit=st.none() | NUMBERS.filter(bool))
def test_sure_numbers_are_off_the_scale_beyond_a_limit_alone(
    sure: list[Decimal], doubtful: list[Decimal], limit: Decimal | None
) -> None:
    """A number that nobody doubts is off the scale only above the limit; what is off lies past the end."""
    scale = scale_for(sure, others=doubtful, limit=limit)
    off = {number for number in (*sure, *doubtful) if scale.is_off(number)}

    assert off & {*sure} == {number for number in sure if limit is not None and number > limit}
    assert all(scale.place(number) > scale.reach for number in off)
    assert (scale.reach == FULL) == (not off)


@given(sure=st.lists(NUMBERS), limit=st.none() | NUMBERS.filter(bool))
def test_ticks_are_few_and_begin_with_0(sure: list[Decimal], limit: Decimal | None) -> None:
    """At most five numbers are marked, evenly from 0 on, none beyond the end."""
    scale = scale_for(sure, limit=limit)

    assert scale.ticks[0] == 0
    assert len(scale.ticks) <= 5
    assert {after - before for before, after in zip(scale.ticks, scale.ticks[1:], strict=False)} <= {
        scale.step
    }
    assert scale.ticks[-1] <= scale.end


@pytest.mark.parametrize(
    ("numbers", "ticks"),
    [
        ([], ["0", "1"]),
        (["0"], ["0", "1"]),
        (["0.3"], ["0", "0.1", "0.2", "0.3"]),
        (["1"], ["0", "1"]),
        (["5", "4"], ["0", "2", "4", "6"]),
        (["60", "150"], ["0", "50", "100", "150"]),
        (["27000"], ["0", "10000", "20000", "30000"]),
        (["10000000000"], ["0", "2500000000", "5000000000", "7500000000", "10000000000"]),
    ],
)
def test_ticks_are_round(numbers: list[str], ticks: list[str]) -> None:
    """The marked numbers are those that people would mark; things that are counted are not cut to pieces."""
    assert scale_for(map(Decimal, numbers)).ticks == tuple(map(Decimal, ticks))


def test_limit_is_the_end() -> None:
    """The most that is possible ends the scale, leaves room for what exceeds it, and for its own number."""
    scale = scale_for([Decimal(50)], others=[Decimal(500)], limit=Decimal(249))

    assert scale.end == scale.limit == Decimal(249)
    assert list(map(int, scale.ticks)) == [0, 100, 200]
    assert (scale.place(Decimal(0)), scale.place(Decimal(249)), scale.place(Decimal(500))) == (0, 84, 89)
    assert scale_for([Decimal(50)], limit=Decimal(249)).reach == FULL
