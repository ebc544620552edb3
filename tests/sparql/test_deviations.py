"""What Oxigraph would answer otherwise than SPARQL says: rewritten, or refused with what to write instead."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain import plain_rows

from forumkg.errors import QueryError
from forumkg.sparql.deviations import corrected
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.query_text import QueryText

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIX = "PREFIX e: <http://e.org/> "


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return three named graphs, and a triple in the default graph."""
    filled = ox.Store()
    filled.update(
        f"{PREFIX} INSERT DATA {{ e:d e:p 0 . GRAPH e:g1 {{ e:a e:p 1 . e:a e:q 1 }} "
        "GRAPH e:g2 { e:b e:p 2 } GRAPH e:g3 { e:c e:r e:g3 . e:c e:p 3 } }"
    )
    return filled


def rows(store: ox.Store, query: str) -> list[str]:
    """Return the sorted rows of an answer, each cell by its last path segment."""
    answer = evaluate(store, f"{PREFIX}{query}")
    return sorted(" ".join(cell.rpartition("/")[2] for cell in row) for row in plain_rows(answer))


def value(expression: str, values: str = "") -> str:
    """Return what an expression is worth; empty where it is an error."""
    return next(iter(plain_rows(evaluate(ox.Store(), f"SELECT ({expression} AS ?x) {{ {values} }}"))))[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r'REPLACE("24 April", "(\\d+) (\\w+)", "$2_$1")', "April_24"),
        ('REPLACE("abc", "(b)", "$1x")', "abxc"),
        ("REPLACE('abc', '(b)', '''$1x''')", "abxc"),
        ('REPLACE("abc", "(b)", "$12")', "ab2c"),
        (r'REPLACE("abc", "b", "\\$\\\\")', r"a$\c"),
        ('REPLACE("a.c", ".", "$1", "q")', "a$1c"),
        ('REPLACE("aBc", "B(c)", "$1x", "i")', "acx"),
        ('REPLACE(REPLACE("abc", "(b)", "$1x"), REPLACE("q", "q", "b"), "$0y")', "abyxc"),
        (r'REPLACE("a)(b", "\\)", ",")', "a,(b"),
        ('REPLACE ( "abc" , # it\'s\n "b" , "x" )', "axc"),
        (r'REGEX("中关村", "^\\p{IsCJKUnifiedIdeographs}+$")', "true"),
        (r'REGEX("b", "[a-c-[b]]")', "false"),
        (r'REGEX("_", "^\\w$")', "false"),
        ('IF(REGEX("a", "b"), "REGEX(", "REPLACE(\\"a\\", \\"b\\", \\"$1x\\")")', 'REPLACE("a", "b", "$1x")'),
    ],
)
def test_patterns_of_xpath(expression: str, expected: str) -> None:
    """REGEX and REPLACE do what XPath says, and what looks like them in a string or a comment stays."""
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("pattern", "replacement", "expected"),
    [
        (r"\\.", "$0x", "a.xb"),
        ("(a)(.)", "$2_$1x", "._axb"),
        ("b", r"\\$", "a.$"),
        ("b*", "x", ""),
        ("(a", "x", ""),
        ("b", "$", ""),
        (r"(b)\\1", "x", ""),
    ],
)
def test_patterns_that_the_query_computes(pattern: str, replacement: str, expected: str) -> None:
    """A pattern and a replacement that are no literals are translated row by row; errors are unbound."""
    values = f'VALUES (?p ?r) {{ ("{pattern}" "{replacement}") }}'

    assert value('REPLACE("a.b", ?p, ?r)', values) == expected
    assert value('REPLACE("a.b", CONCAT(?p, ""), ?r, LCASE(""))', values) == expected


