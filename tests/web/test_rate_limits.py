"""The rate limits of clients, by a clock that the tests set."""

import math
import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from forumkg import errors
from forumkg.errors import TooManyRequests
from forumkg.web.rate_limits import RateLimit, RateLimiter, limit_pages

NO_LIMIT = RateLimit(0, 0)
PER_MINUTE = RateLimit.per_minute(60)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def refused(limiter: RateLimiter, client: str) -> int:
    """Return for how many seconds a client is refused, 0 where it is let in."""
    try:
        limiter.check(client)
    except TooManyRequests as error:
        return error.retry_after or 0
    return 0


def test_seconds_are_used_up() -> None:
    """A client that has used its seconds is refused until some have flowed back; no other client notices."""
    clock = Clock()
    limiter = RateLimiter(PER_MINUTE, NO_LIMIT, clock=clock)

    limiter.charge("a", seconds=59.5)
    limiter.check("a")
    limiter.charge("a", seconds=30.5)

    limiter.check("b")
    with pytest.raises(TooManyRequests) as refusal:
        limiter.check("a")
    assert refusal.value.retry_after == 31
    assert str(refusal.value) == (
        "You have used up your seconds of query time (60 at once, and 1 more each second): "
        "wait 31 s before the next request."
    )
    clock.now += 30
    assert refused(limiter, "a") == 1
    clock.now += 1
    limiter.check("a")


def test_errors_are_used_up() -> None:
    """A client that fails again and again is refused."""
    limiter = RateLimiter(NO_LIMIT, RateLimit.per_minute(3), clock=Clock())

    for _ in range(3):
        limiter.check("a")
        limiter.charge("a", seconds=1000, errors=1)

    with pytest.raises(
        TooManyRequests, match=r"^You have used up your failed requests \(3 at once, and 0\.05 "
    ):
        limiter.check("a")


def test_no_limit() -> None:
    """A limit of zero limits nothing, and remembers no client."""
    limiter = RateLimiter(NO_LIMIT, NO_LIMIT)

    limiter.charge("a", seconds=1e9, errors=10**9)

    limiter.check("a")
    assert limiter.clients == 0


def test_clients_are_forgotten() -> None:
    """A client whose buckets are full again is forgotten, and so is the oldest one beyond the bound."""
    clock = Clock()
    limiter = RateLimiter(PER_MINUTE, NO_LIMIT, clock=clock, max_clients=2)

    limiter.charge("a", seconds=10)
    limiter.charge("b", seconds=1)
    assert limiter.clients == 2
    limiter.charge("c", seconds=1)
    assert limiter.clients == 2
    clock.now += 60
    limiter.charge("d", seconds=1)

    assert limiter.clients == 1


