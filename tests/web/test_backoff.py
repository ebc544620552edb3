"""The waits of clients that abandon work, on timers that the tests let run out."""

from collections.abc import Callable

import pytest

from forumkg.web.backoff import FIRST, LONGEST, Backoff


class Timers:
    """Timers that run out when a test says so."""

    def __init__(self) -> None:
        self.running: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> None:
        """Start a timer."""
        self.running.append((seconds, callback))

    def run_out(self) -> float:
        """Let the timer run out that was started first; return its seconds."""
        seconds, callback = self.running.pop(0)
        callback()
        return seconds


@pytest.fixture
def timers() -> Timers:
    """Return timers, of which none runs."""
    return Timers()


def test_client_that_abandons_work_waits(timers: Timers) -> None:
    """A client waits after abandoned work, another one does not, and the end of the wait is announced."""
    announced: list[str] = []
    backoff = Backoff(lambda: announced.append("resume"), call_later=timers.call_later)
    assert not backoff.is_waiting("gone")

    backoff.note_abandoned("gone")
    assert backoff.is_waiting("gone")
    assert not backoff.is_waiting("other")
    assert announced == []

    assert timers.run_out() == FIRST
    assert not backoff.is_waiting("gone")
    assert announced == ["resume"]


def test_wait_doubles_up_to_the_longest(timers: Timers) -> None:
    """Each abandoned piece of work doubles the wait, until it is the longest."""
    backoff = Backoff(call_later=timers.call_later)

    waits = []
    for _ in range(7):
        backoff.note_abandoned("gone")
        waits.append(timers.run_out())
        timers.running.clear()

    assert waits == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST, 16 * FIRST, LONGEST, LONGEST]


def test_answered_work_ends_the_doubling(timers: Timers) -> None:
    """After an answer that was awaited, the next wait is the first one again; one that runs goes on."""
    backoff = Backoff(call_later=timers.call_later)
    for _ in range(3):
        backoff.note_abandoned("gone")
        timers.run_out()
        timers.running.clear()

    backoff.note_answered("gone")
    assert len(backoff) == 0
    backoff.note_abandoned("gone")
    backoff.note_answered("gone")

    assert backoff.is_waiting("gone")
    assert timers.run_out() == FIRST


def test_abandoned_work_is_forgotten(timers: Timers) -> None:
    """No record stays of a client that comes no more; an old timer does not forget a later record."""
    backoff = Backoff(call_later=timers.call_later)
    backoff.note_abandoned("gone")
    timers.run_out()
    backoff.note_abandoned("gone")
    forget_first, end_second = timers.running
    forget_first[1]()
    assert backoff.is_waiting("gone")

    end_second[1]()
    timers.running[-1][1]()
    assert len(backoff) == 0
