"""Validation reports on any legal shapes, compared with the report that pySHACL itself makes."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, BNode, Graph, Literal
from rdflib.compare import isomorphic
from rdflib.term import Node

from forumkg.dataset.files import SourceFile
from forumkg.formats import GRAPH_FORMATS, Format
from forumkg.namespaces import GRAPH
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.documents import read_document
from forumkg.sparql.result_writers import serialize_triples
from forumkg.validation.constraints import ILL_FORMED, check_given_shapes, check_shapes
from forumkg.validation.findings import Finding, Report, as_graph, as_json, as_text, as_turtle
from forumkg.validation.workspace import CheckedFile, Workspace

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:b a ex:Bridge ; ex:height 007, "tall"@en ; ex:name "Long\\nBridge" ;
    ex:crosses ex:r, "2021-13-45"^^xsd:date .
ex:r a ex:River ; ex:name "R"@zh-Hans .
ex:road ex:crosses ex:b .
"""
TARGET = "ex:S a sh:NodeShape ; sh:targetNode ex:b ;"
PROPERTY = f"{TARGET} sh:property ex:P . ex:P sh:path"
SHAPES = {
    "info": f"{PROPERTY} ex:note ; sh:minCount 1 ; sh:severity sh:Info .",
    "own severity": "ex:P a sh:PropertyShape ; sh:targetNode ex:b ; sh:path ex:note ; sh:minCount 1 ; "
    "sh:severity ex:Critical .",
    "blank shape": f'{TARGET} sh:property [ sh:path ex:note ; sh:minCount 1 ; sh:message "Write one"@en ] .',
    "blank in blank": f"{TARGET} sh:property [ sh:path ex:crosses ; sh:node [ sh:property [ "
    "sh:path ex:note ; sh:minCount 1 ] ] ] .",
    "inverse": f"{PROPERTY} [ sh:inversePath ex:crosses ] ; sh:maxCount 0 .",
    "sequence": f"{PROPERTY} ( ex:crosses ex:name ) ; sh:maxLength 0 .",
    "alternative": f"{PROPERTY} [ sh:alternativePath ( ex:note ex:remark ) ] ; sh:minCount 1 .",
    "repeated": f"{PROPERTY} [ sh:zeroOrMorePath ex:crosses ] ; sh:maxCount 1 .",
    "at least one": f"{PROPERTY} [ sh:oneOrMorePath ex:crosses ] ; sh:maxCount 1 .",
    "optional": f"{PROPERTY} [ sh:zeroOrOnePath ex:crosses ] ; sh:nodeKind sh:IRI .",
    "nested": f"{PROPERTY} ( [ sh:inversePath [ sh:alternativePath ( ex:crosses "
    "[ sh:oneOrMorePath ex:on ] ) ] ] ex:note ) ; sh:minCount 1 .",
    "messages": f"{PROPERTY} ex:note ; sh:minCount 1 ; "
    'sh:message "中文：写一个"@zh, "No note: write one"@en, "Keine Notiz"@de .',
    "two in English": f"{PROPERTY} ex:note ; sh:minCount 1 ; "
    'sh:message "No note: write one"@en, "A note is missing: see the guide"@en-GB .',
    "no language": f'{PROPERTY} ex:note ; sh:minCount 1 ; sh:message "None" .',
    "literal focus": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:name ; sh:maxLength 2 .",
    "focus with language": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:name ; sh:datatype xsd:string .",
    "ill-typed value": f"{PROPERTY} ex:crosses ; sh:datatype xsd:date .",
    "lexical form": f"{PROPERTY} ex:height ; sh:maxInclusive 5 .",
    "node shape": f"{TARGET} sh:nodeKind sh:Literal ; sh:closed true .",
    "several": f"{TARGET} sh:property ex:P, [ sh:path ex:note ; sh:minCount 1 ; sh:severity sh:Warning ] . "
    "ex:P sh:path ex:remark ; sh:minCount 1 .",
}
SPARQL = f"""{TARGET} sh:sparql [
    sh:message "{{?value}} 太高"@zh, "{{?value}} is too high: measure {{$this}} again"@en ;
    sh:select "SELECT $this ?value {{ $this <http://example.org/height> ?value }}" ;
] ."""
COMPARED = (
    RDF.type,
    SH.focusNode,
    SH.resultMessage,
    SH.resultPath,
    SH.resultSeverity,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.value,
)


