"""What `forumkg check --entailment` finds: where owlrl and the compiled rules differ, and contradictions."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from forumkg.dataset.files import SourceFile
from forumkg.errors import DataError
from forumkg.formats import GRAPH_FORMATS
from forumkg.namespaces import GRAPH
from forumkg.rdf.documents import read_document
from forumkg.validation.findings import Finding
from forumkg.validation.run import check_entailment, compare
from forumkg.validation.workspace import CheckedFile, Workspace

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGY = """
ex:Bridge a owl:Class ; rdfs:subClassOf ex:Structure .
ex:Structure a owl:Class .
ex:Animal a owl:Class ; owl:disjointWith ex:Structure .
ex:crosses a owl:ObjectProperty ; owl:inverseOf ex:isCrossedBy .
ex:isCrossedBy a owl:ObjectProperty .
"""
DATA = "ex:b a ex:Bridge ;\n    ex:crosses ex:river .\n"


def workspace(data: str, ontology: str = ONTOLOGY) -> Workspace:
    """Return a dataset with these facts and these axioms."""
    texts = {"ontology/x": ontology, "x": data}
    return Workspace(
        tuple(
            CheckedFile.read(
                SourceFile(Path(f"{name}.ttl"), f"{GRAPH}{name}"), PREFIXES + text, is_given=name == "x"
            )
            for name, text in texts.items()
        )
    )


def test_both_entail_the_same() -> None:
    """Where both reasoners agree there is nothing to report."""
    assert list(check_entailment(workspace(DATA))) == []


def test_a_contradiction_is_a_finding() -> None:
    """What contradicts an axiom is reported in the words of owlrl."""
    (found,) = check_entailment(workspace(f"{DATA}ex:b a ex:Animal ."))

    assert (found.severity, found.path, found.rule) == ("violation", "x.ttl", "inconsistent")
    assert "http://example.org/b" in found.message


def test_an_axiom_without_a_rule() -> None:
    """An axiom that no rule is known for is an error: nothing could be compared."""
    unknown = f"{ONTOLOGY}ex:crosses a owl:ReflexiveProperty ; owl:hasSelf true ."

    with pytest.raises(DataError):
        list(check_entailment(workspace(DATA, unknown)))


def fact(text: str) -> ox.Triple:
    """Return a triple of Turtle."""
    (triple,) = read_document(PREFIXES + text, GRAPH_FORMATS[0])
    return triple


def test_missing_and_extra_facts_have_a_place() -> None:
    """Each fact that only one of the two entails is named, at the line of its subject."""
    same, missing, extra = (
        fact("ex:b a ex:Bridge ."),
        fact("ex:b a ex:Structure ."),
        fact('ex:b ex:note "x"@en .'),
    )
    found = {finding.rule: finding for finding in compare(workspace(DATA), {same, extra}, {same, missing})}

    assert found == {
        "entailment-missing": Finding(
            "violation",
            "x.ttl",
            4,
            "http://example.org/b",
            "entailment-missing",
            "owlrl entails <http://example.org/b> rdf:type <http://example.org/Structure>, "
            "which the compiled rules do not.",
            "A rule is missing for an axiom of the ontology: see server/forumkg/reasoning/rules.py.",
        ),
        "entailment-extra": Finding(
            "violation",
            "x.ttl",
            4,
            "http://example.org/b",
            "entailment-extra",
            'The compiled rules entail <http://example.org/b> <http://example.org/note> "x"@en, '
            "which owlrl does not.",
            "A rule gives more than its axiom: see server/forumkg/reasoning/rules.py.",
        ),
    }
