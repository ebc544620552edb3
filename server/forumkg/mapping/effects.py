"""What an article does to the graph: the project's own rules, run over the graph with the article in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.mapping.compiler import Compiled
from forumkg.mapping.known_things import local_name
from forumkg.namespaces import ID, SKOS, ZGC
from forumkg.rdf.terms import merged_triples, name_of
from forumkg.reasoning.derivation import DerivationRule, derive
from forumkg.reasoning.entailment import entail

__all__ = ["RELATIONS", "Effect", "effects_of", "figures_alone"]

# The derived relations and how a preview names them, the strongest first.
RELATIONS: Final = {
    "exceedsPossible": "exceeds what is possible of",
    "contradicts": "contradicts",
    "differsFrom": "differs from",
    "isFulfilledBy": "is fulfilled by",
    "fulfils": "fulfils",
    "corroborates": "corroborates",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """A relation of a statement of the article with one of the graph.

    Attributes:
        relation: a key of `RELATIONS`.
        line: the line of the statement in the worksheet.
        paraphrase: of the statement.
        other: the name of the other statement, as `article/12`, or of an indicator.
        other_paraphrase: its paraphrase or label.
    """

    relation: str
    line: int
    paraphrase: str
    other: str
    other_paraphrase: str


def effects_of(
    compiled: Compiled, asserted: Iterable[ox.Triple], rules: Sequence[DerivationRule]
) -> tuple[Effect, ...]:
    """Return how the statements of an article relate to those of the graph, and to each other.

    Of two statements only the strongest relation is given: to contradict is to differ, too.

    Args:
        compiled: the article.
        asserted: all facts and terms, the article included.
        rules: the derivation rules.

    Raises:
        DataError: the ontology has an axiom without a rule, or a rule is not a CONSTRUCT query.
    """
    store = merged_triples(asserted)
    entail(store)
    derive(store, rules)
    texts = {**_texts(store, f"{ZGC}paraphrase"), **_texts(store, f"{SKOS}prefLabel")}
    own = f"{ID}statement/{compiled.name}/"
    found: dict[tuple[str, str], Effect] = {}
    for relation, subject, value in _relations(store):
        for here, there, name in ((subject, value, relation), (value, subject, _inverse(relation))):
            pair = (min(here, there), max(here, there))
            if here.startswith(own) and pair not in found:
                line = compiled.lines.get(here, 0)
                found[pair] = Effect(name, line, texts.get(here, ""), _name(there), texts.get(there, ""))
    order = list(RELATIONS)
    return tuple(
        sorted(found.values(), key=lambda effect: (order.index(effect.relation), effect.line, effect.other))
    )


def figures_alone(compiled: Compiled, effects: Iterable[Effect]) -> tuple[tuple[int, str], ...]:
    """Return line and paraphrase of the figures that no other statement of the graph gives."""
    related = {effect.line for effect in effects}
    texts = {
        triple.subject: triple.object.value
        for triple in compiled.article
        if triple.predicate.value == f"{ZGC}paraphrase" and isinstance(triple.object, ox.Literal)
    }
    alone = {
        (compiled.lines.get(triple.subject.value, 0), texts.get(triple.subject, ""))
        for triple in compiled.article
        if triple.predicate.value == f"{ZGC}hasQuantity" and isinstance(triple.subject, ox.NamedNode)
    }
    return tuple(sorted(one for one in alone if one[0] not in related))


def _relations(store: ox.Store) -> list[tuple[str, str, str]]:
    """Return relation, subject and value of what the rules derived, the strongest relation first."""
    found = []
    for name in RELATIONS:
        if name == "fulfils":
            continue
        quads = store.quads_for_pattern(None, ox.NamedNode(f"{ZGC}{name}"), None, ox.DefaultGraph())
        found += [(name, name_of(quad.subject), name_of(quad.object)) for quad in quads]
    return sorted(found, key=lambda one: (list(RELATIONS).index(one[0]), *one[1:]))


def _inverse(relation: str) -> str:
    return "fulfils" if relation == "isFulfilledBy" else relation


def _texts(store: ox.Store, predicate: str) -> dict[str, str]:
    quads = store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph())
    return {
        quad.subject.value: quad.object.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and quad.object.language == "en"
    }


def _name(iri: str) -> str:
    return iri.removeprefix(f"{ID}statement/") if "/statement/" in iri else local_name(iri)
