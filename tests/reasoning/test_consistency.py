"""What the build does with things that two disjoint classes claim."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from forumkg.dataset.build import build
from forumkg.dataset.files import SourceFile, source_files
from forumkg.errors import InconsistentError
from forumkg.namespaces import GRAPH, ID, PREFIXES
from forumkg.reasoning.entailment import check_consistency

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
ADVICE = "The classes are disjoint: remove one of them, or the property that entails it."


def store_of(turtle: str) -> ox.Store:
    """Return a store with the Turtle in its default graph."""
    store = ox.Store()
    store.load(HEADER + turtle, format=ox.RdfFormat.TURTLE)
    return store


def built_with(turtle: str, tmp_path: Path) -> None:
    """Build the shipped dataset with one more file."""
    path = tmp_path / "planted.ttl"
    path.write_text(HEADER + turtle, encoding="utf-8")
    build(ox.Store(), (*source_files(), SourceFile(path, f"{GRAPH}planted")))


@pytest.mark.parametrize(
    "axiom",
    [
        "zgc:Person owl:disjointWith zgc:Organization .",
        "zgc:Organization owl:disjointWith zgc:Person .",
        "[] a owl:AllDisjointClasses ; owl:members ( zgc:Theme zgc:Organization zgc:Person ) .",
    ],
)
def test_check_consistency_disjoint(axiom: str) -> None:
    """A thing of two disjoint classes is refused, however the ontology says that they are disjoint."""
    store = store_of(axiom + "person:x a zgc:Person , zgc:Organization . person:y a zgc:Person .")

    with pytest.raises(InconsistentError, match=r"^The data contradict the ontology\. person:x is both zgc:"):
        check_consistency(store)


def test_check_consistency_two_classes() -> None:
    """A thing may have two classes that are not disjoint."""
    check_consistency(store_of("person:x a zgc:Person , zgc:Agent . zgc:Person owl:disjointWith zgc:Theme ."))


def test_check_consistency_many() -> None:
    """Of many contradictions five are named, and the others counted."""
    things = " ".join(f"person:x{number} a zgc:Person , zgc:Theme ." for number in range(7))

    with pytest.raises(InconsistentError) as caught:
        check_consistency(store_of("zgc:Person owl:disjointWith zgc:Theme ." + things))

    named = " ".join(f"person:x{number} is both zgc:Person and zgc:Theme." for number in range(5))
    assert str(caught.value) == f"The data contradict the ontology. {named} And 2 more. {ADVICE}"


def test_build_person_typed_as_organization(tmp_path: Path) -> None:
    """The build refuses a person who is typed as an organization."""
    with pytest.raises(InconsistentError) as caught:
        built_with("person:li-meng a zgc:Organization .", tmp_path)

    clash = "person:li-meng is both zgc:Organization and zgc:Person."
    assert str(caught.value) == f"The data contradict the ontology. {clash} {ADVICE}"


def test_build_class_entailed_by_a_range(tmp_path: Path) -> None:
    """The build refuses a theme that a statement names as a host, which makes it an agent."""
    statement = f"<{ID}statement/xinhua-2020-09-17/42> zgc:statesHost theme:2020-annual ."

    with pytest.raises(InconsistentError, match="theme:2020-annual is both zgc:Agent and zgc:Theme"):
        built_with(statement, tmp_path)
