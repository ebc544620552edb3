"""The version of an engine is confirmed after each of its answers, at a bounded cost."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pools import background, job
from processes import until
from scripted_engine import ScriptedAnswer, ScriptedEngine, scripted_engine

from forumkg.errors import EngineError, EngineVersionError
from forumkg.formats import CSV
from forumkg.workers.pool import Pool
from forumkg.workers.version_guard import VersionGuard

DIGEST, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4
SELECT = "SELECT ?s { ?s ?p ?o }"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:x:a"}}]}}'


@pytest.fixture
def engine() -> Iterator[ScriptedEngine]:
    """Run an engine that holds the version that it is asked for."""
    with scripted_engine() as running:
        running.engine = replace(running.engine, version=DIGEST)
        running.answer, running.versions = ScriptedAnswer(ROWS), (DIGEST,)
        yield running


@pytest.mark.faults
@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((OTHER,), "holds version fedcba987654, and this server serves version 0123456789ab"),
        ((), "holds no version of this graph, and this server serves version 0123456789ab"),
        ((DIGEST, OTHER), "holds version 0123456789ab and version fedcba987654, and this server"),
    ],
    ids=["other", "none", "both"],
)
def test_answer_of_other_data(engine: ScriptedEngine, held: tuple[str, ...], words: str) -> None:
    """An answer of an engine with other data is an error that names both; then all is as before."""
    with Pool(None, engine=engine.engine) as pool:
        engine.versions = held
        with pytest.raises(EngineVersionError, match=words) as raised:
            pool.run(job(SELECT, CSV))
        engine.versions = (DIGEST,)

        assert (raised.value.status, raised.value.retry_after) == (503, 5)
        assert pool.run(job(SELECT, CSV)).read() == b"s\r\nurn:x:a\r\n"


@pytest.mark.faults
def test_data_exchanged_while_a_query_runs(engine: ScriptedEngine) -> None:
    """The comparison comes after the answer, not before the query."""
    with Pool(None, engine=engine.engine) as pool, background() as threads:
        engine.answer = ScriptedAnswer(ROWS, waits=True)
        asked = threads.submit(pool.run, job(SELECT, CSV))
        until(lambda: len(engine.received) == 1)
        engine.versions = (OTHER,)
        engine.go.set()

        with pytest.raises(EngineVersionError):
            asked.result()


@pytest.mark.faults
def test_engine_that_goes_away_after_its_answer(engine: ScriptedEngine) -> None:
    """An answer that cannot be confirmed is not passed on."""
    guard = VersionGuard(replace(engine.engine, url="http://127.0.0.1:9"))

    with pytest.raises(EngineError, match="cannot be reached"):
        asyncio.run(guard.confirm())


def test_answers_share_comparisons(engine: ScriptedEngine) -> None:
    """All answers that come while a comparison is under way are confirmed by the next one."""
    guard = VersionGuard(engine.engine)

    async def confirm_many() -> None:
        first = asyncio.create_task(guard.confirm())
        while guard._running is None:
            await asyncio.sleep(0)
        await asyncio.gather(first, *(guard.confirm() for _ in range(50)))

    asyncio.run(confirm_many())
    guard.close()

    assert engine.compared == 2
