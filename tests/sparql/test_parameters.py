"""Reading a query from a request: the three ways to send one, and what is refused."""

import contextlib
import time
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import BadRequest, UnsupportedMediaType
from forumkg.sparql import parameters
from forumkg.sparql.parameters import (
    FORM,
    MAX_GRAPHS,
    MAX_PARAMETERS,
    SPARQL_QUERY,
    QueryParameters,
    read_query,
)

G1, G2 = "https://example.org/g1", "https://example.org/g2"


def test_get() -> None:
    """GET takes the query from the address and decodes it."""
    assert read_query("GET", "", b"query=ASK+%7B+%3Fs+%3Fp+%22%E4%B8%AD%22+%7D", b"") == QueryParameters(
        'ASK { ?s ?p "中" }'
    )


def test_get_everything() -> None:
    """Graphs and formats keep their order, `format` precedes `output`, unknown parameters are ignored."""
    query_string = urlencode(
        [
            ("output", "xml"),
            ("query", "ASK {}"),
            ("default-graph-uri", G1),
            ("default-graph-uri", G2),
            ("named-graph-uri", G2),
            ("format", "csv"),
            ("timeout", "2.5"),
            ("results", "json"),
            ("nonsense", ""),
        ]
    )

    assert read_query("GET", "", query_string.encode(), b"") == QueryParameters(
        "ASK {}", default_graphs=(G1, G2), named_graphs=(G2,), formats=("csv", "xml"), timeout=2.5
    )


@pytest.mark.parametrize(
    ("query_string", "timeout"), [(b"query=ASK+{}", 2.5), (b"query=ASK+{}&timeout=1", 1)]
)
def test_timeout_header(query_string: bytes, timeout: float) -> None:
    """The Timeout header counts where there is no parameter."""
    assert read_query("GET", "", query_string, b"", "2.5").timeout == timeout


def test_timeout_header_of_webdav() -> None:
    """A Timeout header that is not a number of seconds is refused as the parameter is."""
    with pytest.raises(BadRequest, match=r"The timeout is 'Second-60': give one number of seconds"):
        read_query("GET", "", b"query=ASK+{}", b"", "Second-60")


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", FORM.upper()])
def test_post_form(content_type: str) -> None:
    """POST of a form takes the query from the body, and other parameters from body and address."""
    body = urlencode({"query": "ASK {}", "default-graph-uri": G1}).encode()

    assert read_query("POST", content_type, b"format=csv", body) == QueryParameters(
        "ASK {}", default_graphs=(G1,), formats=("csv",)
    )


@pytest.mark.parametrize("content_type", [SPARQL_QUERY, f'{SPARQL_QUERY}; charset="utf-8"'])
def test_post_direct(content_type: str) -> None:
    """POST of the query itself takes the whole body, and the graphs from the address."""
    query_string = urlencode({"named-graph-uri": G1}).encode()

    assert read_query(
        "POST", content_type, query_string, 'ASK { ?s ?p "é&query=+%41" }'.encode()
    ) == QueryParameters('ASK { ?s ?p "é&query=+%41" }', named_graphs=(G1,))


@pytest.mark.parametrize(
    ("query_string", "content_type", "body", "message"),
    [
        (b"query=ASK+{}&query=ASK+{}", None, b"", "2 queries in one request"),
        (b"query=ASK+{}", FORM, b"query=ASK+{}", "2 queries in one request"),
        (b"query=ASK+{}", SPARQL_QUERY, b"ASK {}", "2 queries in one request"),
        (b"", None, b"", "No query"),
        (b"", FORM, b"", "No query"),
        (b"query=+", None, b"", "The query is empty"),
        (b"", SPARQL_QUERY, b"", "The query is empty"),
        (b"query=%ff", None, b"", "The address is not UTF-8"),
        (b"query=\xff", None, b"", "The address is not UTF-8"),
        (b"", FORM, b"query=%e4%b8", "The form is not UTF-8"),
        (b"", SPARQL_QUERY, "ASK {}".encode("utf-16"), "The query is not UTF-8"),
        (b"update=CLEAR+ALL", None, b"", "The parameter 'update'"),
        (b"query=ASK+{}&timeout=1&timeout=1", None, b"", "The timeout is '1 and 1': give one number"),
        (b"query=ASK+{}&timeout=" + b"1" * 200, None, b"", "The timeout is '1{80}': give one number"),
        (
            b"query=ASK+{}" + b"&a" * MAX_PARAMETERS,
            None,
            b"",
            "The address has 251 parameters: send at most 250, or the query itself as the body of a POST "
            f"with Content-Type: {SPARQL_QUERY}.",
        ),
        (b"", FORM, b"query=ASK{}" + b"&a" * 524_282, "The form has 524,283 parameters: send at most 250"),
        (
            b"query=ASK+{}" + b"&named-graph-uri=a:" * (MAX_GRAPHS + 1),
            None,
            b"",
            "101 times named-graph-uri: name at most 100 graphs, or none, which asks all of them together",
        ),
        (
            b"",
            FORM,
            ("query=ASK{}&default-graph-uri=a:" + "\U0001f600" * 512).encode(),
            r"The default-graph-uri 'a:.*'… has 2,050 bytes: name a graph by an IRI of at most 2,048 bytes",
        ),
        (
            b"query=ASK{}&output=" + b"," * 1_025,
            None,
            b"",
            "The output ',{80}'… is longer than 1,024 bytes: write the name of one format, as in format=json",
        ),
        (b"query=%EF%BB%BF+", None, b"", "The query is empty"),
        (
            b"query=ASK+{}&default-graph-uri=g1",
            None,
            b"",
            "The default-graph-uri 'g1' is not an absolute IRI",
        ),
        (
            b"query=ASK+{}&named-graph-uri=a:b%20c",
            None,
            b"",
            "The named-graph-uri 'a:b c' is not an absolute IRI",
        ),
    ],
)
def test_bad_request(query_string: bytes, content_type: str | None, body: bytes, message: str) -> None:
    """What contradicts the protocol is refused with a message that names it."""
    method = "GET" if content_type is None else "POST"

    with pytest.raises(BadRequest, match=f"^{message}"):
        read_query(method, content_type or "", query_string, body)


