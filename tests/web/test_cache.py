"""What is kept of answers: keys, bounds, content codings and validators."""

import gc
import gzip
import os
import random
import sys
import tracemalloc
from urllib.parse import urlencode

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.sparql.parameters import FORM, SPARQL_QUERY, QueryParameters, read_query
from forumkg.web.http.responses import IN_MEMORY, File, read
from forumkg.web.response_cache import (
    CODINGS,
    IDENTITY,
    AnswerCache,
    BoundedCache,
    Key,
    coding_for,
    compress,
    is_constant,
    key_of,
    size_in_memory,
)

JSON, XML, CSV, _ = RESULT_FORMATS
TEXT = b"every word again and again, " * 100
ANSWER = Key("v1", "ASK {}", (), (), "csv")

graphs = st.lists(st.sampled_from(["https://example.org/a", "https://example.org/b", "urn:c"]), max_size=4)
queries = st.text(min_size=1).filter(str.strip)


@given(queries, graphs, graphs, st.randoms(use_true_random=False))
def test_one_key_for_all_ways_to_ask(
    query: str, default: list[str], named: list[str], shuffler: random.Random
) -> None:
    """A query has one key, by GET, form or direct POST, with its graphs in any order and repeated."""
    parameters = [("default-graph-uri", graph) for graph in default]
    parameters += [("named-graph-uri", graph) for graph in named]
    shuffled = [*parameters, *parameters]
    shuffler.shuffle(shuffled)
    encode = "surrogatepass"
    asked = [
        read_query("GET", "", urlencode([*parameters, ("query", query)], errors=encode).encode(), b""),
        read_query("GET", "", urlencode([("query", f" {query}\n"), *shuffled], errors=encode).encode(), b""),
        read_query("POST", FORM, b"", urlencode([*shuffled, ("query", query)], errors=encode).encode()),
        read_query("POST", SPARQL_QUERY, urlencode(parameters).encode(), query.encode()),
    ]

    assert len({key_of("v1", each, JSON) for each in asked}) == 1


@given(queries, queries, graphs, graphs)
def test_another_key_for_another_answer(query: str, other: str, default: list[str], named: list[str]) -> None:
    """Another version, query, dataset or format has another key; a limit of time has not."""
    asked = QueryParameters(query, tuple(default), tuple(named))
    key = key_of("v1", asked, JSON)

    assert key_of("v2", asked, JSON) != key
    assert key_of("v1", asked, XML) != key
    assert (key_of("v1", QueryParameters(other, tuple(default), tuple(named)), JSON) == key) == (
        query.strip(" \t\r\n") == other.strip(" \t\r\n")
    )
    assert (key_of("v1", QueryParameters(query, tuple(named), tuple(default)), JSON) == key) == (
        set(default) == set(named)
    )
    assert key_of("v1", QueryParameters(query, tuple(default), tuple(named), timeout=1.0), JSON) == key


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (RAND() AS ?r) {}",
        "SELECT (now ( ) AS ?r) {}",
        "SELECT (STRUUID() AS ?r) {}",
        "SELECT (uuid #(\n#\r () AS ?r) {}",
        "SELECT (1+RAND() AS ?r) {}",
    ],
)
def test_fresh_values(query: str) -> None:
    """What calls the clock or chance has another answer each time."""
    assert not is_constant(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?now { ?now foaf:knows ( 1 2 ) }",
        "ASK { ?rand ?uuid ?now }",
        "ASK {} # RAND",
        "now " * 100_000,
    ],
)
def test_constant_values(query: str) -> None:
    """Words that only look like such functions change nothing, and take no time."""
    assert is_constant(query)


def test_bounded_cache_evicts_the_least_recently_used() -> None:
    """The least recently used entry goes first, and an entry beyond the capacity is not stored."""
    cache: BoundedCache[str, int] = BoundedCache(10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 4)

    assert cache.get("a") == 1
    cache.put("c", 3, 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c"), cache.size, len(cache)) == (1, None, 3, 8, 2)
    cache.put("a", 4, 11)
    assert (cache.get("a"), cache.get("c"), cache.size) == (None, 3, 4)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12))))
def test_bounded_cache_counts(puts: list[tuple[int, int]]) -> None:
    """It never holds more than its bound, and counts what it holds."""
    cache: BoundedCache[int, int] = BoundedCache(10)
    for key, size in puts:
        cache.put(key, size, size)
        assert cache.size == sum(cache.get(held) or 0 for held in range(6)) <= 10
        assert cache.get(key) == (size if size <= 10 else None)


PARTS = ("query", "default_graphs", "named_graphs")
KIB = 1024
BOUND = 256 * KIB
# One character outside of Latin-1 makes each character of a string two bytes long, an emoji makes it four.
CHARACTERS = st.sampled_from("x\u00e9\u4e2d\U0001f600")
TEXTS = st.tuples(CHARACTERS, st.integers(0, 24 * KIB))
ANSWERS = st.tuples(
    TEXTS, st.lists(TEXTS, max_size=3), st.integers(0, 96 * KIB), st.sampled_from([IDENTITY, *CODINGS])
)


