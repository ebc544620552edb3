"""Evaluating queries on a store, and writing the answers."""

import json
from io import BytesIO
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain import plain_rows
from rdflib import Graph
from rdflib.compare import isomorphic

from forumkg.errors import NotAcceptable, QueryError
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from forumkg.sparql.evaluation import evaluate, serialize
from forumkg.sparql.result_writers import columns, readable_rows

G1, G2, G3 = (f"https://example.org/g{n}" for n in (1, 2, 3))
XSD = "http://www.w3.org/2001/XMLSchema#"
UNKNOWN = "http://127.0.0.1:9/never-fetched"
COUNT = "SELECT (COUNT(*) AS ?n) {0} WHERE {{ ?s ?p ?o }}"
NAMED = "SELECT ?g ?s {0} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?g ?s"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """Return three graphs that share a triple, of which the default graph is the merge."""
    filled = ox.Store()
    filled.update(
        "PREFIX e: <https://example.org/> INSERT DATA {"
        "  e:shared e:p 1 . e:one e:p 'x'@en . e:two e:q 2.5 . e:three e:p e:shared ."
        "  GRAPH e:g1 { e:shared e:p 1 . e:one e:p 'x'@en }"
        "  GRAPH e:g2 { e:shared e:p 1 . e:two e:q 2.5 }"
        "  GRAPH e:g3 { e:shared e:p 1 . e:three e:p e:shared }"
        "}"
    )
    return filled


def rows(
    store: ox.Store, query: str, default: tuple[str, ...] = (), named: tuple[str, ...] = ()
) -> list[str]:
    """Return the rows of an answer, each cell by its last path segment."""
    answer = evaluate(store, query, default, named)
    return [" ".join(cell.rpartition("/")[2] for cell in row) for row in plain_rows(answer)]


@pytest.mark.parametrize(
    ("clauses", "default", "named", "expected"),
    [
        ("", (), (), ["4"]),
        (f"FROM <{G1}>", (), (), ["2"]),
        (f"FROM <{G1}> FROM <{G1}>", (), (), ["2"]),
        (f"FROM <{G1}> FROM <{G2}>", (), (), ["3"]),
        (f"FROM <{G1}> FROM <{G2}> FROM <{G3}>", (), (), ["4"]),
        (f"FROM NAMED <{G1}>", (), (), ["0"]),
        (f"FROM <{UNKNOWN}>", (), (), ["0"]),
        (f"FROM <{UNKNOWN}> FROM <{G1}>", (), (), ["2"]),
        ("", (G1,), (), ["2"]),
        ("", (G1, G2), (), ["3"]),
        ("", (G1, G2, G3, G1), (), ["4"]),
        ("", (), (G1,), ["0"]),
        ("", (UNKNOWN,), (), ["0"]),
        (f"FROM <{G1}> FROM <{G2}> FROM <{G3}>", (G1,), (), ["2"]),
    ],
)
def test_default_graph_is_a_merge(
    store: ox.Store, clauses: str, default: tuple[str, ...], named: tuple[str, ...], expected: list[str]
) -> None:
    """Default graphs are merged, a triple of three counts once, and the request outdoes the query."""
    assert rows(store, COUNT.format(clauses), default, named) == expected


@pytest.mark.parametrize(
    ("clauses", "default", "named", "expected"),
    [
        ("", (), (), ["g1 one", "g1 shared", "g2 shared", "g2 two", "g3 shared", "g3 three"]),
        (f"FROM NAMED <{G1}>", (), (), ["g1 one", "g1 shared"]),
        (f"FROM <{G1}>", (), (), []),
        (f"FROM <{G1}> FROM <{G3}> FROM NAMED <{G2}>", (), (), ["g2 shared", "g2 two"]),
        ("", (), (G2, G2), ["g2 shared", "g2 two"]),
        ("", (G1, G2), (G2,), ["g2 shared", "g2 two"]),
        ("", (G1, G2), (), []),
        (f"FROM <{G1}> FROM NAMED <{G1}>", (), (G2,), ["g2 shared", "g2 two"]),
    ],
)
def test_named_graphs(
    store: ox.Store, clauses: str, default: tuple[str, ...], named: tuple[str, ...], expected: list[str]
) -> None:
    """GRAPH reaches the named graphs of the dataset and no others."""
    assert rows(store, NAMED.format(clauses), default, named) == expected


