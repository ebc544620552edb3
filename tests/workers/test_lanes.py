"""The books of who runs and who waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from forumkg.workers.lanes import FOLLOWING, Lane, Lanes, Ticket

CLIENTS = st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3"])


def join(lanes: Lanes[Ticket], *clients: str) -> list[Ticket]:
    """Have a query of each client wait."""
    tickets = [Ticket(client) for client in clients]
    for ticket in tickets:
        lanes.join(ticket)
    return tickets


def running(lanes: Lanes[Ticket], *clients: str) -> list[Ticket]:
    """Have a query of each client run."""
    tickets = join(lanes, *clients)
    assert lanes.start(0) == tickets
    return tickets


def slow(lanes: Lanes[Ticket], *clients: str) -> list[Ticket]:
    """Have a query of each client run in the slow lane."""
    tickets = []
    for client in clients:
        (ticket,) = running(lanes, client)
        assert lanes.slow_down(ticket) is None
        tickets.append(ticket)
    return tickets


def test_start_in_order_of_arrival() -> None:
    """As many queries of like clients run as there are places, first come, first served."""
    lanes: Lanes[Ticket] = Lanes(2, 1, 9)
    a, b, c = join(lanes, "a", "b", "c")

    assert lanes.start(0) == [a, b]
    lanes.leave(a, 1, 0.5)
    assert lanes.start(1) == [c]


def test_start_the_client_that_runs_least_first() -> None:
    """A client without a running query goes before one with many, whoever came first."""
    lanes: Lanes[Ticket] = Lanes(2, 1, 9)
    first, _ = running(lanes, "greedy", "greedy")
    *_, modest = join(lanes, "greedy", "greedy", "modest")
    lanes.leave(first, 1, 0)

    assert lanes.start(1) == [modest]


def test_start_the_client_that_used_least_first() -> None:
    """Between clients that run as much, the one goes first that has used less lately."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    (first,) = running(lanes, "greedy")
    lanes.leave(first, 10, 10)
    _, modest = join(lanes, "greedy", "modest")

    assert lanes.start(11) == [modest]


def test_use_is_forgotten() -> None:
    """What a client used long ago does not count against one that has just used a little."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    (first,) = running(lanes, "greedy")
    lanes.leave(first, 10, 10)
    (second,) = running(lanes, "modest")
    lanes.leave(second, 1000, 0.1)
    _, forgiven = join(lanes, "modest", "greedy")

    assert lanes.start(1000) == [forgiven]


def test_use_of_many_clients_is_bounded() -> None:
    """The books do not grow with the number of clients that ever came."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    for number in range(5000):
        (ticket,) = running(lanes, f"client {number}")
        lanes.leave(ticket, number, 0.01)

    assert len(lanes._used) < 1100


def test_overflow_refuses_the_newest_of_who_waits_most() -> None:
    """A full queue is at the expense of the client who fills it, not of the one who comes last."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 3)
    running(lanes, "x")
    *_, last = join(lanes, "greedy", "greedy", "greedy")
    (modest,) = join(lanes, "modest")

    assert lanes.overflow() == [last]
    assert modest in lanes._waiting


def test_outgrow_frees_a_quick_place() -> None:
    """A query that is not quick moves on, and the next one begins beside it."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    (first,) = running(lanes, "a")
    (second,) = join(lanes, "b")

    assert lanes.start(0) == []
    assert lanes.outgrow(first, 0, 0.05)
    assert (first.lane, lanes.start(0)) == (Lane.STEADY, [second])


