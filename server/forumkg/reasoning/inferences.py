"""The ways in which a fact may follow: one for each stated axiom, one for each rule of `ontology/rules/`.

The build closes the axioms first, so that few rules are run. Here each axiom is an inference by itself, so
that a step of a proof is one axiom. Both read the same axioms: `forumkg.reasoning.stated_axioms`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import pyoxigraph as ox

from forumkg.reasoning.derivation import DerivationRule
from forumkg.reasoning.owl import (
    CHAIN,
    DOMAIN,
    EQUIVALENT_CLASS,
    EQUIVALENT_PROPERTY,
    INVERSE,
    RANGE,
    RDF_TYPE,
    SUBCLASS,
    SUBPROPERTY,
    SYMMETRIC,
    TRANSITIVE,
)
from forumkg.reasoning.rule_patterns import Pattern
from forumkg.reasoning.stated_axioms import Axiom, Schema

__all__ = ["Inference", "inferences"]

_TYPE: Final = ox.NamedNode(RDF_TYPE)
_S: Final = ox.Variable("s")
_O: Final = ox.Variable("o")

# The axioms that explain best come first: a fact may follow in several ways.
_ORDER: Final = (
    SUBCLASS,
    EQUIVALENT_CLASS,
    SUBPROPERTY,
    EQUIVALENT_PROPERTY,
    INVERSE,
    SYMMETRIC,
    CHAIN,
    TRANSITIVE,
    DOMAIN,
    RANGE,
)


@dataclass(frozen=True, slots=True)
class Inference:
    """A way in which a fact may follow from others.

    Attributes:
        name: of the rule: its name in the tables of OWL 2 RL, or the name of its file.
        basis: the axiom, or the rule of the project.
        heads: what follows, each for itself.
        premises: from what it follows.
        optional: what the rule also reads if present.
        where: the group pattern in SPARQL, with all conditions.
    """

    name: str
    basis: Axiom | DerivationRule
    heads: tuple[Pattern, ...]
    premises: tuple[Pattern, ...]
    where: str
    optional: tuple[Pattern, ...] = ()


def inferences(schema: Schema, rules: Iterable[DerivationRule]) -> tuple[Inference, ...]:
    """Return the ways in which facts follow, in order of preference.

    Raises:
        DataError: a rule has a pattern that is not supported.
    """
    axioms = sorted(schema.axioms, key=lambda axiom: (_ORDER.index(axiom.kind), axiom))
    return (*map(_of_rule, rules), *chain.from_iterable(map(_of_axiom, axioms)))


def _of_rule(rule: DerivationRule) -> Inference:
    from forumkg.reasoning.rule_reader import read_rule  # noqa: PLC0415 (see there)

    patterns = read_rule(rule.query)
    return Inference(
        rule.path.stem, rule, patterns.heads, patterns.premises, patterns.where, patterns.optional
    )


def _of_axiom(axiom: Axiom) -> Iterator[Inference]:
    """Yield an inference for each direction of an axiom."""
    if axiom.kind == CHAIN:
        yield _chained("prp-spo2", axiom, axiom.operands)
    elif axiom.kind == TRANSITIVE:
        yield _chained("prp-trp", axiom, (axiom.subject, axiom.subject))
    for name, follows, holds, is_reversed in _OF_PAIR.get(axiom.kind, ()):
        one, other = (axiom.subject, *axiom.operands, axiom.subject)[:2]
        if is_reversed:
            one, other = other, one
        yield _inference(name, axiom, follows(other), holds(one))


def _inference(name: str, axiom: Axiom, head: Pattern, *premises: Pattern) -> Inference:
    where = " ".join(f"{premise.subject} {premise.predicate} {premise.object} ." for premise in premises)
    return Inference(name, axiom, (head,), premises, where)


def _chained(name: str, axiom: Axiom, steps: tuple[str, ...]) -> Inference:
    nodes = [ox.Variable(f"n{place}") for place in range(len(steps) + 1)]
    links = zip(nodes, steps, nodes[1:], strict=False)
    premises = (Pattern(one, ox.NamedNode(step), other) for one, step, other in links)
    head = Pattern(nodes[0], ox.NamedNode(axiom.subject), nodes[-1])
    return _inference(name, axiom, head, *premises)


def _is_a(name: str) -> Pattern:
    return Pattern(_S, _TYPE, ox.NamedNode(name))


def _is_value_a(name: str) -> Pattern:
    return Pattern(_O, _TYPE, ox.NamedNode(name))


def _forward(name: str) -> Pattern:
    return Pattern(_S, ox.NamedNode(name), _O)


def _backward(name: str) -> Pattern:
    return Pattern(_O, ox.NamedNode(name), _S)


# For an axiom that relates one name to another: the rules that it takes part in, what follows with the other
# name and holds with the one, and whether the two are exchanged.
_OF_PAIR: Final = {
    SUBCLASS: (("cax-sco", _is_a, _is_a, False),),
    EQUIVALENT_CLASS: (("cax-eqc1", _is_a, _is_a, False), ("cax-eqc2", _is_a, _is_a, True)),
    SUBPROPERTY: (("prp-spo1", _forward, _forward, False),),
    EQUIVALENT_PROPERTY: (("prp-eqp1", _forward, _forward, False), ("prp-eqp2", _forward, _forward, True)),
    INVERSE: (("prp-inv1", _backward, _forward, False), ("prp-inv2", _backward, _forward, True)),
    SYMMETRIC: (("prp-symp", _backward, _forward, False),),
    DOMAIN: (("prp-dom", _is_a, _forward, False),),
    RANGE: (("prp-rng", _is_value_a, _forward, False),),
}