def test_from_is_resolved_like_the_query(store: ox.Store) -> None:
    """Prefixes and BASE hold for FROM too."""
    query = (
        "BASE <https://example.org/>\nPREFIX g: <https://example.org/g>\n"
        "SELECT ?s FROM g:1 FROM <g2> WHERE { ?s ?p ?o } ORDER BY ?s"
    )

    assert rows(store, query) == ["one", "shared", "two"]


def test_describe(store: ox.Store) -> None:
    """DESCRIBE gives the triples that a thing is the subject of, each once, also from several graphs."""
    for dataset in ("", f"FROM <{G1}> FROM <{G2}>"):
        answer = evaluate(store, f"DESCRIBE <https://example.org/shared> {dataset}")

        assert serialize(answer, GRAPH_FORMATS[1]) == (
            f'<https://example.org/shared> <https://example.org/p> "1"^^<{XSD}integer> .\n'.encode()
        )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("SELECT*WHERE{?s ?p ?o.?o ?b ?a}LIMIT 2", "s p o b a"),
        ("select distinct * { ?z <https://e.org/?a> $y ; <https://e.org/p>?/<https://e.org/q> ?x }", "z y x"),
        ("SELECT REDUCED # *\n * { ?s ?p 'x ?q' OPTIONAL { ?s ?a ?b } FILTER(?s != ?hidden) }", "s p a b"),
        ("SELECT * { VALUES (?b ?a) { (1 2) } }", "b a"),
        ("SELECT * { ?s ?p ?o { SELECT * { ?d ?c ?b } } } ORDER BY ?a", "s p o d c b"),
        ("SELECT * { ?s ?p ?o MINUS { ?z ?p ?a } } VALUES ?n { 1 }", "s p o n"),
        ("SELECT * { ?हिन्दी ?p ?a·b }", "हिन्दी p a·b"),
        ("SELECT * FROM <https://example.org/g1> { ?s ?p ?o }", "s p o"),
        ("SELECT * {}", ""),
        ("SELECT ?p ?s (COUNT(*) AS ?a) { ?s ?p ?o } GROUP BY ?s ?p", "p s a"),
        ("SELECT (1 * 2 AS ?b) (2 * 3 AS ?a) {}", "b a"),
    ],
)
def test_columns(store: ox.Store, query: str, expected: str) -> None:
    """`SELECT *` has the variables in scope, in the order in which the query first names them."""
    assert " ".join(columns(evaluate(store, query))) == expected


def test_columns_in_each_format(store: ox.Store) -> None:
    """Every format has the columns in the same order."""
    query = "SELECT * { ?s <https://example.org/q> ?o ; ?p ?a }"
    json_, xml, csv, tsv = (serialize(evaluate(store, query), format_) for format_ in RESULT_FORMATS)

    assert json.loads(json_)["head"]["vars"] == ["s", "o", "p", "a"]
    assert list(json.loads(json_)["results"]["bindings"][0]) == ["s", "o", "p", "a"]
    assert xml.index(b'<variable name="s"/><variable name="o"/><variable name="p"/><variable name="a"/>') > 0
    assert csv.startswith(b"s,o,p,a\r\n")
    assert tsv.startswith(b"?s\t?o\t?p\t?a\n")


