"""Queries in processes that can be killed."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pools
import pytest
from pools import ENDLESS, JSON, background, busy, fork_server, job, workers, working
from processes import children, descriptors, exists, killed_at_the_end, state, tree, until

from forumkg.dataset.versions import Version
from forumkg.errors import (
    ForumKgError,
    NotAcceptable,
    PoolBusy,
    QueryCancelled,
    QueryError,
    QueryTimeout,
    ResultTooLarge,
    StoreError,
    WorkerLost,
)
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.evaluation import evaluate, serialize
from forumkg.workers.pool import Limits, Pool, Query

ASK = "ASK {}"
TRUE = b'{"head":{},"boolean":true}'
ROWS = "SELECT * { ?s ?p ?o }"
SORTED_ROWS = f"{ROWS} ORDER BY ?s ?p ?o"
# A thousand rows of a thousand characters.
LONG = (
    "SELECT ?a ?b ?text { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 } "
    f'VALUES ?c {{ 0 1 2 3 4 5 6 7 8 9 }} BIND ("{"x" * 2000}" AS ?text) }}'
)


@pytest.fixture(scope="module")
def store(small_version: Version) -> Path:
    """Return the folder of a store that no test changes."""
    return small_version.path / "store"


class TestAnswers:
    """What a pool answers is what the engine answers."""

    @pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
    @pytest.mark.parametrize("query", [SORTED_ROWS, ASK, "SELECT * { ?s ?p ?o FILTER (false) }", LONG])
    def test_rows(self, small_pool: Pool, small_version: Version, format_: Format, query: str) -> None:
        """Rows come as bytes that do not differ from those that are made in process."""
        expected = serialize(evaluate(small_version.store, query), format_)

        with small_pool.run(Query(query, format_)) as answer:
            assert answer.length == len(expected)
            assert answer.read() == expected

    @pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
    def test_triples(self, small_pool: Pool, small_version: Version, format_: Format) -> None:
        """Triples do so in every format."""
        query = "CONSTRUCT { ?s ?p ?o } { ?s a ?c ; ?p ?o }"

        assert small_pool.run(Query(query, format_)).read() == serialize(
            evaluate(small_version.store, query), format_
        )

    def test_graphs_of_the_request(self, small_pool: Pool) -> None:
        """The dataset of a request reaches the worker."""
        curation = "https://w3id.org/zgc-forum/graph/curation"
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"

        assert b'"2"' in small_pool.run(Query(count, JSON, default_graphs=(curation,))).read()
        assert curation.encode() in small_pool.run(Query(named, JSON, named_graphs=(curation,))).read()

    def test_small_dataset_is_held_in_memory(self, store: Path, small_pool: Pool) -> None:
        """Workers do not read a small dataset from disk."""
        assert small_pool.run(Query(ROWS, JSON)).rows
        assert not _files(fork_server(small_pool), store)

    def test_large_dataset_is_read_from_disk(
        self, store: Path, small_version: Version, small_pool: Pool
    ) -> None:
        """A dataset beyond the bound stays on disk, and has the same answers."""
        triples = small_version.info.triples
        counts = (
            f"{ROWS} ORDER BY ?s ?p ?o",
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        )
        with Pool(store, Limits(in_memory=triples - 1)) as pool:
            assert _files(fork_server(pool), store)
            for query in counts:
                assert pool.run(Query(query, JSON)).read() == small_pool.run(Query(query, JSON)).read()

    def test_rows_are_counted(self, small_pool: Pool) -> None:
        """An answer knows how many rows it has, and how long it took."""
        answer = small_pool.run(Query("SELECT * { VALUES ?a { 1 UNDEF '}},{' } }", JSON))

        assert answer.rows == 3
        assert 0 < answer.seconds < 30
        assert 0 <= answer.waited < 30

    def test_long_answer_lies_in_a_file_without_a_name(self, small_pool: Pool, tmp_path: Path) -> None:
        """A long answer is a file that is gone when it is closed, and is read from its start."""
        answer = small_pool.run(Query(LONG, JSON))

        assert not isinstance(answer.body, bytes)
        assert "(deleted)" in str(Path(f"/proc/self/fd/{answer.body.fileno()}").readlink())
        assert answer.length == os.fstat(answer.body.fileno()).st_size > 2_000_000
        assert answer.body.read(8) == b'{"head":'
        answer.close()
        answer.close()
        assert answer.body.closed
        assert not [*tmp_path.iterdir()]

    def test_two_long_answers_of_one_worker(self, store: Path) -> None:
        """A worker writes each long answer into another file, also after one that was refused."""
        with Pool(store, Limits(workers=1, max_result=4_000_000)) as pool:
            first = pool.run(Query(LONG, JSON))
            with pytest.raises(ResultTooLarge):
                pool.run(Query(LONG.replace("VALUES ?c {", "VALUES ?c { 1 2 3 4 5 6 7 8 9 10 11 12"), JSON))
            second = pool.run(Query(LONG, JSON))

            assert first.read() == second.read()

    def test_spool_in_a_folder_that_is_not_there(self, store: Path, tmp_path: Path) -> None:
        """Where no file for a long answer can be made, short ones are answered, and the error says why."""
        with Pool(store, spool=tmp_path / "none") as pool:
            assert pool.run(job(ASK)).body == TRUE
            with pytest.raises(PoolBusy, match="has no room for so long an answer") as refused:
                pool.run(job(LONG))
            assert refused.value.retry_after == 60
            assert pool.run(job(ASK)).body == TRUE


class TestErrors:
    """An error of a query in a worker is raised as if it had been found in this process."""

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT * {",
            "SELECT * { ?s nope:p ?o }",
            "SELECT ?a { } GROUP BY ?b",
            "INSERT DATA { <a:a> <a:a> 1 }",
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "",
        ],
    )
    def test_query_error(self, small_pool: Pool, small_version: Version, query: str) -> None:
        """An error has the message and the place that it has in process."""
        with pytest.raises(QueryError) as expected:
            evaluate(small_version.store, query)
        with pytest.raises(QueryError) as found:
            small_pool.run(job(query))

        told = [(e.value.message, e.value.line, e.value.column) for e in (expected, found)]
        assert told[0] == told[1]

    def test_lone_surrogate(self, small_pool: Pool) -> None:
        """A text that cannot be sent is an error of the query."""
        with pytest.raises(QueryError, match="not Unicode text"):
            small_pool.run(job("ASK { ?s ?p '\ud800' }"))

    def test_format_cannot_hold_the_answer(self, small_pool: Pool) -> None:
        """What a format cannot express is refused with the reason."""
        with pytest.raises(NotAcceptable, match="cannot hold a control character"):
            small_pool.run(Query('SELECT ("\\u0001" AS ?x) {}', RESULT_FORMATS[1]))

    def test_store_is_none(self, tmp_path: Path) -> None:
        """A folder without a store is refused when the pool is made, and leaves no process."""
        before = children(os.getpid())
        with pytest.raises(StoreError, match="cannot be served"):
            Pool(tmp_path)

        assert children(os.getpid()) == before


class TestBounds:
    """A query that takes too much ends, and the next one is answered."""

    def test_timeout(self, store: Path) -> None:
        """A query that does not end is given up, and costs one worker."""
        with Pool(store, Limits(timeout=4)) as pool:
            with pytest.raises(QueryTimeout, match="given up after 4 seconds"):
                pool.run(job(ENDLESS))

            assert pool.run(job(ASK)).body == TRUE
            assert pool.statistics().outcomes == {"QueryTimeout": 1, "answered": 1}

    @pytest.mark.parametrize(("wish", "given"), [(0.1, "0.1"), (90, "0.3")])
    def test_timeout_of_a_job(self, store: Path, wish: float, given: str) -> None:
        """A job may ask for less time than the pool gives, not for more."""
        with Pool(store, Limits(timeout=0.3)) as pool, pytest.raises(QueryTimeout, match=f"after {given} s"):
            pool.run(job(ENDLESS, timeout=wish))

    def test_longest_answer(self, store: Path) -> None:
        """An answer may be as long as the bound, and one byte more is refused."""
        length = len(TRUE)
        with Pool(store, Limits(max_result=length)) as pool:
            assert pool.run(job(ASK)).body == TRUE
        with (
            Pool(store, Limits(max_result=length - 1)) as pool,
            pytest.raises(ResultTooLarge, match="longer than 25 bytes") as refused,
        ):
            pool.run(job(ASK))
        assert (refused.value.status, refused.value.retry_after) == (413, None)

    def test_long_answers_that_are_not_read(self, store: Path) -> None:
        """Long answers are refused while others, not closed yet, take all the room there is."""
        with Pool(store, Limits(spool=5_000_000)) as pool:
            first, second = (pool.run(job(LONG, client=client)) for client in ("192.0.2.1", "192.0.2.2"))
            assert pool.statistics().spooled == first.length + second.length
            with pytest.raises(PoolBusy, match="Too many long answers") as refused:
                pool.run(job(LONG, client="192.0.2.3"))
            assert refused.value.retry_after == 30
            assert pool.run(job(ASK)).body == TRUE
            first.close()

            assert pool.run(job(LONG, client="192.0.2.3")).read().startswith(b'{"head":')
            second.close()
            assert pool.statistics().spooled == 0

    def test_long_answers_of_one_client(self, store: Path) -> None:
        """One client has half of the room at most, so that another one is always answered."""
        with Pool(store, Limits(spool=5_000_000)) as pool:
            first = pool.run(job(LONG, client="192.0.2.1"))
            with pytest.raises(PoolBusy, match="You are reading too many long answers") as refused:
                pool.run(job(LONG, client="192.0.2.1"))
            assert refused.value.retry_after == 30
            pool.run(job(LONG, client="192.0.2.2")).close()
            first.close()
            pool.run(job(LONG, client="192.0.2.1")).close()

    def test_queue_full(self, store: Path) -> None:
        """Without a queue, a query that finds no place is refused with the seconds until a retry."""
        with Pool(store, Limits(workers=1, queue=0, fast_seconds=60)) as pool, background() as threads:
            busy(pool, threads)
            with pytest.raises(PoolBusy, match="Too many queries wait") as refused:
                pool.run(job(ASK))
            pool.cancel_all()

        assert (refused.value.status, refused.value.retry_after) == (503, 2)

    @pytest.mark.slow
    def test_giving_way_until_the_deadline(self, store: Path) -> None:
        """A preempted query that finds no other place fails with the reason that no worker was free."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.1)
        with Pool(store, limits) as pool, background() as threads:
            busy(pool, threads)
            until(lambda: pool.statistics().slow == 1)
            late = threads.submit(pool.run, job(ENDLESS, timeout=20))
            until(lambda: pool.statistics().fast == 1)
            assert pool.run(job(ASK)).body == TRUE
            with pytest.raises(PoolBusy, match="No worker became free") as refused:
                late.result()
            assert refused.value.retry_after == 15
            pool.cancel_all()

    def test_giving_way_is_beginning_anew(self, store: Path) -> None:
        """A query that gave way to another one begins anew, in another process, when there is room."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.1)
        with Pool(store, limits) as pool, background() as threads:
            busy(pool, threads, id_="first")
            until(lambda: pool.statistics().slow == 1)
            (first,) = working(pool)
            busy(pool, threads, id_="second")
            (second,) = {*working(pool)} - {first}
            assert pool.run(job(ASK)).body == TRUE
            until(lambda: pool.statistics().slow_queued == 1)
            until(lambda: not exists(second))
            pool.cancel("first")
            until(lambda: pool.statistics().slow == 1)
            assert second not in working(pool)
            pool.cancel_all()

    def test_cancelled_while_it_waits_for_the_slow_lane(self, store: Path) -> None:
        """A query that was cancelled while it waits for a place of the slow lane ends."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.1)
        with Pool(store, limits) as pool, background() as threads:
            busy(pool, threads)
            until(lambda: pool.statistics().slow == 1)
            (run,) = busy(pool, threads, id_="second")
            assert pool.run(job(ASK)).body == TRUE
            until(lambda: pool.statistics().slow_queued == 1)
            assert pool.cancel("second")
            with pytest.raises(QueryCancelled):
                run.result()
            assert pool.statistics().slow_queued == 0
            pool.cancel_all()

    def test_slow_queries_leave_the_fast_lane(self, store: Path) -> None:
        """Queries that take long run on with the lowest priority, and others are answered meanwhile."""
        limits = Limits(workers=1, slow_workers=1, fast_seconds=0.1)
        with Pool(store, limits) as pool, background() as threads:
            (slow,) = busy(pool, threads)
            until(lambda: pool.statistics().slow == 1)
            until(lambda: niceness(pool)[-1] == 19)
            assert niceness(pool)[0] == os.getpriority(os.PRIO_PROCESS, 0)
            assert pool.run(job(ASK)).body == TRUE
            assert not slow.done()
            pool.cancel_all()

    def test_greedy_client_yields(self, store: Path) -> None:
        """A client who holds every slow place loses one to a client who has none, and waits for it."""
        limits = Limits(workers=2, slow_workers=2, fast_seconds=0.1)
        with Pool(store, limits) as pool, background() as threads:
            greedy = busy(pool, threads, 2, client="192.0.2.1")
            until(lambda: pool.statistics().slow == 2)
            before = set(working(pool))
            (modest,) = busy(pool, threads, 1, client="192.0.2.2")
            # It keeps its place of the fast lane until one waits there.
            busy(pool, threads, 1, client="192.0.2.3")
            assert pool.run(job(ASK, client="192.0.2.4")).body == TRUE
            until(lambda: len(before & set(working(pool))) == 1)

            assert pool.statistics().slow == 2
            assert not modest.done()
            assert not any(run.done() for run in greedy)
            pool.cancel_all()

    def test_quick_queries_beside_endless_ones(self, store: Path) -> None:
        """However many clients ask endless queries, another client's quick ones are all answered."""
        with Pool(store, Limits(timeout=60)) as pool, background(12) as threads:
            bad = [threads.submit(pool.run, job(ENDLESS, client=f"192.0.2.{n % 5}")) for n in range(10)]
            for _ in range(100):
                assert pool.run(job(ASK, client="198.51.100.1")).body == TRUE
            pool.cancel_all()
            errors = {type(run.exception()) for run in bad}

        assert errors == {QueryCancelled}


