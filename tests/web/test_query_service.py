"""The query operation as a function of requests: what is computed, kept, refused and given up."""

import asyncio
import re
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pools import ENDLESS, background, working
from processes import until
from small_dataset import PREFIXES

from forumkg.dataset.versions import Version
from forumkg.errors import NotFound, QueryTimeout, TooManyRequests
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.lookups import LookupStore
from forumkg.sparql.parameters import FORM, SPARQL_QUERY
from forumkg.web.http.responses import File, Reply, read
from forumkg.web.query_operation import SparqlRequest
from forumkg.web.query_service import MAX_CACHED, QueryService
from forumkg.web.rate_limits import NO_LIMIT, RateLimit, RateLimiter
from forumkg.workers.pool import Limits, Pool

SELECT = PREFIXES + "SELECT ?year { ?edition zgc:year ?year } ORDER BY ?year"
CSV = b"year\r\n2021\r\n2023\r\n"
PLAIN = "text/plain; charset=utf-8"
QUERY_ID = str(uuid.UUID(int=2**127 + 1))
# The same for graphs, which no worker ends either.
ENDLESS_GRAPH = "CONSTRUCT { [] <urn:n> ?n } {" + ENDLESS + "}"


def get(query: str, method: str = "GET", **parameters: str) -> SparqlRequest:
    """Return a request that asks a query by its address."""
    return SparqlRequest(method, urlencode({"query": query, **parameters}).encode(), client="127.0.0.1")


def header(reply: Reply, name: str) -> str:
    """Return the value of a header that the reply has once, or nothing where it has none."""
    values = [value for each, value in reply.headers if each == name]
    assert len(values) <= 1
    return "".join(values)


def steady(reply: Reply) -> tuple[int, dict[str, str], bytes]:
    """Return what does not differ from one evaluation to the next."""
    headers = {name: value for name, value in reply.headers if name not in {"Server-Timing", "X-Query-Id"}}
    return reply.status, headers, read(reply.body)


def digits(length: int) -> str:
    """Return a query whose answer in CSV is a string of a length, and a few bytes more."""
    doubling = "".join(f"BIND (CONCAT(?s{n}, ?s{n}) AS ?s{n + 1}) " for n in range(length.bit_length()))
    return f'SELECT (SUBSTR(?s{length.bit_length()}, 1, {length}) AS ?s) {{ BIND ("0" AS ?s0) {doubling}}}'


@pytest.fixture(scope="module")
def strict_pool(small_version: Version) -> Iterator[Pool]:
    """Run workers that have little time."""
    limits = Limits(timeout=0.5, fast_seconds=5.0, workers=2)
    with Pool(small_version.path / "store", limits) as pool:
        yield pool


@pytest.fixture(scope="module")
def less_strict_pool(small_version: Version) -> Iterator[Pool]:
    """Run workers that give up late enough for several queries to come together, however busy the machine."""
    with Pool(small_version.path / "store", Limits(timeout=4, fast_seconds=60, workers=2)) as pool:
        yield pool


@pytest.fixture
def strict(strict_pool: Pool) -> QueryService:
    """Answer by those workers."""
    return QueryService(strict_pool, "strict")


def test_first_and_second_time(small_service: QueryService) -> None:
    """An answer says what it took; the second time it comes from the cache, and is the same besides."""
    request = get(SELECT, format="csv")

    assert small_service.recall(request) is None
    first = small_service.wait_for_answer(request)
    second = small_service.recall(request)
    assert second is not None

    assert steady(first) == (
        200,
        {
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Length": str(len(CSV)),
            "ETag": header(first, "ETag"),
            "Cache-Control": "no-cache",
            "Vary": "Accept, Accept-Encoding",
        },
        CSV,
    )
    assert re.fullmatch(r'"[0-9a-f]{32}"', header(first, "ETag"))
    assert re.fullmatch(r"queue;dur=\d+\.\d, query;dur=\d+\.\d", header(first, "Server-Timing"))
    assert re.fullmatch(r"[0-9a-f]{32}", header(first, "X-Query-Id"))
    assert header(second, "Server-Timing") == "cache;desc=hit"
    assert steady(second) == steady(first)
    assert (first.logged and first.logged.outcome, second.logged and second.logged.outcome) == (
        "answered",
        "cached",
    )


