"""SHACL engines find what `forumkg check` finds, no more and no less, with the exported files."""

from collections import Counter
from pathlib import Path

import pyrudof
import pyshacl
import pytest
from elsewhere import BLANK, FOLDER, FOUND, INPUTS, Result, results, written
from rdflib import RDF, SH, BNode, Graph
from shipped import shipped_store

from forumkg.dataset.dumps import render, validation_dumps
from forumkg.formats import GRAPH_FORMATS
from forumkg.namespaces import SHAPES
from forumkg.validation.run import check

# rudof 0.3.35 takes a day that the calendar does not have for an xsd:date.
UNKNOWN_TO_RUDOF = {"07-bad-date"}
# And it counts bytes for sh:maxLength, of which a Chinese character has three.
TOO_LONG_FOR_RUDOF = {
    "29-wording-length": Result(
        "https://w3id.org/zgc-forum/id/statement/gazette-2030/3",
        f"{SHAPES}Wording",
        str(SH.MaxLengthConstraintComponent),
        str(SH.Violation),
    )
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of `validate/`, as an export does."""
    folder = tmp_path_factory.mktemp("bundle")
    for dump in validation_dumps(shipped_store()):
        path = folder / f"{dump.name}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(render(dump, GRAPH_FORMATS[0]))
    return folder / "validate"


def by_pyshacl(document: Path, bundle: Path, shapes: str = "shapes") -> Counter[Result]:
    """Return the results of pySHACL, as the documented line has them."""
    data = Graph().parse(document).parse(bundle / "background.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=Graph().parse(bundle / f"{shapes}.ttl"))
    assert isinstance(report, Graph)
    return results(report)


def by_rudof(document: Path, bundle: Path) -> Counter[Result]:
    """Return the results of rudof, as the documented lines have them."""
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(str(document))
    rudof.read_data(str(bundle / "background.ttl"), merge=True)
    rudof.read_shacl(str(bundle / "shapes.ttl"))
    return Counter(
        Result(
            BLANK if entry.focus_node.startswith(BLANK) else entry.focus_node,
            entry.source_shape or "",
            entry.constraint_component,
            str(SH[str(entry.severity).rpartition(".")[2]]),
        )
        for entry in rudof.validate_shacl().violations
    )


@pytest.mark.slow
@pytest.mark.parametrize("case", INPUTS, ids=lambda case: case.stem)
def test_engines_find_the_same(case: Path, bundle: Path, tmp_path: Path) -> None:
    """Both pySHACL and rudof find in an input what is wrong with it, and nothing else."""
    document = written(case, tmp_path)

    found = by_pyshacl(document, bundle)
    also = by_rudof(document, bundle)

    assert {result.shape.removeprefix(SHAPES) for result in found} == FOUND.get(case.stem, set())
    too_long = TOO_LONG_FOR_RUDOF.get(case.stem)
    assert also == (
        Counter() if case.stem in UNKNOWN_TO_RUDOF else found + Counter([too_long] if too_long else [])
    )


@pytest.mark.slow
@pytest.mark.parametrize("case", INPUTS, ids=lambda case: case.stem)
def test_check_finds_the_same(case: Path, tmp_path: Path) -> None:
    """`forumkg check` finds what the shapes find, by a shape or by a check of its own that says it better."""
    findings = [each for each in check((written(case, tmp_path),)).findings if each.rule != "canonical-form"]
    by_shapes = {each.rule.removeprefix(SHAPES) for each in findings if each.rule.startswith(SHAPES)}
    by_others = {each.rule for each in findings if not each.rule.startswith(SHAPES)}
    expected = FOUND.get(case.stem, set())

    assert by_shapes <= expected
    assert bool(by_others) == (by_shapes != expected)


@pytest.mark.slow
def test_parts_of_the_shapes(bundle: Path, tmp_path: Path) -> None:
    """The shapes of SHACL Core and those with SPARQL find together what all shapes find."""
    document = written(FOLDER / "11-start-after-end.ttl", tmp_path)

    core, with_sparql = (by_pyshacl(document, bundle, name) for name in ("shapes-core", "shapes-sparql"))

    assert core
    assert with_sparql
    assert core + with_sparql == by_pyshacl(document, bundle)
    assert all("SPARQL" not in result.component for result in core)


def test_parts_are_complete(bundle: Path) -> None:
    """Each shape is in one of the two parts, with its lists and constraints; no part refers to the other."""
    whole, core, with_sparql = (
        Graph().parse(bundle / f"{name}.ttl") for name in ("shapes", "shapes-core", "shapes-sparql")
    )

    assert len(core) + len(with_sparql) == len(whole)
    assert not set(core.subjects()) & set(with_sparql.subjects())
    for part, other in ((core, with_sparql), (with_sparql, core)):
        assert not {node for node in part.objects() if (node, None, None) in other}
    assert not set(core.predicates()) & {SH.sparql, SH.declare}


def test_shapes_are_read_alike(bundle: Path) -> None:
    """No list has an IRI as its head, no message has brackets around a variable: engines differ on both."""
    shapes = Graph().parse(bundle / "shapes.ttl")

    assert all(isinstance(head, BNode) for head in shapes.subjects(RDF.first))
    assert not [text for text in shapes.objects(None, SH.message) if "<{" in str(text)]


@pytest.mark.slow
def test_background_conforms(bundle: Path, tmp_path: Path) -> None:
    """The background alone has nothing wrong: a finding is one in the new data."""
    empty = tmp_path / "empty.ttl"
    empty.write_text("")

    assert by_pyshacl(empty, bundle) == by_rudof(empty, bundle) == Counter()