class TestCancelling:
    """A query whose answer is no longer awaited."""

    def test_running(self, store: Path) -> None:
        """A running query ends when it is cancelled by its name, and others go on."""
        with Pool(store) as pool, background() as threads:
            (one,) = busy(pool, threads, id_="one")
            (other,) = busy(pool, threads, id_="other")

            assert pool.cancel("one")
            with pytest.raises(QueryCancelled):
                one.result()
            assert not other.done()
            assert pool.cancel("other")

    def test_waiting(self, store: Path) -> None:
        """A query that waits for a worker ends, too."""
        with Pool(store, Limits(workers=1, fast_seconds=60)) as pool, background() as threads:
            busy(pool, threads)
            waiting = threads.submit(pool.run, job(ENDLESS, id_="waiting"))
            until(lambda: pool.cancel("waiting"))
            with pytest.raises(QueryCancelled):
                waiting.result()
            pool.cancel_all()

    def test_unknown(self, small_pool: Pool) -> None:
        """A name that no query has cancels nothing."""
        assert not small_pool.cancel("unknown")


class TestDeath:
    """Processes that end unexpectedly."""

    def test_idle_workers(self, store: Path) -> None:
        """Idle workers that were killed are replaced without an effect on queries."""
        with Pool(store) as pool:
            killed = workers(pool)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            until(lambda: not any(map(exists, killed)))

            assert pool.run(job(ASK)).body == TRUE
            assert pool.statistics().outcomes == {"answered": 1}

    def test_worker_of_a_query(self, store: Path) -> None:
        """A query whose worker was killed from outside is tried once more, and then given up."""
        with Pool(store, Limits(workers=1, fast_seconds=60)) as pool, background() as threads:
            (run,) = busy(pool, threads)
            for attempt in range(2):
                until(lambda: working(pool))
                (worker,) = working(pool)
                os.kill(worker, signal.SIGKILL)
                until(lambda: run.done() or working(pool) not in ([], [worker]))  # noqa: B023 - called at once
                assert run.done() == bool(attempt)
            with pytest.raises(WorkerLost, match="was killed") as lost:
                run.result()

        assert lost.value.retry_after == 1

    def test_fork_server(self, store: Path) -> None:
        """A fork server that was killed takes its workers along, and is reaped and replaced."""
        with Pool(store) as pool:
            assert pool.run(job(ASK)).body == TRUE
            old = [fork_server(pool), *workers(pool)]
            os.kill(old[0], signal.SIGKILL)
            until(lambda: not any(map(exists, old)))

            assert pool.run(job(ASK)).body == TRUE
            assert pool.ready()
            assert pool.statistics().fork_servers == 2
            assert state(old[0]) == {}

    def test_fork_server_while_a_query_runs(self, store: Path) -> None:
        """A query that runs when the fork server is killed is tried once more."""
        with Pool(store) as pool, background() as threads:
            (run,) = busy(pool, threads, id_="run")
            os.kill(fork_server(pool), signal.SIGKILL)
            until(lambda: pool.statistics().fork_servers == 2)
            until(lambda: working(pool))
            pool.cancel("run")
            with pytest.raises(QueryCancelled):
                run.result()

    def test_worker_of_an_earlier_fork_server(self, store: Path) -> None:
        """A worker whose fork server died is reaped without harm to the next one, which does not know it."""
        with Pool(store) as pool:
            server = pool._fork_server
            worker = server.fork()
            os.kill(fork_server(pool), signal.SIGKILL)
            until(lambda: not pool.ready())
            server.end(server.fork())

            assert server.end(worker) == (None, "")
            assert pool.run(job(ASK)).body == TRUE
            assert pool.statistics().fork_servers == 2

    def test_server(self, store: Path) -> None:
        """When the server is killed, nothing that it started is left."""
        script = [sys.executable, pools.__file__, str(store)]
        process = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with killed_at_the_end(process) as server:
            assert server.stdout is not None
            pids = [int(word) for word in server.stdout.readline().split()]
            assert len(pids) >= 3
            assert all(map(exists, pids))
            server.kill()
            until(lambda: not any(map(exists, pids)))

    def test_interrupt_while_workers_start(self, store: Path) -> None:
        """Ctrl-C while the workers are being forked leaves no process."""
        before = children(os.getpid())

        def started() -> list[int]:
            own = [pid for pid in children(os.getpid()) if pid not in before]
            return [*own, *(pid for each in own for pid in tree(each))]

        def interrupt() -> list[int]:
            until(lambda: len(started()) > 10)
            found = started()
            os.kill(os.getpid(), signal.SIGINT)
            return found

        with background() as threads:
            interrupted = threads.submit(interrupt)
            # Where all are forked before the signal comes, it ends the wait.
            with pytest.raises(KeyboardInterrupt), Pool(store, Limits(workers=100)):
                until(lambda: False)

        until(lambda: not any(map(exists, [*interrupted.result(), *started()])))

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_signals_that_mean_the_server(self, store: Path, number: signal.Signals) -> None:
        """A signal to every process does not break queries that the server may still want to finish."""
        with Pool(store) as pool:
            before = [fork_server(pool), *workers(pool)]
            for pid in before:
                os.kill(pid, number)

            assert pool.run(job(ASK)).body == TRUE
            assert {*before} <= {fork_server(pool), *workers(pool)}

    def test_close_while_queries_run(self, store: Path) -> None:
        """A pool that is closed ends what runs, takes nothing more, and leaves nothing behind."""
        before, opened = children(os.getpid()), len(descriptors(os.getpid()))
        with Pool(store) as pool, background() as threads:
            started = [fork_server(pool), *workers(pool)]
            (run,) = busy(pool, threads)
            pool.close()
            with pytest.raises(PoolBusy, match="stopping"):
                run.result()
            with pytest.raises(PoolBusy, match="stopping"):
                pool.run(job(ASK))
            assert not pool.ready()

        assert not any(map(exists, started))
        assert (children(os.getpid()), len(descriptors(os.getpid()))) == (before, opened)


