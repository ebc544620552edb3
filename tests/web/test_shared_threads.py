"""The threads of pages, and the queue in front of them."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from unittest.mock import ANY

import pytest

from forumkg.errors import PoolBusy
from forumkg.web.backoff import FIRST
from forumkg.web.shared_threads import SharedThreads


@pytest.fixture
def threads() -> Iterator[SharedThreads]:
    """Run four threads, of which a client has two, and a queue for eight."""
    # Only the thread that made solutions of pyoxigraph may collect what an earlier test left in a cycle.
    gc.collect()
    with closing(SharedThreads("test", 4, 8, share=2)) as made:
        yield made


async def until_waiting(threads: SharedThreads, number: int) -> None:
    """Wait until so many requests wait."""
    async with asyncio.timeout(20):
        while len(threads) != number:
            await asyncio.sleep(0.001)


def test_result(threads: SharedThreads) -> None:
    """What work returns or raises comes back."""

    async def main() -> int:
        with pytest.raises(ZeroDivisionError):
            await threads.run("a", lambda: 1 // 0)
        return await threads.run("a", lambda: 5)

    assert asyncio.run(main()) == 5


def test_other_client_does_not_wait(threads: SharedThreads) -> None:
    """While one client has all threads that it may have, and more waits, another one's work is done."""
    blocked = threading.Event()

    async def main() -> str:
        waiting = [asyncio.ensure_future(threads.run("many", blocked.wait)) for _ in range(4)]
        await until_waiting(threads, 2)
        try:
            return await threads.run("one", lambda: "done")
        finally:
            blocked.set()
            await asyncio.gather(*waiting)

    assert asyncio.run(main()) == "done"


def test_full_queue(threads: SharedThreads) -> None:
    """A client whose share of the queue is full is refused, and another one is not."""
    blocked = threading.Event()

    async def main() -> None:
        waiting = [asyncio.ensure_future(threads.run("many", blocked.wait)) for _ in range(4)]
        await until_waiting(threads, 2)
        try:
            with pytest.raises(PoolBusy) as raised:
                await threads.run("many", blocked.wait)
            assert raised.value.retry_after
        finally:
            blocked.set()
            await asyncio.gather(*waiting)

    asyncio.run(main())


def test_cancelled_while_it_waits(threads: SharedThreads) -> None:
    """Work whose client has gone is not begun, and its place is free at once."""
    blocked = threading.Event()
    begun: list[str] = []

    async def main() -> None:
        running = [asyncio.ensure_future(threads.run("many", blocked.wait)) for _ in range(2)]
        gone = asyncio.ensure_future(threads.run("many", lambda: begun.append("gone")))
        await until_waiting(threads, 1)
        gone.cancel()
        await until_waiting(threads, 0)
        blocked.set()
        await asyncio.gather(*running)
        await threads.run("many", lambda: begun.append("last"))

    asyncio.run(main())
    assert begun == ["last"]


def test_cancelled_while_it_runs(threads: SharedThreads) -> None:
    """A thread whose client has gone counts until it ends."""
    blocked = threading.Event()

    async def main() -> None:
        running = [asyncio.ensure_future(threads.run("many", blocked.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        for each in running:
            each.cancel()
        later = asyncio.ensure_future(threads.run("many", lambda: "later"))
        await until_waiting(threads, 1)
        blocked.set()
        assert await later == "later"

    asyncio.run(main())


def test_abandoned_one_after_the_other() -> None:
    """Of a client that abandoned work nothing begins until it has waited; what it hung up on never begins."""
    timers: list[tuple[float, Callable[[], None]]] = []
    begun: list[str] = []
    blocked = threading.Event()

    def work(name: str) -> Callable[[], str]:
        def run() -> str:
            begun.append(name)
            blocked.wait(20)
            return name

        return run

    async def abandon(threads: SharedThreads, name: str) -> None:
        gone = asyncio.ensure_future(threads.run("gone", work(name)))
        async with asyncio.timeout(20):
            while not (len(threads) or name in begun):
                await asyncio.sleep(0.001)
        gone.cancel()
        await asyncio.wait([gone])

    async def main(threads: SharedThreads) -> None:
        await abandon(threads, "first")
        blocked.set()
        for number in range(100):
            await abandon(threads, f"hung up {number}")
        patient = asyncio.ensure_future(threads.run("gone", work("patient")))
        await until_waiting(threads, 1)
        assert await threads.run("other", work("other")) == "other"
        assert begun == ["first", "other"]

        timers[0][1]()
        assert await patient == "patient"

    with closing(
        SharedThreads("test", 4, 8, share=2, call_later=lambda *timer: timers.append(timer))
    ) as made:
        asyncio.run(main(made))

    assert begun == ["first", "other", "patient"]
    assert [seconds for seconds, _ in timers] == [FIRST, ANY]  # The second one forgets the client.


def test_closed(threads: SharedThreads) -> None:
    """After the end nothing is begun."""

    async def main() -> None:
        threads.close()
        with pytest.raises(PoolBusy, match=r"^The server is stopping\.$"):
            await threads.run("a", lambda: 5)

    asyncio.run(main())