def test_outgrow_gives_way_where_the_steady_lane_is_full() -> None:
    """A query that is not quick stops for one that waits, and goes on where it belongs."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    (steady,) = running(lanes, "a")
    assert lanes.outgrow(steady, 0, 0.05)
    (second,) = running(lanes, "b")
    assert lanes.outgrow(second, 0, 0.05)
    assert second.lane is Lane.QUICK
    (third,) = join(lanes, "c")

    assert not lanes.outgrow(second, 0, 0.05)
    assert lanes.start(0) == [third]
    lanes.leave(steady, 1, 1)
    assert (lanes.start(1), second.lane) == ([second], Lane.STEADY)


def test_outgrow_gives_way_to_its_own_client_later() -> None:
    """A query that is not quick stops for one of the same client only when it has run for a while."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    (steady,) = running(lanes, "a")
    assert lanes.outgrow(steady, 0, 0.05)
    (second,) = running(lanes, "a")
    (third,) = join(lanes, "a")

    assert lanes.outgrow(second, 0, 0.2)
    assert (second.lane, lanes.start(0)) == (Lane.QUICK, [])
    assert not lanes.outgrow(second, 0, 0.25)
    assert lanes.start(0) == [third]


def following(lanes: Lanes[Ticket], number: int) -> list[Ticket]:
    """Let queries wait that can follow others."""
    tickets = [Ticket("a", may_follow=True) for _ in range(number)]
    for ticket in tickets:
        lanes.join(ticket)
    return tickets


def test_brief_queries_follow_each_other() -> None:
    """As long as all are brief, several are given to a worker at once; after one that is not, one is."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 99)
    waiting = following(lanes, 3 * FOLLOWING)
    begun = lanes.start(0)

    assert begun == waiting[:FOLLOWING]
    lanes.leave(begun[0], 1, 1, effort=0.001)
    assert lanes.start(1) == [waiting[FOLLOWING]]
    lanes.leave(begun[1], 2, 1, effort=0.5)
    assert lanes.start(2) == []
    for ticket in waiting[2 : FOLLOWING + 1]:
        lanes.leave(ticket, 2, 1, effort=0.001)
    assert lanes.start(2) == [waiting[FOLLOWING + 1]]
    assert lanes.start(3) == waiting[FOLLOWING + 2 : 2 * FOLLOWING + 1]


def test_query_that_cannot_follow_has_its_turn() -> None:
    """Where one waits that needs a worker of its own, no others are put behind each other before it."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 99)
    begun = lanes.start(0) if following(lanes, FOLLOWING) else []
    (alone,) = join(lanes, "b")
    following(lanes, 1)

    for ticket in begun:
        assert lanes.start(0) == []
        lanes.leave(ticket, 0, 0.001)
    assert lanes.start(0) == [alone]


def test_put_back() -> None:
    """Those that were to follow a query that is not brief wait again, in their order, and one by one."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 99)
    tickets = following(lanes, 3)
    assert lanes.start(0) == tickets

    for ticket in tickets[1:]:
        lanes.put_back(ticket, 0)
    assert lanes.start(0) == []
    assert lanes.outgrow(tickets[0], 0, 0.05)
    assert lanes.start(0) == [tickets[1]]


def test_outgrow_with_another_turn() -> None:
    """A query that may still be a quick one gives way, and waits among the quick ones, in its old place."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 9)
    (steady,) = running(lanes, "a")
    assert lanes.outgrow(steady, 0, 0.05, again=True)
    assert steady.lane is Lane.STEADY
    (second,) = running(lanes, "b")
    (third,) = join(lanes, "c")

    assert not lanes.outgrow(second, 0, 0.05, again=True)
    assert second.lane is Lane.QUICK
    assert lanes.start(0) == [second]
    assert not lanes.outgrow(second, 0, 0.05, again=False)
    assert (second.lane, lanes.start(0)) == (Lane.STEADY, [third])


def test_slow_lane_full() -> None:
    """One slow query too many ends itself where nobody holds more than their share."""
    lanes: Lanes[Ticket] = Lanes(1, 2, 9)
    slow(lanes, "a", "b")
    (third,) = running(lanes, "c")

    assert lanes.slow_down(third) is third


def test_slow_lane_held_by_one_client() -> None:
    """A client who holds the whole slow lane yields its newest place to one who has none."""
    lanes: Lanes[Ticket] = Lanes(1, 2, 9)
    _, newest = slow(lanes, "greedy", "greedy")
    (modest,) = running(lanes, "modest")

    assert lanes.slow_down(modest) is newest
    assert (modest.lane, lanes.running(Lane.SLOW)) == (Lane.SLOW, 2)