def _grouped(patterns: list[str]) -> st.SearchStrategy[str]:
    """Join patterns in one of the ways that SPARQL has."""
    first, *others = patterns
    words = st.sampled_from([".", "OPTIONAL", "MINUS", "UNION", "FILTER EXISTS", "{ SELECT * "])
    return words.map(
        lambda word: " ".join(
            [f"{{ {first} }}", *(_joined(word, other) for other in others)] if word != "." else [first]
        )
    )


def _joined(word: str, pattern: str) -> str:
    return f"{word} {{ {pattern} }}" + (" }" if word.startswith("{") else "")


_TRIPLE = st.lists(st.sampled_from(["?s", "?p", "$o", "?a"]), min_size=3, max_size=3).map(" ".join)


_PATTERNS = st.recursive(
    _TRIPLE, lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(_grouped), max_leaves=6
)


@given(_PATTERNS)
def test_columns_do_not_change_the_rows(pattern: str) -> None:
    """The columns are those of the engine in another order, and the rows are the same."""
    few = ox.Store()
    few.update("INSERT DATA { <e:a> <e:b> <e:c> . <e:c> <e:b> <e:a> }")
    answer, expected = evaluate(few, f"SELECT * {{ {pattern} }}"), few.query(f"SELECT * {{ {pattern} }}")
    assert isinstance(answer, ox.QuerySolutions)
    assert isinstance(expected, ox.QuerySolutions)
    names = columns(expected)

    assert sorted(columns(answer)) == [*names]
    assert sorted([str(row[name]) for name in names] for row in answer) == sorted(
        [str(row[name]) for name in names] for row in expected
    )


def test_byte_order_mark(store: ox.Store) -> None:
    """A byte order mark before a query is dropped."""
    assert bool(evaluate(store, "\ufeffASK {}"))


ROW = (
    "SELECT ?iri ?text ?tagged ?whole ?unbound ?day { VALUES (?iri ?text ?tagged ?whole ?unbound ?day) {"
    f'(<https://example.org/a> "a,\\"b\\"\\n\\tc" "中"@zh 7 UNDEF "2021-09-24"^^<{XSD}date>) }} }}'
)


def test_rows_as_json(store: ox.Store) -> None:
    """JSON has each term with its type, and leaves out what is not bound."""
    assert json.loads(serialize(evaluate(store, ROW), RESULT_FORMATS[0])) == {
        "head": {"vars": ["iri", "text", "tagged", "whole", "unbound", "day"]},
        "results": {
            "bindings": [
                {
                    "iri": {"type": "uri", "value": "https://example.org/a"},
                    "text": {"type": "literal", "value": 'a,"b"\n\tc'},
                    "tagged": {"type": "literal", "value": "中", "xml:lang": "zh"},
                    "whole": {"type": "literal", "value": "7", "datatype": f"{XSD}integer"},
                    "day": {"type": "literal", "value": "2021-09-24", "datatype": f"{XSD}date"},
                }
            ]
        },
    }


def test_rows_as_csv_and_tsv(store: ox.Store) -> None:
    """CSV has plain values and quotes; TSV has terms as SPARQL writes them."""
    assert serialize(evaluate(store, ROW), RESULT_FORMATS[2]).decode() == (
        'iri,text,tagged,whole,unbound,day\r\nhttps://example.org/a,"a,""b""\n\tc",中,7,,2021-09-24\r\n'
    )
    assert serialize(evaluate(store, ROW), RESULT_FORMATS[3]).decode() == (
        "?iri\t?text\t?tagged\t?whole\t?unbound\t?day\n"
        f'<https://example.org/a>\t"a,\\"b\\"\\n\\tc"\t"中"@zh\t7\t\t"2021-09-24"^^<{XSD}date>\n'
    )


