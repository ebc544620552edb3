"""What is sent to an engine: nothing that is no query, and each query with the parameters of the profile."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from scripted_engine import ScriptedAnswer, ScriptedEngine, scripted_engine

from forumkg.dataset.description import DATASET
from forumkg.engine.answers import ask_engine
from forumkg.engine.connection import Engine, EngineConnection
from forumkg.engine.profiles import PROFILES
from forumkg.engine.queries import read_for_engine
from forumkg.errors import QueryError

ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'

REFUSED = [
    ("SELECT * { ?s ?p", "line 1, column 17"),
    ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
    ("SELECT * { ?s ?p ?o FILTER(?s<?o)SERVICE<http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
    ("INSERT DATA { <urn:x:a> <urn:x:b> 1 }", "INSERT is an update"),
    ("DROP ALL", "DROP is an update"),
    (
        'SELECT * { ?s ?p "\\u0022 } SERVICE <http://127.0.0.1:9/> { ?s ?p \\u0022" }',
        "SERVICE|not read alike",
    ),
    ('SELECT * { ?s ?p "\\u0022" }', "not read alike"),
    ('SELECT * { ?s ?p "\\\\u0022" }', "not read alike"),
    ('SELECT * { ?s ?p "\\u000A" }', "not read alike"),
    ('SELECT * { ?s ?p "\\uD800" }', "not read alike"),
    ('SELECT * { ?s ?p "\\UFFFFFFFF" }', "not read alike"),
]


@pytest.mark.faults
@pytest.mark.parametrize(("query", "message"), REFUSED)
def test_refused_before_anything_is_sent(query: str, message: str) -> None:
    """What is no query, calls another server or may be read in two ways never reaches the engine."""
    with scripted_engine() as engine:
        connection = engine.open_connection()
        with pytest.raises(QueryError, match=message):
            ask_engine(connection, query, seconds=60)

    assert engine.received == []


@pytest.mark.parametrize(
    ("query", "sent", "columns"),
    [
        ("SELECT * { ?z ?a ?m }", "SELECT  ?z ?a ?m  { ?z ?a ?m }", ("z", "a", "m")),
        ("SELECT ?b ?a { ?a ?b ?c }", "SELECT ?b ?a { ?a ?b ?c }", ("b", "a")),
        ("\ufeffASK { ?s ?p ?o }", "ASK { ?s ?p ?o }", None),
        ('ASK { ?s ?p "\\u00e9\\U0001F600" }', 'ASK { ?s ?p "é😀" }', None),
        ("SELECT (<urn:x:f>(?a) AS ?b) { ?a ?p ?o }", "SELECT (<urn:x:f>(?a) AS ?b) { ?a ?p ?o }", None),
    ],
)
def test_text_that_is_sent(query: str, sent: str, columns: tuple[str, ...] | None) -> None:
    """Columns have their names, and characters stand for their escapes."""
    read = read_for_engine(query)

    assert (read.text, read.columns) == (sent, columns)


def parameters(engine: ScriptedEngine, query: str, *graphs: str) -> dict[str, list[str]]:
    """Return the parameters of the request that a query is sent with."""
    engine.answer = ScriptedAnswer(ROWS)
    graphs_of_version = ("urn:x:g", "urn:x:h")
    with EngineConnection(
        Engine(engine.engine.profile, engine.engine.url, graphs_of_version), 60
    ) as connection:
        ask_engine(connection, query, seconds=10, graphs=(graphs, ()))
    path, headers, body = engine.received[-1]
    kind = headers["Content-Type"]
    found = parse_qsl(urlsplit(path).query)
    if kind == "application/sparql-query":
        found.append(("query", body.decode()))
    else:
        found += parse_qsl(body.decode())
    collected: dict[str, list[str]] = {}
    for name, value in found:
        collected.setdefault(name, []).append(value)
    return collected


@pytest.mark.parametrize(
    ("profile", "timeout"),
    [("fuseki", "12"), ("rdf4j", "12"), ("virtuoso", None), ("qlever", "12s"), ("oxigraph", None)],
)
def test_timeout_in_the_unit_of_the_engine(profile: str, timeout: str | None) -> None:
    """The engine is given two seconds more than is left of ours."""
    with scripted_engine(profile) as engine:
        sent = parameters(engine, "SELECT ?s { ?s ?p ?o }")

    assert sent.get("timeout") == (timeout and [timeout])


def test_default_graph_of_the_profile() -> None:
    """An engine whose default graph is a union is asked for the merge, unless graphs are named."""
    with scripted_engine("rdf4j") as rdf4j, scripted_engine("virtuoso") as virtuoso:
        plain = parameters(rdf4j, "SELECT ?s { ?s ?p ?o }")
        graph = parameters(rdf4j, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }")
        named = parameters(rdf4j, "SELECT ?s { ?s ?p ?o }", "urn:x:other")
        clause = parameters(rdf4j, "SELECT ?s FROM <urn:x:other> { ?s ?p ?o }")
        merge = parameters(virtuoso, "SELECT ?s { ?s ?p ?o }")

    nil = "http://rdf4j.org/schema/rdf4j#nil"
    assert (plain["default-graph-uri"], plain.get("named-graph-uri")) == ([nil], None)
    assert (graph["default-graph-uri"], graph["named-graph-uri"]) == ([nil], ["urn:x:g", "urn:x:h"])
    assert named["default-graph-uri"] == ["urn:x:other"]
    assert "default-graph-uri" not in clause
    assert merge["default-graph-uri"] == [DATASET]


def test_profiles_are_named_by_their_keys() -> None:
    """Each profile asks for graphs in a format that is closed by itself, and has an example."""
    assert {profile.graphs.name for profile in PROFILES.values()} <= {"rdfxml", "jsonld"}
    assert all(PROFILES[name].name == name and PROFILES[name].example for name in PROFILES)