def test_pattern_that_the_query_computes_with_a_language() -> None:
    """A pattern with a language is an error, as in the engine."""
    assert value('REGEX("a", ?p)', 'VALUES ?p { "a"@en }') == ""
    assert value('REGEX("a", ?p)', 'VALUES ?p { "a" }') == "true"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            'SELECT (REPLACE("abc", "b*", "x") AS ?x) {}',
            "column 9: The pattern 'b*' of REPLACE matches the empty text, which XPath does not allow "
            "(FORX0003): write + in the place of *, or leave the optional part out.",
        ),
        (
            'SELECT (REPLACE("abc", "b", "$") AS ?x) {}',
            r"column 9: A $ in a replacement needs a number (FORX0004): write \\$ for a dollar sign.",
        ),
        (
            r'ASK { FILTER(REGEX("abab", "^(ab)\\1$")) }',
            r"column 14: The pattern '^(ab)\\1$' cannot be used: "
            r"the engine has no back-references such as '\1'.",
        ),
        (
            "SELECT (MAX(?x) AS ?m) { VALUES ?x { 10000000000000000000 3 } }",
            "column 38: '10000000000000000000' is outside of the range of the engine, "
            "which would not read it as a number. It has integers of 64 bits, "
            "and decimals of 128 bits with 18 digits behind the point: "
            "write a smaller number, or a double as in 1e20.",
        ),
        (
            f'SELECT ("+9223372036854775808"^^<{XSD}nonNegativeInteger> AS ?x) {{}}',
            "column 9: '\"+9223372036854775808\"' is outside of the range of the engine",
        ),
        (
            "SELECT (0.1234567890123456789 AS ?x) {}",
            "column 9: '0.1234567890123456789' is outside of the range",
        ),
        (
            'CONSTRUCT { ?b <urn:label> ?l } { VALUES ?l { "two words" } BIND(BNODE(?l) AS ?b) }',
            "column 66: BNODE with an argument is refused: the engine would give one blank node "
            "to all solutions. Write BNODE() for a new one in each, or an IRI: "
            'IRI(CONCAT("urn:example:", ENCODE_FOR_URI(?text))).',
        ),
        (
            "SELECT (COUNT(STR(COUNT(?o))) AS ?n) { ?s ?p ?o }",
            "column 19: The aggregate COUNT is inside another one: compute the inner one in a subquery.",
        ),
        (
            "SELECT ?a (COUNT(*) AS ?n) { VALUES (?a ?b) { (1 2) (1 3) } } GROUP BY ?a HAVING(?n > 1)",
            "column 82: ?n has no value in HAVING, which comes before the expressions of SELECT: "
            "repeat the expression, as in HAVING (COUNT(*) > 1).",
        ),
    ],
)
def test_refused(query: str, message: str) -> None:
    """What the engine would answer wrongly is refused, with its place and with what to write instead."""
    with pytest.raises(QueryError) as raised:
        evaluate(ox.Store(), query)

    assert str(raised.value).startswith(f"line 1, {message}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (isNumeric(9223372036854775807) AS ?x) {}", ["true"]),
        ("SELECT (isNumeric(000000000000000000000000001) AS ?x) {}", ["true"]),
        ("SELECT (1000000000000000000000e1 > 1 AS ?x) {}", ["true"]),
        (f'SELECT (DATATYPE("10000000000000000000"^^<{XSD}string>) = <{XSD}string> AS ?x) {{}}', ["true"]),
        ("SELECT ('''10000000000000000000''' AS ?x) {} # 10000000000000000000", ["10000000000000000000"]),
        ("SELECT (isBlank(BNODE( )) AS ?x) {}", ["true"]),
        ("SELECT (COUNT(*) + SUM(1) AS ?x) { ?s e:p ?o }", ["2"]),
        ("SELECT (COUNT(*) AS ?x) { ?s e:p ?o } HAVING (COUNT(*) > SUM(?o))", ["1"]),
        ("SELECT ?a (1 AS ?n) { BIND(1 AS ?b) } GROUP BY (?b + 1 AS ?a) HAVING (?a > 1)", ["2 1"]),
        ("SELECT ?n { { SELECT (COUNT(*) AS ?n) {} } } GROUP BY ?n HAVING (?n > 0)", ["1"]),
        (
            "SELECT (COUNT(*) AS ?n) { FILTER EXISTS { SELECT (COUNT(?a) AS ?b) { ?a e:p ?c } } }",
            ["1"],
        ),
    ],
)
def test_not_refused(store: ox.Store, query: str, expected: list[str]) -> None:
    """What only looks like a deviation is answered."""
    assert rows(store, query) == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("?s e:p ?o", ["g1 a 1", "g2 b 2", "g3 c 3"]),
        ("?s e:p ?o BIND(1 AS ?x)", ["g1 a 1 1", "g2 b 2 1", "g3 c 3 1"]),
        ("?s e:p ?o VALUES (?x ?y) { (1 2) }", ["g1 a 1 1 2", "g2 b 2 1 2", "g3 c 3 1 2"]),
        ("?s e:p ?o MINUS { ?s e:q ?x }", ["g2 b 2", "g3 c 3"]),
        ("?s e:p ?o FILTER EXISTS { ?a e:r ?x }", ["g3 c 3"]),
        ("{ ?s e:q ?o } UNION { ?s e:r ?o }", ["g1 a 1", "g3 c g3"]),
        ("OPTIONAL { ?s e:q ?o }", ["g1 a 1", "g2  ", "g3  "]),
        ("?s e:p ?o GRAPH e:g1 { ?a e:q 1 }", ["g1 a 1 a", "g2 b 2 a", "g3 c 3 a"]),
        ("{ SELECT ?g ?s { ?s e:p ?o } }", ["g1 a", "g2 b", "g3 c"]),
        ("{ SELECT ?g (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?g }", ["g1 2", "g2 1", "g3 2"]),
        ("", ["g1", "g2", "g3"]),
    ],
)
def test_graph_of_a_variable(store: ox.Store, group: str, expected: list[str]) -> None:
    """GRAPH ?g answers for each named graph what it holds, and binds the variable."""
    assert rows(store, f"SELECT * {{ GRAPH ?g {{ {group} }} }}") == expected


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { GRAPH ?g { { SELECT * { ?s e:p ?o } } } }",
        "SELECT ?s { GRAPH ?g { SELECT ?s { ?s e:p ?g } } }",
    ],
)
def test_graph_of_a_variable_that_is_not_used(store: ox.Store, query: str) -> None:
    """A subquery in GRAPH ?g is answered where the lost graph has no effect."""
    assert rows(store, query) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
            "The engine would lose ?g at this subquery in GRAPH ?g: "
            "write GRAPH ?g into the subquery, and ?g behind its SELECT "
            "and, with an aggregate, in its GROUP BY.",
        ),
        ("{ SELECT ?s { ?s e:p ?o } }", "The engine would lose ?g at this subquery"),
        ("?s e:p ?o { SELECT ?o { ?s e:p ?o } }", "The engine would lose ?g at this subquery"),
        ("OPTIONAL { { SELECT DISTINCT ?p { ?s ?p ?o } } }", "The engine would lose ?g at this subquery"),
        (
            "{ SELECT ?g ?s { ?s e:p ?o } LIMIT 1 }",
            "The engine would take the LIMIT of this subquery for all graphs together: "
            "write GRAPH <…> with one graph, or the LIMIT outside of GRAPH ?g.",
        ),
        (
            "VALUES ?x { 1 }",
            "The engine would lose ?g at a VALUES without a triple pattern beside it: "
            "write it outside of GRAPH ?g { … }.",
        ),
        ("{ ?s e:q ?o } UNION { VALUES (?x ?y) { (1 2) } }", "The engine would lose ?g at a VALUES"),
        ("GRAPH ?h { ?s e:p ?o }", "The engine would lose ?g at a GRAPH"),
        ("FILTER(1 < 2) GRAPH e:g1 { ?s e:p ?o }", "The engine would lose ?g at a GRAPH"),
        (
            "?s e:p ?o MINUS { ?a e:r ?x }",
            "This MINUS shares no variable with the patterns before it, so that it removes nothing; "
            "the engine would compare ?g: leave it out, or write FILTER NOT EXISTS.",
        ),
    ],
)
def test_graph_of_a_variable_that_would_be_lost(store: ox.Store, group: str, message: str) -> None:
    """What would lose the graph, or mix the graphs, is refused."""
    with pytest.raises(QueryError) as raised:
        evaluate(store, f"{PREFIX} SELECT * {{ GRAPH ?g {{ {group} }} }}")

    assert raised.value.message.startswith(message)


DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/clients.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "rest"),
    [
        ("GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }", ""),
        ("GRAPH ?g { VALUES ?x { 1 } }", ""),
        ("GRAPH ?g { ?s ?p ?o MINUS { ?a ?b ?c } }", ""),
        ("BNODE(?text)", "BIND({} AS ?x)"),
        ("10000000000000000000", "BIND({} AS ?x)"),
        ("0.1234567890123456789", "BIND({} AS ?x)"),
        ("COUNT(SUM(?x))", "{{ SELECT ({} AS ?n) {{}} }}"),
        ("HAVING (?n > 1)", "{{ SELECT (COUNT(*) AS ?n) {{}} {} }}"),
        (r'REGEX(?x, "(a)\\1")', "FILTER({})"),
        ('REPLACE(?x, "b*", "")', "FILTER({})"),
        ("TRUE", "FILTER({})"),
    ],
)
def test_documented_refusals(pattern: str, rest: str) -> None:
    """What the page for clients says to be refused is refused."""
    assert f"`{pattern}`" in DOCUMENT
    with pytest.raises(QueryError):
        evaluate(ox.Store(), f"SELECT * {{ {rest.format(pattern) or pattern} }}")


@pytest.mark.parametrize(
    ("expression", "values", "here"),
    [
        ("STR(1.0)", "", "1"),
        ('isNumeric("1200"^^xsd:byte)', "", "true"),
        ('DATATYPE("5"^^xsd:byte)', "", f"{XSD}integer"),
        ("9223372036854775807 + 1", "", ""),
        ("GROUP_CONCAT(?x)", 'VALUES ?x { "a"@en "b"@en }', "a b"),
    ],
)
def test_documented_differences(expression: str, values: str, here: str) -> None:
    """What the page for clients says to be answered otherwise is still answered so."""
    assert f"| `{expression}`" in DOCUMENT
    query = f"PREFIX xsd: <{XSD}> SELECT ({expression} AS ?x) {{ {values} }}"

    assert plain_rows(evaluate(ox.Store(), query)) == [(here,)]