def test_rows_as_xml(store: ox.Store) -> None:
    """XML has the same terms, and keeps a carriage return."""
    data = serialize(evaluate(store, 'SELECT ("a<b\\r\\n" AS ?x) (1 AS ?y) {}'), RESULT_FORMATS[1])

    root = ElementTree.fromstring(data)  # noqa: S314 (our own answer)
    namespace = "{http://www.w3.org/2005/sparql-results#}"
    assert [element.get("name") for element in root.iter(f"{namespace}variable")] == ["x", "y"]
    assert [(element.text, element.get("datatype")) for element in root.iter(f"{namespace}literal")] == [
        ("a<b\r\n", None),
        ("1", f"{XSD}integer"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", b'{"head":{},"boolean":true}'),
        (
            "xml",
            b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
            b"<boolean>true</boolean></sparql>",
        ),
        ("csv", b"true"),
        ("tsv", b"true"),
    ],
)
def test_ask(store: ox.Store, name: str, expected: bytes) -> None:
    """A truth value has a form in each format of results."""
    format_ = by_name(name, RESULT_FORMATS)
    assert format_ is not None

    assert serialize(evaluate(store, "ASK { ?s ?p ?o }"), format_) == expected


# rdflib's own JSON-LD parser uses it.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_construct(store: ox.Store, format_: Format) -> None:
    """A graph is the same graph in each format, as rdflib reads it, and the same bytes each time."""
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    merge = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    expected = Graph().parse(data="".join(f"{quad.triple} .\n" for quad in merge), format="nt")

    data = serialize(evaluate(store, query), format_)

    parser = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}[format_.name]
    assert isomorphic(Graph().parse(BytesIO(data), format=parser), expected)
    assert serialize(evaluate(store, query), format_) == data


def test_turtle_has_the_prefixes_of_the_project(store: ox.Store) -> None:
    """Turtle declares those prefixes of the table that the answer needs."""
    query = (
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
        "PREFIX edition: <https://w3id.org/zgc-forum/id/edition/>\n"
        'CONSTRUCT { edition:2021 zgc:year 2021 ; zgc:paraphrase "text" } WHERE {}'
    )

    assert serialize(evaluate(store, query), GRAPH_FORMATS[0]).decode() == (
        "@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
        'edition:2021 zgc:paraphrase "text" ;\n\tzgc:year 2021 .\n'
    )


def test_triple_terms(store: ox.Store) -> None:
    """A triple about a triple is written in Turtle with the prefixes of both, and refused in JSON-LD."""
    query = (
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
        "CONSTRUCT { <a:r> <a:reifies> <<( <a:s> zgc:year 2021 )>> } WHERE {}"
    )

    assert serialize(evaluate(store, query), GRAPH_FORMATS[0]).decode() == (
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
        "<a:r> <a:reifies> <<( <a:s> zgc:year 2021 )>> .\n"
    )
    with pytest.raises(NotAcceptable, match=r"JSON-LD cannot write the triple term .*: ask for text/turtle"):
        serialize(evaluate(store, query), GRAPH_FORMATS[2])


