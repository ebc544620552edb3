"""The budgets of clients, by a clock that the tests set."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import TooManyRequests
from forumkg.web.budgets import Budget, Budgets

NO_LIMIT = Budget(0, 0)
PER_MINUTE = Budget.per_minute(60)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def refused(budgets: Budgets, client: str) -> int:
    """Return for how many seconds a client is refused, 0 where it is let in."""
    try:
        budgets.check(client)
    except TooManyRequests as error:
        return error.retry_after or 0
    return 0


def test_seconds_are_used_up() -> None:
    """A client that has used its seconds is refused until some have flowed back; no other client notices."""
    clock = Clock()
    budgets = Budgets(PER_MINUTE, NO_LIMIT, clock=clock)

    budgets.charge("a", seconds=59.5)
    budgets.check("a")
    budgets.charge("a", seconds=30.5)

    budgets.check("b")
    with pytest.raises(TooManyRequests) as refusal:
        budgets.check("a")
    assert refusal.value.retry_after == 31
    assert str(refusal.value) == (
        "You have used up your seconds of query time (60 at once, and 1 more each second): "
        "wait 31 s before the next request."
    )
    clock.now += 30
    assert refused(budgets, "a") == 1
    clock.now += 1
    budgets.check("a")


def test_errors_are_used_up() -> None:
    """A client that fails again and again is refused."""
    budgets = Budgets(NO_LIMIT, Budget.per_minute(3), clock=Clock())

    for _ in range(3):
        budgets.check("a")
        budgets.charge("a", seconds=1000, errors=1)

    with pytest.raises(
        TooManyRequests, match=r"^You have used up your failed requests \(3 at once, and 0\.05 "
    ):
        budgets.check("a")


def test_no_limit() -> None:
    """A budget of zero limits nothing, and remembers nobody."""
    budgets = Budgets(NO_LIMIT, NO_LIMIT)

    budgets.charge("a", seconds=1e9, errors=10**9)

    budgets.check("a")
    assert budgets.clients == 0


def test_clients_are_forgotten() -> None:
    """A client whose buckets are full again is forgotten, and so is the oldest one beyond the bound."""
    clock = Clock()
    budgets = Budgets(PER_MINUTE, NO_LIMIT, clock=clock, max_clients=2)

    budgets.charge("a", seconds=10)
    budgets.charge("b", seconds=1)
    assert budgets.clients == 2
    budgets.charge("c", seconds=1)
    assert budgets.clients == 2
    clock.now += 60
    budgets.charge("d", seconds=1)

    assert budgets.clients == 1


def test_many_threads() -> None:
    """No charge is lost when many threads charge at once."""
    budgets = Budgets(Budget(8000, 1), NO_LIMIT, clock=Clock())

    def charge() -> None:
        for _ in range(1000):
            budgets.charge("a", seconds=1)

    threads = [threading.Thread(target=charge) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused(budgets, "a") == 1


AMOUNTS = st.floats(min_value=0.01, max_value=1000)
STEPS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.floats(min_value=0, max_value=600),
        st.floats(min_value=0, max_value=100),
    ),
    max_size=40,
)


@given(AMOUNTS, AMOUNTS, STEPS)
def test_no_client_gets_more_than_its_share(
    capacity: float, refill: float, steps: list[tuple[str, float, float]]
) -> None:
    """What a client uses never exceeds what it has at once and what flows back, but for its last request."""
    clock = Clock()
    budgets = Budgets(Budget(capacity, refill), NO_LIMIT, clock=clock)
    start = clock.now
    used = {"a": 0.0, "b": 0.0}

    for client, pause, cost in steps:
        clock.now += pause
        if not refused(budgets, client):
            assert used[client] <= (capacity + refill * (clock.now - start)) * (1 + 1e-9)
            used[client] += cost
            budgets.charge(client, seconds=cost)


@given(AMOUNTS, AMOUNTS, STEPS)
def test_retry_after_keeps_its_word(
    capacity: float, refill: float, steps: list[tuple[str, float, float]]
) -> None:
    """A client that waits as long as it is told is let in; a client that never asked always is."""
    clock = Clock()
    budgets = Budgets(Budget(capacity, refill), Budget(capacity, refill), clock=clock)

    for client, pause, cost in steps:
        clock.now += pause
        wait = refused(budgets, client)
        if wait:
            clock.now += wait
            assert refused(budgets, client) == 0
        budgets.charge(client, seconds=cost, errors=int(cost) % 3)

    assert refused(budgets, "c") == 0


@given(STEPS, st.integers(min_value=1, max_value=5))
def test_memory_is_bounded(steps: list[tuple[str, float, float]], bound: int) -> None:
    """However many clients come, no more than the bound are remembered."""
    clock = Clock()
    budgets = Budgets(PER_MINUTE, PER_MINUTE, clock=clock, max_clients=bound)

    for number, (_, pause, cost) in enumerate(steps):
        clock.now += pause / 100
        budgets.charge(f"192.0.2.{number}", seconds=cost, errors=1)
        assert budgets.clients <= bound
