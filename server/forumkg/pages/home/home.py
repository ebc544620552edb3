"""The first page: one striking comparison, how much there is, and where to start."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from forumkg.namespaces import ZGC
from forumkg.pages.article_list import Article, list_articles
from forumkg.pages.charts import QuantityChart, quantity_charts
from forumkg.pages.graph import Graph, Row
from forumkg.pages.indicators import Indicator, read_indicators
from forumkg.pages.languages import N_, gettext, language, translate
from forumkg.pages.page_queries import PageQuery, page_query, text_literal
from forumkg.pages.quantities import number_words
from forumkg.pages.quantity_groups import QuantityGroup, ReportedQuantity
from forumkg.pages.question_index import AskedQuestion, read_questions
from forumkg.pages.statements import Statement, read_statements

__all__ = ["COUNTED", "STARTERS", "Count", "HomePage", "Striking", "read_home_page"]

# What is counted on the first page: the class of the things, the page that lists them, and
# the title of the query.
COUNTED: Final = {
    "statements": ("Statement", "/statements", N_("How many statements are there?")),
    "figures": ("Quantity", "/compare", N_("How many figures are there?")),
    "passages": ("Passage", "/articles", N_("How many passages are there?")),
    "articles": ("Article", "/articles", N_("How many articles are there?")),
}
# The questions to start from.
STARTERS: Final = ("hosts", "exhibitors-by-edition", "activities-by-edition", "countries-2021", "kept-plans")


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something, the query that counts it, and the path of the page that lists it."""

    name: str
    number: int
    query: PageQuery
    list: str


@dataclass(frozen=True, slots=True)
class Striking:
    """An impossible figure, beside the other figures of the same indicator.

    Attributes:
        question: a question that it raises.
        statement: that gives it.
        slug: of the indicator on whose page it is compared.
    """

    question: str
    statement: Statement
    indicator: Indicator
    slug: str
    charts: tuple[QuantityChart, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The content of the first page; nothing is striking in a graph without an impossible figure."""

    striking: Striking | None
    counts: tuple[Count, ...]
    questions: tuple[AskedQuestion, ...]
    articles: tuple[Article, ...]
    queries: tuple[PageQuery, ...]


def read_home_page(graph: Graph, articles: Collection[str] | None = None) -> HomePage:
    """Return the first page, with some articles or all."""
    query = page_query("home/striking", language=text_literal(language()))
    rows = graph.select(query.text)
    questions = {question.slug: question for question in read_questions(graph)}
    counts = tuple(_count(graph, name, *of_one) for name, of_one in COUNTED.items())
    return HomePage(
        _striking(graph, rows[0], rows) if rows else None,
        counts,
        tuple(questions[slug] for slug in STARTERS if slug in questions),
        list_articles(graph, articles),
        (query, *(count.query for count in counts)),
    )


def _count(graph: Graph, name: str, kind: str, path: str, title: str) -> Count:
    query = replace(page_query("home/count", kind=ZGC + kind), title=translate(title))
    return Count(name, graph.select(query.text)[0].count("number"), query, path)


def _striking(graph: Graph, first: Row, rows: tuple[Row, ...]) -> Striking | None:
    own = [row for row in rows if row.iri("statement") == first.iri("statement")]
    pairs = {first.iri("statement"): first.iri("quantity")}
    pairs |= {row.iri("other"): row.iri("otherQuantity") for row in own if "other" in row}
    statements = {statement.iri: statement for statement in read_statements(graph, pairs)}
    indicator = read_indicators(graph).get(first.iri("indicator"))
    # What has no words, or is in no article, cannot be shown.
    if indicator is None or first.iri("statement") not in statements:
        return None
    band = QuantityGroup(first.iri("subject"), "", _entries(first, statements, pairs))
    return Striking(
        _question(first),
        statements[first.iri("statement")],
        indicator,
        (first.iri("broader") or indicator.iri).rpartition("/")[2],
        quantity_charts([band], indicator.maximum),
    )


def _entries(
    row: Row, statements: Mapping[str, Statement], pairs: Mapping[str, str]
) -> tuple[ReportedQuantity, ...]:
    return tuple(
        ReportedQuantity(quantity, statement, row.iri("subject"), row.text("subjectName"), row.count("year"))
        for statement in statements.values()
        for quantity in statement.quantities
        if quantity.iri == pairs[statement.iri]
    )


def _question(row: Row) -> str:
    """Return the question that an impossible figure raises, in the words of the graph for its parts."""
    number, counted = number_words(row.number("number") or Decimal(0)), row.text("counted")
    place, year = row.text("placeName"), row.text("year")
    if place and year:
        # What is counted is named before its kind: countries, of representatives.
        counted = translate(counted.partition(" of ")[0])
        words = {"number": number, "counted": counted, "place": place, "year": year}
        return gettext("Did %(number)s %(counted)s come to %(place)s in %(year)s?") % words
    return f"{number} {counted} at the {row.text('subjectName')}?"
