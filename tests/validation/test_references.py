"""Terms that no vocabulary declares and things that no file describes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forumkg.dataset.files import SourceFile
from forumkg.namespaces import GRAPH, ID, prefix_lines
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse
from forumkg.validation.findings import Finding
from forumkg.validation.references import check_references
from forumkg.validation.workspace import CheckedFile, Workspace

PREFIXES = prefix_lines("code", "edition", "oa", "owl", "person", "rdf", "schema", "skos", "zgc")
HEAD = PREFIXES.count("\n")

ONTOLOGY = """
zgc:Edition a owl:Class . zgc:Person a owl:Class . zgc:Statement a owl:Class . zgc:CodedValue a owl:Class .
zgc:isAbout a owl:ObjectProperty . zgc:isAcceptedFor a owl:ObjectProperty .
zgc:hasStance a owl:ObjectProperty .
zgc:year a owl:DatatypeProperty . oa:hasSource a owl:ObjectProperty .
code:planned a zgc:CodedValue .
"""
ENTITIES = "edition:2021 a zgc:Edition . person:li-invented a zgc:Person ; skos:prefLabel 'Li'@en .\n"


def checked(name: str, turtle: str) -> CheckedFile:
    """Return a file of the dataset with this Turtle after the prefixes."""
    source, text = SourceFile(Path(f"{name}.ttl"), GRAPH + name), PREFIXES + turtle
    return CheckedFile(source, lambda: text, rdflib_graph(parse(source.path, text)))


def findings(turtle: str, *, name: str = "articles/invented") -> list[Finding]:
    """Return what is found in the Turtle beside a small ontology and an edition and a person."""
    files = (checked("ontology/core", ONTOLOGY), checked("entities", ENTITIES), checked(name, turtle))
    return sorted(check_references(Workspace(files)))


def test_check_references_clean() -> None:
    """Terms that are declared and things that are described give no finding."""
    turtle = """
    <https://w3id.org/zgc-forum/id/statement/invented/1> a zgc:Statement ;
        zgc:isAbout edition:2021 ; zgc:hasStance code:planned ; schema:url "x" .
    """

    assert findings(turtle) == []


def test_check_references_misspelt_property() -> None:
    """A misspelt property is found on its line, with the property that is most like it."""
    turtle = "person:li-invented\n    zgc:year 1 ;\n    zgc:isAbuot edition:2021 .\n"

    assert findings(turtle) == [
        Finding(
            "violation",
            "articles/invented.ttl",
            HEAD + 3,
            f"{ID}person/li-invented",
            "undeclared-term",
            "zgc:isAbuot is not declared by its vocabulary.",
            "Use a term that it declares: did you mean zgc:isAbout?",
        )
    ]


@pytest.mark.parametrize(
    ("turtle", "rule", "message", "advice"),
    [
        (
            "edition:2021 a zgc:Editon .",
            "undeclared-term",
            "zgc:Editon is not declared by its vocabulary.",
            "Use a term that it declares: did you mean zgc:Edition?",
        ),
        (
            "edition:2021 zgc:hasStance zgc:Qqqq .",
            "undeclared-term",
            "zgc:Qqqq is not declared by its vocabulary.",
            "Use a term that it declares.",
        ),
        (
            "edition:2021 skos:preflabel 'x'@en .",
            "undeclared-term",
            "skos:preflabel is not declared by its vocabulary.",
            "Use a term that it declares: did you mean skos:prefLabel?",
        ),
        (
            "edition:2021 oa:hasSorce edition:2021 .",
            "undeclared-term",
            "oa:hasSorce is not declared by its vocabulary.",
            "Use a term that it declares: did you mean oa:hasSource?",
        ),
        (
            "edition:2021 zgc:Statement edition:2021 .",
            "not-a-property",
            "zgc:Statement is not a property.",
            "Use a property.",
        ),
        ("edition:2021 a zgc:isAbout .", "not-a-class", "zgc:isAbout is not a class.", "Use a class."),
    ],
)
def test_check_references_term(turtle: str, rule: str, message: str, advice: str) -> None:
    """A term in the wrong place or of no vocabulary is named, with what to use instead."""
    found = findings(turtle)

    assert [(f.rule, f.message, f.advice, f.line) for f in found] == [(rule, message, advice, HEAD + 1)]


def test_check_references_terms_in_shapes_and_ontology() -> None:
    """Shapes may have comments and blank nodes, but no undeclared terms; the focus is then the graph."""
    found = findings("# why\n_:shape zgc:yaer 1 ; zgc:isAbout [ a zgc:Persn ] .", name="shapes/people")

    assert [(f.rule, f.focus, f.line) for f in found] == [
        ("undeclared-term", f"{GRAPH}shapes/people", None),
        ("undeclared-term", f"{GRAPH}shapes/people", HEAD + 2),
    ]


def test_check_references_dangling_object() -> None:
    """An IRI that no file describes is found where it is pointed to, with the thing most like it."""
    (finding,) = findings("edition:2021\n    zgc:isAbout\n        person:li-invneted .")

    assert (finding.line, finding.rule, finding.focus) == (HEAD + 3, "dangling-iri", f"{ID}edition/2021")
    assert finding.message == "zgc:isAbout points to person:li-invneted, which no file describes."
    assert finding.advice == "Describe it, or point to what is meant: did you mean person:li-invented?"


def test_check_references_dangling_number() -> None:
    """Names that end in a number are all alike, so no other is suggested."""
    (finding,) = findings("edition:2021 zgc:isAbout edition:2022 .")

    assert finding.advice == "Describe it, or point to what is meant."


def test_check_references_subject_without_type() -> None:
    """A thing that is said something about but never typed is found once, also where others point to it."""
    (finding,) = findings("person:li zgc:year 1 . edition:2021 zgc:isAbout person:li .")

    assert (finding.rule, finding.focus) == ("untyped-subject", f"{ID}person/li")
    assert finding.message == "person:li has no type in any file."


def test_check_references_blank_nodes() -> None:
    """Each blank node is found once: where it is pointed to, or where it is described."""
    found = findings("edition:2021\n    zgc:isAbout [ zgc:year 1 ] .\n_:one zgc:year 2 .\n")

    assert [(f.line, f.rule, f.message) for f in found] == [
        (HEAD + 2, "blank-node", "zgc:isAbout points to a blank node."),
        (HEAD + 3, "blank-node", "A blank node is described here."),
    ]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("_:a zgc:isAbout _:a .", ["A blank node is described here."]),
        ("_:a zgc:isAbout _:b . _:b zgc:isAbout _:a .", ["A blank node is described here."]),
        ("edition:2021 zgc:isAbout _:a . _:a zgc:isAbout _:a .", ["zgc:isAbout points to a blank node."]),
        ("_:z zgc:isAbout _:a . _:a zgc:isAbout _:b, _:a .", ["A blank node is described here."]),
    ],
    ids=["itself", "each other", "named and itself", "one that leads to a cycle"],
)
def test_check_references_blank_nodes_in_a_cycle(text: str, messages: list[str]) -> None:
    """Blank nodes that point to each other are found once, though none is without a reference."""
    assert [f.message for f in findings(text) if f.rule == "blank-node"] == messages


_NODES = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "edition:2021", "edition:2020"])


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(_NODES, _NODES), min_size=1, max_size=8))
def test_check_references_any_blank_nodes(pairs: set[tuple[str, str]]) -> None:
    """However blank nodes are connected, a document with one has a finding, and one without has none."""
    text = " ".join(f"{subject} zgc:isAbout {value} ." for subject, value in sorted(pairs))

    assert any(f.rule == "blank-node" for f in findings(text)) == ("_:" in text)


def test_check_references_comments() -> None:
    """Comments are reported once a file, with all their lines."""
    (finding,) = findings("edition:2021 zgc:year 1 . # one\n\n# two\n")

    assert (finding.line, finding.rule, finding.focus) == (HEAD + 1, "comment", f"{GRAPH}articles/invented")
    assert finding.message == (
        f"There are comments, for which the canonical form has no place (2 lines: {HEAD + 1}, {HEAD + 3})."
    )
