"""Reports as text, as JSON, and as a SHACL validation report."""

import json

from rdflib import DCTERMS, RDF, SH, XSD, Graph, Literal, URIRef
from strict_turtle import assert_plain_names

from forumkg.namespaces import GRAPH, ID, SHAPES, ZGC
from forumkg.validation.findings import CHECKS, Finding, Report, as_json, as_text, as_turtle

STANCE = Finding(
    "violation",
    "graph/articles/a.ttl",
    12,
    f"{ID}statement/a/1",
    f"{SHAPES}StatementStance",
    'A "stance" is missing.',
    "Write zgc:hasStance.",
    component=str(SH.MinCountConstraintComponent),
    predicate=f"{ZGC}hasStance",
)
LOST = Finding(
    "violation",
    "graph/articles/a.ttl",
    3,
    f"{ID}article/a",
    "uncovered",
    "The words at 0,4 of the text lie in no passage.",
    "Map what they say.",
    excerpt="Café",
)
FORM = Finding(
    "warning", "z.ttl", None, f"{GRAPH}z", "canonical-form", "Not canonical.", "Run: forumkg format z.ttl"
)
REPORT = Report(
    tuple(sorted([FORM, STANCE, LOST])), files=2, triples=1, statements=3, passages=4, notes=("A note.",)
)


def test_report_counts() -> None:
    """A report counts violations and warnings, and conforms as long as there is no violation."""
    assert (REPORT.violations, REPORT.warnings, REPORT.conforms) == (2, 1, False)
    assert Report((FORM,)).conforms
    assert Report(()).conforms


def test_findings_in_order() -> None:
    """Findings are ordered by file and line, and one about a whole file comes first in it."""
    whole = Finding("violation", "z.ttl", None, "x", "turtle", "", "")
    later = Finding("violation", "z.ttl", 2, "x", "turtle", "", "")
    much_later = Finding("violation", "z.ttl", 10, "x", "turtle", "", "")

    assert sorted([much_later, later, whole, STANCE]) == [STANCE, whole, later, much_later]


def test_as_text() -> None:
    """The text has a block for each file, place and severity before each finding, and ends in counts."""
    assert as_text(REPORT) == (
        "graph/articles/a.ttl:3: violation: article:a: The words at 0,4 of the text lie in no passage.\n"
        "    Map what they say.\n"
        "    The text: 'Café'\n"
        'graph/articles/a.ttl:12: violation: statement/a/1: A "stance" is missing.\n'
        "    Write zgc:hasStance.\n"
        "\n"
        "z.ttl: warning: graph:z: Not canonical.\n"
        "    Run: forumkg format z.ttl\n"
        "\n"
        "A note.\n"
        "2 violations, 1 warning in 2 files, 1 triple, 3 statements, 4 passages.\n"
    )


def test_as_text_clean() -> None:
    """A report without findings is its line of counts."""
    assert (
        as_text(Report((), 1, 2))
        == "0 violations, 0 warnings in 1 file, 2 triples, 0 statements, 0 passages.\n"
    )


def test_as_json() -> None:
    """The JSON has an object for each finding, whole IRIs, and no words of a text."""
    findings = json.loads(as_json(REPORT))

    assert findings[1] == {
        "severity": "violation",
        "path": "graph/articles/a.ttl",
        "line": 12,
        "focus": f"{ID}statement/a/1",
        "rule": f"{SHAPES}StatementStance",
        "message": 'A "stance" is missing.',
        "advice": "Write zgc:hasStance.",
        "column": None,
        "predicate": f"{ZGC}hasStance",
        "value": None,
        "property_path": None,
    }
    assert findings[2]["line"] is None
    assert "Café" not in as_json(REPORT)


def test_as_turtle() -> None:
    """The Turtle is a validation report: conformance, and what the specification asks of each result."""
    graph = Graph().parse(data=as_turtle(REPORT), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    (result,) = graph.subjects(SH.focusNode, URIRef(f"{ID}statement/a/1"))

    assert graph.value(report, SH.conforms) == Literal(False)
    assert len(list(graph.objects(report, SH.result))) == 3
    assert set(graph.predicate_objects(result)) == {
        (RDF.type, SH.ValidationResult),
        (SH.focusNode, URIRef(f"{ID}statement/a/1")),
        (SH.resultSeverity, SH.Violation),
        (SH.resultMessage, Literal('A "stance" is missing. Write zgc:hasStance.', lang="en")),
        (SH.resultPath, URIRef(f"{ZGC}hasStance")),
        (SH.sourceShape, URIRef(f"{SHAPES}StatementStance")),
        (SH.sourceConstraintComponent, SH.MinCountConstraintComponent),
        (DCTERMS.source, Literal("graph/articles/a.ttl:12")),
    }
    (whole,) = graph.subjects(SH.focusNode, URIRef(f"{GRAPH}z"))
    assert graph.value(whole, SH.resultSeverity) == SH.Warning
    assert graph.value(whole, SH.sourceConstraintComponent) == URIRef(f"{CHECKS}canonical-form")
    assert graph.value(whole, DCTERMS.source) == Literal("z.ttl")
    assert "Café" not in as_turtle(REPORT)


def test_as_turtle_value() -> None:
    """A value is the term itself, with its datatype."""
    found = Finding("violation", "a.ttl", 1, "urn:a", "r", "m", "n", predicate="urn:p", value='"x\\n"@en')
    graph = Graph().parse(data=as_turtle(Report((found,))), format="turtle")

    assert graph.value(graph.value(None, SH.focusNode, URIRef("urn:a")), SH.value) == Literal(
        "x\n", lang="en"
    )


def test_as_text_column() -> None:
    """Where a text cannot be read, the place has a column."""
    found = Finding("violation", "a.ttl", 3, "urn:a", "turtle", "Not Turtle: it ends.", "Go on.", column=7)

    assert as_text(Report((found,))).startswith("a.ttl:3:7: violation: urn:a: Not Turtle: it ends.\n")


def test_as_turtle_plain_names() -> None:
    """No prefixed name of a report has an escape, which some stores misread."""
    found = Finding("violation", "a.ttl", 1, f"{ZGC}a/b=1", "r", "m", "n", predicate=f"{ZGC}c,d")

    turtle = as_turtle(Report((found,)))

    assert f"<{ZGC}a/b=1>" in turtle
    assert_plain_names(turtle)


def test_as_turtle_clean() -> None:
    """A report without findings conforms and has no result."""
    graph = Graph().parse(data=as_turtle(Report(())), format="turtle")

    assert sorted(map(str, graph.objects())) == sorted([str(SH.ValidationReport), "true"])
    assert next(graph.objects(None, SH.conforms)) == Literal("true", datatype=XSD.boolean)
