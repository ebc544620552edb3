"""Words of a query as Oxigraph's parser reads them: SERVICE wherever it hides, FROM, REGEX and the others."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumkg.errors import QueryError
from forumkg.sparql.evaluation import evaluate
from forumkg.sparql.query_text import QueryText, needs_reading

ADDRESS = "http://127.0.0.1:9/"
STORE = ox.Store()
STORE.update("INSERT DATA { <a:> <a:> <a:> }")
CALL = f"SERVICE <{ADDRESS}> {{ ?a ?b ?c }}"


def read(query: str) -> None:
    """Read a query as the evaluation does."""
    if needs_reading(query):
        QueryText(query)


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
        read(query)


def test_service_is_refused_with_its_place() -> None:
    """The error has line and column of the word, and what to do instead."""
    with pytest.raises(QueryError) as raised:
        read(f"SELECT *\n{{ {CALL} }}")

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
    read(query)


HIDDEN = [
    f"SELECT * {{ VALUES (?x ?y) {{ (1 2) }} FILTER(?x<?y)SERVICE#>\n<{ADDRESS}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES (?x ?y) {{ (1 2) }} FILTER(?x<?y)SERVICE#>\nSILENT <{ADDRESS}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?x {{ 1 }} FILTER(?x<2)service<{ADDRESS}>{{}} }}",
    f"SELECT * {{ VALUES ?x {{ 1 }} FILTER(?x<2).SERVICE#>\n<{ADDRESS}>{{}} }}",
    f"SELECT * {{ FILTER(1<2)SERVICE?s#>\n{{}} VALUES ?s {{ <{ADDRESS}> }} }}",
    f"SELECT * {{ BIND(1<2AS?x)SERVICE#>\n<{ADDRESS}>{{}} }}",
    f"SELECT * {{ ?s ?p ?o FILTER(?s<?o)#>'''\n SERVICE <{ADDRESS}> {{}} #'''\n}}",
    f'SELECT * {{ ?s ?p ?o FILTER(?s<?o)#>"""\n SERVICE <{ADDRESS}> {{}} #"""\n}}',
    f"SELECT * {{ ?s ?p ?o FILTER(?s<?o||?o>?s)#>'\n SERVICE <{ADDRESS}> {{}} #'\n}}",
    f"SELECT * {{ FILTER EXISTS {{ FILTER(1<2)SERVICE#>\n<{ADDRESS}>{{}} }} }}",
    f"SELECT (1<2AS?x) {{ SERVICE#>\n<{ADDRESS}>{{}} }}",
    f"BASE <http://e/> SELECT * {{ FILTER(1<2)SERVICE#>\n<{ADDRESS}>{{}} }}",
]


@pytest.mark.parametrize("query", HIDDEN)
def test_service_behind_a_comparison(query: str) -> None:
    """A comparison that the tokens take for the start of an IRI hides no SERVICE."""
    with pytest.raises(QueryError):
        read(query)


@pytest.mark.parametrize("query", HIDDEN)
def test_service_behind_a_comparison_is_named(query: str) -> None:
    """Where a SERVICE is hidden in what looks like an IRI, the message says that SERVICE is refused."""
    if "SERVICE#>" in query:
        with pytest.raises(QueryError, match="SERVICE is refused"):
            read(query)


_WORDS = (
    "SERVICE service SILENT SERVICEe:x e: e:x a true 1 GRAPH FILTER EXISTS ?s ?p _:b @en "
    "FILTER(?s<?o) FILTER(1<2) FILTER(?s<?o)SERVICE#> BIND(1<2AS?x) OPTIONAL UNION VALUES ?x{1} SERVICE#> "
    "<http://127.0.0.1:9/> <?o)SERVICE#> {} {?a?b?c} ''' \"\"\" <a BIND( AS AS?z) IF( , ^^ <<( )>>"
)
_MARKS = ". && { } ( ) ' \" < > # \\ ? = ! || ; ,"
_PARTS = st.sampled_from([*_WORDS.split(), *_MARKS.split(), "\n", " "])
_PIECES = st.lists(_PARTS, max_size=14).map("".join)


@settings(max_examples=400)
@given(_PIECES, _PIECES)
def test_no_call_gets_through(start: str, end: str) -> None:
    """Whatever the store would call is refused before: it never comes to open a connection.

    A connection to the address is refused, which is a RuntimeError here.
    """
    for pattern in (
        f"{start}{end}",
        f"{start} SERVICE <{ADDRESS}> {{ {end} }}",
        f"{start}SERVICE#>\n<{ADDRESS}>{{}}{end}",
    ):
        query = f"PREFIX e: <{ADDRESS}> PREFIX SERVICEe: <e:> SELECT * {{ ?s ?p ?o {pattern} }}"
        try:
            read(query)
        except QueryError:
            continue
        try:
            list(STORE.query(query))  # type: ignore[arg-type]
        except SyntaxError:
            continue


