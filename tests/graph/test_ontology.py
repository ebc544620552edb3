"""The ontology keeps to OWL 2 DL and OWL 2 RL, and it and the data are consistent.

The judges are the OWL API and HermiT, which owlready2 brings along: they need a JDK.
https://www.w3.org/TR/owl2-profiles/
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import owlready2  # type: ignore[import-untyped]  # it has no type hints
import pyoxigraph as ox
import pytest
from shipped import asserted_triples, ontology_triples
from turtle_text import triples

from forumkg.rdf.conversion import rdflib_graph

JAVAC = shutil.which("javac")
JAVA = shutil.which("java")
needs_jdk = pytest.mark.skipif(JAVA is None or JAVAC is None, reason="needs a JDK (java, javac)")

OWL_API = os.pathsep.join(map(str, sorted(Path(owlready2.__file__).parent.glob("pellet/*.jar"))))
PROGRAM = Path(__file__).parents[1] / "java" / "Profiles.java"

Violations = Callable[[Iterable[ox.Triple]], list[str]]


@pytest.fixture(scope="session")
def violations(tmp_path_factory: pytest.TempPathFactory) -> Violations:
    """Return a function that gives the violations of the two profiles in an ontology."""
    folder = tmp_path_factory.mktemp("profiles")
    subprocess.run([JAVAC or "javac", "-cp", OWL_API, "-d", folder, PROGRAM], check=True, capture_output=True)

    def check(ontology: Iterable[ox.Triple]) -> list[str]:
        path = folder / "ontology.rdf"
        rdflib_graph(ontology).serialize(path, format="xml", encoding="utf-8")
        command = [JAVA or "java", "-cp", f"{folder}{os.pathsep}{OWL_API}", "Profiles", str(path)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    return check


@pytest.fixture(scope="session")
def violations_of_ontology(violations: Violations) -> list[str]:
    """Return the violations in the shipped ontology."""
    return violations(ontology_triples())


@needs_jdk
def test_profiles_of_ontology(violations_of_ontology: list[str]) -> None:
    """The ontology with its vocabulary and alignments is in OWL 2 DL and in OWL 2 RL."""
    assert violations_of_ontology == []


@needs_jdk
@pytest.mark.slow
@pytest.mark.parametrize(
    ("planted", "profiles", "named"),
    [
        ("zgc:hasTheme a owl:FunctionalProperty .", {"OWL 2 DL", "OWL 2 RL"}, "hasTheme"),
        ("zgc:Theme rdfs:subClassOf ex:Undeclared .", {"OWL 2 DL", "OWL 2 RL"}, "Undeclared"),
        (
            "zgc:Edition rdfs:subClassOf "
            "[ a owl:Restriction ; owl:onProperty zgc:hasTheme ; owl:someValuesFrom zgc:Theme ] .",
            {"OWL 2 RL"},
            "hasTheme",
        ),
        ("zgc:issued a owl:DatatypeProperty ; rdfs:range xsd:date .", {"OWL 2 RL"}, "date"),
    ],
    ids=["functional-chain", "undeclared", "existential", "date"],
)
def test_profiles_planted_violation(
    violations: Violations, violations_of_ontology: list[str], planted: str, profiles: set[str], named: str
) -> None:
    """What is outside a profile is found and named with the profile."""
    found = set(violations((*ontology_triples(), *triples(planted)))) - set(violations_of_ontology)

    assert {violation.split(":")[0] for violation in found} == profiles
    assert all(named in violation for violation in found)


def unsatisfiable(data: Iterable[ox.Triple], folder: Path) -> set[str]:
    """Return the classes that HermiT finds to have no possible member, or raise if the data contradict."""
    # owlready2 does not read Turtle.
    path = folder / "data.nt"
    ox.serialize(data, path, format=ox.RdfFormat.N_TRIPLES)
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    # xsd:date is no datatype of OWL 2: HermiT throws on it unless it is told not to.
    owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    return {cls.iri for cls in world.inconsistent_classes()} - {owlready2.Nothing.iri}


@needs_jdk
@pytest.mark.slow
def test_hermit_shipped_graph(tmp_path: Path) -> None:
    """Ontology and data do not contradict each other, and every class can have members."""
    assert unsatisfiable(asserted_triples(), tmp_path) == set()


@needs_jdk
@pytest.mark.slow
@pytest.mark.parametrize(
    "planted",
    [
        "person:wu-zhaohui a zgc:Person , zgc:Organization .",
        "role:x zgc:hasHolder organization:x . organization:x a zgc:Organization .",
        "ex:s zgc:isSupportedBy ex:p . ex:p oa:hasSource person:x . person:x a zgc:Person .",
        'edition:x zgc:year "in spring" .',
    ],
    ids=["two-kinds", "holder", "source", "year"],
)
def test_hermit_planted_inconsistency(planted: str, tmp_path: Path) -> None:
    """HermiT finds a contradiction that is planted into the shipped graph."""
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        unsatisfiable((*asserted_triples(), *triples(planted)), tmp_path)


@needs_jdk
@pytest.mark.slow
def test_hermit_planted_unsatisfiable_class(tmp_path: Path) -> None:
    """HermiT finds a class that can have no member."""
    planted = "ex:Impossible a owl:Class ; rdfs:subClassOf zgc:Person , zgc:Theme ."

    found = unsatisfiable((*ontology_triples(), *triples(planted)), tmp_path)

    assert found == {"http://example.org/Impossible"}
