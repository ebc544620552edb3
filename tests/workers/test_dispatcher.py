"""The dispatcher in the event loop of a server, with real processes."""

import asyncio
import os
import random
import re
import signal
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
import uvloop
from pools import ENDLESS, JSON, fork_server, job, workers, working
from processes import children, descriptors, exists, until

from forumkg.dataset.versions import Version
from forumkg.errors import (
    ForumKgError,
    PoolBusy,
    QueryCancelled,
    QueryError,
    QueryOutOfMemory,
    QueryTimeout,
    WorkerLost,
)
from forumkg.formats import RESULT_FORMATS, Format
from forumkg.sparql.evaluation import evaluate, serialize
from forumkg.workers.pool import Pool
from forumkg.workers.queries import Limits, Query, WrittenAnswer

ASK = "ASK {}"
TRUE = b'{"head":{},"boolean":true}'
# However busy the machine is, no query of the tests that have this counts as a slow one.
PATIENT = Limits(fast_seconds=60, timeout=60)
# A thousand rows of two thousand characters: too long for a socket.
LONG = (
    "SELECT ?a ?b ?text { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 } "
    f'VALUES ?c {{ 0 1 2 3 4 5 6 7 8 9 }} BIND ("{"x" * 2000}" AS ?text) }}'
)
DEEP = "SELECT * {" + "{ SELECT * {" * 50_000 + "}}" * 50_000 + "}"

Outcome = WrittenAnswer | BaseException
_T = TypeVar("_T")


@pytest.fixture(scope="module")
def store(small_version: Version) -> Path:
    """Return the folder of a store that no test changes."""
    return small_version.path / "store"


def serve(store: Path, limits: Limits, main: Callable[[Pool], Awaitable[_T]]) -> _T:
    """Do something with a pool that works in the event loop of a server, and close it in the end."""
    with Pool(store, limits) as pool:

        async def attached() -> _T:
            pool.attach(asyncio.get_running_loop())
            return await main(pool)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(attached())


def begin(pool: Pool, asked: Query) -> "asyncio.Task[WrittenAnswer]":
    """Begin to evaluate a query."""
    return asyncio.ensure_future(pool.evaluate(asked))


async def gather(pool: Pool, *jobs: Query) -> list[Outcome]:
    """Ask for all at once, and return what came of each."""
    return await asyncio.gather(*(pool.evaluate(each) for each in jobs), return_exceptions=True)


async def happens(condition: Callable[[], object]) -> None:
    """Wait for something while the event loop goes on."""
    await asyncio.to_thread(until, condition)


def count(size: int) -> str:
    """Return a query that counts to the fourth power of a number, one by one."""
    values = " ".join(map(str, range(size)))
    return f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?v{n} {{ {values} }}' for n in range(4))} }}"


def numbered(number: int, client: str = "") -> list[Query]:
    """Return queries each of which has another answer, and a name."""
    return [job(f"SELECT ({n} AS ?n) {{}}", id_=str(n), client=client) for n in range(number)]


def number(answer: Outcome) -> int:
    """Return the number in an answer."""
    assert isinstance(answer, WrittenAnswer), answer
    found = re.search(rb'"value":"(\d+)"', answer.read())
    assert found
    return int(found[1])


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", ASK, LONG], ids=["rows", "truth value", "long"]
)
def test_answer_is_that_of_the_engine(
    store: Path, small_version: Version, format_: Format, query: str
) -> None:
    """An answer has the bytes that are made in process, whether it is short or long, first and later."""
    expected = serialize(evaluate(small_version.store, query), format_)

    async def main(pool: Pool) -> None:
        answers = await gather(pool, *[Query(query, format_)] * 6)
        assert [isinstance(answer, WrittenAnswer) and answer.read() for answer in answers] == [expected] * 6
        assert pool.statistics().outcomes == {"answered": 6}

    serve(store, PATIENT, main)