def test_every_way_to_ask_shares_an_answer(small_service: QueryService) -> None:
    """What GET has asked is known to HEAD, to a form, to a direct POST, and by Accept."""
    first = small_service.wait_for_answer(get(SELECT, format="csv"))
    form = urlencode({"format": "csv", "query": f"\n{SELECT}", "timeout": "1"}).encode()
    others = [
        get(SELECT, method="HEAD", format="csv"),
        SparqlRequest("GET", urlencode({"query": SELECT}).encode(), accept="text/csv"),
        SparqlRequest("POST", content_type=FORM, body=form),
        SparqlRequest("POST", b"output=csv", SPARQL_QUERY, SELECT.encode()),
    ]

    for request in others:
        reply = small_service.wait_for_answer(request)
        assert steady(reply) == steady(first)
        assert header(reply, "Server-Timing") == "cache;desc=hit"
        again = small_service.recall(request)
        assert again is not None
        assert steady(again) == steady(first)


def test_not_known_before(small_service: QueryService) -> None:
    """Another format, dataset or version of the same query is another answer."""
    small_service.wait_for_answer(get(SELECT, format="csv"))

    assert small_service.recall(get(SELECT, format="json")) is None
    other = small_service.wait_for_answer(get(SELECT, **{"format": "csv", "default-graph-uri": "urn:none"}))
    assert read(other.body) == b"year\r\n"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("known", ['"other", {}', "W/{}", "*", '{}, "other"'])
