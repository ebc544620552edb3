"""The pages of the ontology: all terms in reading order, each term, the diagram and the shapes."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from diagram_columns import columns_document, shipped_ontology
from flask.testing import FlaskClient
from shipped import ontology_triples, shipped_store

from forumkg.namespaces import ZGC
from forumkg.pages.graph import StoreGraph
from forumkg.pages.names import Name
from forumkg.pages.ontology.diagram import draw_diagram
from forumkg.pages.ontology.diagram_layout import COLUMNS_FILE, Box, Diagram, lay_out
from forumkg.pages.ontology.ontology import Ontology, TermSection, read_ontology, read_term_page
from forumkg.pages.ontology.terms import OntologyTerm
from forumkg.rdf.turtle.outline import OutlineSection, outline


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    """Read the shipped ontology, in the order of its file."""
    return shipped_ontology()


def term(ontology: Ontology, name: str) -> OntologyTerm:
    """Return the term of a name."""
    return next(each for each in ontology.terms if each.name == name)


def words(axiom: tuple[Name, ...]) -> str:
    """Return an axiom as plain text."""
    return "".join(part.text for part in axiom)


def test_outline() -> None:
    """Headings, in the order of the file, have the subjects that stand below them; no others count."""
    text = (
        "@prefix a: <urn:a:> .\n\n## First\n\na:x\n    a:p 1.5, 'it. # no ## heading' ;\n.\n# aside\n"
        "<urn:y> a a:z .\n"
        "## None\n\n## Last\na:x a:p [ a:p a:q ] .\n_:b a:p 1 .\n"
    )

    assert outline(text) == (
        OutlineSection("First", ("urn:a:x", "urn:y")),
        OutlineSection("Last", ("urn:a:x",)),
    )


def test_ontology_has_all_terms(ontology: Ontology) -> None:
    """Each term that the ontology defines is there once, with a definition, in the order of the file."""
    defined = {
        str(triple.subject).strip("<>")
        for triple in ontology_triples()
        if triple.predicate.value.endswith("#isDefinedBy")
    }

    assert {each.iri for each in ontology.terms} == defined
    assert len(ontology.terms) == len(defined)
    assert [each.name for each in ontology.terms][:3] == ["Forum", "Edition", "ProgrammeSection"]
    assert all(each.definition and each.kind != "term" for each in ontology.terms)


def test_ontology_without_order(ontology: Ontology) -> None:
    """Terms that the order leaves out come last, by name."""
    found = read_ontology(StoreGraph(shipped_store()), [OutlineSection("People", (f"{ZGC}Person",))])

    assert [section.title for section in found.sections] == ["People", "Further terms"]
    assert found.sections[0].terms == (term(ontology, "Person"),)
    assert len(found.terms) == len(ontology.terms)


@pytest.mark.parametrize(
    ("name", "axioms"),
    [
        ("FigureStatement", ["Every figure statement is a statement."]),
        ("Group", ["Every group is an agent.", "Nothing is both this and organization or person."]),
        (
            "isEditionOf",
            [
                "It implies “belongs to forum”.",
                "Its subject is an edition.",
                "Its value is a forum.",
            ],
        ),
        (
            "hasTheme",
            [
                "Its value is a theme.",
                "It follows from the chain of properties has accepted statement → states theme.",
            ],
        ),
        ("hasRoleHolding", ["It is the inverse of “has holder”."]),
        (
            "contradicts",
            ["It implies “differs from”.", "It is symmetric: it holds in both directions."],
        ),
        ("isSectionOf", ["Its subject is a programme section.", "It is transitive."]),
    ],
)
def test_axioms_in_words(ontology: Ontology, name: str, axioms: list[str]) -> None:
    """Each kind of axiom has words of its own."""
    assert [words(axiom) for axiom in term(ontology, name).axioms] == axioms


def test_term_page(ontology: Ontology) -> None:
    """The page of a property has its shapes, the questions that use it, and three uses."""
    graph = StoreGraph(shipped_store())

    found = read_term_page(graph, term(ontology, "hasTheme"))

    assert [question.slug for question in found.questions] == ["themes", "permanent-theme"]
    assert found.examples.total == 3
    assert [shape.name for shape in read_term_page(graph, term(ontology, "statedNumber")).shapes]


def test_layout_is_the_same_each_time(ontology: Ontology) -> None:
    """Every class has one box, no two boxes overlap, and all lie within the drawing."""
    diagram = lay_out(ontology)

    assert diagram == lay_out(ontology)
    assert {box.term.iri for box in diagram.boxes} == {each.iri for each in ontology.terms if each.is_class}
    assert all(not overlap(one, other) for one in diagram.boxes for other in diagram.boxes if one != other)
    assert all(box.x + box.width <= diagram.width for box in diagram.boxes)
    assert {child.term.name for parent, child in diagram.kinds if parent.term.name == "Agent"} == {
        "Group",
        "Organization",
        "Person",
    }


def points(path: str) -> Iterator[tuple[float, float]]:
    """Return points along a path of curves and horizontal lines."""
    x = y = 0.0
    for command, numbers in re.findall(r"([MCH])([^MCH]*)", path):
        values = [float(number) for number in numbers.split()]
        match command:
            case "M":
                x, y = values
            case "H":
                yield from ((x + (values[0] - x) * part / 50, y) for part in range(51))
                x = values[0]
            case "C":
                ends = [(x, y), *zip(values[::2], values[1::2], strict=True)]
                for part in range(51):
                    t = part / 50
                    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
                    yield (
                        sum(weight * end[0] for weight, end in zip(weights, ends, strict=True)),
                        sum(weight * end[1] for weight, end in zip(weights, ends, strict=True)),
                    )
                x, y = ends[-1]


def test_no_line_runs_behind_a_box(ontology: Ontology) -> None:
    """The line of each property stays outside of all boxes, also where it crosses a column."""
    diagram = lay_out(ontology)
    drawing = draw_diagram(diagram, lambda _: None)
    paths = re.findall(r'class="line" d="([^"]+)"', drawing)

    assert len(paths) == len(diagram.lines)
    assert any(line.passes for line in diagram.lines)
    assert [
        (path, box.term.name)
        for path in paths
        for box in diagram.boxes
        if any(
            box.x + 1 < x < box.x + box.width - 1 and box.y < y < box.y + box.height for x, y in points(path)
        )
    ] == []


def test_columns_are_up_to_date() -> None:
    """The columns are those that `make docs` would write; run it after a change of the ontology."""
    assert COLUMNS_FILE.read_text(encoding="utf-8") == columns_document()


def test_section_that_the_file_lacks_is_in_the_diagram(ontology: Ontology) -> None:
    """The sections of another ontology go to the shortest column each, and none is lost."""
    others = Ontology(tuple(TermSection(f"Other {each.title}", each.terms) for each in ontology.sections))
    diagram = lay_out(others)

    assert {box.term for box in diagram.boxes} == {box.term for box in lay_out(ontology).boxes}
    assert all(not overlap(one, other) for one in diagram.boxes for other in diagram.boxes if one != other)
    assert {box.column for box in diagram.boxes} == {0, 1, 2, 3}


def test_layout_of_nothing() -> None:
    """An ontology without a class gives an empty drawing."""
    assert lay_out(Ontology(())) == Diagram(0, 0, (), (), ())


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a point."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_drawing_of_a_hostile_name() -> None:
    """What the graph says becomes text of the drawing, never a part of it."""
    hostile = OntologyTerm(f"{ZGC}X", "class", '</text><script>alert("1")</script>')

    drawing = draw_diagram(lay_out(Ontology((TermSection("", (hostile,)),))), lambda _: None)

    assert "<script" not in drawing
    assert [each.text for each in ET.fromstring(drawing).iter("text")] == [hostile.label]  # noqa: S314 (our own)


def test_get_ontology(shipped_client: FlaskClient, ontology: Ontology) -> None:
    """The page has all terms, with Chinese names, and a diagram with a link on each class."""
    text = shipped_client.get("/ontology.html").text

    assert re.findall(r'<article class="term" id="(\w+)"', text) == [each.name for each in ontology.terms]
    assert '<span lang="zh">陈述</span>' in text
    diagram = re.search(r"<svg.*?</svg>", text, re.DOTALL)
    assert diagram
    assert set(re.findall(r'href="/ontology/([A-Z]\w+).html"', diagram[0])) == {
        each.name for each in ontology.terms if each.is_class
    }


def test_get_every_term(shipped_client: FlaskClient, ontology: Ontology) -> None:
    """Each term has a page, and its IRI still gives Turtle."""
    for each in ontology.terms:
        response = shipped_client.get(f"/ontology/{each.name}.html")
        assert (response.status_code, response.text.count("<h1>")) == (200, 1)
        assert each.definition in response.text.replace("&#39;", "'")

    assert shipped_client.get("/ontology/Edition", headers={"Accept": "text/turtle"}).location == (
        "/ontology/Edition.ttl"
    )


def test_get_shapes(shipped_client: FlaskClient) -> None:
    """The shapes have a page, each with what it says when it is broken."""
    text = shipped_client.get("/shapes.html").text

    assert '<dt><a href="/shapes/StatementSubject.html"><code>StatementSubject</code></a></dt>' in text
    assert "This statement does not have exactly one subject" in text