def test_no_second_event_loop(store: Path) -> None:
    """In the event loop of a server, the dispatcher has no thread of its own."""
    # Pools of other tests may have dispatchers in this process.
    before = {*threading.enumerate()}

    async def main(pool: Pool) -> set[str]:
        await gather(pool, *numbered(9))
        await asyncio.to_thread(pool.run, job(ASK))
        return {thread.name for thread in {*threading.enumerate()} - before}

    assert "dispatcher" not in serve(store, PATIENT, main)


def test_each_gets_the_answer_to_its_own_query(store: Path) -> None:
    """Hundreds of queries at once, of tasks and of threads, wait for their turns, and none is mixed up."""

    async def main(pool: Pool) -> None:
        jobs = [job(f"SELECT ({n} AS ?n) {{}}", client=str(n % 7)) for n in range(350)]
        threads = [asyncio.to_thread(pool.run, each) for each in jobs[300:]]
        answers = await asyncio.gather(*map(pool.evaluate, jobs[:300]), *threads)

        assert [*map(number, answers)] == [*range(350)]
        assert pool.statistics().outcomes == {"answered": 350}
        assert (pool.statistics().fast, pool.statistics().queued) == (0, 0)

    serve(store, replace(PATIENT, queue=400), main)


@pytest.mark.parametrize(
    "query",
    ["SELECT * {", "INSERT DATA { <a:a> <a:a> 1 }", "", "ASK { ?s ?p '\ud800' }", "#" * 50_000 + "\n{"],
)
def test_query_error(store: Path, small_pool: Pool, query: str) -> None:
    """A mistake has the message and the place that a thread sees."""
    with pytest.raises(QueryError) as expected:
        small_pool.run(job(query))

    _, found = serve(store, PATIENT, lambda pool: gather(pool, job(ASK), job(query)))

    assert isinstance(found, QueryError)
    assert (found.message, found.line, found.column) == (
        expected.value.message,
        expected.value.line,
        expected.value.column,
    )


def test_long_query(store: Path) -> None:
    """A query that is longer than what a socket takes at once is answered, and the loop goes on meanwhile."""
    answers = serve(store, PATIENT, lambda pool: gather(pool, *[job(f"ASK {{}} #{'x' * 4_000_000}")] * 4))

    assert [isinstance(answer, WrittenAnswer) and answer.body for answer in answers] == [TRUE] * 4


def test_long_query_that_is_cancelled(store: Path) -> None:
    """A query that a worker has not read to its end can be cancelled."""

    async def main(pool: Pool) -> list[Outcome]:
        (worker,) = workers(pool)
        os.kill(worker, signal.SIGSTOP)
        found = asyncio.ensure_future(gather(pool, job(f"ASK {{}} #{'x' * 4_000_000}", id_="long")))
        await happens(lambda: working(pool) == [worker])
        assert pool.cancel("long")
        return [*await found, *await gather(pool, job(ASK))]

    cancelled, answer = serve(store, replace(PATIENT, workers=1), main)

    assert isinstance(cancelled, QueryCancelled)
    assert isinstance(answer, WrittenAnswer)


@pytest.mark.parametrize("timeout", [0.02, 0.3])
def test_timeout(store: Path, timeout: float) -> None:
    """A query that does not end does so at its deadline, however soon that is."""
    late, answer = serve(store, Limits(), lambda pool: gather(pool, job(ENDLESS, timeout=timeout), job(ASK)))

    assert isinstance(late, QueryTimeout | PoolBusy)
    assert isinstance(late, PoolBusy) or f"given up after {timeout:g} s" in str(late)
    assert isinstance(answer, WrittenAnswer)


def test_memory(store: Path) -> None:
    """A query that takes too much memory ends with that error, and the next one is answered."""
    doubled = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(32))
    hog, answer = serve(
        store,
        Limits(),
        lambda pool: gather(
            pool, job(f'SELECT (STRLEN(?x32) AS ?n) {{ BIND ("x" AS ?x0) {doubled} }}'), job(ASK)
        ),
    )

    assert isinstance(hog, QueryOutOfMemory)
    assert isinstance(answer, WrittenAnswer)