def workspace(data: str, shapes: str) -> Workspace:
    """Return the files of a check that has these data and these shapes."""
    texts = {"x": data, "shapes/x": shapes}
    files = [
        CheckedFile.read(SourceFile(Path(f"{name}.ttl"), f"{GRAPH}{name}"), PREFIXES + text)
        for name, text in texts.items()
    ]
    return Workspace(tuple(files))


def findings(data: str, shapes: str) -> tuple[Finding, ...]:
    """Return what the shapes find in the data."""
    return tuple(sorted(check_shapes(workspace(data, shapes), ())))


def own_report(data: str, shapes: str) -> Graph:
    """Return what pySHACL says of the same."""
    files = workspace(data, shapes)
    plain = Graph(bind_namespaces="none")
    plain += files.data
    _, report, _ = pyshacl.validate(plain, shacl_graph=Graph() + files.shapes)
    assert isinstance(report, Graph)
    return report


def compared(report: Graph) -> Graph:
    """Return of a report what the specification asks of each result, a shape without an IRI as a bare node.

    Results of nested shapes, which pySHACL adds as details, are left out.
    """
    found = Graph()
    for result in report.objects(None, SH.result):
        for predicate in COMPARED:
            for value in report.objects(result, predicate):
                is_bare = predicate == SH.sourceShape and isinstance(value, BNode)
                found.add((result, predicate, BNode() if is_bare else value))
                if predicate == SH.resultPath:
                    _copy(report, found, value)
    return found


def _copy(source: Graph, target: Graph, node: Node) -> None:
    for _, p, o in source.triples((node, None, None)):
        if isinstance(node, BNode) and (node, p, o) not in target:
            target.add((node, p, o))
            _copy(source, target, o)


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_report_equals_that_of_pyshacl(shapes: str, format_: Format) -> None:
    """In each syntax the report can be read, and says of each result what pySHACL says."""
    written = serialize_triples(as_graph(Report(findings(DATA, shapes))), format_)
    ours, theirs = rdflib_graph(read_document(written.decode(), format_)), own_report(DATA, shapes)

    assert len(list(ours.subjects(RDF.type, SH.ValidationResult))) > 0
    assert isomorphic(compared(ours), compared(theirs))


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_report_as_turtle_is_the_graph(shapes: str) -> None:
    """The Turtle of the command is the same report."""
    report = Report(findings(DATA, shapes))
    turtle = rdflib_graph(read_document(as_turtle(report), GRAPH_FORMATS[0]))

    assert isomorphic(turtle, rdflib_graph(as_graph(report)))


def test_messages_of_a_query_keep_their_language() -> None:
    """Messages with variables are copied with values and language, which pySHACL loses."""
    (found,) = findings("ex:b ex:height 500 .", SPARQL)
    graph = rdflib_graph(as_graph(Report((found,))))

    assert set(graph.objects(None, SH.resultMessage)) == {
        Literal("500 太高", lang="zh"),
        Literal("500 is too high: measure http://example.org/b again", lang="en"),
    }
    assert found.message == "500 is too high. Found: '500'."


def test_shape_without_an_iri_is_named_by_the_shape_around_it() -> None:
    """For people and in JSON a blank shape has the name of the one around it; in the report it is a node."""
    (found,) = findings(DATA, SHAPES["blank shape"])
    graph = rdflib_graph(as_graph(Report((found,))))

    assert found.rule == "http://example.org/S"
    assert [type(shape) for shape in graph.objects(None, SH.sourceShape)] == [BNode]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("inverse", "^<http://example.org/crosses>"),
        ("sequence", "<http://example.org/crosses>/<http://example.org/name>"),
        ("alternative", "<http://example.org/note>|<http://example.org/remark>"),
        ("repeated", "<http://example.org/crosses>*"),
        (
            "nested",
            "(^(<http://example.org/crosses>|(<http://example.org/on>+)))/<http://example.org/note>",
        ),
    ],
)
def test_path_of_steps_is_shown_as_sparql_writes_it(name: str, path: str) -> None:
    """A path of several steps is in the JSON as SPARQL writes it; there is no single predicate then."""
    for found in findings(DATA, SHAPES[name]):
        assert (found.property_path, found.predicate) == (path, None)


