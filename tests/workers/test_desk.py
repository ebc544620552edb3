"""Queries that an event loop asks, most of them without a thread."""

import asyncio
import os
import random
import re
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pools import ENDLESS, background, busy, job, workers, working, zygote
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
from forumkg.workers.jobs import Answer, Job, Limits, PoolStatistics
from forumkg.workers.lanes import FOLLOWING
from forumkg.workers.pool import Pool

ASK = "ASK {}"
TRUE = b'{"head":{},"boolean":true}'
# A thousand rows of two thousand characters: too long for a socket.
# However busy the machine is, no query of the tests that have this counts as a slow one.
PATIENT = Limits(fast_seconds=60, timeout=60)
LONG = (
    "SELECT ?a ?b ?text { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 } "
    f'VALUES ?c {{ 0 1 2 3 4 5 6 7 8 9 }} BIND ("{"x" * 2000}" AS ?text) }}'
)


@pytest.fixture(scope="module")
def store(small_version: Version) -> Path:
    """Return the folder of a store that no test changes."""
    return small_version.path / "store"


def ask(pool: Pool, *jobs: Job) -> list[Answer | BaseException]:
    """Ask for all at once, and return what came of each."""

    async def gather() -> list[Answer | BaseException]:
        return await asyncio.gather(*(pool.desk.ask(each) for each in jobs), return_exceptions=True)

    return asyncio.run(gather())


async def happens(condition: Callable[[], object]) -> None:
    """Wait for something while the event loop goes on."""
    await asyncio.to_thread(until, condition)


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", ASK, LONG], ids=["rows", "truth value", "long"]
)
def test_answer_is_that_of_the_engine(
    store: Path, small_version: Version, format_: Format, query: str
) -> None:
    """An answer has the bytes that are made in process, whether it is short or long, first and later."""
    expected = serialize(evaluate(small_version.store, query), format_)

    with Pool(store, PATIENT) as pool:
        answers = ask(pool, *[Job(query, format_)] * 6)

        assert [isinstance(answer, Answer) and answer.read() for answer in answers] == [expected] * 6
        assert pool.statistics().outcomes == {"answered": 6}


def test_quick_query_takes_no_thread(store: Path) -> None:
    """A worker that has worked before is asked, and heard, by the event loop itself."""

    def takes_none() -> bool:
        before = set(threading.enumerate())
        with Pool(store, Limits(workers=1)) as pool:
            pool.run(job(ASK))  # Which gives the worker a file for long answers.
            ask(pool, job(ASK))
            begun = set(threading.enumerate()) - before
            return not any(thread.name.startswith("query") for thread in begun)

    # On a machine that has other things to do, the easiest query may take long.
    assert any(takes_none() for _ in range(20))


def test_each_gets_the_answer_to_its_own_query(store: Path) -> None:
    """Hundreds of queries at once, and in threads besides, wait for their turns, and none is mixed up."""
    with Pool(store, replace(PATIENT, queue=400)) as pool, background() as threads:
        jobs = [job(f"SELECT ({n} AS ?n) {{}}", client=str(n % 7)) for n in range(300)]
        besides = [threads.submit(pool.run, job(f"SELECT ({n} AS ?n) {{}}")) for n in range(300, 350)]
        answers = ask(pool, *jobs) + [found.result() for found in besides]

        for n, answer in enumerate(answers):
            assert isinstance(answer, Answer)
            assert f'"value":"{n}"'.encode() in answer.read()
        assert pool.statistics().outcomes == {"answered": 350}
        assert (pool.statistics().quick, pool.statistics().queued) == (0, 0)


@pytest.mark.parametrize(
    "query",
    ["SELECT * {", "INSERT DATA { <a:a> <a:a> 1 }", "", "ASK { ?s ?p '\ud800' }", "#" * 50_000 + "\n{"],
)
def test_query_error(store: Path, query: str) -> None:
    """A mistake has the message and the place that a thread is told."""
    with Pool(store, Limits(workers=1)) as pool:
        with pytest.raises(QueryError) as expected:
            pool.run(job(query))
        found = ask(pool, job(ASK), job(query))[1]

        assert isinstance(found, QueryError)
        assert (found.message, found.line, found.column) == (
            expected.value.message,
            expected.value.line,
            expected.value.column,
        )