def test_unchanged(small_service: QueryService, method: str, known: str) -> None:
    """A client that has the answer gets a 304, from the cache and without it."""
    request = get(SELECT, format="csv")
    etag = header(small_service.wait_for_answer(request), "ETag")
    asked = request._replace(method=method, if_none_match=known.format(etag))

    for reply in (small_service.recall(asked), small_service.wait_for_answer(asked)):
        assert reply is not None
        assert steady(reply) == (
            304,
            {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"},
            b"",
        )
        assert reply.logged
        assert reply.logged.outcome == "unchanged"


@pytest.mark.parametrize("known", ['"other"', "{}-gzip", "nonsense", '"'])
def test_changed(small_service: QueryService, known: str) -> None:
    """A client that has another answer gets this one."""
    request = get(SELECT, format="csv")
    etag = header(small_service.wait_for_answer(request), "ETag")

    reply = small_service.wait_for_answer(request._replace(if_none_match=known.format(etag)))

    assert (reply.status, reply.body) == (200, CSV)


def test_unchanged_is_not_for_post(small_service: QueryService) -> None:
    """A POST is answered in full, for 304 answers GET and HEAD alone."""
    request = SparqlRequest("POST", b"format=csv", SPARQL_QUERY, SELECT.encode(), if_none_match="*")

    assert small_service.wait_for_answer(request).status == 200
    assert small_service.wait_for_answer(request).status == 200


@pytest.fixture(scope="module")
def known(small_version: Version, small_pool: Pool) -> tuple[QueryService, str]:
    """Return what has answered `SELECT` before, and the ETag that it gave."""
    service = QueryService(small_pool, small_version.info.digest)
    return service, header(service.wait_for_answer(get(SELECT)), "ETag")


@given(st.lists(st.tuples(st.booleans(), st.text("abc123-", max_size=8))), st.integers(0, 9))
def test_any_list_of_etags(known: tuple[QueryService, str], others: list[tuple[bool, str]], at: int) -> None:
    """The answer's ETag is found in every list that has it, weak or strong, and in no other."""
    service, etag = known
    listed = [f'{"W/" * weak}"{tag}"' for weak, tag in others]
    with_ours = [*listed[:at], etag, *listed[at:]]

    for tags, status in ((listed, 200), (with_ours, 304)):
        for separator in (",", ", ", " , "):
            reply = service.recall(get(SELECT)._replace(if_none_match=separator.join(tags)))
            assert reply is not None
            assert reply.status == status


@given(st.text())
def test_any_if_none_match(known: tuple[QueryService, str], header_value: str) -> None:
    """Whatever a client sends as If-None-Match is read."""
    service, _ = known

    reply = service.recall(get(SELECT)._replace(if_none_match=header_value))
    assert reply is not None
    assert reply.status in {200, 304}


def test_compressed(small_service: QueryService) -> None:
    """A long answer comes as the client decodes it, with an ETag of its own that is known afterwards."""
    request = get(digits(5000), format="csv")._replace(accept_encoding="gzip, zstd;q=0.5")

    first = small_service.wait_for_answer(request)
    second = small_service.recall(request)
    etag = header(first, "ETag")
    unchanged = small_service.recall(request._replace(if_none_match=etag))

    assert header(first, "Content-Encoding") == "gzip"
    assert etag.endswith('-gzip"')
    assert len(read(first.body)) < 500
    assert second is not None
    assert steady(second) == steady(first)
    assert unchanged is not None
    assert unchanged.status == 304
    assert small_service.recall(request._replace(accept_encoding="")) is not None
    assert small_service.recall(request._replace(accept_encoding="zstd")) is None


@pytest.mark.parametrize("function", ["RAND()", "UUID()", "STRUUID()", "NOW()"])
def test_fresh_values_are_not_kept(small_service: QueryService, function: str) -> None:
    """What asks for chance or for the time is evaluated each time, and may not be stored."""
    request = get(f"SELECT ({function} AS ?x) {{}}", format="csv")

    first, second = small_service.wait_for_answer(request), small_service.wait_for_answer(request)

    assert (header(first, "Cache-Control"), header(first, "ETag")) == ("no-store", "")
    assert first.logged
    assert second.logged
    assert first.logged.outcome == second.logged.outcome == "answered"
    assert small_service.recall(request) is None


def test_longest_answer_that_is_kept(small_service: QueryService) -> None:
    """An answer at the bound is kept, one beyond it comes from a worker each time, with its length."""
    longest = get(digits(MAX_CACHED - len("s\r\n\r\n")), format="csv")
    longer = get(digits(MAX_CACHED), format="csv")

    kept = small_service.wait_for_answer(longest)
    passed = small_service.wait_for_answer(longer)

    assert header(kept, "Content-Length") == str(MAX_CACHED)
    assert small_service.recall(longest) is not None
    assert isinstance(passed.body, File)
    assert header(passed, "Content-Length") == str(len(read(passed.body))) == str(MAX_CACHED + 5)
    assert small_service.recall(longer) is None


FORMATS = [
    *(pytest.param(ENDLESS, format_, id=format_.name) for format_ in RESULT_FORMATS),
    *(pytest.param(ENDLESS_GRAPH, format_, id=format_.name) for format_ in GRAPH_FORMATS),
]


@pytest.mark.parametrize(("query", "format_"), FORMATS)
def test_timeout_in_each_format(strict: QueryService, query: str, format_: Format) -> None:
    """A query that takes too long is answered 503 in plain text, in each format and each time."""
    request = get(query, format=format_.name)

    for _ in range(2):
        reply = strict.wait_for_answer(request)
        assert reply.status == 503
        assert header(reply, "Content-Type") == PLAIN
        assert header(reply, "Cache-Control") == "no-store"
        assert header(reply, "Vary") == "Accept"
        assert header(reply, "Content-Length") == str(len(read(reply.body)))
        assert re.fullmatch(r"total;dur=\d+\.\d", header(reply, "Server-Timing"))
        assert reply.logged
        assert (reply.logged.outcome, reply.logged.text) == ("QueryTimeout", query)
        assert strict.recall(request) is None


@pytest.mark.parametrize("timeout", ["0.2", "5"])
def test_timeout_of_the_client(strict: QueryService, timeout: str) -> None:
    """A client may give a query less time than the server does, and cannot give it more."""
    reply = strict.wait_for_answer(get(ENDLESS, timeout=timeout))

    assert reply.status == 503
    assert reply.logged
    assert reply.logged.outcome == "QueryTimeout"
    assert reply.logged.seconds < 5


@pytest.mark.parametrize("timeout", ["", "0", "-1", "1e3", "nan", "inf", "1,5", "10 s"])
def test_bad_timeout(small_service: QueryService, timeout: str) -> None:
    """A timeout that is no number of seconds is refused."""
    reply = small_service.wait_for_answer(get(SELECT, timeout=timeout))

    assert (reply.status, read(reply.body).decode()) == (
        400,
        f"The timeout is {timeout!r}: give one number of seconds, as in timeout=2.5.\n",
    )


def test_too_large(small_version: Version) -> None:
    """An answer that is too long is answered 413, and waiting would not help."""
    with Pool(small_version.path / "store", Limits(max_result=2 * MAX_CACHED)) as pool:
        reply = QueryService(pool, "large").wait_for_answer(get(digits(2 * MAX_CACHED), format="csv"))

    assert (reply.status, header(reply, "Content-Type"), header(reply, "Retry-After")) == (413, PLAIN, "")
    assert reply.logged
    assert reply.logged.outcome == "ResultTooLarge"


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [
        (get("ASK {"), 400, b"line 1, column 6: "),
        (SparqlRequest("GET"), 400, b"No query"),
        (get("SELECT * { SERVICE <urn:x> {} }"), 400, b"line 1, column 12: SERVICE is refused"),
        (get(SELECT)._replace(accept="image/png"), 406, b"Cannot produce 'image/png'."),
        (SparqlRequest("POST", content_type="text/csv"), 415, b"Cannot read 'text/csv'."),
    ],
)
def test_refused(small_service: QueryService, request_: SparqlRequest, status: int, body: bytes) -> None:
    """An error has its status, and may not be stored."""
    for _ in range(2):
        reply = small_service.wait_for_answer(request_)
        assert reply.status == status
        assert read(reply.body).startswith(body)
        assert header(reply, "Cache-Control") == "no-store"
        assert small_service.recall(request_) is None


