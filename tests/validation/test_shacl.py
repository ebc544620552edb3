"""Running SHACL and reading its report as values."""

import pytest
from rdflib import SH, Graph

from forumkg.errors import ShapeError
from forumkg.validation.shacl import ShaclResult, validate

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix topic: <https://w3id.org/zgc-forum/id/topic/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
BRIDGES = """
ex:Bridge
    a sh:NodeShape ;
    sh:targetClass ex:Structure ;
    sh:property ex:Height, ex:Use ;
.

ex:Height
    a sh:PropertyShape ;
    sh:path ex:height ;
    sh:maxInclusive 400 ;
    sh:message "No bridge is that high: write metres."@en ;
.

ex:Use
    a sh:PropertyShape ;
    sh:path [ sh:inversePath ex:crosses ] ;
    sh:maxCount 1 ;
    sh:severity sh:Warning ;
    sh:message "Two ways share the bridge: name one."@en ;
.
"""
RULE = """
ex:Twins
    a sh:NodeShape ;
    sh:targetNode <https://w3id.org/zgc-forum/dataset> ;
    sh:sparql [
        sh:message "It has the height of <{?other}>: measure again."@en ;
        sh:select \"\"\"
            SELECT DISTINCT $this ?value ?path ?other WHERE {
                ?value <http://example.org/height> ?height .
                ?other <http://example.org/height> ?height .
                FILTER (?value != ?other)
                BIND (<http://example.org/height> AS ?path)
            }
        \"\"\" ;
    ] ;
.
"""


def graph(turtle: str) -> Graph:
    """Return the graph of a Turtle text with the prefixes of these tests."""
    return Graph().parse(data=PREFIXES + turtle, format="turtle")


def test_validate_property_shape() -> None:
    """A result reports a violation of a shape at a thing; axioms such as a subclass count."""
    data = graph("ex:b a ex:Bridge ; ex:height 500 . ex:road ex:crosses ex:b . ex:rail ex:crosses ex:b .")
    ontology = graph("ex:Bridge rdfs:subClassOf ex:Structure .")

    assert validate(data, graph(BRIDGES), ontology) == (
        ShaclResult(
            focus="http://example.org/b",
            path="http://example.org/height",
            value="500",
            shape="http://example.org/Height",
            severity="violation",
            message="No bridge is that high: write metres.",
            component=str(SH.MaxInclusiveConstraintComponent),
        ),
        ShaclResult(
            focus="http://example.org/b",
            path="^<http://example.org/crosses>",
            value=None,
            shape="http://example.org/Use",
            severity="warning",
            message="Two ways share the bridge: name one.",
            component=str(SH.MaxCountConstraintComponent),
            is_path_of_steps=True,
        ),
    )


def test_validate_rule_over_the_dataset() -> None:
    """The focus of a rule over the dataset is each thing to fix, and IRIs in its message are short."""
    data = graph("topic:arch ex:height 20 . topic:beam ex:height 20 . topic:cable ex:height 30 .")
    expected = [("arch", "beam"), ("beam", "arch")]

    assert validate(data, graph(RULE), Graph()) == tuple(
        ShaclResult(
            focus=f"https://w3id.org/zgc-forum/id/topic/{one}",
            path="http://example.org/height",
            value=None,
            shape="http://example.org/Twins",
            severity="violation",
            message=f"It has the height of topic:{other}: measure again.",
            component=str(SH.SPARQLConstraintComponent),
        )
        for one, other in expected
    )


def test_validate_data_unchanged() -> None:
    """A validation leaves all three graphs as they were."""
    graphs = (graph("ex:b a ex:Bridge ; ex:height 500 ."), graph(BRIDGES), graph("ex:Bridge a rdfs:Class ."))
    before = [set(each) for each in graphs]

    validate(*graphs)

    assert [set(each) for each in graphs] == before


@pytest.mark.parametrize(
    ("shapes", "name"),
    [
        pytest.param(
            RULE.replace("FILTER", "MINUS { ?value a ?height } FILTER"),
            "Twins",
            id="forbidden in a constraint",
        ),
        pytest.param("ex:Odd a sh:PropertyShape ; sh:targetNode ex:b .", "Odd", id="no path"),
        pytest.param(
            "ex:Odd a sh:NodeShape ; sh:targetNode ex:b ; sh:in ex:list, ex:other .", "Odd", id="two lists"
        ),
        pytest.param(
            "ex:Odd a sh:PropertyShape ; sh:targetNode ex:b ; sh:path ex:p ; sh:minCount 'x' .",
            "Odd",
            id="count that is not a number",
        ),
        pytest.param(
            "ex:Odd a sh:NodeShape ; sh:targetNode ex:b ; sh:property [ sh:path [ sh:inversePath ex:p ] ; "
            "sh:pattern '(' ] .",
            "Odd",
            id="pattern that is not a regular expression",
        ),
    ],
)
def test_validate_malformed_shapes(shapes: str, name: str) -> None:
    """Shapes that cannot be run are an error that names the shape, not a traceback."""
    data = graph("ex:b ex:height 1 . ex:b2 ex:p ex:b .")

    with pytest.raises(
        ShapeError, match=rf"^The shape <http://example.org/{name}> cannot be run\. "
    ) as caught:
        validate(data, graph(BRIDGES + shapes), Graph())
    assert caught.value.shape == f"http://example.org/{name}"


def test_result_wrong_and_advice() -> None:
    """A message is split at its first colon and space: prefixed names keep theirs."""
    result = ShaclResult("a", None, None, "b", "violation", "Odd zgc:year here: write one: an integer.", "c")

    assert (result.wrong, result.advice) == ("Odd zgc:year here.", "Write one: an integer.")
