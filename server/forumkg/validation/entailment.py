"""Let owlrl judge the compiled entailment of a dataset: it closes by OWL 2 RL, slowly and independently.

https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections.abc import Iterator, Set

import pyoxigraph as ox

from forumkg.namespaces import shorten
from forumkg.rdf.conversion import oxigraph_triples
from forumkg.rdf.terms import name_of
from forumkg.reasoning.entailment import entailed
from forumkg.reasoning.referee import expand, inconsistencies, instance_triples
from forumkg.reasoning.rules import compile_rules
from forumkg.validation.findings import Finding
from forumkg.validation.workspace import Workspace

__all__ = ["check_entailment", "compare"]

_MISSING = (
    "entailment-missing",
    "owlrl entails {fact}, which the compiled rules do not.",
    "A rule is missing for an axiom of the ontology: see server/forumkg/reasoning/rules.py.",
)
_EXTRA = (
    "entailment-extra",
    "The compiled rules entail {fact}, which owlrl does not.",
    "A rule gives more than its axiom: see server/forumkg/reasoning/rules.py.",
)


def check_entailment(workspace: Workspace) -> Iterator[Finding]:
    """Yield the facts that only one of the two entails, and the contradictions that owlrl finds.

    Raises:
        DataError: the ontology has an axiom that no compiled rule is known for.
    """
    asserted = frozenset((*oxigraph_triples(workspace.data), *oxigraph_triples(workspace.ontology)))
    rules = compile_rules(asserted)
    facts = {triple for triple in asserted if name_of(triple.subject) not in rules.terms}
    compiled = facts | entailed(asserted, rules)
    closed = expand(asserted)
    independent = instance_triples(closed, rules.terms)
    yield from compare(workspace, compiled, independent)
    for contradiction in inconsistencies(closed):
        path = workspace.given[0].shown if workspace.given else ""
        advice = "Correct the facts or the axiom that contradict each other."
        yield Finding("violation", path, None, "urn:forumkg:dataset", "inconsistent", contradiction, advice)


def compare(workspace: Workspace, compiled: Set[ox.Triple], independent: Set[ox.Triple]) -> Iterator[Finding]:
    """Yield the facts that only one of two entailments of a workspace has."""
    yield from (_finding(workspace, triple, *_MISSING) for triple in independent - compiled)
    yield from (_finding(workspace, triple, *_EXTRA) for triple in compiled - independent)


def _finding(workspace: Workspace, triple: ox.Triple, rule: str, message: str, advice: str) -> Finding:
    subject, predicate = name_of(triple.subject), triple.predicate.value
    file = workspace.file_of(subject)
    focus = file.source.graph if file and subject.startswith("_:") else subject
    value = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
    fact = f"{_short(subject)} {shorten(predicate)} {shorten(value) if value else triple.object}"
    return Finding(
        "violation",
        file.shown if file else "",
        file.locations.line(subject) if file else None,
        focus,
        rule,
        message.format(fact=fact),
        advice,
        predicate=predicate,
        value=str(triple.object),
    )


def _short(name: str) -> str:
    return name if name.startswith("_:") else shorten(name)
