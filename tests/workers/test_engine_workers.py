"""Workers that have a remote engine evaluate their queries."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pools import background, job, workers
from processes import exists, state, until
from scripted_engine import ScriptedAnswer, ScriptedEngine, reserved_port, scripted_engine

from forumkg.errors import EngineError, ForumKgError, PoolBusy, QueryCancelled, QueryError, QueryTimeout
from forumkg.formats import CSV
from forumkg.workers.pool import Limits, Pool

SELECT = "SELECT ?s { ?s ?p ?o }"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:x:a"}}]}}'
WHOLE = ScriptedAnswer(ROWS)
WAITING = ScriptedAnswer(ROWS, waits=True)


@contextmanager
def front(limits: Limits | None = None) -> Iterator[tuple[Pool, ScriptedEngine]]:
    """Run workers that ask a scripted engine."""
    with scripted_engine() as engine:
        engine.answer = WHOLE
        with Pool(None, limits, engine=engine.engine) as pool:
            yield pool, engine


def test_answer_in_the_format_of_the_client() -> None:
    """A worker answers query after query on one connection."""
    with front(Limits(workers=1)) as (pool, engine):
        for _ in range(5):
            assert pool.run(job(SELECT, CSV)).read() == b"s\r\nurn:x:a\r\n"
        assert len(engine.received) == 5
        assert pool.statistics().forks <= 2


@pytest.mark.faults
@pytest.mark.parametrize(
    ("answer", "kind", "retry_after"),
    [
        (ScriptedAnswer(ROWS + b" timeout"), EngineError, None),
        (ScriptedAnswer(ROWS, cut=40), EngineError, 5),
        (ScriptedAnswer(b"no", 400), QueryError, None),
        (ScriptedAnswer(b"", 503), PoolBusy, 5),
        (ScriptedAnswer(b"", 504), QueryTimeout, None),
    ],
)
def test_error_of_the_engine(
    answer: ScriptedAnswer, kind: type[ForumKgError], retry_after: int | None
) -> None:
    """What goes wrong at the engine reaches the client with its kind; the next query is answered."""
    with front() as (pool, engine):
        engine.answer = answer
        with pytest.raises(kind) as raised:
            pool.run(job(SELECT))
        engine.answer = WHOLE

        assert type(raised.value) is kind
        assert getattr(raised.value, "retry_after", None) == retry_after
        assert pool.run(job(SELECT, CSV)).read()


def test_log_of_a_failure_of_the_engine(caplog: pytest.LogCaptureFixture) -> None:
    """The log has the reason of a failed query, which the outcome in the line of its request does not say."""
    with front() as (pool, engine):
        engine.answer = ScriptedAnswer(b"", 500)
        with pytest.raises(EngineError):
            pool.run(job(SELECT)._replace(id="a query"))

    reason = "The engine of this endpoint answered with status 500."
    fields = {"query_id": "a query", "error": "EngineError", "reason": reason}
    found = [(record.levelname, vars(record).get("fields")) for record in caplog.records]
    assert found == [("WARNING", fields)]


def test_workers_have_no_network() -> None:
    """A worker that has its connection can open no other one."""
    with front() as (pool, _):
        until(lambda: all(state(pid).get("Seccomp") == "2" for pid in workers(pool)))

        assert len(workers(pool)) >= 2


@pytest.mark.faults
def test_connection_ends_while_no_query_is_sent() -> None:
    """A worker whose connection has ended is replaced before it is given a query."""
    with front() as (pool, engine):
        pool.run(job(SELECT, CSV)).close()
        until(lambda: pool.statistics().idle == 3)
        before = workers(pool)
        until(lambda: engine.accepted == len(before))
        engine.end_connections()
        until(lambda: not any(exists(pid) for pid in before))

        assert pool.run(job(SELECT, CSV)).read() == b"s\r\nurn:x:a\r\n"
        assert len(engine.received) == 2


@pytest.mark.faults
def test_engine_goes_and_comes_back() -> None:
    """While the engine is away each query says so and keeps no place; then queries are answered again."""
    with reserved_port() as port:
        for _ in range(5):
            with scripted_engine(port=port) as engine:
                engine.answer = WHOLE
                pool = Pool(None, Limits(workers=4), engine=engine.engine)
                pool.run(job(SELECT, CSV)).close()
            with pool:
                # The workers end while queries are sent to them.
                for _ in range(3):
                    with pytest.raises(EngineError, match="cannot be reached"):
                        pool.run(job(SELECT))
                assert pool.statistics().fast == 0
                with scripted_engine(port=port) as again:
                    again.answer = WHOLE
                    assert pool.run(job(SELECT, CSV)).read() == b"s\r\nurn:x:a\r\n"


@pytest.mark.faults
def test_query_that_was_given_up_keeps_its_place() -> None:
    """A query whose client has gone counts as running until the engine's own limit has passed."""
    with front(Limits(workers=1, slow_workers=0)) as (pool, engine), background() as threads:
        engine.answer = WAITING
        asked = threads.submit(pool.run, job(SELECT, id_="one"))
        until(lambda: len(engine.received) == 1)
        pool.cancel("one")
        with pytest.raises(QueryCancelled):
            asked.result()
        engine.answer = WHOLE

        assert pool.statistics().fast == 1
        with pytest.raises(PoolBusy, match="No worker became free in time"):
            pool.run(job(SELECT, timeout=0.5))
        assert len(engine.received) == 1


@pytest.mark.faults
def test_place_is_free_after_the_limit_of_the_engine() -> None:
    """Two seconds after the deadline of a query that was given up, its place is another's."""
    with front(Limits(workers=1, slow_workers=0)) as (pool, engine):
        engine.answer = WAITING
        with pytest.raises(QueryTimeout):
            pool.run(job(SELECT, timeout=0.3))
        engine.answer = WHOLE

        assert pool.run(job(SELECT, CSV)).read()


def test_lanes_judge_by_elapsed_time() -> None:
    """A query that has waited for long moves to the slow lane, and goes on where that is full."""
    limits = Limits(workers=2, slow_workers=1, fast_seconds=0.05)
    with front(limits) as (pool, engine), background() as threads:
        engine.answer = WAITING
        asked = [threads.submit(pool.run, job(SELECT, CSV, client=str(n))) for n in range(3)]
        until(lambda: len(engine.received) == 3)
        until(lambda: pool.statistics().slow == 1)

        assert pool.statistics().fast == 2
        engine.go.set()
        assert [each.result().read() for each in asked] == [b"s\r\nurn:x:a\r\n"] * 3
        assert len(engine.received) == 3


def test_deadline_of_the_engine() -> None:
    """The engine is given what is left of the time, and two seconds."""
    with scripted_engine("fuseki") as engine:
        engine.answer = WHOLE
        with Pool(None, Limits(timeout=40), engine=engine.engine) as pool:
            pool.run(job(SELECT, CSV)).close()
            pool.run(job(SELECT, CSV, timeout=10)).close()

    assert [path.partition("timeout=")[2] for path, _, _ in engine.received] == ["42", "12"]