def test_many_threads() -> None:
    """No charge is lost when many threads charge at once."""
    limiter = RateLimiter(RateLimit(8000, 1), NO_LIMIT, clock=Clock())

    def charge() -> None:
        for _ in range(1000):
            limiter.charge("a", seconds=1)

    threads = [threading.Thread(target=charge) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused(limiter, "a") == 1


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
    limiter = RateLimiter(RateLimit(capacity, refill), NO_LIMIT, clock=clock)
    start = clock.now
    used = {"a": 0.0, "b": 0.0}

    for client, pause, cost in steps:
        clock.now += pause
        if not refused(limiter, client):
            assert used[client] <= (capacity + refill * (clock.now - start)) * (1 + 1e-9)
            used[client] += cost
            limiter.charge(client, seconds=cost)


@given(AMOUNTS, AMOUNTS, STEPS)
def test_retry_after_keeps_its_word(
    capacity: float, refill: float, steps: list[tuple[str, float, float]]
) -> None:
    """A client that waits for Retry-After is let in; a client that never asked always is."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(capacity, refill), RateLimit(capacity, refill), clock=clock)

    for client, pause, cost in steps:
        clock.now += pause
        wait = refused(limiter, client)
        if wait:
            clock.now += wait
            assert refused(limiter, client) == 0
        limiter.charge(client, seconds=cost, errors=int(cost) % 3)

    assert refused(limiter, "c") == 0


@given(STEPS, st.integers(min_value=1, max_value=5))
def test_memory_is_bounded(steps: list[tuple[str, float, float]], bound: int) -> None:
    """However many clients come, no more than the bound are remembered."""
    clock = Clock()
    limiter = RateLimiter(PER_MINUTE, PER_MINUTE, clock=clock, max_clients=bound)

    for number, (_, pause, cost) in enumerate(steps):
        clock.now += pause / 100
        limiter.charge(f"192.0.2.{number}", seconds=cost, errors=1)
        assert limiter.clients <= bound


OUTCOMES = st.sampled_from(["answered", "cached", "unchanged", "ZeroDivisionError", *errors.__all__])
# Sixty-fourths of a second, which floating-point numbers add up exactly.
WORK = st.integers(0, 64 * 64).map(lambda parts: parts / 64)


@given(st.lists(st.tuples(st.sampled_from("ab"), OUTCOMES, WORK), max_size=40))
def test_settle_adds_up_whatever_the_outcome(settled: list[tuple[str, str, float]]) -> None:
    """The seconds that a client is charged are the sum of all its work, whatever became of each request."""
    limiter = RateLimiter(RateLimit(1, 1), NO_LIMIT, clock=Clock())
    worked = {"a": 0.0, "b": 0.0}

    for client, outcome, seconds in settled:
        limiter.settle(client, outcome, seconds)
        worked[client] += seconds

    for client, seconds in worked.items():
        assert refused(limiter, client) == (math.floor(seconds - 1) + 1 if seconds >= 1 else 0)


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        *(("answered", 0), ("cached", 0), ("unchanged", 0)),
        *(("QueryCancelled", 0), ("PoolBusy", 0), ("TooManyRequests", 0)),
        *(("QueryError", 1), ("QueryTimeout", 1), ("WorkerLost", 1), ("ZeroDivisionError", 1)),
    ],
)
def test_settle_counts_errors(outcome: str, counted: int) -> None:
    """A failed request counts, also if the fault is the server's; a refusal by the limits does not."""
    limiter = RateLimiter(NO_LIMIT, RateLimit(1, 0.5), clock=Clock())

    limiter.settle("a", outcome, 100)

    assert refused(limiter, "a") == counted


def work(seconds: float) -> None:
    """Use the processor for some time of this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def page() -> str:
    """Make a page that takes time."""
    work(0.04)
    return "page"


def fail() -> str:
    """Use the processor, then fail by a mistake of ours."""
    work(0.04)
    return f"{1 / 0}"


def test_charging_takes_processor_time_whatever_the_end() -> None:
    """Work in this process is charged even if it fails; waiting is not."""
    limiter = RateLimiter(RateLimit(0.02, 0.001), NO_LIMIT)

    with limiter.charging("b"):
        threading.Event().wait(0.05)
    with pytest.raises(ZeroDivisionError), limiter.charging("a"):
        fail()

    assert refused(limiter, "a") >= 1
    assert refused(limiter, "b") == 0


def app_with(limiter: RateLimiter) -> FlaskClient:
    """Return a client of an application with a page that takes time and one that fails."""
    app = Flask(__name__)
    app.add_url_rule("/page", "page", page)
    app.add_url_rule("/broken", "broken", fail)
    app.add_url_rule("/livez", "livez", lambda: "live")
    app.add_url_rule("/sparql/queries/<name>", "cancel", lambda name: name, methods=["DELETE"])
    app.register_error_handler(TooManyRequests, lambda error: (str(error), error.status))
    limit_pages(app, limiter)
    return app.test_client()


def test_limit_pages_charges_processor_time() -> None:
    """A page costs its client the processor time; health and cancelling are answered all the same."""
    client = app_with(RateLimiter(RateLimit(0.02, 0.001), NO_LIMIT, clock=Clock()))

    assert [client.get("/page").status_code for _ in range(2)] == [200, 429]
    assert client.get("/page", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    assert client.get("/livez").status_code == 200
    assert client.delete("/sparql/queries/a").status_code == 200


def test_limit_pages_charges_errors_of_ours() -> None:
    """A request that ends in a mistake of ours costs its time, and counts as a failed one."""
    limiter = RateLimiter(RateLimit(0.02, 0.001), RateLimit(1, 1), clock=Clock())

    assert app_with(limiter).get("/broken").status_code == 500
    with pytest.raises(TooManyRequests, match="seconds of query time"):
        limiter.check("127.0.0.1", also_errors=False)
    errors_alone = RateLimiter(NO_LIMIT, RateLimit(1, 1), clock=Clock())
    assert app_with(errors_alone).get("/broken").status_code == 500
    with pytest.raises(TooManyRequests, match="failed requests"):
        errors_alone.check("127.0.0.1")
