"""Look-ups: which queries are proved to be small, and that they have the same answers as ever."""

from collections.abc import Iterable, Iterator
from math import prod

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import until
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from forumkg.dataset.versions import Version
from forumkg.errors import ForumKgError
from forumkg.formats import RESULT_FORMATS, Format
from forumkg.sparql.evaluation import evaluate, serialize
from forumkg.sparql.lookups import (
    MAX_CHARACTERS,
    MAX_PATTERNS,
    MAX_SOLUTIONS,
    MAX_STEPS,
    LookupStore,
    TriplePattern,
    read_lookup,
)
from forumkg.workers.pool import Pool, Query

JSON = RESULT_FORMATS[0]
EX = "http://example.org/"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIX = f"PREFIX ex: <{EX}>\n"


def ex(name: str) -> ox.NamedNode:
    """Return a node of the tests."""
    return ox.NamedNode(EX + name)


@pytest.mark.parametrize(
    ("query", "patterns"),
    [
        ("SELECT ?p ?o { <http://example.org/a> ?p ?o }", [(ex("a"), None, None)]),
        ("select $o where{<http://example.org/a>\n<http://example.org/p> $o.}", [(ex("a"), ex("p"), None)]),
        ("SELECT DISTINCT ?s WHERE { ?s a <http://example.org/C> } LIMIT 5", [(None, TYPE, ex("C"))]),
        (
            PREFIX + "SELECT * { ex:a ex:p ?x ; ex:q ?y . }",
            [(ex("a"), ex("p"), None), (ex("a"), ex("q"), None)],
        ),
        (
            PREFIX + "SELECT * { ex:a a ex:C . <http://example.org/a> ?p ?o } # c",
            [(ex("a"), TYPE, ex("C")), (ex("a"), None, None)],
        ),
        ("SELECT ?x { ?x ?x <http://example.org/a> } LIMIT 1 OFFSET 2", [(None, None, ex("a"))]),
    ],
)
def test_read_lookup(query: str, patterns: list[tuple[ox.NamedNode | None, ...]]) -> None:
    """A star on a constant subject and a triple pattern with a constant object are look-ups."""
    lookup = read_lookup(query)

    assert lookup is not None
    assert [*map(tuple, lookup.patterns)] == patterns


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ASK { <urn:a> ?p ?o }",
        "CONSTRUCT WHERE { <urn:a> ?p ?o }",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s <urn:p> ?o }",
        "SELECT * { ?s a <urn:C> . ?s ?p ?o }",
        "SELECT * { <urn:a> ?p ?o . <urn:b> ?q ?r }",
        "SELECT * { <urn:a> ?p ?o . ?o ?q ?r }",
        "SELECT * { <urn:a> <urn:p>/<urn:q> ?o }",
        "SELECT * { <urn:a> <urn:p>* ?o }",
        "SELECT * { <urn:a> <urn:p> ?x, ?y }",
        "SELECT * { <urn:a> <urn:p> [] }",
        "SELECT * { <urn:a> <urn:p> 'x' }",
        "SELECT * { <urn:a> ?p ?o FILTER (?o > 1) }",
        "SELECT * { <urn:a> ?p ?o } ORDER BY ?o",
        "SELECT * { <urn:a> ?p ?o } GROUP BY ?o",
        "SELECT * { <urn:a> ?p ?o } VALUES ?o { 1 }",
        "SELECT (COUNT(*) AS ?n) { <urn:a> ?p ?o }",
        "SELECT ?o ?o { <urn:a> ?p ?o }",
        "SELECT * { GRAPH ?g { <urn:a> ?p ?o } }",
        "SELECT * FROM <urn:g> { <urn:a> ?p ?o }",
        "SELECT * { { <urn:a> ?p ?o } }",
        "SELECT * { OPTIONAL { <urn:a> ?p ?o } }",
        "SELECT * { SELECT * { <urn:a> ?p ?o } }",
        "BASE <urn:x> SELECT * { <a> ?p ?o }",
        "SELECT * { ex:a ?p ?o }",
        "SELECT ?x{<urn:x> A ?o }",
        PREFIX + PREFIX + "SELECT * { ex:a ?p ?o }",
        # A name goes on behind a full stop and a colon.
        PREFIX + "SELECT * { ex:a ex:p ex:b.ex:a ex:q ?o }",
        "SELECT * { <http://[> ?p ?o }",
        "SELECT * { <urn:a\\u003e> ?p ?o }",
        "SELECT * { <urn:a> ?p ?o } ; DROP ALL",
        "SELECT * { <urn:a> " + " ; ".join(f"?p{n} ?o{n}" for n in range(MAX_PATTERNS + 1)) + " }",
        "SELECT * { <urn:" + "a" * 3000 + "> ?p ?o }",
    ],
)
def test_read_lookup_of_another_query(query: str) -> None:
    """Any other text is not a look-up."""
    assert read_lookup(query) is None


