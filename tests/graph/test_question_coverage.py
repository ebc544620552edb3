"""The questions use the whole ontology: what no question needs has no place in it."""

import pyoxigraph as ox
from shipped import asserted_triples, ontology_triples

from forumkg.dataset.questions import load_questions
from forumkg.namespaces import ZGC

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OWL = "http://www.w3.org/2002/07/owl#"


def declared(kind: str) -> set[str]:
    """Return the local names of our terms of a kind that OWL has."""
    return {
        triple.subject.value.removeprefix(ZGC)
        for triple in ontology_triples()
        if triple.predicate == TYPE
        and triple.object == ox.NamedNode(OWL + kind)
        and isinstance(triple.subject, ox.NamedNode)
        and triple.subject.value.startswith(ZGC)
    }


def unused(names: set[str]) -> set[str]:
    """Return the names that no question mentions."""
    texts = " ".join(question.text for question in load_questions())
    words = set(texts.replace("/", " ").replace("|", " ").replace("?", " ").replace("+", " ").split())
    return {name for name in names if f"zgc:{name}" not in words}


def test_every_class_is_asked_for() -> None:
    """Each class is used by at least one question."""
    assert unused(declared("Class")) == set()


def test_every_entailed_property_is_asked_for() -> None:
    """Each property that is never asserted, but entailed or derived, is used by at least one question."""
    asserted = {triple.predicate.value.removeprefix(ZGC) for triple in asserted_triples()}
    computed = declared("ObjectProperty") - asserted

    assert {"hasTheme", "isSaidBy", "contradicts"} <= computed
    assert unused(computed) == set()