def test_long_query(store: Path) -> None:
    """A query that is longer than what a socket takes at once is answered."""
    with Pool(store, PATIENT) as pool:
        answers = ask(pool, *[job(f"ASK {{}} #{'x' * 1_000_000}")] * 4)

        assert [isinstance(answer, Answer) and answer.body for answer in answers] == [TRUE] * 4


@pytest.mark.parametrize("timeout", [0.02, 0.3])
def test_timeout(store: Path, timeout: float) -> None:
    """A query that does not end is told of as a slow one, and ends at its deadline, however soon that is."""
    told: list[str] = []
    with Pool(store) as pool:

        async def endless() -> None:
            await pool.desk.ask(job(ENDLESS, timeout=timeout), lambda: told.append("slow"))

        with pytest.raises(QueryTimeout, match=f"given up after {timeout:g} s"):
            asyncio.run(endless())

        assert told == ["slow"]
        assert pool.run(job(ASK)).body == TRUE


def test_quick_query_is_not_told_of(store: Path) -> None:
    """Nobody is told of a query that was answered at once, also when time has passed."""
    told: list[str] = []
    with Pool(store) as pool:

        async def quick() -> None:
            await pool.desk.ask(job(ASK))
            await pool.desk.ask(job(ASK), lambda: told.append("slow"))
            with pytest.raises(QueryTimeout):
                await pool.desk.ask(job(ENDLESS, timeout=0.2))

        asyncio.run(quick())

        assert told == []


def test_memory(store: Path) -> None:
    """A query that takes too much memory ends with that error, and the next one is answered."""
    doubled = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(32))
    with Pool(store) as pool:
        hog, quick = ask(
            pool, job(f'SELECT (STRLEN(?x32) AS ?n) {{ BIND ("x" AS ?x0) {doubled} }}'), job(ASK)
        )

        assert isinstance(hog, QueryOutOfMemory)
        assert isinstance(quick, Answer)


@pytest.mark.parametrize("in_loop", [True, False], ids=["in the loop", "in a thread"])
def test_cancel(store: Path, in_loop: bool) -> None:
    """A query that runs, and one that waits, end when they are cancelled, whoever does it."""
    with Pool(store, Limits(workers=1, fast_seconds=60)) as pool:

        async def cancelled() -> list[object]:
            runs = [pool.desk.ask(job(ENDLESS, id_=name)) for name in ("one", "two", "three")]
            for name in ("three", "one", "two"):
                if in_loop:
                    assert pool.cancel(name)
                else:
                    assert await asyncio.to_thread(pool.cancel, name)
            return [*await asyncio.gather(*runs, return_exceptions=True)]

        assert [type(error) for error in asyncio.run(cancelled())] == [QueryCancelled] * 3
        assert pool.run(job(ASK)).body == TRUE


def held(
    pool: Pool, *jobs: Job, then: Callable[[int], object] = lambda _: None
) -> tuple[PoolStatistics, list[Answer | BaseException]]:
    """Ask all at once while the one worker stands still, then do something with it, and let it go on.

    Returns:
        What the pool did meanwhile, and what came of each query.
    """
    pool.run(job(ASK))  # Which gives the worker a file for long answers.
    (worker,) = workers(pool)

    async def main() -> tuple[PoolStatistics, list[Answer | BaseException]]:
        os.kill(worker, signal.SIGSTOP)
        asked = [pool.desk.ask(each) for each in jobs]
        statistics = pool.statistics()
        then(worker)
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGCONT)
        return statistics, await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(main())


def numbered(count: int) -> list[Job]:
    """Return queries each of which has another answer, and a name."""
    return [job(f"SELECT ({n} AS ?n) {{}}", id_=str(n)) for n in range(count)]


