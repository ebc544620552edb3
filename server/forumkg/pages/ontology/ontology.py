"""The ontology as pages show it: all terms in reading order, and each with its shapes, questions and uses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from forumkg.pages.answer_tables import Answer, answer
from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_
from forumkg.pages.ontology.terms import OntologyTerm, read_terms
from forumkg.pages.page_queries import PageQuery, page_query, text_literal
from forumkg.pages.question_index import AskedQuestion, read_questions
from forumkg.pages.translated_text import catalogued
from forumkg.rdf.turtle.outline import OutlineSection

__all__ = ["Ontology", "Shape", "TermPage", "TermSection", "read_ontology", "read_term_page"]

_REST: Final = N_("Further terms")


@dataclass(frozen=True, slots=True)
class TermSection:
    """Terms that are read together."""

    title: str
    terms: tuple[OntologyTerm, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """The terms, in reading order."""

    sections: tuple[TermSection, ...]

    @property
    def terms(self) -> tuple[OntologyTerm, ...]:
        """All terms, in reading order."""
        return tuple(term for section in self.sections for term in section.terms)


@dataclass(frozen=True, slots=True)
class Shape:
    """A SHACL shape, and what it says when it is broken."""

    iri: str
    name: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class TermPage:
    """What the page of a term shows besides the term.

    Attributes:
        shapes: that check it.
        questions: whose queries use it.
        examples: some uses of it.
        queries: behind the page.
    """

    shapes: tuple[Shape, ...]
    questions: tuple[AskedQuestion, ...]
    examples: Answer
    queries: tuple[PageQuery, ...]


def read_ontology(graph: Graph, order: Sequence[OutlineSection]) -> Ontology:
    """Return the terms of the ontology.

    Args:
        graph: the graph to query.
        order: the order in which they are read; what it leaves out comes last, in alphabetical order.
    """
    uses = {row.iri("term"): row.count("uses") for row in graph.select(page_query("ontology/term-uses").text)}
    terms = read_terms(graph.select(page_query("ontology/ontology-triples").text), uses)
    sections = []
    for section in order:
        found = tuple(terms.pop(iri) for iri in section.subjects if iri in terms)
        if found:
            sections.append(TermSection(catalogued(section.title), found))
    if terms:
        sections.append(TermSection(catalogued(_REST), tuple(terms.values())))
    return Ontology(tuple(sections))


def read_term_page(graph: Graph, term: OntologyTerm) -> TermPage:
    """Return what the page of a term shows besides the term."""
    word = rf"zgc:{re.escape(term.name)}([^A-Za-z0-9_]|$)"
    shapes = page_query("ontology/term-shapes", term=term.iri, pattern=text_literal(word))
    examples = page_query(
        "ontology/class-examples" if term.is_class else "ontology/property-examples", term=term.iri
    )
    return TermPage(
        tuple(
            Shape(row.iri("shape"), row.iri("shape").rpartition("/")[2], catalogued(str(row.text("message"))))
            for row in graph.select(shapes.text)
        ),
        tuple(each for each in read_questions(graph) if _pattern(word).search(each.text)),
        answer(graph, examples.text, "SELECT"),
        (examples, shapes),
    )


@lru_cache(maxsize=256)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(word)