def test_cancel(small_service: QueryService, small_pool: Pool) -> None:
    """A query is cancelled by the id that its client gave, and from no other address."""
    request = get(ENDLESS)._replace(query_id=QUERY_ID)
    with background() as threads:
        found = threads.submit(small_service.wait_for_answer, request)
        until(lambda: working(small_pool))
        with pytest.raises(NotFound):
            small_service.cancel(QUERY_ID, "127.0.0.2")
        taken = small_service.wait_for_answer(get(SELECT)._replace(query_id=QUERY_ID))
        small_service.cancel(QUERY_ID, "127.0.0.1")
        reply = found.result()

    assert (reply.status, header(reply, "X-Query-Id")) == (503, QUERY_ID)
    assert reply.logged
    assert reply.logged.outcome == "QueryCancelled"
    assert (taken.status, read(taken.body).decode()) == (
        400,
        f"The X-Query-Id '{QUERY_ID}' names another query that runs: choose a new one.\n",
    )
    with pytest.raises(NotFound, match=f"You have no query '{QUERY_ID}' that runs or waits"):
        small_service.cancel(QUERY_ID, "127.0.0.1")
    assert small_service.wait_for_answer(get(SELECT)._replace(query_id=QUERY_ID)).status == 200


def test_stop(small_service: QueryService, small_pool: Pool) -> None:
    """To stop cancels what runs, and its clients are answered."""
    with background() as threads:
        asked = [get(f"{ENDLESS} #{n}") for n in range(2)]
        found = [threads.submit(small_service.wait_for_answer, each) for each in asked]
        until(lambda: len(working(small_pool)) == 2)
        small_service.stop()

        assert [each.result().status for each in found] == [503, 503]