PIECES = st.sampled_from(
    [
        *("<http://example.org/a>", "<http://example.org/a b>", "<urn:>", "ex:a", "ex:", "ex:a.b", "ex:a."),
        *("?x", "?y", "$x", "?", "a", "A", "'x'", "1", "*", "+", "/", "|", "^", "!", "?x?y", ":"),
        *("{", "}", "{", "}", "(", ")", "[", "]", ";", ".", ",", "#", "\n", "\\", '"', "<", ">", "<<", "<<("),
        *("FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "BIND", "VALUES", "SELECT", "FROM"),
        *("LIMIT 1", "OFFSET 1", "ORDER BY ?x", "GROUP BY ?x", "HAVING", "AS", "WHERE", "DISTINCT", "EXISTS"),
        *("ex:p", "<urn:p>", "ex:a ?x ?y", "?x a ex:C", " . ", " ; "),
        # These leave a look-up one.
        *(
            " ; ex:p ?x",
            " ; a ex:C",
            "; ?y ?x",
            " . ex:a ?x ?y",
            ".\nex:a ex:p ?x",
            ". <http://example.org/a> a ?y",
        ),
    ]
)
TEXTS = st.builds(
    "{}{} {}{{ {} {} {} {} }} {}".format,
    st.sampled_from([PREFIX, "", f"prefix ex:<{EX}>"]),
    st.sampled_from(["SELECT", "SELECT", "SELECT DISTINCT", "SELECT REDUCED"]),
    st.sampled_from(["* ", "?x ?y ", "?x", "* WHERE ", "* where", "(1 AS ?x)"]),
    st.sampled_from(["ex:a", "?x", "<http://example.org/a>"]),
    st.sampled_from(["?x", "a", "ex:p"]),
    st.sampled_from(["?y", "ex:C", "?x"]),
    st.lists(PIECES, max_size=4).map("".join) | st.lists(PIECES, max_size=6).map(" ".join),
    st.just("") | st.lists(PIECES, max_size=2).map(" ".join),
)


def names(part: CompValue | Iterable[object]) -> set[str]:
    """Return the names of the operators of a query in the algebra of SPARQL."""
    found: set[str] = set()
    for value in part.values() if isinstance(part, CompValue) else part:
        if isinstance(value, CompValue):
            found |= {value.name} | names(value)
    return found


@settings(max_examples=1000)
@given(query=TEXTS)
def test_read_lookup_any_text(query: str) -> None:
    """What is read as a look-up is one to other parsers too: its patterns, and nothing but them."""
    lookup = read_lookup(query)
    if lookup is None:
        return
    try:
        answer = ox.Store().query(query)
    except SyntaxError:
        return
    algebra = prepareQuery(query).algebra

    assert isinstance(answer, ox.QuerySolutions)
    assert names(algebra) <= {"Project", "Distinct", "Slice", "BGP"}
    bgp = algebra.p
    while bgp.name != "BGP":
        bgp = bgp.p
    triples = {tuple(str(term) if term.n3()[0] == "<" else None for term in triple) for triple in bgp.triples}
    assert {tuple(term and term.value for term in pattern) for pattern in lookup.patterns} == triples


NODES = st.sampled_from([ex(name) for name in "abcp"])
VALUES = NODES | st.sampled_from([ox.Literal("x" * 5000), ox.Literal("1 < 2 & \r\n\x01"), ox.BlankNode("b")])
GRAPHS = st.sampled_from([ox.DefaultGraph(), ox.DefaultGraph(), ex("g")])
QUADS = st.builds(ox.Quad, NODES, NODES, VALUES, GRAPHS)
# Many quads of one term, about as many as the bound.
CROWDS = st.builds(
    lambda number, subject, turn: [
        ox.Quad(ex(f"n{n}"), ex("p"), subject) if turn else ox.Quad(subject, ex("p"), ex(f"n{n}"))
        for n in range(number)
    ],
    st.sampled_from([0, 1, 20, MAX_STEPS - 1, MAX_STEPS, MAX_STEPS + 1]),
    NODES,
    st.booleans(),
)
DATA = st.builds(lambda few, many: [*few, *many], st.lists(QUADS, max_size=12), CROWDS)
# Also words that make a worker read the query more closely.
TERMS = st.sampled_from(
    ["ex:a", "ex:b", "ex:c", "ex:p", "?x", "?y", "?z", "?from", "ex:graph", "<urn:count>"]
)
STARS = st.builds(
    lambda subject, properties, columns, end: (
        f"{PREFIX}SELECT {columns} {{ {subject} {' ; '.join(properties)} }} {end}"
    ),
    TERMS,
    st.lists(st.builds("{} {}".format, TERMS | st.just("a"), TERMS), min_size=1, max_size=4),
    st.sampled_from(["*", "DISTINCT *", "?x", "?z ?x", "DISTINCT ?y", "?unbound"]),
    st.sampled_from(["", "LIMIT 1", "OFFSET 3", "LIMIT 200 OFFSET 1", "# comment"]),
)


def brute_force(patterns: Iterable[TriplePattern], quads: Iterable[ox.Quad]) -> int:
    """Return how many combinations of triples match the patterns, each looked at by itself."""
    triples = {quad.triple for quad in quads if quad.graph_name == ox.DefaultGraph()}
    return prod(
        sum(
            all(
                wanted in (None, got)
                for wanted, got in zip(pattern, (t.subject, t.predicate, t.object), strict=True)
            )
            for t in triples
        )
        for pattern in patterns
    )


def outcome(store: ox.Store, query: str, format_: Format) -> bytes | str:
    """Return the answer of a worker, or its error."""
    try:
        return serialize(evaluate(store, query), format_)
    except ForumKgError as error:
        return str(error)


def look_up(lookups: LookupStore, query: str, format_: Format = JSON) -> bytes | str | None:
    """Return the answer to a look-up, or its error; None if a worker has to."""
    lookup = read_lookup(query)
    try:
        return lookups.answer(lookup, format_) if lookup else None
    except ForumKgError as error:
        return str(error)


@given(data=DATA, query=STARS, format_=st.sampled_from(RESULT_FORMATS))
def test_answer_any_data(data: list[ox.Quad], query: str, format_: Format) -> None:
    """A look-up that is answered takes a bounded number of steps, and its answer is that of a worker."""
    store, lookups = ox.Store(), LookupStore()
    store.extend(data)
    lookups.extend(data)

    found = look_up(lookups, query, format_)

    lookup = read_lookup(query)
    if found is None:
        return
    assert found == outcome(store, query, format_)
    assert lookup is not None
    first = lookup.patterns[0]
    examined = [
        quad
        for quad in {*data}
        if first.subject in (None, quad.subject) and (first.subject or first.object == quad.object)
    ]
    assert len(examined) * len(lookup.patterns) <= MAX_STEPS
    assert brute_force(lookup.patterns, data) <= MAX_SOLUTIONS
    if not isinstance(found, str):
        assert len(found) <= 4 * MAX_CHARACTERS


@pytest.mark.parametrize("query", ["SELECT ?o { ex:a ex:p ?o }", "SELECT ?s { ?s ex:p ex:a }"])
@pytest.mark.parametrize(("number", "is_small"), [(MAX_STEPS, True), (MAX_STEPS + 1, False)])
def test_answer_up_to_the_bound(query: str, number: int, is_small: bool) -> None:
    """A term with as many quads as may be is looked up, one with more is left to a worker."""
    lookups = LookupStore()
    lookups.extend(ox.Quad(ex("a"), ex("p"), ex(f"o{n}")) for n in range(number))
    lookups.extend(ox.Quad(ex(f"o{n}"), ex("p"), ex("a")) for n in range(number))

    assert (look_up(lookups, PREFIX + query) is not None) == is_small


@pytest.mark.parametrize(("length", "is_small"), [(MAX_CHARACTERS // 2, True), (MAX_CHARACTERS, False)])
def test_answer_of_long_values(length: int, is_small: bool) -> None:
    """The bound counts characters too, those of other graphs included."""
    lookups = LookupStore()
    lookups.extend([ox.Quad(ex("a"), ex("p"), ox.Literal("x" * length), ex("g"))])

    assert (look_up(lookups, PREFIX + "SELECT ?o { ex:a ex:p ?o }") is not None) == is_small


def test_answer_of_a_product() -> None:
    """Two patterns with many matches each have as many solutions as their product."""
    lookups = LookupStore()
    lookups.extend(ox.Quad(ex("a"), ex(p), ex(f"o{n}")) for n in range(17) for p in "pq")

    assert look_up(lookups, PREFIX + "SELECT * { ex:a ex:p ?x ; ex:q ?y }") is None
    assert look_up(lookups, PREFIX + "SELECT * { ex:a ex:p ?x ; ex:q ex:o1 }") is not None


def test_answer_of_a_term_without_triples() -> None:
    """An unknown term has an empty answer."""
    assert look_up(LookupStore(), "SELECT ?o { <urn:x> ?p ?o }", RESULT_FORMATS[2]) == b"o\r\n"


def test_answer_of_a_wrong_query() -> None:
    """What is wrong with a prefix that no term has, a worker says."""
    assert look_up(LookupStore(), "PREFIX a: <http://[> SELECT ?o { <urn:x> ?p ?o }") is None


@pytest.fixture(scope="module")
def copy(small_version: Version) -> Iterator[LookupStore]:
    """Return a copy of the small dataset."""
    lookups = LookupStore()
    lookups.fill(small_version.store)
    until(lambda: lookups.is_filled)
    yield lookups
    lookups.close()


@pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda each: each.name)
def test_answer_of_each_subject(
    copy: LookupStore, small_pool: Pool, small_version: Version, format_: Format
) -> None:
    """The answer to a look-up is that of a worker, to the byte."""
    subjects = sorted({str(quad.subject) for quad in small_version.store if quad.subject.value[:4] == "http"})

    for subject in subjects[:50]:
        query = f"SELECT * {{ {subject} ?p ?o }}"
        assert look_up(copy, query, format_) == small_pool.run(Query(query, format_)).body