def test_what_xml_cannot_hold(store: ox.Store) -> None:
    """A control character, or a property that ends in no name, is refused: it would be broken XML."""
    with pytest.raises(NotAcceptable, match="SPARQL results XML cannot hold a control character"):
        serialize(evaluate(store, 'SELECT ("\\u0001" AS ?x) {}'), RESULT_FORMATS[1])
    with pytest.raises(NotAcceptable, match=r"RDF/XML cannot write the property <https://example.org/1>"):
        serialize(evaluate(store, "CONSTRUCT { <a:> <https://example.org/1> 1 } WHERE {}"), GRAPH_FORMATS[3])
    inner = "CONSTRUCT { <a:> <a:p> <<( <a:> <https://example.org/1> 1 )>> } WHERE {}"
    with pytest.raises(NotAcceptable, match=r"RDF/XML cannot write the property <https://example.org/1>"):
        serialize(evaluate(store, inner), GRAPH_FORMATS[3])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT * {\n  ?s ?p\n}",
            "line 3, column 1: Did not expect '}' here. "
            "The pattern before it is not complete: it has a subject, a predicate and an object.",
        ),
        (
            "SELECT * {\n  ?a ?b ?c .\n  ?d ?e '中' 'y' .\n}",
            "line 3, column 13: Did not expect \"'y'\" here.",
        ),
        (
            "SELECT * { ?s ?p ?o",
            "line 1, column 20: The query ends too early: a part is missing, or a bracket is not closed.",
        ),
        (
            "ASK { ?s a zgc:Edition }",
            "line 1, column 12: The prefix 'zgc' is not declared. "
            "Add this line at the top of the query: PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>",
        ),
        (
            "ASK { ?s a my:Thing }",
            "line 1, column 12: The prefix 'my' is not declared. "
            "Add this line at the top of the query: PREFIX my: <https://...>",
        ),
        (
            "SELECT * FROM zgc:x {}",
            "line 1, column 15: The prefix 'zgc' is not declared. "
            "Add this line at the top of the query: PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>",
        ),
        (
            "ASK { ?s a <Edition> }",
            "line 1, column 12: <Edition> is not an absolute IRI: write it in full, or declare a BASE.",
        ),
        (
            "ASK { ?s a <a: b> }",
            "line 1, column 12: <a: b> is not an absolute IRI: write it in full, or declare a BASE.",
        ),
        (
            "ASK { ?s ?p 'open }",
            "line 1, column 13: The string that starts with ' is not closed "
            "before the end of the line or the query.",
        ),
        (
            "SELECT ?o { ?s ?p ?o } GROUP BY ?s",
            "line 1, column 8: ?o is neither in GROUP BY nor in an aggregate, and the query has a group: "
            "add it to GROUP BY, or write for instance (SAMPLE(?o) AS ?one).",
        ),
        (
            "ASK { FILTER(True) }",
            "line 1, column 14: The engine reads truth values in small letters only: write true.",
        ),
        (
            r'ASK { ?s ?p ?o FILTER(REGEX(?o, "^\d+$")) }',
            r"line 1, column 35: \d is not an escape of a string: write \\ for a backslash, "
            r'as in "\\d+" for the digits of a pattern.',
        ),
        (
            r'SELECT ("\uD83D\uDE00" AS ?x) {}',
            r"line 1, column 10: \uD83D\uDE00 is a pair of surrogates, which strings of SPARQL do not have: "
            r"write \U0001F600, or the character itself.",
        ),
        (
            r'SELECT ("a\ud83d" AS ?x) {}',
            r"line 1, column 11: \ud83d is a surrogate, not a character: write the character itself.",
        ),
        (
            r"SELECT ('\U0000DE00' AS ?x) {}",
            r"line 1, column 10: \U0000DE00 is a surrogate, not a character: write the character itself.",
        ),
        (
            r'SELECT ("""\U00110000""" AS ?x) {}',
            r"line 1, column 12: \U00110000 is beyond U+10FFFF, the last one: write the character itself.",
        ),
        (
            r'SELECT ("C:\users" AS ?x) {}',
            r"line 1, column 12: \u is not an escape of a string: write \\ for a backslash, "
            r'as in "\\d+" for the digits of a pattern.',
        ),
        ("SELECT ?x ?x { ?x ?p ?o }", "line 1, column 11: ?x is selected twice: leave one out."),
        (
            "SELECT ?s (STR(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s",
            "line 1, column 51: The SELECT contains an expression with a variable that is unbound "
            "in a group: add the variable to GROUP BY, or aggregate it.",
        ),
        (
            "SELECT * { ?s ?p ?o BIND(STR(?o) AS ?o) }",
            "line 1, column 37: ?o has a value here already: choose another name after AS.",
        ),
        (
            "SELECT (STR(?o) AS ?o) { ?s ?p ?o }",
            "line 1, column 20: ?o has a value here already: choose another name after AS.",
        ),
        (
            "SELECT * { _:a ?p ?o OPTIONAL { _:a ?q ?x } }",
            "line 1, column 33: The blank node _:a is used in another group already: "
            "use a variable, or another label.",
        ),
        (
            "SELECT * { ?s ?p ?o } GROUP BY ?s",
            "line 1, column 34: SELECT * is not authorized with GROUP BY and aggregates: "
            "name the variables; a condition on an aggregate goes into HAVING.",
        ),
        (
            "SELECT * { ?s ?p ?o FILTR(?o > 1) }",
            "line 1, column 21: Did not expect 'FILTR' here. Did you mean FILTER?",
        ),
        (
            "SELECT * { ?s zgcc:isAbout ?o }",
            "line 1, column 15: The prefix 'zgcc' is not declared. Did you mean zgc:? "
            "Add this line at the top of the query: PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>",
        ),
        (
            "ASK { ?s ?p '''open\n}",
            "line 1, column 13: The string that starts with ''' is not closed "
            "before the end of the line or the query.",
        ),
        (
            "SELECT * { VALUES (?x ?y) { (1) } }",
            "line 1, column 33: Did not expect '}' here. "
            "The VALUES clause rows should have exactly the same number of values as there are variables.",
        ),
        (
            "ASK { FILTER(<a:f>(1)) }",
            "The query cannot be evaluated: The custom function <a:f> is not supported.",
        ),
        (
            "DROP ALL",
            "line 1, column 1: DROP is an update, and this graph is only read: "
            "ask with one of ASK, CONSTRUCT, DESCRIBE, SELECT.",
        ),
        (
            "ASK { SERVICE <http://127.0.0.1:9/> {} }",
            "line 1, column 7: SERVICE is refused: this endpoint calls no other server. "
            "Ask the other endpoint yourself and join the two answers, for instance with VALUES.",
        ),
    ],
)
def test_query_error(store: ox.Store, query: str, message: str) -> None:
    """A wrong query is answered with the place of the first wrong token, and with what to write."""
    with pytest.raises(QueryError) as raised:
        evaluate(store, query)

    assert str(raised.value) == message