@pytest.mark.parametrize(
    ("content_type", "message"),
    [
        ("", "Cannot read a body without Content-Type. Send one of: application/sparql-query, " + FORM + "."),
        ("text/plain", "Cannot read 'text/plain'. Send one of: application/sparql-query, " + FORM + "."),
        (
            "multipart/form-data; boundary=x",
            "Cannot read 'multipart/form-data'. Send one of: application/sparql-query, " + FORM + ".",
        ),
        (f"{SPARQL_QUERY}; charset=utf-16", "Cannot read the charset 'utf-16': send UTF-8."),
        ("nonsense", "Cannot read 'text/plain'. Send one of: application/sparql-query, " + FORM + "."),
    ],
)
def test_post_unsupported(content_type: str, message: str) -> None:
    """A body of another type or charset is refused with the list of those that are read."""
    with pytest.raises(UnsupportedMediaType) as raised:
        read_query("POST", content_type, b"", b"ASK {}")

    assert str(raised.value) == message


def test_byte_order_mark() -> None:
    """A byte order mark before the query, as editors on Windows write it, is not a part of the query."""
    marked = "\ufeffASK {}"
    encoded = urlencode({"query": marked}).encode()

    assert read_query("GET", "", encoded, b"") == QueryParameters("ASK {}")
    assert read_query("POST", FORM, b"", encoded) == QueryParameters("ASK {}")
    assert read_query("POST", SPARQL_QUERY, b"", marked.encode()) == QueryParameters("ASK {}")


def test_as_many_parameters_as_are_read() -> None:
    """The bounds themselves are within the bounds."""
    graphs = [f"https://example.org/{number}" for number in range(MAX_GRAPHS)]
    sent = [("query", "ASK {}"), *(("default-graph-uri", graph) for graph in graphs)]
    filled = [*sent, *(("x", "") for _ in range(MAX_PARAMETERS - len(sent)))]

    assert read_query("GET", "", urlencode(filled).encode(), b"").default_graphs == tuple(graphs)


@given(st.text(min_size=1).filter(lambda text: text.removeprefix("\ufeff").strip()))
def test_any_text_arrives(query: str) -> None:
    """Any text arrives unchanged by each of the three ways."""
    encoded = urlencode({"query": query}, errors="surrogatepass").encode()
    expected = query.removeprefix("\ufeff")

    assert read_query("GET", "", encoded, b"").query == expected
    assert read_query("POST", FORM, b"", encoded).query == expected
    assert read_query("POST", SPARQL_QUERY, b"", query.encode()).query == expected


@given(st.text(), st.binary(), st.binary())
def test_any_bytes(content_type: str, query_string: bytes, body: bytes) -> None:
    """Whatever is sent is read or refused, and nothing else is raised."""
    try:
        request = read_query("POST", content_type, query_string, body)
    except (BadRequest, UnsupportedMediaType):
        return
    assert request.query.strip()


PIECES = st.sampled_from(
    [
        "a",
        "&",
        "=",
        "+",
        "%",
        "%41",
        "%C3",
        "%A9",
        "%c3%a9",
        "%4",
        "%zz",
        "%0D",
        "%3d",
        "é",
        "中",
        ";",
        "_",
        "\n",
        "\0",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_pairs_are_those_of_the_library(text: str) -> None:
    """Names and values are cut and decoded as the standard library does it."""
    try:
        expected = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(BadRequest, match="is not UTF-8"):
            parameters._pairs(text.encode(), "The address")
    else:
        assert parameters._pairs(text.encode(), "The address") == expected


@pytest.mark.parametrize(
    "piece", [b"%41", b"%4", b"%", b"=", b"a%41", b"%0D%0A", b"+", b"%C3%A9", b"&", b"&a"]
)
def test_time_of_any_form_grows_with_its_length(piece: bytes) -> None:
    """A form 16 times as long takes some 16 times as long, or is refused before it is decoded."""

    def effort(size: int) -> float:
        body = b"query=ASK{}" + piece * (size // len(piece))
        return min(_timed(body) for _ in range(3))

    assert effort(1024 * 1024) < 64 * effort(64 * 1024) + 0.05


def _timed(body: bytes) -> float:
    start = time.process_time()
    with contextlib.suppress(BadRequest):
        read_query("POST", FORM, b"", body)
    return time.process_time() - start
