"""Why a fact holds, as a page shows it: its proof, the statements on both sides, and the curators' notes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from forumkg.namespaces import GRAPH, ID, ZGC
from forumkg.pages.graph import Graph
from forumkg.pages.page_queries import PageQuery, iris, page_query, sparql_term
from forumkg.pages.quantities import Quantity
from forumkg.pages.statements import CitedPassage, Statement, read_passage, read_statements
from forumkg.pages.why.proof_words import (
    Names,
    Word,
    Words,
    capital,
    kind_of,
    plain,
    read_names,
    say,
    say_basis,
    say_proof,
    say_reason,
)
from forumkg.pages.why.proofs import prove
from forumkg.pages.why_addresses import address_of
from forumkg.rdf.terms import name_of
from forumkg.reasoning.derivation import DerivationRule
from forumkg.reasoning.inferences import Inference
from forumkg.reasoning.proofs import Origin, Proof
from forumkg.reasoning.stated_axioms import Axiom

__all__ = [
    "Compared",
    "NamedStatement",
    "ProofLine",
    "Reason",
    "Unknown",
    "Why",
    "read_examples",
    "read_unknown",
    "read_why",
]

_STATEMENT: Final = f"{ID}statement/"
_ACCEPTED: Final = f"{ZGC}hasAcceptedStatement"
_ARTICLES: Final = f"{GRAPH}articles/"


@dataclass(frozen=True, slots=True)
class Reason:
    """The axiom or the rule of a step.

    Attributes:
        inference: it, as the step applied it.
        kind: the name of its kind, such as `property chain`.
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
class ProofLine:
    """A fact of a proof as it is shown.

    Attributes:
        number: of the fact, from 1; the conclusion is the first.
        triple: the fact.
        words: the fact as a sentence.
        origin: how it came into the graph.
        graphs: the IRIs of the named graphs that hold it.
        passages: the passages that support it, where an article states it.
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
    passages: tuple[CitedPassage, ...]
    address: str
    reason: Reason | None = None
    premises: tuple["ProofLine", ...] = ()
    is_repeated: bool = False

    def walk(self) -> Iterator["ProofLine"]:
        """Yield the line and all below it, each fact once."""
        if not self.is_repeated:
            yield self
        for premise in self.premises:
            yield from premise.walk()


@dataclass(frozen=True, slots=True)
class NamedStatement:
    """A statement, and what the proof calls it."""

    name: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Compared:
    """A quantity that a cited statement gives."""

    cited: NamedStatement
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Why:
    """Why a fact holds.

    Attributes:
        proof: of the fact.
        words: the fact and its reason in one sentence.
        reason: the reason alone.
        line: the conclusion, with all that it rests on.
        steps: how many facts follow from others.
        given: how many facts are asserted.
        sides: of a derived fact the statements that it relates.
        compared: the figures of these statements that a rule compares: they are of one indicator.
        others: the other statements that it rests on.
        accepted: those of the others that the curators accept, for which the fact holds.
        notes: of the curators, on what else a derived fact relates.
        queries: that find where the fact stands.
    """

    proof: Proof
    words: Words
    reason: Words
    line: ProofLine
    steps: int
    given: int
    sides: tuple[NamedStatement, ...]
    compared: tuple[Compared, ...]
    others: tuple[NamedStatement, ...]
    accepted: tuple[NamedStatement, ...]
    notes: tuple[tuple[Word, str], ...]
    queries: tuple[PageQuery, ...]


def read_why(graph: Graph, triple: ox.Triple, rules: tuple[DerivationRule, ...] | None = None) -> Why | None:
    """Return why a fact holds; None where no graph holds it.

    Args:
        graph: the graph to query.
        triple: the fact.
        rules: those with which the dataset was built; None for those of the package.
    """
    proof = prove(graph, triple, rules)
    if proof is None:
        return None
    facts = tuple(proof.walk())
    names = read_names(graph, _things(facts))
    ends = _ends(proof) if proof.origin is Origin.DERIVED else ()
    cited = _cited(graph, names, facts)
    sides = tuple(each for each in cited if each.statement.iri in ends)
    others = tuple(each for each in cited if each not in sides)
    accepted = {_ends(fact)[-1] for fact in facts if fact.triple.predicate.value == _ACCEPTED}
    steps = sum(fact.inference is not None for fact in facts)
    return Why(
        proof,
        say_proof(proof, names),
        say_reason(proof, names),
        _Lines(facts, names, _passages(graph, facts)).line(proof),
        steps,
        len(facts) - steps,
        sides,
        tuple(compared for side in sides for compared in _compared(side, facts)),
        others,
        tuple(each for each in others if each.statement.iri in accepted),
        _notes(graph, names, (iri for iri in ends if not iri.startswith(_STATEMENT))),
        (_graphs_query(triple),),
    )


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that no graph holds, and what the graphs hold instead.

    Attributes:
        words: the fact as a sentence.
        subject: what it is about.
        others: facts of the same subject and property, each with the address of its proof.
    """

    words: Words
    subject: Word
    others: tuple[tuple[Words, str], ...]


