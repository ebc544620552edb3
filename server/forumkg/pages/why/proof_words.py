"""Facts, axioms and rules as sentences, in which each word keeps the IRI of its term."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

import pyoxigraph as ox

from forumkg.namespaces import ID
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import DEFAULT, N_, gettext, language
from forumkg.pages.names import article_for, cut, names_of, short_name
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.quantities import read_quantity
from forumkg.pages.shown_terms import shown_term
from forumkg.pages.translated_text import catalogued
from forumkg.reasoning.inferences import Inference
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
from forumkg.reasoning.proofs import Proof
from forumkg.reasoning.stated_axioms import Axiom

__all__ = [
    "Names",
    "Word",
    "Words",
    "capital",
    "kind_of",
    "plain",
    "read_names",
    "rule_text",
    "say",
    "say_basis",
    "say_proof",
    "say_reason",
    "spaced",
]

_STATEMENT: Final = f"{ID}statement/"
_LONGEST: Final = 160

# The name of each kind of axiom, and its sentence: `{0}` is its subject, `{1}` what it names
# besides, `{a}` the latter with an article.
_AXIOMS: Final = {
    SUBCLASS: (N_("subclass"), N_("every {0} is {a}")),
    EQUIVALENT_CLASS: (N_("equivalent classes"), N_("every {0} is {a}, and the other way round")),
    SUBPROPERTY: (N_("subproperty"), N_("“{0}” implies “{1}”")),
    EQUIVALENT_PROPERTY: (N_("equivalent properties"), N_("“{0}” and “{1}” mean the same")),
    INVERSE: (N_("inverse properties"), N_("“{0}” is “{1}” read backward")),
    SYMMETRIC: (N_("symmetric property"), N_("“{0}” holds both ways")),
    CHAIN: (N_("property chain"), N_("{chain} make “{0}”")),
    TRANSITIVE: (N_("transitive property"), N_("“{0}” in two steps is “{0}” in one")),
    DOMAIN: (N_("domain"), N_("every subject of “{0}” is {a}")),
    RANGE: (N_("range"), N_("every value of “{0}” is {a}")),
}
# What stands before a class, by the article of its name.
_IS: Final = {"a": N_(" is a "), "an": N_(" is an ")}
_PLACE: Final = re.compile(r"(\{\w+\})")
# Characters and marks of Chinese.
_CHINESE: Final = re.compile("[\u2018-\u201d\u2026\u3000-\u303f\u3400-\u9fff\uff01-\uff60]")
_TITLE: Final = re.compile(r"#\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Word:
    """One or several words of a sentence.

    Attributes:
        text: the words.
        iri: of the term that they name, if they do.
        language: of the words, where that is known.
    """

    text: str
    iri: str = ""
    language: str = ""


Words: TypeAlias = tuple[Word, ...]


class Names:
    """The names of the terms of a proof."""

    def __init__(self, names: Mapping[str, Word], *, several_articles: bool) -> None:
        self._names = names
        self._several_articles = several_articles

    def of(self, term: object) -> Word:
        """Return the name of a term of a triple."""
        if isinstance(term, ox.NamedNode):
            return self.of_iri(term.value)
        if isinstance(term, ox.Literal):
            shown = shown_term(term)
            text = cut(shown.text, _LONGEST)
            return Word(text if shown.datatype else f"“{text}”", language=shown.language)
        return Word(str(term))

    def of_iri(self, iri: str) -> Word:
        """Return the name of a thing or of a term of the ontology."""
        if iri.startswith(_STATEMENT):
            article, _, number = iri.removeprefix(_STATEMENT).rpartition("/")
            words = gettext("statement %(number)s")
            if self._several_articles:
                words = gettext("statement %(number)s of %(article)s")
            return Word(words % {"number": number, "article": article}, iri)
        return self._names.get(iri) or Word(short_name(iri), iri)


def read_names(graph: Graph, things: Iterable[str]) -> Names:
    """Return the names of things and of terms of the ontology."""
    wanted = sorted(set(things))
    names = {iri: Word(name.text, iri, name.language) for iri, name in names_of(graph, wanted).items()}
    for row in graph.select(page_query("why/proof-names", things=iris(wanted)).text):
        names[row.iri("thing")] = _unlabelled(row)
    articles = {iri.rpartition("/")[0] for iri in wanted if iri.startswith(_STATEMENT)}
    return Names(names, several_articles=len(articles) > 1)


def _unlabelled(row: Row) -> Word:
    if "quantity" in row:
        return Word(
            gettext("the figure “%(figure)s”") % {"figure": read_quantity(row).words}, row.iri("thing")
        )
    span = {"start": f"{row.count('start'):,}", "end": f"{row.count('end'):,}"}
    return Word(gettext("characters %(start)s to %(end)s") % span, row.iri("thing"))


def plain(words: Words) -> str:
    """Return words without their links, set as `spaced` does."""
    return "".join(word.text for word in spaced(words))


def spaced(words: Words) -> Words:
    """Return words with, of the spaces between them, those that the typography of the language has."""
    if language() == DEFAULT:
        return words
    found: list[Word] = []
    is_apart = False
    for word in words:
        piece = word.text.strip()
        is_apart = is_apart or word.text[:1].isspace()
        if piece:
            if found and is_apart and _is_divided(found[-1].text[-1], piece[0]):
                found.append(Word(" "))
            found.append(replace(word, text=piece))
            is_apart = word.text[-1:].isspace()
    return tuple(found)


def _is_divided(one: str, other: str) -> bool:
    """Whether a space divides two characters: Chinese from Latin letters, and what is not Chinese."""
    chinese = [bool(_CHINESE.match(each)) for each in (one, other)]
    return not any(chinese) or (not all(chinese) and one.isalpha() and other.isalpha())


def say(triple: ox.Triple, names: Names) -> Words:
    """Return a fact as a sentence without its full stop."""
    return capital((names.of(triple.subject), *_predicate(triple, names)))


def say_proof(proof: Proof, names: Names) -> Words:
    """Return a fact and, in the same sentence, from what it follows at once."""
    said = say(proof.triple, names)
    if proof.inference is None:
        return (*said, Word(gettext(".")))
    joint = gettext(", because ") if isinstance(proof.inference.basis, Axiom) else gettext(": ")
    return (*said, Word(joint), *say_reason(proof, names))


def say_reason(proof: Proof, names: Names) -> Words:
    """Return from what a fact follows at once: the premises, or what the rule says of itself."""
    if proof.inference is None:
        return ()
    if isinstance(proof.inference.basis, Axiom):
        return (*_premises(proof, names), Word(gettext(".")))
    return say_basis(proof.inference, names)


def say_basis(inference: Inference, names: Names) -> Words:
    """Return the axiom as a clause, or what the rule says of itself as sentences."""
    basis = inference.basis
    if isinstance(basis, Axiom):
        return tuple(_filled(basis, names))
    text = catalogued(rule_text(basis.query))
    return (Word(text.translation or str(text), language=language() if text.translation else DEFAULT),)


def rule_text(query: str) -> str:
    """Return what a rule says of itself in its comments, in English."""
    comments = (_TITLE.fullmatch(line) for line in query.splitlines())
    return " ".join(comment[1] for comment in comments if comment)


def kind_of(inference: Inference) -> str:
    """Return the name of the kind of an axiom; `rule` for a rule of the project."""
    return (
        gettext(_AXIOMS[inference.basis.kind][0]) if isinstance(inference.basis, Axiom) else gettext("rule")
    )


def _predicate(triple: ox.Triple, names: Names) -> Words:
    """Return what is said of the subject of a fact."""
    property_, value = names.of_iri(triple.predicate.value), names.of(triple.object)
    if triple.predicate.value == RDF_TYPE:
        return (Word(gettext(_IS[article_for(value.text)])), value)
    if isinstance(triple.object, ox.Literal):
        if value.text in {"true", "false"} and _is_predicate(property_.text):
            words = property_.text if value.text == "true" else _negated(property_.text)
            return (Word(" "), Word(words, property_.iri))
        return (Word(gettext(": ")), property_, Word(" "), value)
    # A name in Chinese has the value at its `…`.
    before, mark, after = property_.text.partition("…")
    if mark:
        iri, tag = property_.iri, property_.language
        around = (Word(" "), Word(before, iri, tag), Word(" "), value)
        return (*around, Word(" "), Word(after, iri, tag)) if after else around
    # “Has accepted statement statement 9” says a word twice.
    last, first = property_.text.rpartition(" ")[2], value.text.partition(" ")[0]
    if last == first:
        property_ = Word(property_.text.removesuffix(f" {last}"), property_.iri)
    return (Word(" "), property_, Word(" "), value)


def _is_predicate(name: str) -> bool:
    """Return whether the name of a property is a predicate without a value: “is lower open”, “不含下限”."""
    return name.startswith("is ") or bool(_CHINESE.match(name))


def _negated(predicate: str) -> str:
    if predicate.startswith("is "):
        return predicate.replace("is", "is not", 1)
    return gettext("not %(predicate)s") % {"predicate": predicate}


def _premises(proof: Proof, names: Names) -> Iterator[Word]:
    """Yield the premises of a step, each joined to the one before it."""
    triples = [premise.triple for premise in proof.premises]
    yield from _clause(triples[0], proof.triple, names)
    for one, other in pairwise(triples):
        if other.subject == one.object:
            yield Word(gettext(", which"))
            yield from _predicate(other, names)
        else:
            yield Word(gettext(", and "))
            yield from _clause(other, proof.triple, names)


def _clause(triple: ox.Triple, fact: ox.Triple, names: Names) -> Words:
    subject = Word(gettext("it")) if triple.subject == fact.subject else names.of(triple.subject)
    return (subject, *_predicate(triple, names))


def _filled(axiom: Axiom, names: Names) -> Iterator[Word]:
    subject = names.of_iri(axiom.subject)
    operands = [names.of_iri(operand) for operand in axiom.operands]
    for part in _PLACE.split(gettext(_AXIOMS[axiom.kind][1])):
        match part:
            case "{0}":
                yield subject
            case "{1}":
                yield operands[0]
            case "{a}":
                if language() == DEFAULT:
                    yield Word(f"{article_for(operands[0].text)} ")
                yield operands[0]
            case "{chain}":
                yield from _chain(operands)
            case _:
                yield Word(part)


def _chain(properties: Iterable[Word]) -> Iterator[Word]:
    for place, each in enumerate(properties):
        yield Word(gettext(", then “") if place else "“")
        yield each
        yield Word("”")


def capital(words: Words) -> Words:
    """Return words that begin with a capital, except before a prefixed name and in Chinese."""
    first = words[0]
    if ":" in first.text or language() != DEFAULT:
        return words
    return (Word(first.text[:1].upper() + first.text[1:], first.iri, first.language), *words[1:])