def test_documented_differences_of_patterns(store: ox.Store) -> None:
    """A path of length zero, and a filter of the variable of GRAPH."""
    path = "<urn:not-in-the-graph> <urn:p>* ?x"
    condition = "GRAPH ?g { ?s ?p ?o FILTER (?g = <urn:g>) }"
    assert f"| `{path}`" in DOCUMENT
    assert f"| `{condition}`" in DOCUMENT

    assert rows(store, f"SELECT * {{ {path} }}") == []
    assert len(rows(store, f"SELECT * {{ {condition.replace('<urn:g>', 'e:g1')} }}")) == 2


def test_what_is_documented_to_be_written_instead(store: ox.Store) -> None:
    """The number of triples of each graph, as the page for clients says to ask for it."""
    query = "{ SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g }"
    assert f"`{query}`" in DOCUMENT

    assert rows(store, f"SELECT * {{ {query} }}") == ["g1 2", "g2 1", "g3 2"]


_PARTS = st.sampled_from(
    [
        *(
            "REGEX",
            "REPLACE",
            "BNODE",
            "GRAPH",
            "HAVING",
            "COUNT",
            "SELECT",
            "VALUES",
            "MINUS",
            "FILTER",
            "BIND",
        ),
        *(
            "(",
            ")",
            "{",
            "}",
            ",",
            "'a'",
            "'$1'",
            "?s",
            "?g",
            "AS",
            "e:x",
            "<e:a>",
            "'",
            "# x\n",
            ".",
            "*",
            "^^",
        ),
        *("10000000000000000000", "'99999999999999999999'", "UNION", "EXISTS", "LIMIT", "1", "OPTIONAL"),
    ]
)


@given(st.lists(_PARTS, max_size=16).map(" ".join))
def test_correction_of_anything(pattern: str) -> None:
    """Whatever the text, it is read or refused as a query, and only its functions are written anew."""
    query = f"SELECT * {{ ?s ?p ?o {pattern} }}"
    try:
        text = corrected(QueryText(query))
    except QueryError:
        return
    assert text == query or "REGEX" in query or "REPLACE" in query