def soon(
    service: QueryService, *requests: SparqlRequest, then: Callable[[], None] = lambda: None
) -> list[Reply]:
    """Ask all in the same moment, in the event loop of the pool; then do something in a thread."""

    async def main() -> list[Reply]:
        replies = [asyncio.ensure_future(service.answer(each)) for each in requests]
        await asyncio.sleep(0)
        await asyncio.to_thread(then)
        return await asyncio.gather(*replies)

    return service._pool.wait_for(main())


def outcomes(replies: list[Reply]) -> list[str]:
    """Return what came of requests."""
    return [reply.logged.outcome for reply in replies if reply.logged]


def test_asked_at_once(small_pool: Pool, small_version: Version) -> None:
    """A query that many ask at the same time is evaluated once, and all have the same answer."""
    service = QueryService(small_pool, small_version.info.digest)
    before = sum(small_pool.statistics().outcomes.values())
    asked = [get(SELECT, format="csv", nothing=str(n)) for n in range(5)]
    replies = soon(service, *asked, get(SELECT, format="json"))

    assert outcomes(replies) == ["answered", *["cached"] * 4, "answered"]
    assert {read(reply.body) for reply in replies[:5]} == {CSV}
    assert len({header(reply, "ETag") for reply in replies[:5]}) == 1
    assert sum(small_pool.statistics().outcomes.values()) == before + 2


@pytest.mark.parametrize("query", [SELECT, "SELECT (RAND() AS ?r) {}"], ids=["own time", "fresh values"])
def test_not_shared(small_pool: Pool, small_version: Version, query: str) -> None:
    """Who gives a query a time of its own, or asks for fresh values, has an evaluation of its own."""
    service = QueryService(small_pool, small_version.info.digest)
    parameters = {"timeout": "20"} if query == SELECT else {}

    assert outcomes(soon(service, *[get(query, **parameters)] * 3)) == ["answered"] * 3


def test_too_long_to_be_shared(small_service: QueryService) -> None:
    """An answer that is not kept is evaluated for each."""
    replies = soon(
        small_service, *[get(digits(MAX_CACHED + 1), format="csv", nothing=str(n)) for n in range(2)]
    )

    assert outcomes(replies) == ["answered"] * 2


def test_error_at_once(less_strict_pool: Pool) -> None:
    """A query that runs into its bounds does so once for all who ask it at the same time."""
    before = less_strict_pool.statistics().outcomes.get("QueryTimeout", 0)
    replies = soon(QueryService(less_strict_pool, "less strict"), *[get(ENDLESS)] * 4)

    assert outcomes(replies) == ["QueryTimeout"] * 4
    assert [reply.status for reply in replies] == [503] * 4
    assert less_strict_pool.statistics().outcomes["QueryTimeout"] == before + 1


@pytest.mark.parametrize("who", [0, 1], ids=["who came first", "who came later"])
def test_cancel_one_of_two(small_pool: Pool, small_version: Version, who: int) -> None:
    """Who cancels a query that two ask ends it for itself alone: the other still waits for its answer."""
    service = QueryService(small_pool, small_version.info.digest)
    ids = [uuid.uuid4().hex, uuid.uuid4().hex]
    asked = [get(ENDLESS)._replace(query_id=each) for each in ids]
    before = small_pool.statistics().outcomes.get("QueryCancelled", 0)

    def cancel() -> None:
        until(lambda: len(working(small_pool)) == 1)
        service.cancel(ids[who], "127.0.0.1")
        until(lambda: small_pool.statistics().outcomes.get("QueryCancelled", 0) == before + 1 - who)
        until(lambda: len(working(small_pool)) == 1)
        service.cancel(ids[1 - who], "127.0.0.1")

    replies = soon(service, *asked, then=cancel)

    assert outcomes(replies) == ["QueryCancelled"] * 2
    assert small_pool.statistics().outcomes["QueryCancelled"] == before + 2 - who


ONE, OTHER = "127.0.0.1", "127.0.0.2"