@pytest.mark.parametrize("in_loop", [True, False], ids=["in the loop", "in a thread"])
def test_cancel(store: Path, in_loop: bool) -> None:
    """A running query and a queued one end when they are cancelled by name."""

    async def main(pool: Pool) -> list[Outcome]:
        runs = [begin(pool, job(ENDLESS, id_=name)) for name in ("one", "two", "three")]
        await happens(lambda: pool.statistics().queued + pool.statistics().fast == 3)
        for name in ("three", "one", "two"):
            cancelled = pool.cancel(name) if in_loop else await asyncio.to_thread(pool.cancel, name)
            assert cancelled
        return [*await asyncio.gather(*runs, return_exceptions=True), *await gather(pool, job(ASK))]

    *cancelled, answer = serve(store, Limits(workers=1, fast_seconds=60), main)

    assert [*map(type, cancelled)] == [QueryCancelled] * 3
    assert isinstance(answer, WrittenAnswer)


def test_cancel_the_task(store: Path) -> None:
    """A query whose task is cancelled ends, whether it waits or runs, and so does its worker."""

    async def main(pool: Pool) -> None:
        runs = [begin(pool, job(ENDLESS)) for _ in range(2)]
        await happens(lambda: working(pool))
        (worker,) = working(pool)
        for run in reversed(runs):
            run.cancel()
        await asyncio.wait(runs)
        assert all(run.cancelled() for run in runs)
        await happens(lambda: not exists(worker))
        assert pool.statistics().outcomes == {"QueryCancelled": 2}
        assert (await pool.evaluate(job(ASK))).body == TRUE

    serve(store, Limits(workers=1, fast_seconds=60), main)


def test_cancel_the_task_with_its_answer(store: Path) -> None:
    """A long answer that comes just when its task is cancelled takes no room any more."""

    async def main(pool: Pool) -> None:
        run = begin(pool, job(LONG))
        await happens(lambda: pool.statistics().outcomes)
        run.cancel()
        with suppress(asyncio.CancelledError):
            (await run).close()
        await happens(lambda: pool.statistics().spooled == 0)

    serve(store, PATIENT, main)


class TestAtOnce:
    """Queries of one client that come in the same moment, for one worker."""

    ONE = replace(PATIENT, workers=1)

    def test_queue_full(self, store: Path) -> None:
        """Queries beyond the bound are refused at once, and the others are answered in order."""

        async def main(pool: Pool) -> None:
            answers = await gather(pool, *numbered(6))

            assert [*map(number, answers[:3])] == [0, 1, 2]
            assert [*map(type, answers[3:])] == [PoolBusy] * 3
            assert pool.statistics().outcomes == {"answered": 3, "PoolBusy": 3}

        serve(store, replace(self.ONE, queue=2), main)

    @pytest.mark.parametrize("place", range(4))
    def test_cancelled(self, store: Path, place: int) -> None:
        """One of them can be cancelled, wherever it stands, and the others are answered."""

        async def main(pool: Pool) -> None:
            runs = [begin(pool, each) for each in numbered(4)]
            await asyncio.sleep(0)  # All have come, and no answer was heard.
            assert (pool.statistics().fast, pool.statistics().queued) == (1, 3)
            assert pool.cancel(str(place))
            found = await asyncio.gather(*runs, return_exceptions=True)

            assert isinstance(found.pop(place), QueryCancelled)
            assert [*map(number, found)] == [n for n in range(4) if n != place]
            assert pool.statistics().outcomes == {"answered": 3, "QueryCancelled": 1}
            assert (pool.statistics().fast, pool.statistics().queued) == (0, 0)

        serve(store, self.ONE, main)

    def test_worker_killed(self, store: Path) -> None:
        """When a worker is killed at the first, all are answered by others."""

        async def main(pool: Pool) -> None:
            (worker,) = workers(pool)
            runs = [begin(pool, each) for each in numbered(4)]
            await asyncio.sleep(0)
            os.kill(worker, signal.SIGKILL)
            assert [*map(number, await asyncio.gather(*runs))] == [*range(4)]

        serve(store, self.ONE, main)

    def test_closed(self, store: Path) -> None:
        """When the pool closes, all of them end."""

        async def main(pool: Pool) -> list[Outcome]:
            runs = [begin(pool, each) for each in numbered(4)]
            await asyncio.sleep(0)
            pool.close()
            return await asyncio.gather(*runs, return_exceptions=True)

        assert [*map(type, serve(store, self.ONE, main))] == [PoolBusy] * 4

    def test_of_all_kinds(self, store: Path) -> None:
        """Each has its own answer where brief, long, wrong and slow ones come together."""
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
        others = [
            (LONG, WrittenAnswer),
            ("SELECT * {", QueryError),
            ("ASK {}\n}", QueryError),
            (slow, WrittenAnswer),
        ]
        chance = random.Random(7)  # noqa: S311 (no secret)
        asked = [chance.choice([*others, *[("", WrittenAnswer)] * 20]) for _ in range(150)]
        brief = numbered(len(asked))
        jobs = [job(query) if query else brief[n] for n, (query, _) in enumerate(asked)]

        async def main(pool: Pool) -> None:
            found = await gather(pool, *jobs)

            assert [*map(type, found)] == [expected for _, expected in asked]
            for n, (query, _) in enumerate(asked):
                assert query or number(found[n]) == n
            for answer in found:
                if isinstance(answer, WrittenAnswer):
                    answer.close()
            statistics = pool.statistics()
            assert (statistics.fast, statistics.slow, statistics.queued, statistics.slow_queued) == (
                0,
                0,
                0,
                0,
            )

        serve(store, replace(PATIENT, queue=400), main)


