"""The SHACL shapes: each has cases that it lets pass and cases that it alone refuses.

A case is a file `tests/shapes/<Shape>/valid-*.ttl` or `invalid-*.ttl`. It is laid over
`tests/shapes/base.ttl` and the ontology: what the case says of a subject stands in place of all that they say
of it.
"""

from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from forumkg.dataset.files import source_files
from forumkg.namespaces import ID, SHAPES, ZGC
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse
from forumkg.validation.shacl import validate
from forumkg.validation.workspace import Workspace, gather

CASES = Path(__file__).parents[1] / "shapes"
VALID = sorted(CASES.glob("*/valid-*.ttl"))
INVALID = sorted(CASES.glob("*/invalid-*.ttl"))


@pytest.fixture(scope="module")
def shipped() -> Workspace:
    """Return the shipped shapes, ontology and graph; never changed."""
    return gather(())


@pytest.fixture(scope="module")
def base() -> Graph:
    """Return the complete dataset on which each case is a variation; never changed."""
    return rdflib_graph(parse(CASES / "base.ttl"))


@pytest.fixture(scope="module")
def shapes_of_data() -> Graph:
    """Return the shipped shapes but those of the ontology; never changed."""
    files = [file for file in source_files() if file.is_shapes and file.name != "shapes/ontology"]
    return rdflib_graph(triple for file in files for triple in parse(file.path))


def violated(case: Path, base: Graph, shipped: Workspace, shapes_of_data: Graph) -> set[str]:
    """Return the names of the shapes that refuse a case laid over the base and the ontology.

    The shapes of the ontology have nothing new to say of a case that leaves the ontology as it is.
    """
    changes = rdflib_graph(parse(case))
    described = set(changes.subjects())
    data, ontology = without(base, described), without(shipped.ontology, described)
    is_data = not any(str(subject).startswith(ZGC) for subject in described)
    shapes = shapes_of_data if is_data else shipped.shapes
    return {result.shape.removeprefix(SHAPES) for result in validate(data + changes, shapes, ontology)}


def without(graph: Graph, subjects: set[Node]) -> Graph:
    """Return what a graph says of all other subjects."""
    rest = Graph()
    for triple in graph:
        if triple[0] not in subjects:
            rest.add(triple)
    return rest


def name(case: Path) -> str:
    """Return the name of a case in the list of tests."""
    return f"{case.parent.name}/{case.stem}"


def refusing(shapes: Graph) -> set[str]:
    """Return the names of the shapes that can refuse something: those with a message."""
    return {
        str(shape).removeprefix(SHAPES)
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shapes.subjects(RDF.type, kind)
        if (shape, SH.message, None) in shapes or (shape, SH.sparql, None) in shapes
    }


def test_validate_base_conforms(base: Graph, shipped: Workspace) -> None:
    """The dataset under the cases conforms, so that what a case breaks is its own doing."""
    assert validate(base, shipped.shapes, shipped.ontology) == ()


@pytest.mark.slow
@pytest.mark.parametrize("case", VALID, ids=name)
def test_validate_valid_case(case: Path, base: Graph, shipped: Workspace, shapes_of_data: Graph) -> None:
    """A valid case conforms to all shapes."""
    assert violated(case, base, shipped, shapes_of_data) == set()


@pytest.mark.slow
@pytest.mark.parametrize("case", INVALID, ids=name)
def test_validate_invalid_case(case: Path, base: Graph, shipped: Workspace, shapes_of_data: Graph) -> None:
    """An invalid case breaks the rule after which its folder is named, and no other."""
    assert violated(case, base, shipped, shapes_of_data) == {case.parent.name}


@pytest.mark.parametrize("cases", [VALID, INVALID], ids=["valid", "invalid"])
def test_cases_every_shape(cases: list[Path], shipped: Workspace) -> None:
    """Every shape that can refuse something has a case of each sort, and no case is without its shape."""
    assert {case.parent.name for case in cases} == refusing(shipped.shapes)


