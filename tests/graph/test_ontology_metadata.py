"""The ontology has what catalogues and tools read: the checks of FOOPS!, and of ROBOT's report for errors.

https://w3id.org/foops/ and http://robot.obolibrary.org/report
"""

import re
from collections import Counter
from itertools import chain

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef
from rdflib.query import ResultRow

from forumkg.dataset.files import source_files
from forumkg.formats import GRAPH_FORMATS, Format
from forumkg.namespaces import ONTOLOGY, ZGC
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse

IRI = URIRef(ONTOLOGY)
VERSION = "0.1.0"
BIBO = "http://purl.org/ontology/bibo/"
FILES = {file.name: rdflib_graph(parse(file.path)) for file in source_files() if file.is_ontology}
MERGED = rdflib_graph(
    chain.from_iterable(parse(file.path) for file in source_files() if file.is_ontology),
)
NAMED = sorted({str(term) for term in MERGED.subjects(SKOS.prefLabel) if isinstance(term, URIRef)})


def text_of(graph: Graph, subject: str, predicate: URIRef) -> list[str]:
    """Return the English texts of a subject."""
    texts = graph.objects(URIRef(subject), predicate)
    return [str(text) for text in texts if isinstance(text, Literal) and text.language == "en"]


@pytest.mark.parametrize("name", FILES)
def test_header_of_each_file(name: str) -> None:
    """Each file has the header of the one ontology, and imports nothing: a merge needs no network."""
    assert list(FILES[name].subjects(RDF.type, OWL.Ontology)) == [IRI]
    assert list(FILES[name].triples((None, OWL.imports, None))) == []


@pytest.mark.parametrize(
    "predicate",
    [
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.license,
        DCTERMS.creator,
        DCTERMS.contributor,
        DCTERMS.publisher,
        DCTERMS.created,
        DCTERMS.modified,
        DCTERMS.bibliographicCitation,
        RDFS.label,
        RDFS.comment,
        OWL.versionIRI,
        OWL.versionInfo,
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
        URIRef(f"{BIBO}status"),
    ],
    ids=lambda predicate: re.split("[/#]", predicate)[-1],
)
def test_header_has_metadata_once(predicate: URIRef) -> None:
    """The header has each of the minimum, recommended and detailed metadata of FOOPS! that can be known."""
    assert len(list(MERGED.objects(IRI, predicate))) == 1


def test_header_version() -> None:
    """The version has an IRI below the ontology's, which the citation has; a later one states the earlier."""
    version = MERGED.value(IRI, OWL.versionIRI)

    assert str(MERGED.value(IRI, OWL.versionInfo)) == VERSION
    assert str(version) == f"{ZGC}{VERSION}"
    assert MERGED.value(version, DCTERMS.isVersionOf) == IRI
    assert str(version) in str(MERGED.value(IRI, DCTERMS.bibliographicCitation))
    # The first version has none before it.
    assert (MERGED.value(IRI, OWL.priorVersion) is None) == (VERSION == "0.1.0")


def test_header_makers_are_described() -> None:
    """Creator, contributor and publisher are agents with a name."""
    for predicate in (DCTERMS.creator, DCTERMS.contributor, DCTERMS.publisher):
        for maker in MERGED.objects(IRI, predicate):
            assert (maker, RDF.type, FOAF.Agent) in MERGED
            assert MERGED.value(maker, FOAF.name)


def test_header_dates() -> None:
    """Days are of a datatype that OWL 2 DL has, and the change is not before the creation."""
    created, modified = (MERGED.value(IRI, term) for term in (DCTERMS.created, DCTERMS.modified))

    assert isinstance(created, Literal)
    assert isinstance(modified, Literal)
    assert created.toPython() <= modified.toPython()


@pytest.mark.parametrize("iri", NAMED, ids=lambda iri: iri.rpartition("zgc-forum/")[2])
def test_named_has_plain_label_and_comment(iri: str) -> None:
    """Each term, coded value and indicator has its English name and its definition in RDFS, too."""
    assert text_of(MERGED, iri, RDFS.label) == text_of(MERGED, iri, SKOS.prefLabel) != []
    assert text_of(MERGED, iri, RDFS.comment) == text_of(MERGED, iri, SKOS.definition) != []
    # ROBOT reports a second rdfs:label as an error, one in another language as well.
    assert len(list(MERGED.objects(URIRef(iri), RDFS.label))) == 1


def test_terms_are_named() -> None:
    """Whatever the ontology declares in its namespace has a name."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    declared = {str(term) for kind in kinds for term in MERGED.subjects(RDF.type, kind)}

    assert {term for term in declared if term.startswith(ZGC)} <= set(NAMED)


def test_labels_are_distinct() -> None:
    """No two things that the ontology names have one label; ROBOT reports that as an error."""
    counts = Counter(str(label).casefold() for label in MERGED.objects(None, RDFS.label))

    assert [label for label, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_version_is_served(shipped_client: FlaskClient, format_: Format) -> None:
    """The IRI of the version gives the document of the ontology in each format, which states it."""
    redirect = shipped_client.get(f"/ontology/{VERSION}", headers={"Accept": format_.media_type})
    version = shipped_client.get(redirect.location)
    current = shipped_client.get(f"/ontology.{format_.extension}")

    assert (redirect.status_code, redirect.location) == (303, f"/ontology/{VERSION}.{format_.extension}")
    assert (version.status_code, version.data) == (200, current.data)
    stated = ox.parse(current.data, format=ox.RdfFormat.from_media_type(format_.media_type))
    assert [q.object for q in stated if q.predicate.value == str(OWL.versionIRI)] == [
        ox.NamedNode(f"{ZGC}{VERSION}")
    ]


def test_version_page_is_the_ontology(shipped_client: FlaskClient) -> None:
    """The IRI of the version shows a browser the page of the ontology; another version is not found."""
    page = shipped_client.get(f"/ontology/{VERSION}.html")

    assert "<h1>" in page.text
    assert page.text.count('<article class="term"') > 100
    assert shipped_client.get("/ontology/0.0.9").status_code == 404


def test_langchain_schema_has_comments() -> None:
    """Asked as LangChain asks for a schema, each class and property has exactly one comment."""
    query = """SELECT DISTINCT ?term ?com {
        { ?term a owl:Class } UNION { ?term a owl:ObjectProperty } UNION { ?term a owl:DatatypeProperty }
        OPTIONAL { ?term rdfs:comment ?com }
        FILTER STRSTARTS(STR(?term), "https://w3id.org/zgc-forum/ontology/") }"""

    rows = [tuple(row) for row in MERGED.query(query) if isinstance(row, ResultRow)]

    assert len(rows) == len({term for term, _ in rows}) > 100
    assert [term for term, comment in rows if comment is None] == []
