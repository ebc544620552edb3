"""The printed figures as a table: typed columns, and a row for each figure that a statement gives.

The same table is written as CSV, XLSX and Parquet (`figure_files`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

from forumkg.pages.graph import Graph
from forumkg.pages.languages import DEFAULT, N_, gettext, language
from forumkg.pages.page_queries import iris, page_query
from forumkg.pages.quantity_groups import ReportedQuantity, read_reported_quantities
from forumkg.pages.statements import CitedPassage, Speaker
from forumkg.pages.translated_text import literal, plain

__all__ = [
    "COLUMNS",
    "CellType",
    "FigureCell",
    "FigureColumn",
    "FigureRow",
    "figure_rows",
    "read_figure_rows",
]

FigureCell: TypeAlias = str | int | bool | Decimal | date | None
# A cell for each column, in their order; None where the sources give nothing.
FigureRow: TypeAlias = tuple[FigureCell, ...]
PageOf: TypeAlias = Callable[[str], str]


class CellType(Enum):
    """The type of the cells of a column, by its name in CSVW (https://www.w3.org/TR/tabular-metadata/)."""

    TEXT = N_("string")
    INTEGER = N_("integer")
    NUMBER = N_("decimal")
    BOOLEAN = N_("boolean")
    DATE = N_("date")
    IRI = N_("anyURI")


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of the table.

    Attributes:
        name: the heading for programs, a name that every tool accepts.
        heading: the heading for people, which a workbook in another language has.
        kind: the type of its cells.
        description: what a cell holds, and when it is empty.
        separator: what stands between several values in one cell; empty where there is one at most.
    """

    name: str
    heading: str
    kind: CellType
    description: str
    separator: str = ""


COLUMNS: Final = (
    FigureColumn(
        "edition",
        N_("Edition"),
        CellType.INTEGER,
        N_("The year of the edition; empty where the subject is not an edition."),
    ),
    FigureColumn(
        "subject",
        N_("Subject"),
        CellType.TEXT,
        N_("What the figure is about: an edition, or something else."),
    ),
    FigureColumn("indicator", N_("Indicator"), CellType.TEXT, N_("What is counted or measured.")),
    FigureColumn(
        "figure",
        N_("Figure"),
        CellType.TEXT,
        N_("The figure with hedge and unit, as the pages of the site write it."),
    ),
    FigureColumn(
        "number", N_("Number"), CellType.NUMBER, N_("The number as it is printed, without its hedge.")
    ),
    FigureColumn(
        "unit",
        N_("Code of the unit"),
        CellType.TEXT,
        N_("The unit or the currency; empty where things are counted."),
    ),
    FigureColumn(
        "unit_label",
        N_("Unit"),
        CellType.TEXT,
        N_("The unit as people write it: years, days, m² (square metres), CNY; % for a share."),
    ),
    FigureColumn(
        "hedge",
        N_("Hedge"),
        CellType.TEXT,
        N_("How the number is hedged: exactly, more than, nearly, about, at least, at most."),
    ),
    FigureColumn(
        "lower_bound",
        N_("Lower bound"),
        CellType.NUMBER,
        N_("The least value that the hedged number allows; empty where none is."),
    ),
    FigureColumn(
        "lower_bound_is_open",
        N_("Lower bound excluded"),
        CellType.BOOLEAN,
        N_("Whether the lower bound itself is excluded."),
    ),
    FigureColumn(
        "upper_bound",
        N_("Upper bound"),
        CellType.NUMBER,
        N_("The largest value that the hedged number allows; empty where none is."),
    ),
    FigureColumn(
        "upper_bound_is_open",
        N_("Upper bound excluded"),
        CellType.BOOLEAN,
        N_("Whether the upper bound itself is excluded."),
    ),
    FigureColumn(
        "share", N_("Share"), CellType.NUMBER, N_("The ratio that a percentage gives: 0.5 for 50%.")
    ),
    FigureColumn(
        "maximum_possible",
        N_("Largest possible value"),
        CellType.NUMBER,
        N_("The largest value that is possible at all, where one is known."),
    ),
    FigureColumn(
        "as_of",
        N_("As of"),
        CellType.DATE,
        N_("The day as of which the figure holds, where the source states it."),
    ),
    FigureColumn(
        "stance",
        N_("Stance"),
        CellType.TEXT,
        N_("Whether the figure is planned, printed as ongoing, or reported, in the words of the pages."),
    ),
    FigureColumn(
        "stance_code",
        N_("Code of the stance"),
        CellType.TEXT,
        N_("The stance as the graph names it: planned, ongoing, accomplished."),
    ),
    FigureColumn(
        "rank",
        N_("Rank"),
        CellType.TEXT,
        N_("The curators' rank: preferred, deprecated; empty for a normal statement."),
    ),
    FigureColumn(
        "judgement",
        N_("Judgement"),
        CellType.TEXT,
        N_("'judged wrong' or 'impossible'; empty for any other figure."),
    ),
    FigureColumn("publisher", N_("Publisher"), CellType.TEXT, N_("Who published the article.")),
    FigureColumn(
        "carrier",
        N_("Carrier"),
        CellType.TEXT,
        N_("Who republished the text that was read, if not the publisher."),
        "; ",
    ),
    FigureColumn(
        "published", N_("Published"), CellType.DATE, N_("The day of publication; empty where it is unknown.")
    ),
    FigureColumn("article", N_("Article"), CellType.TEXT, N_("The name that we give the article.")),
    FigureColumn(
        "article_url",
        N_("Address of the article"),
        CellType.IRI,
        N_("The web address at which the article was read: that of the carrier, where there is one."),
    ),
    FigureColumn(
        "language_quality",
        N_("Language quality"),
        CellType.TEXT,
        N_(
            "How the English of the article came about: edited English, original, machine-translated, "
            "back-translated; empty where it is unknown."
        ),
    ),
    FigureColumn(
        "speakers",
        N_("Speakers"),
        CellType.TEXT,
        N_("Who says it, in their post; empty where the article itself does."),
        separator="; ",
    ),
    FigureColumn(
        "speech",
        N_("Kind of quotation"),
        CellType.TEXT,
        N_("Whether a speaker is quoted directly or indirectly."),
    ),
    FigureColumn(
        "paraphrase",
        N_("Paraphrase"),
        CellType.TEXT,
        N_("What is stated, in our words: not a quotation. The judgement, if any, comes first."),
    ),
    FigureColumn(
        "notes", N_("Notes of the curators"), CellType.TEXT, N_("Notes of the curators."), separator=" "
    ),
    FigureColumn(
        "passages",
        N_("Passages"),
        CellType.TEXT,
        N_("The part of the article and the characters, counted from 0, that support the statement."),
        separator="; ",
    ),
    FigureColumn(
        "page", N_("Page of the statement"), CellType.IRI, N_("The page of the statement on this server.")
    ),
    FigureColumn("statement", N_("IRI of the statement"), CellType.IRI, N_("The IRI of the statement.")),
    FigureColumn(
        "quantity",
        N_("IRI of the quantity"),
        CellType.IRI,
        N_("The IRI of the figure; statement, quantity and subject_iri identify a row."),
    ),
    FigureColumn(
        "subject_iri", N_("IRI of the subject"), CellType.IRI, N_("The IRI of what the figure is about.")
    ),
    FigureColumn(
        "indicator_iri",
        N_("IRI of the indicator"),
        CellType.IRI,
        N_("The IRI of what is counted or measured."),
    ),
    FigureColumn("article_iri", N_("IRI of the article"), CellType.IRI, N_("The IRI of the article.")),
    FigureColumn(
        "passage_iris",
        N_("IRIs of the passages"),
        CellType.TEXT,
        N_("The IRIs of the passages, in the order of passages."),
        separator=" ",
    ),
)


def read_figure_rows(
    graph: Graph, page_of: PageOf, quantities: Iterable[str] | None = None
) -> tuple[FigureRow, ...]:
    """Return the rows of figures in a graph, ordered by edition, subject, indicator and number.

    Args:
        graph: the graph to query.
        page_of: returns the address of the page of a thing.
        quantities: the IRIs of the figures; None for all.
    """
    terms = {} if quantities is None else {"quantities": iris(quantities)}
    entries = read_reported_quantities(graph, page_query("figures", **terms))
    articles = sorted({entry.statement.article for entry in entries})
    found = graph.select(page_query("article-addresses", articles=iris(articles)).text) if articles else ()
    # The first of several.
    addresses = {row.iri("article"): row.text("url") for row in reversed(found)}
    return figure_rows(entries, page_of, addresses)


def figure_rows(
    entries: Iterable[ReportedQuantity], page_of: PageOf, addresses: Mapping[str, str]
) -> tuple[FigureRow, ...]:
    """Return a row for each quantity that a statement gives of a subject, in their order.

    Words are in the language of the page; codes and IRIs are the same in each.

    Args:
        entries: the quantities.
        page_of: returns the address of the page of a thing.
        addresses: the web addresses of articles, by their IRIs.
    """
    cells = (_cells(entry, page_of, addresses) for entry in entries)
    return tuple(tuple(each[column.name] for column in COLUMNS) for each in cells)


def _cells(entry: ReportedQuantity, page_of: PageOf, addresses: Mapping[str, str]) -> dict[str, FigureCell]:
    quantity, statement = entry.quantity, entry.statement
    cells: dict[str, FigureCell] = {
        "edition": entry.year,
        "subject": plain(entry.subject_name),
        "indicator": plain(quantity.indicator_name),
        "figure": quantity.words,
        "number": quantity.number,
        "unit": quantity.unit,
        "unit_label": quantity.unit_words,
        "hedge": plain(quantity.hedge),
        "lower_bound": quantity.lower,
        "lower_bound_is_open": None if quantity.lower is None else quantity.is_lower_open,
        "upper_bound": quantity.upper,
        "upper_bound_is_open": None if quantity.upper is None else quantity.is_upper_open,
        "share": quantity.ratio,
        "maximum_possible": quantity.maximum,
        "as_of": entry.as_of or quantity.day,
        "stance": statement.stance_words,
        "stance_code": literal(statement.stance),
        "rank": plain(statement.rank),
        "judgement": entry.judgement,
        "publisher": plain(statement.publisher_name),
        "carrier": gettext("; ").join(map(plain, statement.republishers)),
        "published": statement.issued,
        "article": plain(statement.article_name),
        "article_url": addresses.get(statement.article, ""),
        "language_quality": plain(statement.quality),
        "speakers": gettext("; ").join(dict.fromkeys(map(_in_post, statement.speakers))),
        "speech": statement.speech,
        "paraphrase": statement.shown_headline,
        "notes": _between_sentences().join(map(plain, statement.notes)),
        "passages": gettext("; ").join(map(_span, statement.passages)),
        "page": page_of(statement.iri),
        "statement": statement.iri,
        "quantity": quantity.iri,
        "subject_iri": entry.subject,
        "indicator_iri": quantity.indicator,
        "article_iri": statement.article,
        "passage_iris": " ".join(passage.iri for passage in statement.passages),
    }
    # No text, no edition and no day are the same in each format: an empty cell.
    return {
        name: None if cell == "" or (name == "edition" and not cell) else cell for name, cell in cells.items()
    }


def _between_sentences() -> str:
    return " " if language() == DEFAULT else ""


def _in_post(speaker: Speaker) -> str:
    name, post, organization = map(plain, (speaker.name, speaker.post, speaker.organization))
    # A post in Chinese begins with the organization.
    parts = (name, post, "" if post.startswith(organization) else organization)
    return gettext(", ").join(filter(None, parts))


def _span(passage: CitedPassage) -> str:
    return f"{plain(passage.part)} {passage.start}-{passage.end}".strip()