class Books(RuleBasedStateMachine):
    """Any order of events on small lanes."""

    def __init__(self) -> None:
        super().__init__()
        self.lanes: Lanes[Ticket] = Lanes(2, 1, 3)
        self.run: list[Ticket] = []
        self.wait: list[Ticket] = []
        self.now = 0.0

    def advance(self) -> None:
        """Start whose turn it is, and refuse who is one too many."""
        for ticket in self.lanes.start(self.now):
            self.wait.remove(ticket)
            self.run.append(ticket)
        for ticket in self.lanes.overflow():
            self.wait.remove(ticket)

    @rule(client=CLIENTS)
    def come(self, client: str) -> None:
        """Have a query come."""
        ticket = Ticket(client)
        self.wait.append(ticket)
        self.lanes.join(ticket)
        self.advance()

    @precondition(lambda self: self.run)
    @rule(data=st.data(), seconds=st.floats(0, 5))
    def end(self, data: st.DataObject, seconds: float) -> None:
        """Have a running query end."""
        ticket = data.draw(st.sampled_from(self.run))
        self.run.remove(ticket)
        self.now += seconds
        self.lanes.leave(ticket, self.now, seconds)
        self.advance()

    @precondition(lambda self: any(ticket.lane is Lane.QUICK for ticket in self.run))
    @rule(data=st.data(), seconds=st.floats(0.05, 1))
    def outgrow(self, data: st.DataObject, seconds: float) -> None:
        """Have a quick query be not quick."""
        ticket = data.draw(st.sampled_from([t for t in self.run if t.lane is Lane.QUICK]))
        if not self.lanes.outgrow(ticket, self.now, seconds):
            self.run.remove(ticket)
            self.wait.append(ticket)
        self.advance()

    @precondition(lambda self: any(ticket.lane is not Lane.SLOW for ticket in self.run))
    @rule(data=st.data())
    def slow_down(self, data: st.DataObject) -> None:
        """Have a query take long."""
        ticket = data.draw(st.sampled_from([t for t in self.run if t.lane is not Lane.SLOW]))
        refused = self.lanes.slow_down(ticket)
        if refused:
            self.run.remove(refused)
        self.advance()

    @invariant()
    def lanes_keep_their_bounds(self) -> None:
        """No lane and no queue holds more than it has places for, and the books agree with ours."""
        assert self.lanes.running(Lane.QUICK) <= 2
        assert self.lanes.running(Lane.STEADY) <= 2
        assert self.lanes.running(Lane.SLOW) <= 1
        assert self.lanes.waiting == len(self.wait) <= 3
        assert self.lanes._running == set(self.run)

    @invariant()
    def no_place_is_left_empty(self) -> None:
        """Nobody waits for a lane that has a free place."""
        assert not [t for t in self.wait if self.lanes.running(t.lane) < 2]


test_books_hold_in_any_order = Books.TestCase


@pytest.mark.parametrize("count", [0, 1])
def test_queue_of_length_zero_still_lets_free_places_be_taken(count: int) -> None:
    """Without a queue a query runs where a place is free, and is refused where none is."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 0)
    running(lanes, *["x"] * count)
    (ticket,) = join(lanes, "a")

    assert (lanes.start(0), lanes.overflow()) == (([ticket], []) if count == 0 else ([], [ticket]))


@given(clients=st.lists(CLIENTS, min_size=1, max_size=12))
def test_every_query_has_its_turn(clients: list[str]) -> None:
    """Whoever asks how often, each query that waits is started in the end."""
    lanes: Lanes[Ticket] = Lanes(1, 1, 99)
    waiting = join(lanes, *clients)
    started = []
    for moment in range(len(clients)):
        (ticket,) = lanes.start(moment)
        started.append(ticket)
        lanes.leave(ticket, moment, 1)

    assert {*started} == {*waiting}
