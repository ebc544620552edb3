"""Building a store from files."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from forumkg.dataset.build import build
from forumkg.dataset.files import SourceFile, digest, source_files
from forumkg.errors import DataError, StoreError
from forumkg.namespaces import BASE, DERIVED, DESCRIPTION, ENTAILED, GRAPH, QUESTIONS

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
FILES = {
    "ontology/core.ttl": """
        ex:A a owl:Class ; rdfs:subClassOf ex:B .
        ex:p owl:propertyChainAxiom ( ex:q ex:q ) .
    """,
    "graph/one.ttl": "ex:i a ex:A ; ex:q ex:i ; ex:r ex:j .",
    "graph/articles/two.ttl": "ex:i ex:r ex:j .",
    "graph/curation.ttl": "ex:i ex:r ex:j ; ex:r ex:k .",
    "shapes/one.ttl": "ex:Shape ex:r ex:j .",
}
RULE = """PREFIX ex: <http://example.org/>
CONSTRUCT { ?x ex:derived ?y } WHERE { ?x ex:p ?y }
"""
QUESTION = "# Is there anything?\nASK { ?s ?p ?o }\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of a small dataset with a rule and a question."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + text, encoding="utf-8")
    for name, text in (("rules/10-derive.rq", RULE), ("questions/01-any.rq", QUESTION)):
        path = tmp_path / "ontology" / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    return tmp_path


def build_root(store: ox.Store, root: Path) -> None:
    """Build the dataset of a root into a store."""
    build(store, source_files(root), ontology_dir=root / "ontology")


def count(store: ox.Store, where: str) -> int:
    """Return the number of rows of a pattern on the default graph."""
    rows = store.query(f"PREFIX ex: <http://example.org/> SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}")
    assert isinstance(rows, ox.QuerySolutions)
    (row,) = rows
    (number,) = row
    assert isinstance(number, ox.Literal)
    return int(number.value)


def test_build_graphs(root: Path) -> None:
    """Each file is a graph, and so is what is entailed, derived, asked and described."""
    store = ox.Store()

    report = build(store, source_files(root), ontology_dir=root / "ontology")

    named = {
        graph.value: sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        for graph in store.named_graphs()
        if isinstance(graph, ox.NamedNode)
    }
    assert report.graphs == named
    assert set(named) == {
        *(GRAPH + name for name in ("ontology/core", "one", "articles/two", "curation", "shapes/one")),
        *(ENTAILED, DERIVED, QUESTIONS, DESCRIPTION),
    }
    assert (named[ENTAILED], named[DERIVED]) == (2, 1)
    assert report.merged == count(store, "?s ?p ?o")
    assert list(report.seconds) == ["load", "entail", "check", "derive", "describe", "compact"]


def test_build_triple_of_three_graphs(root: Path) -> None:
    """A triple that three graphs hold counts once in the default graph."""
    store = ox.Store()
    build_root(store, root)

    assert count(store, "GRAPH ?g { ex:i ex:r ex:j }") == 3
    assert count(store, "ex:i ex:r ex:j") == 1


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ex:i a ex:B", 1),
        ("ex:i ex:p ex:i", 1),
        ("ex:i ex:derived ex:i", 1),
        (f"<{BASE}query/any> ?p ?o", 6),
        ("ex:Shape ?p ?o", 0),
    ],
    ids=["entailed", "entailed-by-chain", "derived", "question", "shape"],
)
def test_build_default_graph(root: Path, pattern: str, expected: int) -> None:
    """The default graph holds what is entailed, derived and asked, but no shape."""
    store = ox.Store()
    build_root(store, root)

    assert count(store, pattern) == expected


def test_build_default_graph_is_merge(root: Path) -> None:
    """The default graph holds exactly the triples of the named graphs that are not shapes."""
    store = ox.Store()
    build_root(store, root)

    merge = {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert merge == {
        quad.triple
        for quad in store
        if isinstance(quad.graph_name, ox.NamedNode)
        and not quad.graph_name.value.startswith(f"{GRAPH}shapes/")
    }


def test_build_on_disk_equals_memory(root: Path, tmp_path: Path) -> None:
    """A store on disk holds what a store in memory holds, down to the labels of blank nodes."""
    kept, held = ox.Store(tmp_path / "store"), ox.Store()
    for store in (kept, held):
        build_root(store, root)

    assert any(isinstance(quad.object, ox.BlankNode) for quad in held)
    assert set(kept) == set(held)


def test_build_in_full_store(root: Path) -> None:
    """A store that holds something is refused and left as it is."""
    quad = ox.Quad(*(ox.NamedNode("http://example.org/x"),) * 3)
    store = ox.Store()
    store.add(quad)

    with pytest.raises(StoreError, match=r"^The store is not empty: build into a new one\.$"):
        build_root(store, root)
    assert set(store) == {quad}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("graph/one.ttl", "ex:i ex:r"),
        ("ontology/core.ttl", "ex:p a owl:FunctionalProperty ."),
        ("ontology/rules/10-derive.rq", "ASK {}"),
        ("ontology/questions/01-any.rq", "ASK {}"),
    ],
    ids=["turtle", "axiom", "rule", "question"],
)
def test_build_bad_file(root: Path, name: str, text: str) -> None:
    """A build that fails writes nothing to the store."""
    (root / name).write_text(text if name.endswith(".rq") else PREFIXES + text, encoding="utf-8")
    store = ox.Store()

    with pytest.raises(DataError):
        build_root(store, root)
    assert not set(store)


def _digest(root: Path) -> str:
    return digest(source_files(root), ontology_dir=root / "ontology")


def test_digest_of_same_files(root: Path) -> None:
    """The digest does not depend on the order in which the files are given."""
    files = source_files(root)

    assert digest(reversed(files), ontology_dir=root / "ontology") == _digest(root)


@pytest.mark.parametrize("name", [*FILES, "ontology/rules/10-derive.rq", "ontology/questions/01-any.rq"])
def test_digest_of_changed_file(root: Path, name: str) -> None:
    """The digest changes with each file: Turtle, rule or question."""
    before = _digest(root)
    path = root / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert _digest(root) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "graph/one.ttl").rename(root / "graph/other.ttl"),
        lambda root: (root / "graph/one.ttl").unlink(),
        lambda root: (root / "ontology/rules/10-derive.rq").rename(root / "ontology/rules/20-derive.rq"),
        lambda root: (root / "ontology/questions/02-new.rq").write_text(QUESTION, encoding="utf-8"),
    ],
    ids=["renamed", "removed", "rule-renamed", "question-added"],
)
def test_digest_of_other_files(root: Path, change: Callable[[Path], object]) -> None:
    """The digest changes when a file is renamed, removed or added."""
    before = _digest(root)
    change(root)

    assert _digest(root) != before


def test_digest_follows_stand_in(root: Path, tmp_path: Path) -> None:
    """A file that stands in another's place counts with its own text under the name of the graph."""
    copy = tmp_path / "copy.ttl"
    copy.write_bytes((root / "graph/one.ttl").read_bytes())
    files = [SourceFile(copy, file.graph) if file.name == "one" else file for file in source_files(root)]

    assert digest(files, ontology_dir=root / "ontology") == _digest(root)


