"""The queue of documents to validate, with a clock of the test and no process."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pools import background
from processes import until

from forumkg.errors import PoolBusy, QueryCancelled
from forumkg.workers.validation_queue import ValidationQueue


def never() -> bool:
    """Return that a client is still there."""
    return False


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Held:
    """A document that holds its place until it is released."""

    def __init__(self, queue: ValidationQueue, client: str, threads: ThreadPoolExecutor) -> None:
        self.began, self.end = threading.Event(), threading.Event()
        self.done: Future[None] = threads.submit(self._hold, queue, client)

    def _hold(self, queue: ValidationQueue, client: str) -> None:
        with queue.place(client, never):
            self.began.set()
            self.end.wait(60)

    def release(self) -> None:
        """End it."""
        self.end.set()
        self.done.result(60)


@contextmanager
def holding(queue: ValidationQueue, *clients: str) -> Iterator[tuple[ThreadPoolExecutor, list[Held]]]:
    """Hold a place for each client, and release all at the end."""
    with background() as threads:
        held = [Held(queue, client, threads) for client in clients]
        try:
            assert all(each.began.wait(60) for each in held)
            yield threads, held
        finally:
            for each in held:
                each.end.set()


def test_one_place_for_a_client() -> None:
    """The second document of a client waits for its first, and another client has the other place at once."""
    queue = ValidationQueue(2, 60, patience=60)
    with holding(queue, "greedy") as (threads, (first,)):
        second = Held(queue, "greedy", threads)
        until(lambda: queue._waiting)
        other = Held(queue, "other", threads)

        assert other.began.wait(60)
        assert not second.began.is_set()
        other.release()
        first.release()
        assert second.began.wait(60)
        second.release()


def test_order_of_arrival() -> None:
    """Waiting documents start in their order of arrival."""
    queue = ValidationQueue(1, 60, waiting=5, patience=60)
    with holding(queue, "a") as (threads, (first,)):
        waiting = []
        for number, client in enumerate("bcd", start=1):
            waiting.append(Held(queue, client, threads))
            until(lambda number=number: len(queue._waiting) == number)  # type: ignore[misc]
        first.release()
        for each in waiting:
            assert each.began.wait(60)
            assert sum(other.began.is_set() for other in waiting) == waiting.index(each) + 1
            each.release()


def test_refused_with_the_seconds_until_the_own_document_ends() -> None:
    """Retry-After is when the document in the way has ended, by its deadline."""
    clock = Clock()
    queue = ValidationQueue(2, 60, patience=0, clock=clock)
    with holding(queue, "a"):
        clock.now += 45.5
        with pytest.raises(PoolBusy, match="Another document from your address is being validated") as caught:
            queue._begin("a", never)

    assert caught.value.retry_after == 15


def test_refused_with_the_seconds_until_a_place_is_free() -> None:
    """Where all places are taken, it is the first to end that counts."""
    clock = Clock()
    queue = ValidationQueue(2, 60, patience=0, clock=clock)
    with holding(queue, "a") as (threads, _):
        clock.now += 20
        second = Held(queue, "b", threads)
        assert second.began.wait(60)
        clock.now += 10
        with pytest.raises(PoolBusy, match="2 documents are being validated already") as caught:
            queue._begin("c", never)
        second.end.set()

    assert caught.value.retry_after == 30


def test_the_queue_is_bounded() -> None:
    """One more than may wait is refused at once, with the seconds of those before it."""
    queue = ValidationQueue(1, 60, waiting=1, patience=60)
    with holding(queue, "a") as (threads, (first,)):
        second = Held(queue, "b", threads)
        until(lambda: queue._waiting)
        with pytest.raises(PoolBusy) as caught:
            queue._begin("c", never)
        first.release()
        assert second.began.wait(60)
        second.release()

    assert caught.value.retry_after is not None
    assert 60 < caught.value.retry_after <= 120


def test_nothing_is_begun_for_a_client_that_has_gone() -> None:
    """A document that waits is dropped when its client goes away, and one whose client has gone before."""
    queue = ValidationQueue(1, 60, patience=60)
    gone = threading.Event()
    with holding(queue, "a") as (threads, _):
        waiting = threads.submit(queue._begin, "b", gone.is_set)
        until(lambda: queue._waiting)
        gone.set()
        assert isinstance(waiting.exception(60), QueryCancelled)
    with pytest.raises(QueryCancelled):
        queue._begin("b", gone.is_set)

    assert (len(queue._waiting), queue._running) == (0, {})


@given(steps=st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30))
def test_any_order(steps: list[tuple[str, bool]]) -> None:
    """However clients come and end, no more run than may, one of each, and a free place is given."""
    queue = ValidationQueue(2, 60, patience=0)
    running: dict[str, object] = {}
    for client, ends in steps:
        if ends and client in running:
            place = running.pop(client)
            place.__exit__(None, None, None)  # type: ignore[attr-defined]
            continue
        context = queue.place(client, never)
        if client in running or len(running) == 2:
            with pytest.raises(PoolBusy):
                context.__enter__()
        else:
            context.__enter__()
            running[client] = context
    assert set(queue._running) == set(running)
    for place in running.values():
        place.__exit__(None, None, None)  # type: ignore[attr-defined]