class TestManyQueries:
    """What one query leaves behind, thousands do."""

    def test_from_many_threads(self, store: Path) -> None:
        """Each thread gets the answers to its own queries."""
        with Pool(store) as pool, background(16) as threads:
            queries = [f"SELECT ({n} AS ?n) {{}}" for n in range(400)]
            found = [answer.read() for answer in threads.map(lambda query: pool.run(job(query)), queries)]

        assert all(f'"value":"{n}"'.encode() in data for n, data in enumerate(found))

    def test_nothing_leaks(self, store: Path) -> None:
        """Thousands of queries, failed ones among them, leave as many processes and descriptors as a few."""
        with Pool(store, Limits(timeout=0.2)) as pool:
            every = (ASK, "SELECT * {", LONG, "SELECT * { SERVICE <a:b> {} }")

            def opened() -> list[int]:
                """Return what server and fork server have open, once no worker is being forked or ended."""
                until(lambda: pool.statistics().idle == len(children(fork_server(pool))) == 3)
                return [len(descriptors(pid)) for pid in (os.getpid(), fork_server(pool))]

            for query in every:
                outcome(pool, query)
            before = opened()
            for number in range(3000):
                outcome(pool, every[number % 40] if number % 40 < 4 else ASK)
                if number % 300 == 0:
                    outcome(pool, ENDLESS)
            after = opened()

            # The server has a file for the long answers of each worker, as soon as that has worked.
            assert abs(after[0] - before[0]) <= 3
            assert after[1] == before[1]
            assert max(len(descriptors(pid)) for pid in workers(pool)) < 20
            assert sum(pool.statistics().outcomes.values()) == 3014

    def test_memory_of_a_worker_does_not_grow(self, store: Path) -> None:
        """A worker that a query has left large is replaced, so that idle workers are small."""
        with Pool(store, Limits(workers=1)) as pool:
            outcome(
                pool, "SELECT (STRLEN(?x) AS ?n) { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } " + doubled(24) + " }"
            )
            outcome(pool, ASK)
            until(lambda: pool.statistics().idle == len(workers(pool)) == 2)

            assert pool.statistics().forks >= 2
            for worker in workers(pool):
                assert int(state(worker)["VmRSS"].split()[0]) < 64 * 1024


def niceness(pool: Pool) -> list[int]:
    """Return the priorities of the workers of a pool."""
    found = []
    for pid in workers(pool):
        with suppress(ProcessLookupError):  # It may end meanwhile.
            found.append(os.getpriority(os.PRIO_PROCESS, pid))
    return sorted(found)


def outcome(pool: Pool, query: str) -> type[ForumKgError] | None:
    """Run a query, and return the class of its error."""
    try:
        pool.run(job(query)).close()
    except ForumKgError as error:
        return type(error)
    return None


def doubled(times: int) -> str:
    """Return patterns that bind ?x to a string of two to the power of a number of characters."""
    steps = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(times))
    return f'BIND ("x" AS ?x0) {steps} BIND (?x{times} AS ?x)'


def _files(process: int, folder: Path) -> list[Path]:
    """Return the files of a folder that a process has open."""
    found = []
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # It may have been closed meanwhile.
            found.append(Path(str(link.readlink())))
    return [path for path in found if path.is_relative_to(folder)]