@pytest.mark.parametrize(
    "number",
    [
        "9223372036854775808",
        "-9223372036854775809",
        "1" * 400,
        f"{'1' * 30}.5",
        f"0.{'1' * 30}",
        '"18446744073709551615"^^<http://www.w3.org/2001/XMLSchema#unsignedLong>',
        '"+0009223372036854775808"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>',
    ],
)
def test_number_beyond_the_engine(root: Path, number: str) -> None:
    """A number that no query could compare is refused with its file and line, before it is in a store."""
    path = root / "graph" / "one.ttl"
    path.write_text(f"{PREFIXES}\nex:i ex:q\n  1 ,\n  {number} .\n", encoding="utf-8")
    lexical = number.split('"')[1] if '"' in number else number
    line = path.read_text().splitlines().index(f"  {number} .") + 1

    store = ox.Store()
    with pytest.raises(DataError) as raised:
        build_root(store, root)

    assert str(raised.value).startswith(
        f"{path}:{line}: the number {lexical} of <http://example.org/q> cannot "
    )
    assert len(store) == 0


@pytest.mark.parametrize(
    "number",
    [
        "9223372036854775807",
        "-9223372036854775808",
        "123456789012345678.123456789012345678",
        "1e300",
        '"many"^^<http://www.w3.org/2001/XMLSchema#integer>',
        f'"{"1" * 30}"',
    ],
)
def test_number_within_the_engine(root: Path, number: str) -> None:
    """The largest numbers, doubles and texts are built; what is not a number is left to the shapes."""
    path = root / "graph" / "one.ttl"
    path.write_text(f"{PREFIXES} ex:i ex:q {number} .", encoding="utf-8")

    store = ox.Store()
    build_root(store, root)

    assert count(store, f"ex:i ex:q {number}") == 1