def number(answer: object) -> int:
    """Return which of them has an answer."""
    assert isinstance(answer, Answer)
    found = re.search(rb'"value":"(\d+)"', answer.read())
    assert found
    return int(found[1])


def test_queue_full(store: Path) -> None:
    """Those who are too many are refused at once, and the others are answered."""
    with Pool(store, replace(PATIENT, workers=1, queue=2)) as pool:
        _, answers = held(pool, *numbered(FOLLOWING + 4))

        assert [*map(number, answers[:-2])] == [*range(FOLLOWING + 2)]
        assert [*map(type, answers[-2:])] == [PoolBusy] * 2
        assert pool.statistics().outcomes == {"answered": FOLLOWING + 3, "PoolBusy": 2}


class TestFollowing:
    """A worker is sent queries before it has answered the one that it works at."""

    def test_sent_ahead(self, store: Path) -> None:
        """Several are begun by one worker, and answered in turn."""
        with Pool(store, replace(PATIENT, workers=1)) as pool:
            meanwhile, answers = held(pool, *numbered(FOLLOWING + 1))

            assert (meanwhile.quick, meanwhile.queued) == (FOLLOWING, 1)
            assert [*map(number, answers)] == [*range(FOLLOWING + 1)]

    @pytest.mark.parametrize("first", [ENDLESS, LONG], ids=["endless", "long"])
    def test_behind_what_is_not_brief(self, store: Path, first: str) -> None:
        """Those behind a query that is not brief are answered by others, and it is answered itself."""
        with Pool(store, replace(PATIENT, workers=1, timeout=2)) as pool:
            pool.run(job(ASK))
            found = ask(pool, job(first), *numbered(6), job(first))

            assert [*map(number, found[1:-1])] == [*range(6)]
            ends = (found[0], found[-1])
            for answer in ends:
                if isinstance(answer, Answer):
                    answer.close()
            kinds = {*map(type, ends)}
            assert kinds == ({Answer} if first == LONG else {QueryTimeout})

    def test_worker_killed(self, store: Path) -> None:
        """When a worker is killed at the first, all are answered by others."""
        with Pool(store, replace(PATIENT, workers=1)) as pool:
            _, answers = held(pool, *numbered(FOLLOWING), then=lambda worker: os.kill(worker, signal.SIGKILL))

            assert [*map(number, answers)] == [*range(FOLLOWING)]

    @pytest.mark.parametrize("place", range(FOLLOWING))
    def test_cancelled(self, store: Path, place: int) -> None:
        """One of them can be cancelled, wherever it stands, and the others are answered."""
        with Pool(store, replace(PATIENT, workers=1)) as pool:
            _, found = held(pool, *numbered(FOLLOWING), then=lambda _: pool.cancel(str(place)))

            assert isinstance(found.pop(place), QueryCancelled)
            assert [*map(number, found)] == [n for n in range(FOLLOWING) if n != place]
            assert pool.statistics().outcomes == {"answered": FOLLOWING, "QueryCancelled": 1}
            assert (pool.statistics().quick, pool.statistics().queued) == (0, 0)

    def test_closed(self, store: Path) -> None:
        """When the pool closes, all of them end."""
        pool = Pool(store, replace(PATIENT, workers=1))
        _, found = held(pool, *numbered(FOLLOWING), then=lambda _: pool.close())

        assert [*map(type, found)] == [PoolBusy] * FOLLOWING

    def test_behind_each_other(self, store: Path) -> None:
        """Each has its own answer where brief, long, wrong and slow ones stand behind each other."""
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
        others = [(LONG, Answer), ("SELECT * {", QueryError), ("ASK {}\n}", QueryError), (slow, Answer)]
        chance = random.Random(7)  # noqa: S311 (no secret)
        asked = [chance.choice([*others, *[("", Answer)] * 20]) for _ in range(150)]
        brief = numbered(len(asked))
        jobs = [job(query) if query else brief[n] for n, (query, _) in enumerate(asked)]
        with Pool(store, replace(PATIENT, queue=400)) as pool:
            found = ask(pool, *jobs)

            assert [*map(type, found)] == [expected for _, expected in asked]
            for n, (query, _) in enumerate(asked):
                assert query or number(found[n]) == n
            for answer in found:
                if isinstance(answer, Answer):
                    answer.close()
            statistics = pool.statistics()
            assert (statistics.quick, statistics.steady, statistics.queued) == (0, 0, 0)