_PIECES = (
    "PREFIX BASE SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH OPTIONAL UNION FILTER VALUES BIND AS "
    "ORDER BY GROUP LIMIT DISTINCT * ?a ?b zgc: e:x _:b a 1 <https://example.org/a> <rel> 'x' ' ''' @en ^^ "
    "{ } ( ) [ ] . ; , = != && | / ^ ! # \\ $ count 中"
)


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=20).map(" ".join) | st.text())
def test_any_query(text: str) -> None:
    """Any text is answered or refused as a query, with a place inside the text where one is known."""
    place = (1, 1)
    try:
        evaluate(ox.Store(), text)
    except QueryError as error:
        place = (error.line or 1, error.column or 1)

    line, column = place
    lines = text.split("\n")
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1


def test_graph_that_is_no_iri(store: ox.Store) -> None:
    """A graph that has no absolute IRI is refused."""
    with pytest.raises(QueryError, match="A graph is named by an absolute IRI"):
        evaluate(store, "ASK {}", ("g1",))


def test_rows_of_each_form(store: ox.Store) -> None:
    """Rows, a truth value and triples can all be shown as tables."""
    select = "SELECT ?t ?none { VALUES ?t { <https://w3id.org/zgc-forum/ontology/Edition> 'x'@en } }"

    assert columns(evaluate(store, select)) == ("t", "none")
    assert [*readable_rows(evaluate(store, select))] == [("zgc:Edition", ""), ("x", "")]
    assert columns(evaluate(store, "ASK {}")) == ("answer",)
    assert [*readable_rows(evaluate(store, "ASK {}"))] == [("true",)]
    construct = "CONSTRUCT { <a:s> <a:p> 'o' } WHERE {}"
    assert columns(evaluate(store, construct)) == ("subject", "predicate", "object")
    assert [*readable_rows(evaluate(store, construct))] == [("<a:s>", "<a:p>", "o")]
