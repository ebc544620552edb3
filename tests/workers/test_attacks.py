"""Hostile queries, and processes killed at random: other queries are not affected."""

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listening import listening
from pools import ENDLESS, JSON, background, busy, fork_server, job, workers, working
from processes import children, descriptors, exists, until

from forumkg.errors import ForumKgError, LimitError, QueryError, QueryOutOfMemory, QueryTimeout, WorkerLost
from forumkg.formats import GRAPH_FORMATS
from forumkg.workers import sandbox
from forumkg.workers.pool import Limits, Pool, Query

pytestmark = pytest.mark.faults

MIB = 1024 * 1024
TRUE = b'{"head":{},"boolean":true}'
NODES = 3000


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a ring of nodes with chords, and a text at each, made by many commits."""
    folder = tmp_path_factory.mktemp("ring") / "store"
    store = ox.Store(str(folder))
    for commit in range(30):
        store.extend(
            quad
            for node in range(commit, NODES, 30)
            for quad in (
                edge(node, 1),
                edge(node, 37),
                ox.Quad(name(node), ox.NamedNode("https://example.org/text"), ox.Literal(f"node {node}")),
            )
        )
        store.flush()
    del store
    return folder


def name(node: int) -> ox.NamedNode:
    """Return the name of a node."""
    return ox.NamedNode(f"https://example.org/node/{node % NODES}")


def edge(node: int, step: int) -> ox.Quad:
    """Return an edge of the ring."""
    return ox.Quad(name(node), ox.NamedNode("https://example.org/next"), name(node + step))


@pytest.fixture
def pool(graph: Path) -> Iterator[Pool]:
    """Run a pool with little of everything; at the end it still answers, and nothing has piled up."""
    before = children(os.getpid()), len(descriptors(os.getpid()))
    limits = Limits(timeout=60, memory=128 * MIB, workers=1, slow_workers=1, fast_seconds=0.5)
    with Pool(graph, limits) as made:
        yield made
        assert made.run(job("ASK {}")).body == TRUE
        # Those that are dismissed are reaped in a moment.
        until(lambda: len(children(fork_server(made))) == made.statistics().idle == 2)
        assert all(map(exists, children(fork_server(made))))
    assert (children(os.getpid()), len(descriptors(os.getpid()))) == before


def cross(count: int) -> str:
    """Return patterns that have nothing to do with each other."""
    return " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(count))


def nested(opening: str, closing: str, inside: str, depth: int) -> str:
    """Return something in many brackets."""
    return opening * depth + inside + closing * depth


# Seconds for a query that takes what it can; one that has to be answered has all that the pool gives.
HOG_TIME = 1.5
HOGS = {
    "triple product": f"SELECT * {{ {cross(3)} }}",
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {cross(6)} }}",
    "sorted product": f"SELECT * {{ {cross(3)} }} ORDER BY ?o2 ?o1 ?o0",
    "distinct product": f"SELECT DISTINCT * {{ {cross(3)} }}",
    "grouped product": f"SELECT ?o0 ?o1 ?o2 (COUNT(*) AS ?n) {{ {cross(3)} }} GROUP BY ?o0 ?o1 ?o2",
    "concatenation": f"SELECT (GROUP_CONCAT(?o0) AS ?all) {{ {cross(3)} }}",
    "constructed product": f"CONSTRUCT {{ ?s0 ?p1 ?o2 }} {{ {cross(3)} }}",
    "product in EXISTS": f"SELECT * {{ ?a ?b ?c FILTER EXISTS {{ {cross(4)} FILTER (?o0 = ?s1 + ?s3) }} }}",
    "path of all pairs": "SELECT (COUNT(*) AS ?n) { ?a (!<a:c>+)/(!<a:b>*)/^(!<a:b>+) ?b }",
    "path of anything": "SELECT * { ?a (!<a:b>|^!<a:b>)*/(!<a:b>|^!<a:b>)* ?b }",
    "product of values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(60)))} }}" for n in range(9))
    + " }",
    "doubled string": "SELECT (STRLEN(?x60) AS ?n) { BIND ('x' AS ?x0) "
    + " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(60))
    + " }",
    "regular expressions": "SELECT (COUNT(*) AS ?n) { "
    + cross(3)
    + ' FILTER (REGEX(CONCAT(STR(?o0), STR(?o1), STR(?o2)), "((a|b|node.*)*x?)*y{900}z$")) }',
    "large expression": 'ASK { FILTER (REGEX("a", "' + "(a{500}){500}" * 4 + '")) }',
    "unions": "SELECT (COUNT(*) AS ?n) { "
    + " ".join("{ ?s ?p ?o } UNION { ?o ?p ?s } UNION { ?a ?b ?c }" for _ in range(6))
    + " }",
}


@pytest.mark.parametrize("query", HOGS.values(), ids=HOGS)
def test_hog(pool: Pool, query: str) -> None:
    """A query that takes all time or all memory is ended, with the error of that limit."""
    format_ = GRAPH_FORMATS[0] if query.startswith("CONSTRUCT") else JSON
    try:
        pool.run(Query(query, format_, timeout=HOG_TIME)).close()
    except QueryError as error:
        assert "too large for the engine" in str(error)  # noqa: PT017 - the regular expression
    except (QueryTimeout, QueryOutOfMemory) as error:
        assert str(error).startswith("The query ")  # noqa: PT017 - it may also be answered in time


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {nested('{', '}', '?s ?p ?o', 200_000)} }}",
        f"SELECT * {{ FILTER {nested('(', ')', '1', 200_000)} }}",
        f"SELECT * {{ FILTER ({'!' * 500_000}true) }}",
        f"SELECT ({'-' * 500_000}1 AS ?x) {{}}",
        f"SELECT * {{ ?s {nested('(', ')', '<a:b>', 100_000)} ?o }}",
        f"SELECT * {{ ?s <a:b> {nested('[ <a:b> ', ']', '1', 100_000)} }}",
        f"SELECT * {{ ?s <a:b> {nested('(', ')', '1', 100_000)} }}",
        "SELECT * {" + "{ SELECT * {" * 50_000 + "}}" * 50_000 + "}",
        "SELECT * {" + " OPTIONAL { ?s ?p ?o" * 50_000 + "}" * 50_000 + "}",
        "SELECT * { ?s " + "<a:b>/" * 200_000 + "<a:b> ?o }",
        "SELECT (1" + "+1" * 500_000 + " AS ?x) {}",
        "ASK { FILTER (1" + " || 1" * 500_000 + ") }",
        "SELECT * {" + "{ ?s ?p ?o } UNION " * 100_000 + "{ ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER NOT EXISTS " + "{ ?s ?p ?o FILTER NOT EXISTS " * 50_000,
    ],
    ids=lambda query: query[:36].replace("\n", " "),
)
def test_deep_nesting(pool: Pool, query: str) -> None:
    """A query that is nested so deeply that the parser breaks, breaks one worker."""
    try:
        pool.run(job(query, timeout=HOG_TIME)).close()
    except ForumKgError as error:
        assert isinstance(error, WorkerLost | QueryError | QueryTimeout | QueryOutOfMemory)  # noqa: PT017 - as above


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?v { " + " ".join(f'"value {n}"' for n in range(600_000)) + " } } LIMIT 1",
        "SELECT * { ?s ?p ?o } #" + "x" * 10 * MIB,
        "SELECT * { FILTER (?o IN (" + ",".join(map(str, range(1_000_000))) + ")) }",
        "ASK { ?s ?p '" + "x" * 10 * MIB + "' }",
        "x" * 10 * MIB,
        "(" * 10 * MIB,
        '"' * 10 * MIB,
        "\x00" * 10 * MIB,
    ],
    ids=lambda query: query[:24].replace("\x00", "NUL"),
)
def test_query_of_ten_megabytes(pool: Pool, query: str) -> None:
    """A query of ten megabytes is answered, refused or given up, in bounded time and memory."""
    try:
        pool.run(job(query, timeout=HOG_TIME)).close()
    except ForumKgError as error:
        assert isinstance(error, QueryError | LimitError)  # noqa: PT017 - as above


ESCAPES = [
    "SELECT * {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND (<http://{0}/> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "PREFIX e: <http://{0}/> SELECT * {{ SERVICEe:x {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER (trueSERVICE<http://{0}/>{{ ?s ?p ?o }}) }}",
    "SELECT * FROM <http://{0}/> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <http://{0}/> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <http://{0}/> {{ ?s ?p ?o }} }}",
    "LOAD <http://{0}/>",
    "LOAD SILENT <http://{0}/> INTO GRAPH <http://{0}/>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "DESCRIBE <http://{0}/>",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_no_way_out(pool: Pool, template: str) -> None:
    """Nothing in a query or its dataset makes a worker call a server that listens."""
    with listening() as (address, callers):
        asked = Query(
            template.format(address),
            JSON if "DESCRIBE" not in template else GRAPH_FORMATS[0],
            default_graphs=(f"http://{address}/default",) if "FROM" in template else (),
        )
        with suppress(QueryError):
            pool.run(asked).close()

    assert callers == []


@pytest.mark.parametrize("confined", [True, False])
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_no_way_out_of_a_worker_that_is_misled(graph: Path, *, confined: bool) -> None:
    """Oxigraph itself calls a server for SERVICE, and cannot from a confined worker."""
    # What the refusal of SERVICE does not see would come this far.
    with listening() as (address, callers):
        query = f"ASK {{ SERVICE <http://{address}/> {{ ?s ?p ?o }} }}"
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            sandbox.confine(os.getppid(), graph, 256 * MIB, confined=confined)
            try:
                bool(ox.Store().query(query))
            except (OSError, RuntimeError) as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.close(writer)
        with open(reader, "rb") as pipe:  # noqa: PTH123 - a descriptor
            said = pipe.read().decode()
        os.waitpid(child, 0)

    assert said
    assert (callers == []) == confined


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <file://{0}> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <file://{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "SELECT * {{ GRAPH <file://{0}> {{ ?s ?p ?o }} }}",
        "SELECT * FROM <file:{0}> {{ ?s ?p ?o }}",
    ],
)
def test_files_are_names(pool: Pool, tmp_path: Path, query: str) -> None:
    """The name of a file is the name of an empty graph."""
    secret = tmp_path / "secret.ttl"
    secret.write_text("<a:secret> <a:secret> <a:secret> .")
    named = query.format(secret)

    assert pool.run(job(named)).rows == 0
    assert pool.run(Query("SELECT * { ?s ?p ?o }", JSON, default_graphs=(f"file://{secret}",))).rows == 0


def test_workers_killed_at_random(graph: Path) -> None:
    """While workers are killed at random, each query is answered correctly or fails with WorkerLost."""
    rng = random.Random(7)  # noqa: S311 - which worker dies is no secret
    count = f"SELECT (COUNT(*) AS ?n) {{ {cross(1)} ?s0 ?p1 ?o1 }}"
    stop = threading.Event()
    killed = 0
    with Pool(graph) as pool, background() as threads:
        right = pool.run(job(count)).read()

        def ask() -> set[object]:
            found: set[object] = set()
            while not stop.is_set():
                try:
                    found.add(pool.run(job(count)).read())
                except WorkerLost:
                    found.add(WorkerLost)
            return found

        asking = [threads.submit(ask) for _ in range(4)]
        while killed < 60:
            alive = workers(pool)
            if alive:
                os.kill(rng.choice(alive), signal.SIGKILL)
                killed += 1
            answered = sum(pool.statistics().outcomes.values())
            until(lambda answered=answered: sum(pool.statistics().outcomes.values()) > answered)  # type: ignore[misc]
        stop.set()
        answers = set().union(*(one.result() for one in asking))

        assert right in answers
        assert answers <= {right, WorkerLost}
        # One that was killed while it waited for a query is found dead when it is asked the next one.
        dead = [pid for pid in children(fork_server(pool)) if not exists(pid)]
        assert len(dead) <= Limits().workers


def test_fork_servers_killed_again_and_again(graph: Path) -> None:
    """Each time the fork server is killed another one starts, and nothing is left of the one before."""
    with Pool(graph) as pool:

        def opened() -> int:
            """Return what this process has open, once no worker is being forked or ended."""
            until(lambda: pool.statistics().idle == len(children(fork_server(pool))) == 3)
            return len(descriptors(os.getpid()))

        pool.run(job("ASK {}")).close()
        before = opened()
        for _ in range(8):
            pids = [fork_server(pool), *workers(pool)]
            os.kill(pids[0], signal.SIGKILL)
            until(lambda pids=pids: not any(map(exists, pids)))  # type: ignore[misc]
            assert pool.run(job("ASK {}")).body == TRUE

        assert pool.statistics().fork_servers == 9
        # The server has a file for the long answers of each worker, as soon as that has worked.
        assert opened() <= before + 1


def test_stopped_worker(graph: Path) -> None:
    """A query whose worker does not go on is given up at its deadline, and the worker is ended."""
    with Pool(graph, Limits(timeout=3, memory=1024 * MIB)) as pool, background() as threads:
        (run,) = busy(pool, threads)
        (pid,) = working(pool)
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(QueryTimeout):
            run.result()

        until(lambda: not exists(pid))


@pytest.mark.slow
def test_ten_thousand_queries(graph: Path) -> None:
    """Ten thousand queries of many threads, bad ones among them, leave nothing behind."""
    with Pool(graph, Limits(timeout=0.3)) as pool, background() as threads:
        queries = ["ASK {}", "SELECT * {", "SELECT * { ?s ?p ?o } LIMIT 9000", *["ASK { ?s ?p ?o }"] * 97]
        pool.run(job(queries[2])).close()
        until(lambda: pool.statistics().idle == 3)
        before = len(descriptors(os.getpid()))

        def ask(number: int) -> None:
            with suppress(QueryError, LimitError):
                pool.run(job(ENDLESS if number % 1000 == 999 else queries[number % 100])).close()

        list(threads.map(ask, range(10_000)))
        until(lambda: len(children(fork_server(pool))) == pool.statistics().idle == 3)
        statistics = pool.statistics()

        assert sum(statistics.outcomes.values()) == 10_001
        assert len(descriptors(os.getpid())) - before <= 3 * statistics.idle
        assert all(map(exists, children(fork_server(pool))))
        assert len(children(fork_server(pool))) == statistics.idle


@given(query=st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode(errors="replace")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text(small_pool: Pool, query: str) -> None:
    """Any text is answered, or refused as a query."""
    with suppress(QueryError):
        small_pool.run(job(query)).close()