def test_message_in_english_each_time() -> None:
    """Of several messages people read the English ones, whatever the order of the shapes."""
    for _ in range(6):
        assert [each.message for each in findings(DATA, SHAPES["messages"])] == ["No note."]
    (both,) = findings(DATA, SHAPES["two in English"])
    assert both.message == "A note is missing."
    assert both.advice == "See the guide No note: write one"


def test_severities() -> None:
    """An own severity counts as a violation; what only informs lets a report conform, and is counted."""
    own, info = (Report(findings(DATA, SHAPES[name])) for name in ("own severity", "info"))

    assert (own.violations, own.conforms) == (1, False)
    assert (info.infos, info.violations, info.conforms) == (1, 0, True)
    assert as_text(info).endswith(
        "0 violations, 0 warnings, 1 info in 0 files, 0 triples, 0 statements, 0 passages.\n"
    )
    assert '"severity": "info"' in as_json(info)


def test_literal_focus_has_the_line_on_which_it_stands() -> None:
    """A literal is found where it is an object."""
    found = findings(DATA, SHAPES["literal focus"])

    assert [(each.focus, each.path, each.line) for each in found] == [('"Long\\nBridge"', "x.ttl", 7)]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
LITERALS = st.one_of(
    st.builds(ox.Literal, TEXT),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag), TEXT, st.sampled_from(["en", "zh-Hans", "de-1996"])
    ),
    st.builds(
        lambda text, name: ox.Literal(text, datatype=ox.NamedNode(f"http://example.org/{name}")),
        TEXT,
        st.sampled_from(["type", "other"]),
    ),
)
TERMS = st.one_of(
    LITERALS, st.sampled_from([ox.NamedNode("urn:x"), ox.NamedNode("http://example.org/é%20(1)")])
)


@given(value=TERMS, message=TEXT.filter(str.strip))
def test_any_value_and_message(value: ox.Literal | ox.NamedNode, message: str) -> None:
    """Whatever a value and a message are made of, the report has just them, and can be read."""
    written = ox.Literal(message, language="en")
    shapes = (
        f"ex:P a sh:PropertyShape ; sh:targetNode ex:b ; sh:path ex:note ; sh:in () ; sh:message {written} ."
    )
    report = Report(findings(f"ex:b ex:note {value} .", shapes))
    said = {(triple.predicate.value, triple.object) for triple in as_graph(report)}

    assert (str(SH.value), value) in said
    assert (str(SH.resultMessage), written) in said
    assert set(read_document(as_turtle(report), GRAPH_FORMATS[0])) == set(as_graph(report))


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        ("ex:Odd a sh:NodeShape ; sh:in 1 .", "Value does not conform to Shape"),
        ("ex:Odd a sh:PropertyShape ; sh:path ex:p, ex:q .", "must conform to exactly one shape"),
        ("ex:Odd a sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 'x' ] .", "Value is not Literal"),
        ("ex:Odd a sh:PropertyShape ; sh:path ex:p ; sh:severity 'high' .", "Value is not of Node Kind"),
    ],
)
def test_given_shape_that_is_ill_formed(shapes: str, reason: str) -> None:
    """A shape that nothing has run, as it has no target, is reported at its line with its name."""
    files = workspace(DATA, f"\n{shapes}").files
    given = Workspace(tuple(replace(file, is_given=file.source.is_shapes) for file in files))
    (found,) = check_given_shapes(given)

    assert (found.rule, found.focus, found.path, found.line) == (
        ILL_FORMED,
        "http://example.org/Odd",
        "shapes/x.ttl",
        7,
    )
    assert reason in found.message


def test_given_shapes_that_are_well_formed() -> None:
    """Shapes of any kind pass, those without an IRI and paths of several steps included."""
    for shapes in SHAPES.values():
        files = workspace(DATA, shapes).files
        given = Workspace(tuple(replace(file, is_given=file.source.is_shapes) for file in files))
        assert list(check_given_shapes(given)) == []