def key_with(part: str, text: str, *more: str) -> Key:
    """Return a key with a text for its query, or with texts for its graphs."""
    if part == "query":
        return ANSWER._replace(query=text)
    return ANSWER._replace(
        default_graphs=(text, *more) if part == "default_graphs" else (),
        named_graphs=(text, *more) if part == "named_graphs" else (),
    )


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ANSWERS, min_size=8, max_size=24), st.sampled_from(["query", "default_graphs", "named_graphs"])
)
def test_put_any_key_holds_no_more_than_the_bound(
    answers: list[tuple[tuple[str, int], list[tuple[str, int]], int, str]], part: str
) -> None:
    """Whatever clients make long, in whatever script, the memory behind the cache stays within its bound."""
    tracemalloc.start()
    try:
        cache = AnswerCache(BOUND)
        for number, ((character, length), graphs, size, coding) in enumerate(answers):
            text = character * length + str(number)
            names = tuple(c * n + str(number) for c, n in graphs)
            key = key_with(part, text, *names)
            cache.remember((False, text.encode(), "", b"", text), 4 * len(text), key)
            cache.put(key, CSV, os.urandom(size // 2) + bytes(size - size // 2), coding)
            assert cache.size <= BOUND
            del text, names, key
        gc.collect()
        full = tracemalloc.get_traced_memory()[0]
        del cache
        gc.collect()
        held = full - tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    # Answers and requests have such a bound each.
    assert held <= 2 * BOUND * 1.1 + 16 * KIB


@pytest.mark.parametrize("part", PARTS)
def test_put_long_key_is_not_stored(part: str) -> None:
    """An answer whose query or graphs are as long as only a program writes is answered, and not stored."""
    cache = AnswerCache(64 << 20)
    text = "\U0001f600" * 5000

    response = cache.put(key_with(part, text), CSV, TEXT, "gzip")

    assert gzip.decompress(read(response.body)) == TEXT
    assert (len(cache), cache.size) == (0, 0)


def test_size_in_memory_counts_bytes() -> None:
    """The size of a string is that of its bytes in memory; that of a tuple includes its parts."""
    wide, narrow = "\U0001f600" * 1000, "x" * 1000

    assert size_in_memory(wide) == sys.getsizeof(wide) >= 4000
    assert size_in_memory((narrow, (wide, b"x", None))) >= sys.getsizeof(narrow) + sys.getsizeof(wide)
    with pytest.raises(TypeError, match="list objects is unknown"):
        size_in_memory([])


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", IDENTITY),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP", "gzip"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("gzip;q=0", IDENTITY),
        ("identity, gzip;q=0.5", IDENTITY),
        ("br", IDENTITY),
        ("gzip;q=nonsense", IDENTITY),
        ("gzip," * 1000, IDENTITY),
    ],
)
def test_coding(header: str, coding: str) -> None:
    """Accept-Encoding decides by weight, then by what is smallest; without it nothing is compressed."""
    assert coding_for(header) == coding


@given(st.text())
def test_any_accept_encoding(header: str) -> None:
    """Whatever a client sends is read."""
    assert coding_for(header) in {IDENTITY, *CODINGS}


def test_not_worth_compressing() -> None:
    """What is short, or does not shrink, stays as it is."""
    assert compress("gzip", b"short") is None
    assert compress("zstd", os.urandom(5000)) is None
    assert compress(IDENTITY, TEXT) is None


def test_each_coding_is_a_representation() -> None:
    """Each coding has its own bytes, length and strong ETag, made once, and decodes to the same answer."""
    cache = AnswerCache(1 << 20)
    plain = cache.put(ANSWER, CSV, TEXT, IDENTITY)
    kept = {coding: cache.prepare(ANSWER, coding) for coding in CODINGS}

    assert plain.headers == (
        ("Content-Type", "text/csv; charset=utf-8"),
        ("Content-Length", str(len(TEXT))),
        ("ETag", f'"{plain.etag}"'),
        ("Cache-Control", "no-cache"),
        ("Vary", "Accept, Accept-Encoding"),
    )
    for coding, decode in (("gzip", gzip.decompress), ("zstd", zstandard.decompress)):
        encoded = kept[coding]
        assert encoded is not None
        assert decode(read(encoded.body)) == TEXT
        headers = dict(encoded.headers)
        assert headers["Content-Encoding"] == coding
        assert headers["Content-Length"] == str(len(read(encoded.body)))
        assert headers["ETag"] == f'"{plain.etag}-{coding}"'
        assert cache.prepare(ANSWER, coding) is cache.get(ANSWER, coding) is encoded
    assert len(cache) == 3


def test_etag_of_the_content() -> None:
    """The ETag follows from format and bytes: neither from the query nor from the version."""
    cache = AnswerCache(1 << 20)

    etag = cache.put(ANSWER, CSV, b"true", IDENTITY).etag
    assert cache.put(Key("v2", "ASK { }", (), (), "csv"), CSV, b"true", IDENTITY).etag == etag
    assert cache.put(ANSWER, GRAPH_FORMATS[0], b"true", IDENTITY).etag != etag
    assert cache.put(ANSWER, CSV, b"false", IDENTITY).etag != etag


def test_without_room() -> None:
    """An answer that has no room is still answered."""
    cache = AnswerCache(0)

    assert read(cache.put(ANSWER, CSV, TEXT, IDENTITY).body) == TEXT
    assert gzip.decompress(read(cache.put(ANSWER, CSV, TEXT, "gzip").body)) == TEXT
    assert (cache.prepare(ANSWER, IDENTITY), cache.size) == (None, 0)


def test_long_answer_is_kept_in_a_file() -> None:
    """A long answer lies in a file, which many can read at once from its start."""
    cache = AnswerCache(1 << 20)
    data = bytes(range(256)) * (IN_MEMORY // 256) + b"end"

    body = cache.put(ANSWER, CSV, data, IDENTITY).body

    assert isinstance(body, File)
    assert len(body) == len(data)
    assert read(body) == read(body) == data
    with open(body.path, "rb") as opened:  # noqa: PTH123 (the path is what is tested)
        assert opened.read() == data
