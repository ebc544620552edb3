"""The competency questions as pages show them: in groups, and each with its answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from forumkg.namespaces import QUERY
from forumkg.pages.answer_tables import Answer, answer
from forumkg.pages.graph import Graph
from forumkg.pages.languages import N_, gettext, language_of
from forumkg.pages.page_queries import page_query
from forumkg.pages.shown_terms import ShownTerm
from forumkg.pages.translated_text import TranslatedText
from forumkg.rdf.sparql_tokens import query_form

__all__ = [
    "AskedQuestion",
    "QuestionGroup",
    "answered",
    "bars",
    "grouped",
    "read_questions",
]

# The questions are in an order from easy to hard; each of these begins a group.
_GROUPS: Final = {
    "editions": N_("The editions of the forum"),
    "officials": N_("People and articles"),
    "hedges": N_("Figures"),
    "theme-wordings": N_("Wordings and plans"),
    "where-it-stands": N_("Evidence: where it is and who says it"),
    "curators-notes": N_("Judgements of the curators"),
    "disagreements": N_("Agreement and disagreement"),
    "editions-without-host": N_("What is missing, and what recurs"),
}
_OTHERS: Final = N_("Questions")
# A bar is named by so many cells at most, and one bar says nothing.
_NAMES: Final = 2
_FEWEST_BARS: Final = 2
_HEDGES: Final = frozenset({"comparator", "statement"})


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question in words and in SPARQL."""

    slug: str
    number: int
    title: str
    text: str

    @property
    def form(self) -> str:
        """The form of its query: `SELECT`, `ASK` or `CONSTRUCT`."""
        return query_form(self.text)


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that belong together."""

    title: str
    questions: tuple[AskedQuestion, ...]


def read_questions(graph: Graph) -> tuple[AskedQuestion, ...]:
    """Return the questions that the graph describes, in their order."""
    return tuple(
        AskedQuestion(
            row.iri("question").removeprefix(QUERY),
            row.count("position"),
            row.text("title"),
            row.text("text"),
        )
        for row in graph.select(page_query("question-index").text)
    )


def grouped(questions: Iterable[AskedQuestion]) -> tuple[QuestionGroup, ...]:
    """Return questions in groups, in their order."""
    groups: dict[str, list[AskedQuestion]] = {}
    title = _OTHERS
    for question in questions:
        title = _GROUPS.get(question.slug, title)
        groups.setdefault(title, []).append(question)
    return tuple(QuestionGroup(gettext(title), tuple(members)) for title, members in groups.items())


def bars(found: Answer) -> tuple[tuple[str, Decimal], ...]:
    """Return names and numbers to draw, where an answer is nothing else: one number for each name.

    A printed figure has a hedge, which a bar would leave out.
    """
    numbers = [place for place, column in enumerate(found.columns) if column.is_number]
    others = [place for place, column in enumerate(found.columns) if not column.is_number]
    if len(numbers) != 1 or not 0 < len(others) <= _NAMES or found.total < _FEWEST_BARS:
        return ()
    if any(found.columns[place].name in _HEDGES for place in others):
        return ()
    rows = [(_name([row[place] for place in others]), row[numbers[0]].number) for row in found.rows]
    return tuple((name, number) for name, number in rows if number is not None and number >= 0)


def _name(cells: Sequence[ShownTerm]) -> str:
    text = gettext(", ").join(cell.text for cell in cells)
    return TranslatedText(text, cells[0].language or language_of(text))


def answered(graph: Graph, question: AskedQuestion) -> Answer:
    """Return the answer to a question."""
    return answer(graph, question.text, question.form)