def test_shapes_named(shipped: Workspace) -> None:
    """Every node shape and property shape has an IRI of ours, so that a report can point to it."""
    shapes = {
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in shipped.shapes.subjects(RDF.type, kind)
    }

    assert {
        shape for shape in shapes if not (isinstance(shape, URIRef) and shape.startswith(SHAPES))
    } == set()


def test_shapes_messages(shipped: Workspace) -> None:
    """Every message is in English, says what is wrong and, after a colon, what to write instead."""
    messages = list(shipped.shapes.objects(None, SH.message))

    assert [str(text) for text in messages if not (isinstance(text, Literal) and text.language == "en")] == []
    assert [text for text in map(str, messages) if ": " not in text or not text.endswith(".")] == []


def test_shapes_property_messages(shipped: Workspace) -> None:
    """Every property shape has exactly one message, but what another shape asks of its values."""
    shapes = set(shipped.shapes.subjects(RDF.type, SH.PropertyShape))
    shapes -= {
        part
        for node in shipped.shapes.objects(None, SH.node)
        for part in shipped.shapes.objects(node, SH.property)
    }

    assert {shape for shape in shapes if len(list(shipped.shapes.objects(shape, SH.message))) != 1} == set()


def test_shapes_severities(shipped: Workspace) -> None:
    """A shape says that it warns, or else what breaks it is a violation; there is no third severity."""
    assert set(shipped.shapes.objects(None, SH.severity)) == {SH.Warning}


@pytest.mark.slow
def test_shapes_well_formed(shipped: Workspace) -> None:
    """The shapes are valid by the shapes that the W3C wrote for shapes: https://www.w3.org/TR/shacl/#shacl-shacl."""
    conforms, _, _ = pyshacl.validate(Graph(), shacl_graph=Graph() + shipped.shapes, meta_shacl=True)

    assert conforms


def test_shapes_every_class(shipped: Workspace) -> None:
    """Every class of the model is the target of a shape; an accepted statement is entailed, never written."""
    declared = ours(shipped.ontology.subjects(RDF.type, OWL.Class))

    assert declared - ours(shipped.shapes.objects(None, SH.targetClass)) == {f"{ZGC}AcceptedStatement"}


def test_shapes_every_property(shipped: Workspace) -> None:
    """Every property of ours is the path of a shape, or computed and thus never written."""
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = ours(term for kind in kinds for term in shipped.ontology.subjects(RDF.type, kind))
    notes = shipped.ontology.subject_objects(SKOS.scopeNote)
    computed = ours(term for term, note in notes if "never asserted" in str(note))

    assert properties - ours(shipped.shapes.objects(None, SH.path)) == computed
    ignored = [members(shipped.shapes, head) for head in shipped.shapes.objects(None, SH.ignoredProperties)]
    assert len({tuple(each) for each in ignored}) == 1
    assert ours(ignored[0]) == computed


def test_shapes_coded_values(shipped: Workspace) -> None:
    """No shape lists coded values: each list is a scheme of the vocabulary, which a shape names."""
    schemes = {str(scheme) for scheme in shipped.ontology.objects(None, SKOS.inScheme)}
    listed = [set(map(str, members(shipped.shapes, head))) for head in shipped.shapes.objects(None, SH["in"])]
    named = {str(scheme) for scheme in shipped.shapes.objects(None, SH.hasValue)}

    assert [values for values in listed if any(value.startswith(f"{ID}code/") for value in values)] == []
    assert named & schemes == schemes - {f"{ID}scheme/indicator"}


def ours(terms: Iterable[Node]) -> set[str]:
    """Return the IRIs of those terms that are in our own namespace."""
    return {str(term) for term in terms if str(term).startswith(ZGC)}


def members(graph: Graph, head: Node) -> list[Node]:
    """Return the members of a list."""
    return list(graph.items(head))


@pytest.mark.slow
def test_validate_shipped_graph(shipped: Workspace) -> None:
    """The shipped graph conforms, warnings included."""
    assert validate(shipped.data, shipped.shapes, shipped.ontology) == ()
