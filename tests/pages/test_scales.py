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
    """A number without doubt is off the scale only far above a limit; what is off lies past the end."""
    scale = scale_for(sure, others=doubtful, limit=limit)
    off = {number for number in (*sure, *doubtful) if scale.is_off(number)}

    passing = {number for number in (*sure, *doubtful) if number > scale.end}
    is_far = limit is not None and any(number > 4 * limit for number in passing)
    assert off == (passing if limit is None or is_far else set())
    assert off & {*sure} == {number for number in sure if limit is not None and is_far and number > limit}
    assert all(scale.place(number) > scale.reach for number in off)
    assert all(scale.place(number) >= scale.reach for number in passing)
    assert (scale.reach == FULL) == (not passing)


@given(sure=st.lists(NUMBERS), limit=st.none() | NUMBERS.filter(bool))
def test_ticks_are_few_and_begin_with_0(sure: list[Decimal], limit: Decimal | None) -> None:
    """Few numbers are marked, from 0 on by steps, none beyond the end; without a limit, each step is."""
    scale = scale_for(sure, limit=limit)

    assert scale.ticks[0] == 0
    assert len(scale.ticks) <= (5 if scale.reach == FULL else 9)
    assert all(tick % scale.step == 0 for tick in scale.ticks)
    assert scale.ticks == tuple(sorted(set(scale.ticks)))
    assert scale.ticks[-1] <= max(scale.end, scale.top)
    assert limit is not None or len(scale.ticks) == scale.end / scale.step + 1


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


def test_what_exceeds_the_limit_is_drawn_to_scale() -> None:
    """The axis goes on beyond the most that is possible: twice as much lies twice as far."""
    scale = scale_for([Decimal(50)], others=[Decimal(500)], limit=Decimal(249))

    assert scale.end == scale.limit == Decimal(249)
    assert list(map(int, scale.ticks)) == [0, 100, 400, 500]
    assert scale.place(Decimal(498)) == pytest.approx(2 * scale.place(Decimal(249)), abs=0.01)
    assert scale_for([Decimal(50)], limit=Decimal(249)).reach == FULL


def test_what_exceeds_the_limit_by_far_is_off_the_scale() -> None:
    """A number of more than four times the limit would press the others together."""
    scale = scale_for([Decimal(50)], others=[Decimal(5000)], limit=Decimal(249))

    assert list(map(int, scale.ticks)) == [0, 100, 200]
    assert (scale.place(Decimal(0)), scale.place(Decimal(249)), scale.place(Decimal(5000))) == (0, 84, 89)