@given(_PIECES)
def test_a_query_that_is_read_can_be_parsed_or_says_where_not(pattern: str) -> None:
    """Reading a query raises nothing but errors of the query, with a place in the text."""
    query = f"SELECT * {{ ?s ?p 'service from' {pattern} }}"
    place = (1, 1)
    try:
        QueryText(query)
    except QueryError as error:
        place = (error.line or 1, error.column or 1)

    line, column = place
    lines = query.split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT * { ?s ?p ?o FILTERREGEX(?o, 'a') }",
            "line 1, column 27: REGEX could be read in two ways here",
        ),
        ("SELECT((?x<?y)AS?z)FROM#>\n<urn:a> {}", "line 1, column 20: FROM could be read in two ways here"),
        (
            "PREFIX e: <urn:e:> DESCRIBE <urn:a> FROMe:b { ?s ?p ?o }",
            "line 1, column 37: FROM could be read in two ways here: "
            "write white space around it, and around each <.",
        ),
        ("SELECT * { ?s a <service> }", "line 1, column 17: <service> is not an absolute IRI"),
        ("SELECT * { ?s a 'service' ?p }", "line 1, column 27: Did not expect '?p' here."),
        ("SELECT * { ?s a ?regex FILTR(?s) }", "line 1, column 24: Did not expect 'FILTR' here."),
    ],
)
def test_words_that_could_be_read_in_two_ways(query: str, message: str) -> None:
    """A word that only Oxigraph takes for a keyword is refused; other mistakes have their own messages."""
    with pytest.raises(QueryError) as raised:
        QueryText(query)

    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX graph: <https://e.org/graph/> ASK { GRAPH graph:a { ?from graph:from 'graph' } }",
        "SELECT ?fromDate { ?s ?p ?fromDate } # from regex\n",
        "SELECT ?graph ?Graph ?regex ?bnode { ?graph ?regex ?bnode . ?Graph ?regex 'GRAPH' }",
        "SELECT * { ?s <https://e.org/FROM?service=regex#having> ?o }",
        "SELECT * { ?s ?p ?o FILTER(?s<?o&&?o>?s) } # graph",
    ],
)
def test_words_in_other_places(query: str) -> None:
    """A word in a name, a variable, a string, an IRI or a comment is left alone."""
    assert QueryText(query).text == query


def test_is_keyword() -> None:
    """A word is a keyword where Oxigraph takes it for one: not in a comment that the tokens do not see."""
    query = QueryText("SELECT * { ?s ?p ?o FILTER(REGEX(STR(?s), 'a') && ?s<?o)#>REGEX(?o, 'a')\n}")
    first, second = [token for token in query.tokens if token.keyword == "REGEX"]

    assert query.is_keyword(first)
    assert not query.is_keyword(second)


@pytest.mark.parametrize(
    "comparison",
    [
        "?s<?o)#>REGEX(?o, 'a')\n",
        "?s<?o#>REGEX(?o, 'a')\n)",
        "?s<?o&&'>REGEX(?a, ?b)'!=?s)",
        "1<e:a#>REGEX(?o, 'a')\n)",
    ],
)
def test_function_in_a_string_or_a_comment(comparison: str) -> None:
    """What is a function to the tokens, and a part of a string or a comment to Oxigraph, is refused."""
    query = f"PREFIX e: <e:> SELECT * {{ ?s ?p ?o FILTER({comparison} }}"
    STORE.query(query)

    with pytest.raises(QueryError, match="REGEX could be read in two ways here"):
        evaluate(STORE, query)


GRAPHS = ox.Store()
GRAPHS.update(
    "INSERT DATA { <a:d> <a:p> 0 . GRAPH <a:1> { <a:1> <a:p> 1 } GRAPH <a:2> { <a:2> <a:p> 2 } }",
)
_CLAUSES = st.sampled_from(
    [
        *("FROM<a:1>", "FROM <a:2> ", "FROM NAMED<a:1>", "FROMNAMED<a:2>", "FROMa:1 ", "from\n#<a:2>\n<a:1>"),
        *(
            "FROM#>\n<a:2>",
            "NAMED",
            "<a:1>",
            "FROM",
            "#",
            "\n",
            "(1<2AS?x)",
            "((?s<?o)AS?x)",
            "?s",
            "*",
            "'FROM",
        ),
        *(
            "'",
            '"',
            "<",
            ">",
            "WHERE",
            "WHEREFROM",
            "'FROM",
            "?s",
            "*",
            " ",
            "{}",
            "?from",
            "$o",
            "(?s",
            "a:1",
        ),
    ]
)


@settings(max_examples=400)
@given(st.lists(_CLAUSES, max_size=8).map("".join))
def test_dataset_is_that_of_the_engine(clauses: str) -> None:
    """The graphs of FROM are those that Oxigraph reads; none is overlooked, and none is made up.

    Oxigraph repeats the triples of a graph that is named twice.
    """
    query = f"PREFIX a: <a:> SELECT ?s {clauses} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    try:
        found = evaluate(GRAPHS, query)
    except QueryError:
        return
    assert {*map(str, found)} == {*map(str, GRAPHS.query(query))}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [
        r"""''' ' e:\~ REGEX(?o, "a") '''""",
        r"""''' 'e:\~''' . SERVICE <http://127.0.0.1:9/> { ?x ?y ''''''""",
    ],
)
def test_long_string_with_an_escape_of_a_name(values: str) -> None:
    """Oxigraph may read a long string with a wrong escape as short ones; the tokens do not."""
    query = f"PREFIX e: <e:> SELECT * {{ ?s ?p ?o VALUES ?x {{ {values} }} }}"

    with pytest.raises(QueryError):
        evaluate(STORE, query)