class TestLanes:
    """Queries that take long."""

    def test_slow_queries_wait_for_a_place(self, store: Path) -> None:
        """Of many slow queries at once each is answered, though the slow lane has one place."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.02, timeout=60)
        jobs = [job(count(22), client=f"192.0.2.{n}") for n in range(8)]

        async def main(pool: Pool) -> None:
            assert [*map(number, await gather(pool, *jobs))] == [22**4] * 8
            assert pool.statistics().outcomes == {"answered": 8}

        serve(store, limits, main)

    def test_slow_queue_full(self, store: Path) -> None:
        """A slow query is refused only where too many wait for the slow lane."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.02, queue=1)

        async def main(pool: Pool) -> list[Outcome]:
            runs = [begin(pool, job(ENDLESS, client="192.0.2.1"))]
            await happens(lambda: pool.statistics().slow == 1)
            for waiting in (1, 2):
                runs.append(begin(pool, job(ENDLESS, client="192.0.2.1")))
                await happens(lambda: pool.statistics().fast == 1)
                # One that waits for the fast lane makes the others leave it.
                assert (await pool.evaluate(job(ASK, client="192.0.2.2"))).body == TRUE
                await happens(
                    lambda waiting=waiting: (
                        pool.statistics().slow_queued == 1  # type: ignore[misc]
                        and pool.statistics().outcomes.get("PoolBusy", 0) == waiting - 1
                    )
                )
            pool.cancel_all()
            return await asyncio.gather(*runs, return_exceptions=True)

        found = serve(store, limits, main)

        assert Counter(map(type, found)) == {QueryCancelled: 2, PoolBusy: 1}

    def test_waiting_until_the_deadline(self, store: Path) -> None:
        """A query that finds no place in time fails with the reason that no worker became free."""

        async def main(pool: Pool) -> None:
            run = begin(pool, job(ENDLESS, client="192.0.2.1"))
            await happens(lambda: pool.statistics().slow == 1)
            late = begin(pool, job(ENDLESS, timeout=6, client="192.0.2.2"))
            await happens(lambda: pool.statistics().fast == 1)
            assert (await pool.evaluate(job(ASK, client="192.0.2.3"))).body == TRUE
            with pytest.raises(PoolBusy, match="No worker became free") as refused:
                await late
            assert refused.value.retry_after == 15
            run.cancel()

        serve(store, Limits(workers=1, slow_workers=1, fast_seconds=0.02), main)

    def test_quick_queries_beside_endless_ones(self, store: Path) -> None:
        """However many endless queries other clients ask, quick ones are answered."""

        async def main(pool: Pool) -> list[Outcome]:
            endless = [begin(pool, job(ENDLESS, client=f"192.0.2.{n % 5}")) for n in range(10)]
            besides = [
                asyncio.ensure_future(asyncio.to_thread(pool.run, job(ENDLESS, client="192.0.2.9")))
                for _ in range(4)
            ]
            for _ in range(50):
                answer = await pool.evaluate(job(ASK, client="198.51.100.1"))
                assert answer.body == TRUE
            pool.cancel_all()
            return await asyncio.gather(*endless, *besides, return_exceptions=True)

        found = serve(store, Limits(timeout=60), main)

        assert {*map(type, found)} == {QueryCancelled}


