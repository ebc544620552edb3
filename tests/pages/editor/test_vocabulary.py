"""What an editor can complete: the names of the graph, counted."""

import re

from shipped import shipped_store

from forumkg.dataset.versions import Version
from forumkg.namespaces import PREFIXES
from forumkg.pages.editor.vocabulary import VocabularyName, names, vocabulary
from forumkg.pages.graph import StoreGraph


def test_names_of_the_small_graph(small_version: Version) -> None:
    """Classes, properties and things have their words and how often they are used; also those of others."""
    found = {each.name: each for each in names(StoreGraph(small_version.store))}

    assert found["zgc:Edition"] == VocabularyName("zgc:Edition", "class", count=2)
    assert found["skos:prefLabel"].kind == "property"
    assert found["edition:2023"] == VocabularyName("edition:2023", "individual", "2023 edition")


def test_names_of_the_shipped_graph() -> None:
    """Each name is one that a query can hold as it is, and stands there once."""
    found = [each.name for each in names(StoreGraph(shipped_store()))]

    assert {"zgc:Statement", "zgc:isSupportedBy", "edition:2021", "rdf:type", "oa:hasSource"} <= set(found)
    assert [name for name in found if not re.fullmatch(r"[a-z]+:[\w-]+", name)] == []
    assert [name for name in set(found) if found.count(name) > 1] == []


def test_counts_of_the_shipped_graph() -> None:
    """The counts are those of the graph: the statements of a class, the uses of a property."""
    graph = StoreGraph(shipped_store())
    found = {each.name: each for each in names(graph)}
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <https://w3id.org/zgc-forum/ontology/Statement> }"

    assert found["zgc:Statement"].count == graph.select(query)[0].count("n") > 0
    assert found["zgc:Statement"].label == "statement"
    assert found["zgc:Statement"].note != ""


def test_names_in_chinese() -> None:
    """In Chinese, names have Chinese labels and definitions where the graph has them, else English ones."""
    graph = StoreGraph(shipped_store())
    english = {each.name: each for each in names(graph)}
    chinese = {each.name: each for each in names(graph, "zh")}

    assert chinese["edition:2021"].label == "2021中关村论坛"
    assert {name: each.count for name, each in chinese.items()} == {
        name: each.count for name, each in english.items()
    }
    assert [name for name, each in english.items() if each.label and not chinese[name].label] == []


def test_document(small_version: Version) -> None:
    """The document has every prefix, and the names with all that is known of them."""
    document = vocabulary(StoreGraph(small_version.store))

    assert document["prefixes"] == dict(PREFIXES)
    assert {"name": "zgc:Edition", "kind": "class", "label": "", "note": "", "count": 2} in document["terms"]