def test_quick_queries_beside_endless_ones(store: Path) -> None:
    """However many endless queries other clients ask at the desk and in threads, quick ones are answered."""
    with Pool(store, Limits(timeout=5)) as pool, background(12) as threads:

        async def quick() -> list[BaseException | Answer]:
            endless = [pool.desk.ask(job(ENDLESS, client=f"192.0.2.{n % 5}")) for n in range(10)]
            for _ in range(50):
                answer = await pool.desk.ask(job(ASK, client="198.51.100.1"))
                assert answer.body == TRUE
            await asyncio.to_thread(pool._schedule.close)
            return await asyncio.gather(*endless, return_exceptions=True)

        besides = [threads.submit(pool.run, job(ENDLESS, client="192.0.2.9")) for _ in range(4)]
        found = asyncio.run(quick())

        assert {type(error) for error in found} <= {PoolBusy, QueryTimeout}
        assert {type(run.exception()) for run in besides} <= {PoolBusy, QueryTimeout}


def test_giving_way_in_a_thread_frees_the_desk(store: Path) -> None:
    """A query of a thread that gives way lets one go on that waits at the desk."""
    with Pool(store, Limits(workers=1, fast_seconds=60)) as pool, background() as threads:
        busy(pool, threads)
        until(lambda: pool.statistics().steady == 1)
        threads.submit(pool.run, job(ENDLESS))
        until(lambda: pool.statistics().quick == 1)

        (answer,) = ask(pool, job(ASK))

        assert isinstance(answer, Answer)
        pool.close()


def test_worker_killed_while_it_waits(store: Path) -> None:
    """Workers that were killed while they waited are replaced, and nobody notices."""
    with Pool(store, PATIENT) as pool:

        async def killed_between() -> list[Answer]:
            first = [await pool.desk.ask(job(ASK)) for _ in range(2)]
            killed = workers(pool)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            await happens(lambda: not any(map(exists, killed)))
            return [*first, *[await pool.desk.ask(job(ASK)) for _ in range(3)]]

        assert [answer.body for answer in asyncio.run(killed_between())] == [TRUE] * 5


def test_worker_killed_while_it_works(store: Path) -> None:
    """A query whose worker was killed is tried once more, and then given up."""
    with Pool(store, Limits(workers=1, fast_seconds=60)) as pool:

        async def killed_twice() -> None:
            await pool.desk.ask(job(ASK))
            run = pool.desk.ask(job(ENDLESS))
            (first,) = working(pool)
            os.kill(first, signal.SIGKILL)
            await happens(lambda: working(pool) not in ([], [first]))
            (second,) = working(pool)
            await happens(lambda: pool.statistics().steady == 1)
            os.kill(second, signal.SIGKILL)
            await run

        with pytest.raises(WorkerLost, match="was killed"):
            asyncio.run(killed_twice())


def test_zygote_killed(store: Path) -> None:
    """A zygote that was killed with its workers is replaced by the next query."""
    with Pool(store, PATIENT) as pool:

        async def killed() -> Answer:
            await pool.desk.ask(job(ASK))
            old = [zygote(pool), *workers(pool)]
            os.kill(old[0], signal.SIGKILL)
            await happens(lambda: not any(map(exists, old)))
            return await pool.desk.ask(job(ASK))

        assert asyncio.run(killed()).body == TRUE
        assert pool.statistics().zygotes == 2