class TestCharges:
    """Who has worked pays, whatever the end."""

    @pytest.mark.parametrize(
        "end", ["answer", "error", "timeout", "cancelled", "hung up", "waiting", "closed"]
    )
    def test_charge(self, store: Path, end: str) -> None:
        """The seconds of each worker are charged, also where the query has no answer."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.02)
        asked = {"answer": count(18), "error": "SELECT * {"}.get(end, ENDLESS)

        async def main(pool: Pool) -> list[float]:
            charged: list[float] = []
            others = [begin(pool, job(ENDLESS, client="192.0.2.1"))] if end == "waiting" else []
            await happens(lambda: pool.statistics().slow == len(others))
            timeout = 1 if end in {"timeout", "waiting"} else None
            run = asyncio.ensure_future(
                pool.evaluate(job(asked, id_="asked", timeout=timeout, client="192.0.2.2"), charged.append)
            )
            if end == "waiting":
                await happens(lambda: pool.statistics().fast == 1)
                others.append(begin(pool, job(ASK, client="192.0.2.3")))
            if end in {"cancelled", "hung up", "closed"}:
                await happens(lambda: pool.statistics().slow == 1)
            if end == "cancelled":
                assert pool.cancel("asked")
            elif end == "hung up":
                run.cancel()
            elif end == "closed":
                pool.close()
            await asyncio.wait([run])
            for other in others:
                other.cancel()
            return charged

        charged = serve(store, limits, main)

        assert len(charged) == 1
        assert charged[0] > (0 if end in {"answer", "error"} else 0.02)

    def test_charge_of_what_never_began(self, store: Path) -> None:
        """A query that no worker has seen costs nothing."""

        async def main(pool: Pool) -> list[float]:
            charged: list[float] = []
            await asyncio.gather(
                *(pool.evaluate(each, charged.append) for each in numbered(2)), return_exceptions=True
            )
            return charged

        assert len(serve(store, replace(PATIENT, workers=1, queue=0), main)) == 1


class TestWorkers:
    """Processes that are killed, stopped, or end by themselves."""

    def test_killed_while_it_waits(self, store: Path) -> None:
        """Workers that were killed while they waited are replaced, and no query fails."""

        async def main(pool: Pool) -> list[Outcome]:
            first = await gather(pool, job(ASK), job(ASK))
            killed = workers(pool)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            await happens(lambda: not any(map(exists, killed)))
            return [*first, *await gather(pool, *[job(ASK)] * 3)]

        answers = serve(store, PATIENT, main)

        assert [isinstance(answer, WrittenAnswer) and answer.body for answer in answers] == [TRUE] * 5

    def test_killed_while_it_works(self, store: Path) -> None:
        """A query whose worker was killed is tried once more, and then given up."""

        async def main(pool: Pool) -> None:
            run = begin(pool, job(ENDLESS))
            await happens(lambda: working(pool))
            (first,) = working(pool)
            os.kill(first, signal.SIGKILL)
            await happens(lambda: working(pool) not in ([], [first]))
            (second,) = working(pool)
            os.kill(second, signal.SIGKILL)
            await run

        with pytest.raises(WorkerLost, match="was killed"):
            serve(store, Limits(workers=1, fast_seconds=60), main)

    def test_died_by_itself(self, store: Path) -> None:
        """A query that breaks its process always gets that error, and is never tried twice."""

        async def main(pool: Pool) -> None:
            for attempt in range(1, 6):
                (error,) = await gather(pool, job(DEEP))
                assert isinstance(error, WorkerLost)
                assert "broke its process" in str(error)
                assert sum(pool.statistics().outcomes.values()) == attempt

        serve(store, PATIENT, main)

    def test_all_stopped(self, store: Path) -> None:
        """Workers that a signal has stopped are replaced long before the deadline of a query."""

        async def main(pool: Pool) -> None:
            await gather(pool, job(ASK), job(ASK))
            await happens(lambda: pool.statistics().idle == 3)
            stopped = workers(pool)
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            answers = await gather(pool, *numbered(4))

            assert [*map(number, answers)] == [*range(4)]
            await happens(lambda: not any(map(exists, stopped)))

        serve(store, Limits(timeout=600), main)

    def test_slow_one_stopped(self, store: Path) -> None:
        """A worker of the slow lane that is stopped is replaced, too, and its query begins anew."""

        async def main(pool: Pool) -> None:
            run = begin(pool, job(ENDLESS))
            await happens(lambda: pool.statistics().slow == 1)
            (worker,) = working(pool)
            os.kill(worker, signal.SIGSTOP)
            await happens(lambda: working(pool) not in ([], [worker]) and not exists(worker))
            run.cancel()

        serve(store, Limits(timeout=600, fast_seconds=0.02), main)

    def test_fork_server_killed(self, store: Path) -> None:
        """A fork server that was killed with its workers is replaced."""

        async def main(pool: Pool) -> None:
            await pool.evaluate(job(ASK))
            old = [fork_server(pool), *workers(pool)]
            os.kill(old[0], signal.SIGKILL)
            await happens(lambda: not any(map(exists, old)))
            assert (await pool.evaluate(job(ASK))).body == TRUE
            assert pool.statistics().fork_servers == 2

        serve(store, PATIENT, main)

    def test_fork_server_stopped(self, store: Path) -> None:
        """While no worker can be forked, the event loop goes on, and the workers that there are answer."""

        async def main(pool: Pool) -> None:
            await gather(pool, job(ASK), job(ASK))
            await happens(lambda: pool.statistics().idle == 3)
            os.kill(fork_server(pool), signal.SIGSTOP)
            run = begin(pool, job(ENDLESS))
            await happens(lambda: pool.statistics().slow == 1)  # Its place is to be filled by another worker.
            for _ in range(100):
                assert (await pool.evaluate(job(ASK, client="192.0.2.1"))).body == TRUE
            os.kill(fork_server(pool), signal.SIGCONT)
            run.cancel()
            await happens(lambda: pool.statistics().idle == 3)

        serve(store, Limits(fast_seconds=0.02, timeout=60), main)

    def test_killed_at_random(self, store: Path) -> None:
        """While workers are killed at random, each query has its answer or the error of a lost worker."""

        async def main(pool: Pool) -> list[Outcome]:
            stop = threading.Event()

            def kill() -> None:
                chance = random.Random(1)  # noqa: S311 (no secret)
                while not stop.wait(0.002):
                    found = workers(pool)
                    with suppress(ProcessLookupError):  # It may have been reaped meanwhile.
                        if found:
                            os.kill(chance.choice(found), signal.SIGKILL)

            killer = asyncio.create_task(asyncio.to_thread(kill))
            try:
                found = await gather(pool, *numbered(300))
            finally:
                stop.set()
                await killer
            return [*found, *await gather(pool, job(ASK))]

        *found, last = serve(store, replace(PATIENT, queue=400), main)

        for n, answer in enumerate(found):
            assert isinstance(answer, WorkerLost) or number(answer) == n
        assert isinstance(last, WrittenAnswer)


class TestEnd:
    """Pools that close, and event loops that end."""

    def test_close_while_queries_run(self, store: Path) -> None:
        """A pool that is closed ends what was asked, takes nothing more, and leaves nothing behind."""
        before, opened = children(os.getpid()), len(descriptors(os.getpid()))

        async def main(pool: Pool) -> list[Outcome]:
            await pool.evaluate(job(ASK))
            runs = [begin(pool, job(ENDLESS)) for _ in range(3)]
            await happens(lambda: working(pool))
            pool.close()
            with pytest.raises(PoolBusy, match="stopping"):
                await pool.evaluate(job(ASK))
            return await asyncio.gather(*runs, return_exceptions=True)

        found = serve(store, Limits(workers=1), main)

        assert [str(error) for error in found] == ["The server is stopping."] * 3
        assert (children(os.getpid()), len(descriptors(os.getpid()))) == (before, opened)

    def test_loop_ends_before_its_queries(self, store: Path) -> None:
        """Queries that an event loop has left behind do not keep a pool from closing."""

        async def main(pool: Pool) -> list[int]:
            await pool.evaluate(job(ASK))
            for _ in range(3):
                begin(pool, job(ENDLESS))
            await happens(lambda: working(pool))
            return workers(pool)

        left = serve(store, Limits(workers=1), main)

        assert not any(map(exists, left))

    def test_loop_ends_before_threads(self, store: Path) -> None:
        """A thread that waits for an answer when the event loop ends gets the error that the server stops."""
        with Pool(store, Limits(workers=1)) as pool:
            errors: list[BaseException] = []

            def run() -> None:
                try:
                    pool.run(job(ENDLESS))
                except PoolBusy as error:
                    errors.append(error)

            async def main() -> None:
                pool.attach(asyncio.get_running_loop())
                thread.start()
                await happens(lambda: working(pool))

            thread = threading.Thread(target=run)
            asyncio.run(main())
            pool.close()
            thread.join(60)

        assert ["stopping" in str(error) for error in errors] == [True]
        with pytest.raises(PoolBusy, match="stopping"):
            pool.run(job(ASK))

    def test_attached_twice(self, store: Path) -> None:
        """A pool works in one event loop."""

        async def main(pool: Pool) -> None:
            with pytest.raises(RuntimeError, match="event loop already"):
                pool.attach(asyncio.get_running_loop())

        serve(store, PATIENT, main)

    def test_several_loops_ask(self, store: Path) -> None:
        """A pool with a loop of its own answers whichever loop awaits, one after the other."""
        with Pool(store, replace(PATIENT, workers=1)) as pool:
            for _ in range(2):
                answers = asyncio.run(gather(pool, *numbered(5)))
                assert [*map(number, answers)] == [*range(5)]


def test_nothing_leaks(store: Path) -> None:
    """Thousands of queries, failed ones among them, leave as many processes and descriptors as a few."""
    kinds = (ASK, "SELECT * {", LONG, "SELECT * { SERVICE <a:b> {} }")

    async def many(pool: Pool, rounds: int) -> None:
        for n in range(rounds):
            query = kinds[n % 40] if n % 40 < 4 else ASK
            with suppress(ForumKgError):
                (await pool.evaluate(job(ENDLESS if n % 300 == 7 else query, JSON))).close()

    async def opened(pool: Pool) -> list[int]:
        """Return what all processes have open, once no worker is being forked or ended."""
        await happens(lambda: pool.statistics().idle == len(children(fork_server(pool))) == 3)
        # Each worker has a file for long answers as soon as it has worked.
        os.kill(fork_server(pool), 0)
        return [len(descriptors(pid)) for pid in (os.getpid(), fork_server(pool))]

    async def main(pool: Pool) -> None:
        await many(pool, 10)
        before = await opened(pool)
        await many(pool, 2000)
        after = await opened(pool)

        # The server holds four descriptors for each worker, one of them since it has first worked.
        assert abs(after[0] - before[0]) <= 3
        assert after[1] == before[1]
        assert max(len(descriptors(pid)) for pid in workers(pool)) < 20
        assert sum(pool.statistics().outcomes.values()) == 2010

    serve(store, Limits(timeout=0.2), main)
