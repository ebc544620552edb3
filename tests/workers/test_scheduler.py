"""Which query runs next: lanes, queues and shares, without processes and without a clock."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pools import job

from forumkg.workers import scheduler
from forumkg.workers.scheduler import TRANSITIONS, QueryState, QueryTask, Scheduler

CLIENTS = st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"])
QUEUED, RUNNING = QueryState.QUEUED, QueryState.RUNNING
SLOW_QUEUED, SLOW, DONE = QueryState.SLOW_QUEUED, QueryState.SLOW, QueryState.DONE
LOOP = asyncio.new_event_loop()


@pytest.fixture(scope="module", autouse=True)
def _loop() -> Iterator[None]:
    """Close the event loop that futures belong to; it never runs."""
    yield
    LOOP.close()


def task(client: str) -> QueryTask:
    """Return a query of a client."""
    return QueryTask(job("ASK {}", client=client), LOOP.create_future())


def add(scheduler: Scheduler, *clients: str) -> list[QueryTask]:
    """Let a query of each client wait."""
    tasks = [task(client) for client in clients]
    for each in tasks:
        scheduler.add(each)
    return tasks


def start(scheduler: Scheduler, now: float = 0) -> list[QueryTask]:
    """Start all whose turn it is."""
    started = []
    while each := scheduler.start_next(now):
        started.append(each)
    return started


def running(scheduler: Scheduler, *clients: str) -> list[QueryTask]:
    """Let a query of each client run in the fast lane."""
    tasks = add(scheduler, *clients)
    assert start(scheduler) == tasks
    return tasks


def slow(scheduler: Scheduler, *clients: str) -> list[QueryTask]:
    """Let a query of each client run in the slow lane."""
    tasks = []
    for client in clients:
        (each,) = running(scheduler, client)
        assert scheduler.slow_down(each) is None
        tasks.append(each)
    return tasks


class TestStates:
    """The table of transitions."""

    @pytest.mark.parametrize("before", QueryState)
    @pytest.mark.parametrize("after", QueryState)
    def test_transition(self, before: QueryState, after: QueryState) -> None:
        """A state changes as the table says, and in no other way."""
        each = task("a")
        each.state = before

        if (before, after) in TRANSITIONS:
            each.become(after)
            assert each.state is after
        else:
            with pytest.raises(ValueError, match=f"{before.value} cannot become {after.value}"):
                each.become(after)
            assert each.state is before

    def test_documented(self) -> None:
        """The table in the documentation of the module is the one that holds."""
        assert scheduler.__doc__
        table = [line.split()[:2] for line in scheduler.__doc__.splitlines() if line.startswith("    ")][1:]
        read = set()
        for before, after in table:
            sources = (
                [each for each in QueryState if each is not DONE] if before == "any" else [QueryState[before]]
            )
            read |= {(source, QueryState[after]) for source in sources}

        assert read == TRANSITIONS


def test_start_in_order_of_arrival() -> None:
    """As many queries of like clients run as there are places, first come, first served."""
    scheduler = Scheduler(2, 1, 9)
    a, b, c = add(scheduler, "a", "b", "c")

    assert start(scheduler) == [a, b]
    scheduler.finish(a)
    assert start(scheduler) == [c]


def test_start_the_client_that_runs_least_first() -> None:
    """A client without a running query goes before one with many, even if it came later."""
    scheduler = Scheduler(2, 1, 9)
    first, _ = running(scheduler, "greedy", "greedy")
    *_, modest = add(scheduler, "greedy", "greedy", "modest")
    scheduler.finish(first)

    assert start(scheduler) == [modest]


def test_start_the_client_that_used_least_first() -> None:
    """Between clients that run as much, the one goes first that has used less lately."""
    scheduler = Scheduler(1, 1, 9)
    (first,) = running(scheduler, "greedy")
    scheduler.note_use("greedy", 10, 10)
    scheduler.finish(first)
    _, modest = add(scheduler, "greedy", "modest")

    assert start(scheduler, 11) == [modest]


def test_use_is_forgotten() -> None:
    """What a client used long ago does not count against one that has just used a little."""
    scheduler = Scheduler(1, 1, 9)
    scheduler.note_use("greedy", 10, 10)
    scheduler.note_use("modest", 1000, 0.1)
    _, forgiven = add(scheduler, "modest", "greedy")

    assert start(scheduler, 1000) == [forgiven]


def test_use_of_many_clients_is_bounded() -> None:
    """The books do not grow with the number of clients that ever came."""
    scheduler = Scheduler(1, 1, 9)
    for number in range(5000):
        scheduler.note_use(f"client {number}", number, 0.01)

    assert len(scheduler._used) < 1100


def test_refuse_the_newest_of_the_client_who_waits_most() -> None:
    """A full queue is at the expense of the client who fills it, not of the one who comes last."""
    scheduler = Scheduler(1, 1, 3)
    running(scheduler, "x")
    *_, last = add(scheduler, "greedy", "greedy", "greedy")
    (modest,) = add(scheduler, "modest")

    assert scheduler.refuse() == [last]
    assert (last.state, modest.state) == (DONE, QUEUED)


def test_refuse_in_the_slow_queue() -> None:
    """The queue of the slow lane has the same bound, and the same shares."""
    scheduler = Scheduler(1, 1, 2)
    slow(scheduler, "x")
    waiting = []
    for client in ("greedy", "modest", "greedy"):
        (each,) = running(scheduler, client)
        assert scheduler.slow_down(each) is each
        waiting.append(each)

    assert scheduler.refuse() == [waiting[2]]


def test_slow_down_frees_a_fast_place() -> None:
    """A query that works for long moves on, and the next one begins beside it."""
    scheduler = Scheduler(1, 1, 9)
    (first,) = running(scheduler, "a")
    (second,) = add(scheduler, "b")

    assert start(scheduler) == []
    assert scheduler.slow_down(first) is None
    assert (first.state, start(scheduler)) == (SLOW, [second])


def test_slow_query_waits_for_a_place() -> None:
    """Where the slow lane is full, a query waits, and begins anew there when it has a place."""
    scheduler = Scheduler(1, 2, 9)
    first, _ = slow(scheduler, "a", "b")
    (third,) = running(scheduler, "c")

    assert scheduler.slow_down(third) is third
    assert (third.state, start(scheduler)) == (SLOW_QUEUED, [])
    scheduler.finish(first)
    assert (start(scheduler), third.state) == ([third], SLOW)


def test_slow_lane_held_by_one_client() -> None:
    """A client who holds the whole slow lane yields its newest place to one who has none, and waits."""
    scheduler = Scheduler(1, 2, 9)
    _, newest = slow(scheduler, "greedy", "greedy")
    (modest,) = running(scheduler, "modest")

    assert scheduler.slow_down(modest) is newest
    assert (modest.state, newest.state) == (SLOW, SLOW_QUEUED)


def test_requeue_keeps_the_place() -> None:
    """A query that has lost its worker is the next to begin."""
    scheduler = Scheduler(1, 1, 9)
    (first,) = running(scheduler, "a")
    add(scheduler, "a")

    scheduler.requeue(first)
    assert start(scheduler) == [first]


def test_gives_way_to_others_first() -> None:
    """A query gives way to others after 50 ms of work, and to one of its own client after 250 ms."""
    scheduler = Scheduler(1, 1, 9)
    (first,) = running(scheduler, "a")
    assert not scheduler.gives_way(first, 0.25)
    add(scheduler, "a")
    assert scheduler.gives_way(first, 0.25)
    assert not scheduler.gives_way(first, 0.05)
    add(scheduler, "b")
    assert scheduler.gives_way(first, 0.05)
    assert not scheduler.gives_way(first, 0.04)


@pytest.mark.parametrize("count", [0, 1])
def test_queue_of_length_zero_still_lets_free_places_be_taken(count: int) -> None:
    """Without a queue a query runs where a place is free, and is refused where none is."""
    scheduler = Scheduler(1, 1, 0)
    running(scheduler, *["x"] * count)
    (each,) = add(scheduler, "a")

    assert (start(scheduler), scheduler.refuse()) == (([each], []) if count == 0 else ([], [each]))


@given(clients=st.lists(CLIENTS, min_size=1, max_size=12))
def test_every_query_has_its_turn(clients: list[str]) -> None:
    """However often each client asks, every query that waits is started in the end."""
    scheduler = Scheduler(1, 1, 99)
    waiting = add(scheduler, *clients)
    started = []
    for moment in range(len(clients)):
        (each,) = start(scheduler, moment)
        started.append(each)
        scheduler.note_use(each.client, moment, 1)
        scheduler.finish(each)

    assert {*started} == {*waiting}


@given(clients=st.lists(CLIENTS, min_size=1, max_size=12))
def test_every_slow_query_has_its_turn(clients: list[str]) -> None:
    """Of queries that are all slow, each has a place of the slow lane in the end, and none is refused."""
    scheduler = Scheduler(2, 2, 99)
    waiting = add(scheduler, *clients)
    ended = set()
    for moment in range(10 * len(clients)):
        start(scheduler, moment)
        for each in [*scheduler]:
            if each.state is RUNNING:
                scheduler.slow_down(each)
        oldest = next((each for each in scheduler if each.state is SLOW), None)
        if oldest:
            scheduler.finish(oldest)
            ended.add(oldest)

    assert ended == {*waiting}


class Books(RuleBasedStateMachine):
    """Any order of events on small lanes."""

    def __init__(self) -> None:
        super().__init__()
        self.scheduler = Scheduler(2, 2, 3)
        self.tasks: list[QueryTask] = []
        self.now = 0.0

    def of(self, *states: QueryState) -> list[QueryTask]:
        """Return the queries in some states."""
        return [each for each in self.tasks if each.state in states]

    def advance(self) -> None:
        """Start all queries that have a place, and refuse those beyond the bound."""
        while self.scheduler.start_next(self.now):
            pass
        waiting = len(self.of(QUEUED)), len(self.of(SLOW_QUEUED))
        refused = self.scheduler.refuse()
        assert len(refused) == sum(max(0, count - 3) for count in waiting)
        assert all(each.state is DONE for each in refused)

    @rule(client=CLIENTS)
    def come(self, client: str) -> None:
        """Add a query."""
        self.tasks += add(self.scheduler, client)
        self.advance()

    @precondition(lambda self: self.of(QUEUED, RUNNING, SLOW_QUEUED, SLOW))
    @rule(data=st.data(), seconds=st.floats(0, 5))
    def end(self, data: st.DataObject, seconds: float) -> None:
        """End a query, wherever it is."""
        each = data.draw(st.sampled_from(self.of(QUEUED, RUNNING, SLOW_QUEUED, SLOW)))
        self.now += seconds
        self.scheduler.note_use(each.client, self.now, seconds)
        self.scheduler.finish(each)
        self.advance()

    @precondition(lambda self: self.of(RUNNING))
    @rule(data=st.data())
    def slow_down(self, data: st.DataObject) -> None:
        """Let a query work for long."""
        each = data.draw(st.sampled_from(self.of(RUNNING)))
        was_full = len(self.of(SLOW)) == 2
        displaced = self.scheduler.slow_down(each)
        assert (displaced is not None) == was_full
        assert displaced is None or displaced.state is SLOW_QUEUED
        assert displaced is each or each.state is SLOW
        self.advance()

    @precondition(lambda self: self.of(RUNNING, SLOW))
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        """Take a query from its worker."""
        self.scheduler.requeue(data.draw(st.sampled_from(self.of(RUNNING, SLOW))))
        self.advance()

    @invariant()
    def lanes_keep_their_bounds(self) -> None:
        """No lane and no queue holds more than it has places for, and the books agree with ours."""
        bounds = {RUNNING: 2, SLOW: 2, QUEUED: 3, SLOW_QUEUED: 3}
        for state, bound in bounds.items():
            assert self.scheduler.count(state) == len(self.of(state)) <= bound
        assert {*self.scheduler} == {*self.of(*bounds)}

    @invariant()
    def no_place_is_left_empty(self) -> None:
        """No query waits for a lane that has a free place."""
        assert self.scheduler.startable == 0
        assert not (self.of(QUEUED) and len(self.of(RUNNING)) < 2)
        assert not (self.of(SLOW_QUEUED) and len(self.of(SLOW)) < 2)

    @invariant()
    def running_queries_are_counted(self) -> None:
        """Of each client the books know how many queries run."""
        running = [each.client for each in self.of(RUNNING, SLOW)]
        assert {client: running.count(client) for client in running} == {**self.scheduler._running}


test_books_hold_in_any_order = Books.TestCase
