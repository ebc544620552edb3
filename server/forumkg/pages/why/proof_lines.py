"""A proof as lines: each fact in words, with its reason and where it stands, above all that it rests on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from forumkg.pages.statements import Place
from forumkg.pages.why.proof_names import Names
from forumkg.pages.why.proof_words import Words, kind_of, say, say_basis
from forumkg.pages.why_addresses import address_of
from forumkg.reasoning.inferences import Inference
from forumkg.reasoning.proofs import Origin, Proof
from forumkg.reasoning.stated_axioms import Axiom

__all__ = ["Line", "Reason", "lines"]


@dataclass(frozen=True, slots=True)
class Reason:
    """The axiom or the rule of a step.

    Attributes:
        inference: it, as the step applied it.
        kind: what people call it, such as `property chain`.
        words: what it says.
    """

    inference: Inference
    kind: str
    words: Words

    @property
    def query(self) -> str:
        """The query of a rule of the project; nothing for an axiom."""
        basis = self.inference.basis
        return "" if isinstance(basis, Axiom) else basis.query


@dataclass(frozen=True, slots=True)
class Line:
    """A fact of a proof as it is shown.

    Attributes:
        number: of the fact, from 1; the conclusion is the first.
        triple: the fact.
        words: the fact as a sentence.
        origin: how it came into the graph.
        graphs: the IRIs of the named graphs that hold it.
        places: the passages that it stands on, where an article says it.
        address: of a proof of its own.
        reason: why it follows; None where it is asserted, or where no proof was found.
        premises: from what it follows.
        is_repeated: whether a line above it shows the same fact; its premises are left out then.
    """

    number: int
    triple: ox.Triple
    words: Words
    origin: Origin
    graphs: tuple[str, ...]
    places: tuple[Place, ...]
    address: str
    reason: Reason | None = None
    premises: tuple["Line", ...] = ()
    is_repeated: bool = False

    def walk(self) -> Iterator["Line"]:
        """Yield the line and all below it, each fact once."""
        if not self.is_repeated:
            yield self
        for premise in self.premises:
            yield from premise.walk()


def lines(proof: Proof, names: Names, places: Mapping[ox.Triple, tuple[Place, ...]]) -> Line:
    """Return the line of what is proven, with all lines below it.

    Args:
        proof: of it.
        names: of all that the proof names.
        places: the passages of those facts that an article says.
    """
    return _Lines(proof.walk(), names, places).line(proof)


class _Lines:
    """Numbers the facts of a proof, and shows what two of them share once."""

    def __init__(
        self, facts: Iterable[Proof], names: Names, places: Mapping[ox.Triple, tuple[Place, ...]]
    ) -> None:
        self._numbers = {fact.triple: number for number, fact in enumerate(facts, 1)}
        self._names = names
        self._places = places
        self._shown: set[ox.Triple] = set()

    def line(self, fact: Proof) -> Line:
        """Return the line of a fact, with the lines below it."""
        is_repeated = fact.triple in self._shown
        self._shown.add(fact.triple)
        return Line(
            self._numbers[fact.triple],
            fact.triple,
            say(fact.triple, self._names),
            fact.origin,
            fact.graphs,
            self._places.get(fact.triple, ()),
            address_of(fact.triple),
            self._reason(fact.inference) if fact.inference else None,
            () if is_repeated else tuple(map(self.line, fact.premises)),
            is_repeated,
        )

    def _reason(self, inference: Inference) -> Reason:
        return Reason(inference, kind_of(inference), say_basis(inference, self._names))