def test_hang_up_again_and_again(small_pool: Pool, small_version: Version) -> None:
    """A client that gives up a running query waits before the next one begins; another client does not."""
    timers: list[tuple[float, Callable[[], None]]] = []
    service = QueryService(
        small_pool, small_version.info.digest, call_later=lambda *timer: timers.append(timer)
    )
    before = small_pool.statistics().outcomes.get("QueryCancelled", 0)

    async def hang_up(query: str) -> None:
        gone = asyncio.ensure_future(service.answer(get(query)))
        while not (working(small_pool) or timers):
            await asyncio.sleep(0.001)
        gone.cancel()
        await asyncio.wait([gone])

    async def main() -> Reply:
        await hang_up(ENDLESS)
        while not timers:
            await asyncio.sleep(0.001)
        for number in range(20):
            await hang_up(f"{ENDLESS} #{number}")
        patient = asyncio.ensure_future(service.answer(get(f"{SELECT} #patient")))
        assert (await service.answer(get(f"{SELECT} #other")._replace(client=OTHER))).status == 200
        assert not patient.done()

        # The timers belong to the loop of the pool, in which the wait of the client ends.
        small_pool.call(timers[0][1])
        return await patient

    assert asyncio.run(main()).status == 200
    assert small_pool.statistics().outcomes["QueryCancelled"] == before + 1


@pytest.fixture
def busy_pool(small_version: Version) -> Iterator[Pool]:
    """Run a fast and a slow worker, which one client can keep busy."""
    with Pool(small_version.path / "store", Limits(timeout=60.0, workers=1, slow_workers=1)) as pool:
        yield pool


async def race(service: QueryService, busy: str) -> tuple[list[bool], list[Reply]]:
    """Send one query for two clients, one of whom has filled the queue.

    Returns:
        Which of them have their answer first, and both replies.
    """
    endless = [get(f"{ENDLESS} #{n}")._replace(client=busy) for n in range(40)]
    before = [asyncio.ensure_future(service.answer(each)) for each in endless]
    await asyncio.sleep(0)
    asked = get(SELECT, format="csv")
    replies = [asyncio.ensure_future(service.answer(asked._replace(client=each))) for each in (ONE, OTHER)]
    await asyncio.wait(replies, return_when=asyncio.FIRST_COMPLETED)
    done = [reply.done() for reply in replies]
    for each in before:
        each.cancel()
    return done, [await reply for reply in replies]


def test_answer_query_with_which_a_busy_client_waits(busy_pool: Pool, small_version: Version) -> None:
    """A query that waits behind others of its client delays no other client who sends the same one."""
    service = QueryService(busy_pool, small_version.info.digest)
    done, replies = service._pool.wait_for(race(service, busy=ONE))

    assert done == [False, True]
    assert [read(reply.body) for reply in replies] == [CSV, CSV]


def test_answer_query_of_a_busy_client_that_another_one_sent(busy_pool: Pool, small_version: Version) -> None:
    """A client whose own turn is late has the answer of the one whose turn came before."""
    service = QueryService(busy_pool, small_version.info.digest)
    _, replies = service._pool.wait_for(race(service, busy=OTHER))

    assert outcomes(replies) == ["answered", "cached"]
    assert [read(reply.body) for reply in replies] == [CSV, CSV]


def test_cancel_query_with_which_another_client_waits(busy_pool: Pool, small_version: Version) -> None:
    """Of two clients that wait with one query, one cancels it for itself alone."""
    service = QueryService(busy_pool, small_version.info.digest)
    query_id = uuid.uuid4().hex

    async def main() -> tuple[Reply, Reply]:
        endless = [get(f"{ENDLESS} #{n}")._replace(client=who) for n in range(20) for who in (ONE, OTHER)]
        before = [asyncio.ensure_future(service.answer(each)) for each in endless]
        await asyncio.sleep(0)
        first = asyncio.ensure_future(service.answer(get(SELECT, format="csv")))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(
            service.answer(get(SELECT, format="csv")._replace(client=OTHER, query_id=query_id))
        )
        await asyncio.sleep(0)
        service.cancel(query_id, OTHER)
        reply = await second
        for each in before:
            each.cancel()
        return await first, reply

    first, second = service._pool.wait_for(main())

    assert outcomes([first, second]) == ["answered", "QueryCancelled"]
    assert read(first.body) == CSV