def read_unknown(graph: Graph, triple: ox.Triple) -> Unknown:
    """Return what a page shows of a fact that no graph holds."""
    subject, property_ = sparql_term(triple.subject), sparql_term(triple.predicate)
    rows = graph.select(page_query("why/fact-others", subject=subject, property=property_).text)
    others = [ox.Triple(triple.subject, triple.predicate, row["object"]) for row in rows]
    facts = [Proof(each, ()) for each in (triple, *others)]
    names = read_names(graph, _things(facts))
    return Unknown(
        say(triple, names),
        names.of(triple.subject),
        tuple((say(each, names), address_of(each)) for each in others),
    )


def read_examples(graph: Graph) -> tuple[tuple[Words, str], ...]:
    """Return a few facts that follow from others, each with the address of its proof."""
    rows = graph.select(page_query("why/examples").text)
    facts = [Proof(ox.Triple(row["subject"], row["property"], row["object"]), ()) for row in rows]  # type: ignore[arg-type] # (the query binds IRIs)
    names = read_names(graph, _things(facts))
    return tuple((say(fact.triple, names), address_of(fact.triple)) for fact in facts)


def _graphs_query(triple: ox.Triple) -> PageQuery:
    subject, property_, value = map(sparql_term, (triple.subject, triple.predicate, triple.object))
    return page_query("why/fact-graphs", subject=subject, property=property_, object=value)


def _ends(fact: Proof) -> tuple[str, ...]:
    """Return the IRIs that a fact relates."""
    return tuple(
        term.value for term in (fact.triple.subject, fact.triple.object) if isinstance(term, ox.NamedNode)
    )


def _things(facts: Iterable[Proof]) -> set[str]:
    """Return the IRIs that a proof names, those of its axioms too."""
    found: set[str] = set()
    for fact in facts:
        found |= {*_ends(fact), fact.triple.predicate.value}
        if fact.inference and isinstance(fact.inference.basis, Axiom):
            found |= {fact.inference.basis.subject, *fact.inference.basis.operands}
    return found


def _cited(graph: Graph, names: Names, facts: Iterable[Proof]) -> tuple[NamedStatement, ...]:
    """Return the statements that a proof names, in the order in which it does."""
    cited = (iri for fact in facts for iri in _ends(fact) if iri.startswith(_STATEMENT))
    statements = read_statements(graph, cited)
    return tuple(
        NamedStatement(plain(capital((names.of_iri(statement.iri),))), statement) for statement in statements
    )


def _compared(cited: NamedStatement, facts: Iterable[Proof]) -> Iterator[Compared]:
    """Yield those figures of a statement that the proof names."""
    compared = {iri for fact in facts for iri in _ends(fact)}
    for quantity in cited.statement.quantities:
        if quantity.iri in compared:
            yield Compared(cited, quantity)


def _notes(graph: Graph, names: Names, things: Iterable[str]) -> tuple[tuple[Word, str], ...]:
    wanted = iris(things)
    rows = graph.select(page_query("why/proof-notes", things=wanted).text) if wanted else ()
    return tuple((names.of_iri(row.iri("thing")), row.text("note")) for row in rows)


def _passages(graph: Graph, facts: Iterable[Proof]) -> Mapping[ox.Triple, tuple[CitedPassage, ...]]:
    """Return the passages of those facts that an article says."""
    stated = [fact for fact in facts if any(name.startswith(_ARTICLES) for name in fact.graphs)]
    things = dict.fromkeys(name_of(fact.triple.subject) for fact in stated)
    found: defaultdict[str, tuple[CitedPassage, ...]] = defaultdict(tuple)
    for row in graph.select(page_query("why/proof-passages", things=iris(things)).text) if things else ():
        found[row.iri("thing")] += (read_passage(row),)
    return {fact.triple: found[name_of(fact.triple.subject)] for fact in stated}


class _Lines:
    """Numbers the facts of a proof, and shows what two of them share once."""

    def __init__(
        self, facts: Iterable[Proof], names: Names, passages: Mapping[ox.Triple, tuple[CitedPassage, ...]]
    ) -> None:
        self._numbers = {fact.triple: number for number, fact in enumerate(facts, 1)}
        self._names = names
        self._passages = passages
        self._shown: set[ox.Triple] = set()

    def line(self, fact: Proof) -> ProofLine:
        """Return the line of a fact, with the lines below it."""
        is_repeated = fact.triple in self._shown
        self._shown.add(fact.triple)
        return ProofLine(
            self._numbers[fact.triple],
            fact.triple,
            say(fact.triple, self._names),
            fact.origin,
            fact.graphs,
            self._passages.get(fact.triple, ()),
            address_of(fact.triple),
            self._reason(fact.inference) if fact.inference else None,
            () if is_repeated else tuple(map(self.line, fact.premises)),
            is_repeated,
        )

    def _reason(self, inference: Inference) -> Reason:
        return Reason(inference, kind_of(inference), say_basis(inference, self._names))
