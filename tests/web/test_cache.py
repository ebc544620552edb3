"""What is kept of answers: keys, bounds, content codings and validators."""

import gzip
import os
import random
from urllib.parse import urlencode

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.sparql.parameters import FORM, SPARQL_QUERY, QueryRequest, read_query
from forumkg.web.cache import AnswerCache, Key, is_constant, key_of
from forumkg.web.compression import CODINGS, IDENTITY, coding_for, compress
from forumkg.web.lru import Lru
from forumkg.web.replies import IN_MEMORY, File, read

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
    asked = QueryRequest(query, tuple(default), tuple(named))
    key = key_of("v1", asked, JSON)

    assert key_of("v2", asked, JSON) != key
    assert key_of("v1", asked, XML) != key
    assert (key_of("v1", QueryRequest(other, tuple(default), tuple(named)), JSON) == key) == (
        query.strip() == other.strip()
    )
    assert (key_of("v1", QueryRequest(query, tuple(named), tuple(default)), JSON) == key) == (
        set(default) == set(named)
    )
    assert key_of("v1", QueryRequest(query, tuple(default), tuple(named), timeout=1.0), JSON) == key


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
    """Words that only look like such functions change nothing, and are told apart in no time."""
    assert is_constant(query)


def test_lru_makes_room() -> None:
    """What was used the longest ago goes first, and what is too large goes nowhere."""
    lru: Lru[str, int] = Lru(10)
    lru.put("a", 1, 4)
    lru.put("b", 2, 4)

    assert lru.get("a") == 1
    lru.put("c", 3, 4)
    assert (lru.get("a"), lru.get("b"), lru.get("c"), lru.size, len(lru)) == (1, None, 3, 8, 2)
    lru.put("a", 4, 11)
    assert (lru.get("a"), lru.get("c"), lru.size) == (None, 3, 4)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12))))
def test_lru_counts(puts: list[tuple[int, int]]) -> None:
    """It never holds more than its bound, and it counts what it holds."""
    lru: Lru[int, int] = Lru(10)
    for key, size in puts:
        lru.put(key, size, size)
        assert lru.size == sum(lru.get(held) or 0 for held in range(6)) <= 10
        assert lru.get(key) == (size if size <= 10 else None)


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