@pytest.mark.parametrize("space", "\xa0\v\f\x1c\x85\u2028\u3000")
def test_query_with_white_space_of_other_kinds_is_another_one(
    small_service: QueryService, space: str
) -> None:
    """What is white space to Python and not to SPARQL is an error, also if the query is cached without it."""
    assert small_service.wait_for_answer(get(SELECT)).status == 200

    assert small_service.wait_for_answer(get(f"{SELECT}{space}")).status == 400


def test_stop_ends_all_who_wait(small_pool: Pool, small_version: Version) -> None:
    """When the server stops, no request begins a query anew because the one that it waited for has ended."""
    service = QueryService(small_pool, small_version.info.digest)

    def stop() -> None:
        until(lambda: len(working(small_pool)) == 1)
        service.stop()

    assert outcomes(soon(service, *[get(ENDLESS)] * 3, then=stop)) == ["QueryCancelled"] * 3


@pytest.mark.parametrize("query_id", ["1", "short-and-guessable", "x" * 129, f"{QUERY_ID}\r\nX: y", "é" * 30])
def test_guessable_id(small_service: QueryService, query_id: str) -> None:
    """An id that could be guessed, or is malformed, is refused and not sent back."""
    reply = small_service.wait_for_answer(get(SELECT)._replace(query_id=query_id))

    assert reply.status == 400
    assert (
        read(reply.body)
        .decode()
        .endswith(" can be guessed: send 22 to 128 random letters, digits, _ or -, for instance a UUID.\n")
    )
    assert header(reply, "X-Query-Id") == ""


def test_fetch_of_what_is_given_up(less_strict_pool: Pool, small_version: Version) -> None:
    """A page is charged to its reader also where its query is given up, and refused when all is used."""
    limiter = RateLimiter(RateLimit(capacity=0.1, refill=0.001), NO_LIMIT)
    service = QueryService(less_strict_pool, small_version.info.digest, limiter=limiter)

    with pytest.raises(QueryTimeout):
        service.fetch(ENDLESS, RESULT_FORMATS[0], "127.0.0.1")
    with pytest.raises(TooManyRequests):
        service.fetch(SELECT, RESULT_FORMATS[0], "127.0.0.1")
    assert service.fetch(SELECT, RESULT_FORMATS[2], "127.0.0.2") == CSV


@pytest.mark.parametrize("media_type", [FORM, SPARQL_QUERY])
def test_reading_a_long_request_is_charged(small_pool: Pool, small_version: Version, media_type: str) -> None:
    """A client pays for the reading of a long request, also where the answer comes from the cache."""
    limiter = RateLimiter(RateLimit(capacity=0.000_1, refill=0.000_000_1), NO_LIMIT)
    service = QueryService(small_pool, small_version.info.digest, limiter=limiter)
    query = "ASK { ?s ?p ?o } # " + "x" * 900_000
    body = urlencode({"query": query}).encode() if media_type == FORM else query.encode()
    others = SparqlRequest("POST", b"", media_type, body, client="127.0.0.2")

    assert service.wait_for_answer(others).status == 200
    assert service.wait_for_answer(others).status == 429


def test_mistake_of_ours_is_charged(small_pool: Pool, small_version: Version) -> None:
    """A request that ends in a mistake of ours counts as a failed one, so that it is not sent for ever."""
    limiter = RateLimiter(NO_LIMIT, RateLimit(capacity=0.5, refill=0.001))
    service = QueryService(small_pool, small_version.info.digest, limiter=limiter)
    # No client can send it: the protocol has no bytes that are not decoded by then.
    broken = SparqlRequest("POST", b"", SPARQL_QUERY, None, client="127.0.0.1")  # type: ignore[arg-type]

    with pytest.raises((TypeError, AttributeError)):
        service.wait_for_answer(broken)
    assert service.wait_for_answer(get(SELECT)).status == 429


