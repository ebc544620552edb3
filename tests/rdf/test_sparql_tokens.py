"""Tokens of SPARQL: the query form, FROM clauses, and SERVICE wherever it hides."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.errors import QueryError
from forumkg.rdf import sparql_tokens
from forumkg.rdf.sparql_tokens import (
    MAX_DECLARATIONS,
    MAX_PROLOGUE,
    Token,
    dataset_clauses,
    form_token,
    query_form,
    tokens,
)


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
        ("'open ?s\n?s", ["'open ?s", "?s"]),
        ("'''open ?s\n?s", ["'''open ?s\n?s"]),
        (r"'a\u4e00\t\U0001F600' 'a\d' ?s", [r"'a\u4e00\t\U0001F600'", r"'a\d' ?s"]),
        (r"<http://e/\u4e00> <\z>", [r"<http://e/\u4e00>", "<", "\\", "z", ">"]),
        ("true.FILTER a-b:c a-b", ["true", ".", "FILTER", "a-b:c", "a", "-", "b"]),
        ("a-1e+5.5", ["a", "-", "1e+5", ".5"]),
        ("ex:\u4e00\u3001\u4e8c \u00a0", ["ex:\u4e00\u3001\u4e8c", "\u00a0"]),
        ("ex:a\\} ex:%4", ["ex:a", "\\", "}", "ex:", "%", "4"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    """Strings, IRIs, names, numbers and marks are distinguished; white space and comments are left out."""
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
            "line 1, column 16: Expected one of ASK, CONSTRUCT, DESCRIBE, SELECT, but found 'SLECT'. "
            "Did you mean SELECT?",
        ),
        (
            "PREFIX a: http://e.org/ SELECT * { ?s a:b ?o }",
            "line 1, column 11: An IRI needs < and >: write PREFIX a: <http://e.org/>.",
        ),
        ("BASE http://e.org/\nASK {}", "line 1, column 6: An IRI needs < and >: write BASE <http://e.org/>."),
        (
            "PREFIX a: <http://e.org/a b> ASK {}",
            "line 1, column 11: PREFIX needs an IRI between < and >, without white space, but found '<': "
            "write for instance PREFIX ex: <https://example.org/>.",
        ),
        (
            "PREFIX a <http://e.org/> ASK {}",
            "line 1, column 8: PREFIX needs a prefix that ends in a colon, but found 'a': "
            "write for instance PREFIX ex: <https://example.org/>.",
        ),
        (
            "PREFIX a:",
            "line 1, column 10: PREFIX needs an IRI between < and >, without white space, "
            "but the query ends: write for instance PREFIX ex: <https://example.org/>.",
        ),
        (
            "@prefix a: <urn:x:> .\nSELECT * { ?s a:b ?o }",
            "line 1, column 1: @prefix is Turtle: in a query write PREFIX a: <urn:x:>, "
            "without @ and full stop.",
        ),
        (
            "@base <urn:x:> . SELECT * {}",
            "line 1, column 1: @base is Turtle: in a query write BASE <urn:x:>, without @ and full stop.",
        ),
        (
            "PREFIX a: <urn:x:> .\nSELECT * { ?s a:b ?o }",
            "line 1, column 20: A declaration of a query has no full stop: leave it out.",
        ),
        (
            "PREFIX \\u0061: <urn:x:> ASK {}",
            "line 1, column 8: An escape such as \\u0061 is read in strings and IRIs only, as in SPARQL 1.2: "
            "write the character itself.",
        ),
        (
            "PREFIX a:<u:>" * (MAX_DECLARATIONS + 1) + "ASK {}",
            "line 1, column 13001: The query has more than 1,000 BASE and PREFIX declarations: "
            "declare only the prefixes that it uses.",
        ),
        (
            f"# {'x' * MAX_PROLOGUE}\nASK {{}}",
            "The query form does not come within the first 65,536 characters: "
            "shorten the prologue and the comments before it.",
        ),
    ],
)
def test_query_form_of_no_query(query: str, message: str) -> None:
    """An update, or other text that is not a query, is refused where it starts."""
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


_REPEATED = (
    *("BASE.", "BASE<>", "PREFIX a:<>", 'PREFIX\\"""', "PREFIX\\'''", "ASK.", "a.b-", "a-", "a:", "a.b:"),
    *(
        "a:b.",
        "a:....",
        "a:%41",
        "a:\\.",
        "_:a.",
        "_:",
        "_:a....",
        '"""a',
        '"\\"',
        "'\\'",
        "'''\\'",
        '"',
        "''",
    ),
    *("<a", "<", "<>", "<<(", "1", "1.", ".1", "1e", "1e+", "?", "?a", "@a-", "@", "#", "# \n", " ", "\n"),
    *("''", "\\", "%4", "\u00e9", "\u0300", "\ufeff", "((", "\U00010000."),
)


def _effort(work: Callable[[], object]) -> float:
    """Return the least processor time of three runs."""
    return min(_timed(work) for _ in range(3))


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.parametrize("piece", _REPEATED)
def test_time_of_tokens_grows_with_the_text(piece: str) -> None:
    """A text 16 times as long takes some 16 times as long: 256 times where a terminal is quadratic."""
    short, long = (piece * (size // len(piece)) for size in (2 * 1024, 32 * 1024))

    assert _effort(lambda: [*tokens(long)]) < 64 * _effort(lambda: [*tokens(short)]) + 0.05


@pytest.mark.parametrize("piece", _REPEATED)
def test_form_token_of_a_megabyte(piece: str) -> None:
    """A megabyte of anything is refused after a bounded part of it has been read."""
    text = piece * (1024 * 1024 // len(piece))

    assert _effort(lambda: _token(form_token, text)) < 0.1
