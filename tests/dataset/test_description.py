"""The description of the dataset: its counts are those that queries give."""

import pyoxigraph as ox
import pytest
from turtle_text import triples

from forumkg.dataset.description import DATASET, describe, version_iri
from forumkg.namespaces import DESCRIPTION, GRAPH, prefix_lines
from forumkg.rdf.terms import quads

FACTS = """
    edition:2021 a zgc:Edition ; zgc:isEditionOf forum:zgc ; zgc:year 2021 .
    edition:2023 a zgc:Edition ; zgc:isEditionOf forum:zgc .
    ex:thing a ex:Unknown , zgc:Edition .
"""
DIGEST = "0123456789abcdef" * 4
HEADER = f"""
    <{DATASET}> a void:Dataset , dcat:Dataset ;
        dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
"""


@pytest.fixture
def store() -> ox.Store:
    """Return a store of two graphs with their merge and its description."""
    store = ox.Store()
    for name, text in (("facts", FACTS), ("dataset", HEADER)):
        store.extend(quads(triples(text), GRAPH + name))
        store.extend(quads(triples(text)))
    found = describe(store, DIGEST)
    store.extend(quads(found, DESCRIPTION))
    store.extend(quads(found))
    return store


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query as texts."""
    found = store.query(prefix_lines("dcterms", "void", "zgc") + query)
    assert isinstance(found, ox.QuerySolutions)
    return [
        tuple(value.value for value in row if isinstance(value, ox.Literal | ox.NamedNode)) for row in found
    ]


@pytest.mark.parametrize(
    ("described", "counted"),
    [
        ("void:triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("void:distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("void:classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        ("void:properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        (
            "void:entities",
            f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ <{DATASET}> void:uriSpace ?space . ?s ?p ?o "
            "FILTER(STRSTARTS(STR(?s), ?space)) }",
        ),
    ],
)
def test_describe_dataset_count(store: ox.Store, described: str, counted: str) -> None:
    """A count of the whole dataset is the count of its default graph, the description included."""
    assert rows(store, f"SELECT ?n {{ <{DATASET}> {described} ?n }}") == rows(store, counted)


def test_describe_version(store: ox.Store) -> None:
    """A copy of the dataset says which version it is: the digest, and the IRI of the version."""
    described = f"SELECT ?digest ?iri {{ <{DATASET}> dcterms:identifier ?digest ; dcat:hasVersion ?iri }}"

    assert rows(store, prefix_lines("dcat") + described) == [(DIGEST, version_iri(DIGEST))]


def test_describe_class_partitions(store: ox.Store) -> None:
    """There is a partition for each class with the number of its members."""
    described = f"""SELECT ?class ?n {{
        <{DATASET}> void:classPartition ?part . ?part void:class ?class ; void:entities ?n
    }} ORDER BY ?class"""
    counted = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY ?class"

    assert rows(store, described) == rows(store, counted)


def test_describe_property_partitions(store: ox.Store) -> None:
    """There is a partition for each property with the number of its triples."""
    described = f"""SELECT ?property ?n {{
        <{DATASET}> void:propertyPartition ?part . ?part void:property ?property ; void:triples ?n
    }} ORDER BY ?property"""
    counted = "SELECT ?property (COUNT(*) AS ?n) { ?s ?property ?o } GROUP BY ?property ORDER BY ?property"

    assert rows(store, described) == rows(store, counted)


def test_describe_graphs(store: ox.Store) -> None:
    """Each named graph, the description too, is a subset with its count and the licence of the dataset."""
    described = f"""SELECT ?graph ?n ?licence {{
        <{DATASET}> void:subset ?graph .
        ?graph a void:Dataset ; void:triples ?n ; dcterms:isPartOf <{DATASET}> ; dcterms:license ?licence
    }} ORDER BY ?graph"""
    counted = f"""SELECT ?graph (COUNT(*) AS ?n) ?licence {{
        GRAPH ?graph {{ ?s ?p ?o }} <{DATASET}> dcterms:license ?licence
    }} GROUP BY ?graph ?licence ORDER BY ?graph"""

    assert rows(store, described) == rows(store, counted)
    assert [graph for graph, *_ in rows(store, described)] == [
        DATASET.replace("dataset", "graph/dataset"),
        DESCRIPTION,
        f"{GRAPH}facts",
    ]


def test_describe_adds_to_written_header(store: ox.Store) -> None:
    """What the dataset's own file says is not said again, and nothing is described by a blank node."""
    described = {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(DESCRIPTION))}

    assert not described & set(triples(HEADER))
    assert not [
        t for t in described if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)
    ]


def test_describe_vocabularies(store: ox.Store) -> None:
    """The known vocabularies of the classes and properties are named, each once."""
    assert rows(store, f"SELECT ?v {{ <{DATASET}> void:vocabulary ?v }} ORDER BY ?v") == [
        ("http://purl.org/dc/terms/",),
        ("http://rdfs.org/ns/void#",),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",),
        ("http://www.w3.org/ns/dcat#",),
        ("https://w3id.org/zgc-forum/ontology/",),
    ]