@pytest.fixture(scope="module")
def lookups(small_version: Version) -> Iterator[LookupStore]:
    """Copy the small dataset for look-ups."""
    copy = LookupStore()
    copy.fill(small_version.store)
    until(lambda: copy.is_filled)
    yield copy
    copy.close()


LOOKUP = PREFIXES + "SELECT ?p ?o { edition:2023 ?p ?o }"


@pytest.mark.parametrize("format_", [each.name for each in RESULT_FORMATS])
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_look_up(
    small_service: QueryService, small_pool: Pool, lookups: LookupStore, format_: str, coding: str
) -> None:
    """A look-up is answered at once, as a worker answers it, and is cached and logged like any query."""
    service = QueryService(small_pool, small_service._version, lookups=lookups)
    request = get(LOOKUP, format=format_)._replace(accept_encoding=coding)
    evaluated = small_service.wait_for_answer(request)

    reply = service.begin(request)
    assert isinstance(reply, Reply)
    assert steady(reply) == steady(evaluated)
    assert reply.logged is not None
    assert evaluated.logged is not None
    assert (reply.logged.outcome, reply.logged.text) == ("answered", LOOKUP)
    assert callable(reply.logged.rows)
    assert (reply.logged.rows(), reply.logged.waited) == (evaluated.logged.rows, 0.0)
    assert reply.logged.seconds > 0
    assert re.fullmatch(r"queue;dur=0\.0, query;dur=\d+\.\d", header(reply, "Server-Timing"))
    again = service.begin(request)
    assert isinstance(again, Reply)
    assert header(again, "Server-Timing") == "cache;desc=hit"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get(SELECT), 200),
        (get("ASK {}"), 200),
        (get(PREFIXES + "SELECT ?s { ?s ?p ?o }"), 200),
        (get(LOOKUP, **{"default-graph-uri": "urn:g"}), 200),
        (get(LOOKUP, **{"named-graph-uri": "urn:g"}), 200),
        (get("PREFIX a: <http://[> SELECT ?o { <urn:a> ?p ?o }"), 400),
    ],
)
def test_begin_of_another_query(
    small_pool: Pool, lookups: LookupStore, request_: SparqlRequest, status: int
) -> None:
    """Any other query, and one in a part of the dataset, is evaluated by a worker."""
    service = QueryService(small_pool, "any", lookups=lookups)

    assert not isinstance(service.begin(request_), Reply)
    assert service.wait_for_answer(request_).status == status


def test_begin_before_the_copy_is_whole(small_pool: Pool) -> None:
    """Until the dataset is copied, a worker evaluates look-ups too."""
    service = QueryService(small_pool, "any", lookups=LookupStore())

    assert not isinstance(service.begin(get(LOOKUP)), Reply)


def test_look_up_is_charged(small_pool: Pool, lookups: LookupStore) -> None:
    """A look-up counts for the seconds of its client, who is refused when they are used up."""
    limiter = RateLimiter(RateLimit(capacity=0.000_000_1, refill=0.000_000_1), NO_LIMIT)
    service = QueryService(small_pool, "any", limiter=limiter, lookups=lookups)

    first, second = service.begin(get(LOOKUP)), service.begin(get(f"{LOOKUP} LIMIT 1"))
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert (first.status, second.status) == (200, 429)


def test_look_up_with_the_id_of_a_running_query(less_strict_pool: Pool, lookups: LookupStore) -> None:
    """A look-up does not take the id of another query that runs."""
    service = QueryService(less_strict_pool, "any", lookups=lookups)
    with background() as threads:
        running = threads.submit(service.wait_for_answer, get(ENDLESS)._replace(query_id=QUERY_ID))
        until(lambda: working(less_strict_pool))

        reply = service.begin(get(LOOKUP)._replace(query_id=QUERY_ID))
        assert isinstance(reply, Reply)
        assert reply.status == 400
        service.cancel(QUERY_ID, "127.0.0.1")
        assert running.result().status == 503
