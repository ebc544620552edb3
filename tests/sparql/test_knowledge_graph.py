"""The Python API: its names, its documentation, and what it answers."""

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

import forumkg
from forumkg import KnowledgeGraph, errors
from forumkg.dataset.versions import Version
from forumkg.sparql import knowledge_graph

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
EDITION = "https://w3id.org/zgc-forum/id/edition/2021"
ZGC = "https://w3id.org/zgc-forum/ontology/"


@pytest.fixture(scope="module")
def graph(shipped_version: Version) -> KnowledgeGraph:
    """Return the graph of the shipped dataset."""
    return KnowledgeGraph(shipped_version.store)


def test_public_names() -> None:
    """`__all__` names what is there and documented, in docs/python.md too."""
    assert sorted(forumkg.__all__) == sorted(set(forumkg.__all__))
    for name in forumkg.__all__:
        assert getattr(forumkg, name).__doc__
        assert f"`{name}`" in PAGE
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = forumkg.no_such_name


def test_import_is_light() -> None:
    """To import the package loads neither the server nor a library that it does not need."""
    script = "import sys, forumkg; print(sorted(n for n in sys.modules if n.startswith('forumkg.')))"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ast.literal_eval(done.stdout) == []


def test_each_method_is_documented() -> None:
    """Each public method has a heading in docs/python.md and an example in its docstring."""
    methods = [name for name in vars(KnowledgeGraph) if not name.startswith("_")]

    assert re.findall(r"^## `(\w+)\(", PAGE, re.MULTILINE) == methods
    for name in methods:
        assert ">>> " in (getattr(KnowledgeGraph, name).__doc__ or "")


def test_examples(graph: KnowledgeGraph) -> None:
    """The examples of the docstrings and of docs/python.md give what they show."""
    assert doctest.testmod(knowledge_graph, extraglobs={"graph": graph}).failed == 0
    result = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert (result.failed, result.attempted > 5) == (0, True)


def test_select(graph: KnowledgeGraph) -> None:
    """Rows have every variable of the query, unbound ones too."""
    assert graph.select("SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (<urn:a> '中'@zh) } }") == [
        {"x": ox.Literal(1), "y": None},
        {"x": ox.NamedNode("urn:a"), "y": ox.Literal("中", language="zh")},
    ]


@pytest.mark.parametrize(
    ("method", "query"),
    [
        ("select", "ASK {}"),
        ("select", "SELECT"),
        ("select", "SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }"),
        ("ask", "SELECT * {}"),
        ("construct", "ASK {}"),
        ("construct", "DELETE WHERE { ?s ?p ?o }"),
    ],
)
def test_other_queries(graph: KnowledgeGraph, method: str, query: str) -> None:
    """A query of another form, an update, and what cannot be parsed are errors."""
    with pytest.raises(errors.QueryError):
        getattr(graph, method)(query)


def test_describe_unknown(graph: KnowledgeGraph) -> None:
    """An unknown thing has no triples, and what is not an IRI is an error."""
    assert graph.describe("https://w3id.org/zgc-forum/id/edition/1066") == frozenset()
    with pytest.raises(errors.QueryError, match="'edition 2021' is not an absolute IRI"):
        graph.describe("edition 2021")


def test_evidence_for_each_statement(graph: KnowledgeGraph) -> None:
    """Each statement of the dataset has evidence, and the evidence is its own."""
    rows = graph.select(f"SELECT ?s {{ ?s a <{ZGC}Statement> ; <{ZGC}isSupportedBy> ?passage }}")
    statements = {row["s"].value for row in rows if isinstance(row["s"], ox.NamedNode)}
    assert len(statements) > 100

    for statement in statements:
        evidence = graph.evidence_for(statement)
        assert evidence
        assert {each.statement for each in evidence} == {statement}
        assert all(0 <= each.start < each.end and len(each.sha256) == 64 for each in evidence)


def test_evidence_for_each_entailed_property(graph: KnowledgeGraph) -> None:
    """Each property that statements give a thing has the statements as evidence."""
    rows = graph.select(
        f"""PREFIX owl: <http://www.w3.org/2002/07/owl#>
        SELECT DISTINCT ?thing ?property {{
            ?property owl:propertyChainAxiom/<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>
                <{ZGC}hasAcceptedStatement> .
            GRAPH <https://w3id.org/zgc-forum/graph/entailed> {{ ?thing ?property ?value }}
        }}"""
    )
    assert len(rows) > 20
    for row in rows:
        thing, name = row["thing"], row["property"]
        assert isinstance(thing, ox.NamedNode)
        assert isinstance(name, ox.NamedNode)
        # A superproperty holds without a statement of its own: hasParticipant, of who is a host.
        if not graph.evidence_for(thing.value, name.value):
            assert graph.evidence_for(thing.value)


def test_evidence_hostile(graph: KnowledgeGraph) -> None:
    """What would end the IRI and go on as a query is not an IRI."""
    with pytest.raises(errors.QueryError):
        graph.evidence_for(EDITION + "> ?p ?o } #")