def test_workers_killed_at_random(store: Path) -> None:
    """While workers are killed at random, each query is answered rightly or told that its worker was lost."""
    with Pool(store, replace(PATIENT, queue=400)) as pool:
        stop = threading.Event()

        def kill() -> None:
            chance = random.Random(1)  # noqa: S311 (no secret)
            while not stop.wait(0.002):
                found = workers(pool)
                with suppress(ProcessLookupError):  # It may have been reaped meanwhile.
                    if found:
                        os.kill(chance.choice(found), signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            found = ask(pool, *[job(f"SELECT ({n} AS ?n) {{}}") for n in range(300)])
        finally:
            stop.set()
            killer.join()

        for n, answer in enumerate(found):
            if isinstance(answer, Answer):
                assert f'"value":"{n}"'.encode() in answer.read()
            else:
                assert isinstance(answer, WorkerLost)
        assert pool.run(job(ASK)).body == TRUE


def test_who_asked_is_gone(store: Path) -> None:
    """An answer that nobody awaits any more harms nobody."""
    with Pool(store, replace(PATIENT, workers=1)) as pool:

        async def forget() -> Answer:
            await pool.desk.ask(job(ASK))
            for query in (ASK, LONG, ENDLESS, "SELECT * {"):
                pool.desk.ask(job(query, timeout=0.2)).cancel()
            return await pool.desk.ask(job(ASK))

        assert asyncio.run(forget()).body == TRUE


def test_close_while_queries_run(store: Path) -> None:
    """A pool that is closed ends what was asked at its desk, and leaves nothing behind."""
    before, opened = children(os.getpid()), len(descriptors(os.getpid()))
    with Pool(store, Limits(workers=1)) as pool:

        async def close() -> list[BaseException | Answer]:
            await pool.desk.ask(job(ASK))
            runs = [pool.desk.ask(job(ENDLESS)) for _ in range(3)]
            pool.close()
            with pytest.raises(PoolBusy, match="stopping"):
                pool.desk.ask(job(ASK))
            return await asyncio.gather(*runs, return_exceptions=True)

        found = asyncio.run(close())

    assert [str(error)[:23] for error in found] == ["The server is stopping."] * 3
    assert (children(os.getpid()), len(descriptors(os.getpid()))) == (before, opened)


def test_loop_ends_before_its_queries(store: Path) -> None:
    """Queries that an event loop has left behind do not keep a pool from closing."""
    with Pool(store, Limits(workers=1)) as pool:

        async def leave() -> None:
            await pool.desk.ask(job(ASK))
            for _ in range(3):
                pool.desk.ask(job(ENDLESS))

        asyncio.run(leave())
        left = workers(pool)

    assert not any(map(exists, left))


def test_one_loop_after_the_other(store: Path) -> None:
    """A loop that comes later is answered, too, and so is what the first one asked and left."""
    with Pool(store, replace(PATIENT, workers=1)) as pool:

        async def leave() -> None:
            await pool.desk.ask(job(ASK))
            for _ in range(3):
                pool.desk.ask(job(ASK))

        asyncio.run(leave())

        assert [isinstance(answer, Answer) for answer in ask(pool, job(ASK), job(ASK))] == [True, True]
        until(lambda: pool.statistics().outcomes == {"answered": 6})


def test_nothing_leaks(store: Path) -> None:
    """Thousands of queries, failed ones among them, leave as many processes and descriptors as a few."""
    kinds = (ASK, "SELECT * {", LONG, "SELECT * { SERVICE <a:b> {} }")
    with Pool(store, Limits(timeout=0.2)) as pool:

        async def many(count: int) -> None:
            for number in range(count):
                query = kinds[number % 40] if number % 40 < 4 else ASK
                with suppress(ForumKgError):
                    (await pool.desk.ask(job(ENDLESS if number % 300 == 7 else query))).close()

        def opened() -> list[int]:
            return sorted(len(descriptors(pid)) for pid in (os.getpid(), zygote(pool), *workers(pool)))

        async def compare() -> tuple[list[int], list[int]]:
            await many(10)
            before = opened()
            await many(2000)
            return before, opened()

        before, after = asyncio.run(compare())

        assert after == before
        assert sum(pool.statistics().outcomes.values()) == 2010
