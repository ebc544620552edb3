"""Tokens of SPARQL: the query form, FROM clauses, and SERVICE wherever it hides."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import QueryError
from forumkg.rdf import sparql_tokens
from forumkg.rdf.sparql_tokens import Token, dataset_clauses, form_token, query_form, refuse_service, tokens

CALL = "SERVICE <http://127.0.0.1:9/> { ?a ?b ?c }"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?x<?y&&?y>?z", ["?x", "<?y&&?y>", "?z"]),
        ("?x < ?y && ?y>= 1.5e3", ["?x", "<", "?y", "&&", "?y", ">=", "1.5e3"]),
        ("ex:a.b. :c ; a ex:", ["ex:a.b", ".", ":c", ";", "a", "ex:"]),
        ("'a\\'b' \"\" '''x'y''' \"\"\"\"q\"\"\"", ["'a\\'b'", '""', "'''x'y'''", '""""q"""']),
        ("'x'@zh-Hans \"1\"^^xsd:date", ["'x'", "@zh-Hans", '"1"', "^^", "xsd:date"]),
        ("ASK # {\n{<http://e/#x>}", ["ASK", "{", "<http://e/#x>", "}"]),
        ("ex:a\\/b%2F _:b0 $v", ["ex:a\\/b%2F", "_:b0", "$v"]),
        ("'open", ["'", "open"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """Strings, IRIs, names, numbers and marks are told apart; white space and comments are left out."""
    assert [token.text for token in tokens(text)] == expected


@given(st.text())
def test_tokens_of_any_text(text: str) -> None:
    """Tokens of any text stand where they say, in order, without overlap."""
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        end = token.end


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("select(1 AS ?x){}", "SELECT"),
        ("# ASK {}\nASK{}", "ASK"),
        ("BASE <http://e/> PREFIX ask: <select> PREFIX : <x> CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("PREFIX select: <http://e/#ask>\ndescribe select:ask", "DESCRIBE"),
        ('VERSION "1.2" ASK {}', "ASK"),
    ],
)
def test_query_form(query: str, form: str) -> None:
    """The form is the first word behind the prologue."""
    assert query_form(query) == form


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "The query asks nothing: write one of ASK, CONSTRUCT, DESCRIBE, SELECT."),
        ("PREFIX ex: <http://e/>", "The query asks nothing: write one of ASK, CONSTRUCT, DESCRIBE, SELECT."),
        (
            "# now\n  INSERT DATA { <a:> <a:> <a:> }",
            "line 2, column 3: INSERT is an update, and this graph is only read: "
            "ask with one of ASK, CONSTRUCT, DESCRIBE, SELECT.",
        ),
        (
            "clear all",
            "line 1, column 1: CLEAR is an update, and this graph is only read: "
            "ask with one of ASK, CONSTRUCT, DESCRIBE, SELECT.",
        ),
        (
            "PREFIX e: <e:> SLECT ?x {}",
            "line 1, column 16: Found 'SLECT' where a query says one of ASK, CONSTRUCT, DESCRIBE, SELECT.",
        ),
    ],
)
def test_query_form_of_no_query(query: str, message: str) -> None:
    """An update, or what is no query, is refused where it starts."""
    with pytest.raises(QueryError) as raised:
        query_form(query)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p 'FROM <a:>' }", ((), ())),
        (
            "SELECT * FROM <a:> FROM e:b FROM NAMED <c:> FROM\n#\nNAMED e:d {}",
            (("<a:>", "e:b"), ("<c:>", "e:d")),
        ),
        ("PREFIX from: <f:> ASK from<a:>{ ?from from:from 'x' }", (("<a:>",), ())),
        ("ASK FROM", ((), ())),
    ],
)
def test_dataset_clauses(query: str, expected: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    """FROM and FROM NAMED are found, and nothing that looks like them."""
    assert dataset_clauses(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {CALL} }}",
        f"SELECT * {{ {CALL.lower()} }}",
        "ASK { SERVICE SILENT <http://127.0.0.1:9/> {} }",
        "ASK { SERVICE ?x {} }",
        "ASK{SERVICE<http://127.0.0.1:9/>{}}",
        "ASK { ?s ?p '#'.SERVICE<http://127.0.0.1:9/>{} }",
        "ASK { ?s ?p trueSERVICE<http://127.0.0.1:9/>{} }",
        "ASK { ?s ?p 1SERVICE<http://127.0.0.1:9/>{} }",
        "PREFIX e: <http://127.0.0.1:9/> ASK { SERVICEe:x{} }",
        "PREFIX e: <http://127.0.0.1:9/> ASK { servicesilente:x{} }",
        "PREFIX SERVICEe: <x:> PREFIX e: <http://127.0.0.1:9/> ASK { SERVICEe:x{} }",
        "PREFIX : <http://127.0.0.1:9/> ASK { SERVICE: {} }",
        "ASK { ?s ?p ?o FILTER(?s<?p)SERVICE<http://127.0.0.1:9/>{} }",
        "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> {} } }",
        "# '\nASK { SERVICE <http://127.0.0.1:9/> {} # '\n}",
    ],
)
def test_service_is_refused(query: str) -> None:
    """SERVICE is refused in every writing that the store would follow."""
    with pytest.raises(QueryError, match="SERVICE is refused: this endpoint calls no other server"):
        refuse_service(query)


def test_service_is_refused_with_its_place() -> None:
    """The error has line and column of the word, and what to do instead."""
    with pytest.raises(QueryError) as raised:
        refuse_service(f"SELECT *\n{{ {CALL} }}")

    assert str(raised.value) == (
        "line 2, column 3: SERVICE is refused: this endpoint calls no other server. "
        "Ask the other endpoint yourself and join the two answers, for instance with VALUES."
    )


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ ?s ?p '{CALL}' }}",
        f'SELECT * {{ ?s ?p """{CALL}\n" """ }}',
        f"SELECT * {{ ?s ?p ?o }} # {CALL}",
        "SELECT * { ?service <http://e/SERVICE#service> ?o }",
        "PREFIX service: <http://e/> SELECT * { GRAPH service:g { service:a service:b ?o } }",
        "PREFIX e: <http://e/> SELECT * { e:service e:isServiceOf _:service }",
    ],
)
def test_service_elsewhere_is_none(query: str) -> None:
    """The word in a string, an IRI, a comment, a variable or a name is no SERVICE."""
    refuse_service(query)


_WORDS = "SERVICE service SILENT SERVICEe:x e: e:x a true 1 GRAPH FILTER EXISTS ?s ?p _:b @en <http://127.0.0.1:9/>"
_MARKS = ". && { } ( ) ' \" < > # \\"
_PARTS = st.sampled_from([*_WORDS.split(), *_MARKS.split(), "\n", " "])


@given(st.lists(_PARTS, max_size=14).map("".join))
def test_no_call_gets_through(pattern: str) -> None:
    """Whatever the store would call is refused before: it never comes to open a connection."""
    query = f"PREFIX e: <http://127.0.0.1:9/> PREFIX SERVICEe: <e:> SELECT * {{ ?s ?p ?o {pattern} }}"
    store = ox.Store()
    store.update("INSERT DATA { <a:> <a:> <a:> }")
    try:
        refuse_service(query)
        list(store.query(query))  # type: ignore[arg-type]
    except (QueryError, SyntaxError):
        return


_STARTS = st.sampled_from(
    [
        *(
            "PREFIX ",
            "prefix",
            "BASE ",
            "ex:",
            ":",
            "ex.a:",
            "<http://e/>",
            "<a b>",
            "SELECT",
            "select",
            "ASK",
        ),
        *(
            "Describe",
            "CONSTRUCT",
            "INSERT",
            " ",
            "\n",
            "\u00a0",
            "{",
            "*",
            "?x",
            "(",
            ".",
            "-",
            "#",
            "_",
            "a",
        ),
        *("\u017f", "'"),
    ]
)


def _token(read: Callable[[str], Token], query: str) -> Token | None:
    """Return the token that a function finds, if it finds one."""
    try:
        return read(query)
    except QueryError:
        return None


@given(st.lists(_STARTS, max_size=12).map("".join))
def test_form_token_of_most_queries(query: str) -> None:
    """The token that is found at a glance in most queries is the one that reading token by token finds."""
    assert _token(form_token, query) == _token(sparql_tokens._form_behind_prologue, query)
