"""The editions of a timeline, each with the articles that speak about it, and their statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from forumkg.pages.article_list import Article, article_query, list_articles
from forumkg.pages.edition_list import Edition, Year, edition_queries, read_editions
from forumkg.pages.graph import Graph, Row
from forumkg.pages.languages import gettext, ngettext, translate
from forumkg.pages.names import cut
from forumkg.pages.page_queries import PageQuery, iris, page_query
from forumkg.pages.stances import STANCES, Stance

__all__ = ["EditionArticle", "Timeline", "TimelineBand", "TimelineStatement", "read_timeline", "when_words"]


@dataclass(frozen=True, slots=True)
class TimelineStatement:
    """A statement on an edition: the paraphrase, the name of its stance, whether it is judged wrong."""

    iri: str
    says: str
    stance: str = ""
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class EditionArticle:
    """An article that speaks about an edition, and its statements on that edition."""

    article: Article
    statements: tuple[TimelineStatement, ...]

    @property
    def counts(self) -> tuple[tuple[Stance, int], ...]:
        """The stances of the statements, plans first, each with how many statements have it."""
        counted = Counter(statement.stance for statement in self.statements)
        return tuple((stance, counted[stance.code]) for stance in STANCES if counted[stance.code])

    @property
    def words(self) -> str:
        """The number of statements, and how many of them have which stance."""
        number = len(self.statements)
        total = ngettext("%(number)s statement", "%(number)s statements", number) % {"number": number}
        parts = gettext(", ").join(
            gettext("%(number)s %(what)s") % {"number": count, "what": translate(stance.words)}
            for stance, count in self.counts
        )
        return f"{total}{gettext(': ')}{parts}" if parts else total


@dataclass(frozen=True, slots=True)
class TimelineBand:
    """A year with its edition, and the articles that speak about that edition, in the order of publication.

    Attributes:
        total: how many statements there are on the edition; `articles` may have the first of them alone.
    """

    year: Year
    articles: tuple[EditionArticle, ...] = ()
    total: int = 0

    @property
    def edition(self) -> Edition | None:
        """The edition; None for a year in which no source mentions one."""
        return self.year.edition

    @property
    def shown(self) -> int:
        """How many statements are shown."""
        return sum(len(each.statements) for each in self.articles)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a page of the timeline shows.

    Attributes:
        others: the articles without a statement on an edition, where the page shows all articles.
        first: the first day of the axis, a 1 January.
        last: the last day of the axis, a 31 December.
    """

    bands: tuple[TimelineBand, ...]
    others: tuple[Article, ...]
    first: date
    last: date
    queries: tuple[PageQuery, ...]

    @property
    def years(self) -> range:
        """The years of the axis."""
        return range(self.first.year, self.last.year + 1)

    def place(self, day: date, *, end: bool = False) -> float:
        """Return how far along the axis a day begins, or ends, in per cent."""
        days = (self.last - self.first).days + 1
        return round(100 * ((day - self.first).days + end) / days, 2)


def read_timeline(
    graph: Graph,
    editions: Collection[str] | None,
    statements: Collection[str] | None,
    totals: Mapping[str, int],
) -> Timeline:
    """Return the timeline.

    Args:
        graph: to query.
        editions: those that are shown, by their IRIs; None for all, with all articles.
        statements: those that are shown; None for all.
        totals: how many statements there are on each edition.
    """
    narrowed = {} if statements is None else {"statements": iris(statements)}
    query = page_query("timeline/timeline-statements", **narrowed)
    by_edition: defaultdict[str, defaultdict[str, list[TimelineStatement]]]
    by_edition = defaultdict(lambda: defaultdict(list))
    for row in graph.select(query.text):
        by_edition[row.iri("edition")][row.iri("article")].append(_statement(row))
    cited = {article for of_one in by_edition.values() for article in of_one}
    wanted = None if editions is None else cited
    articles = {article.iri: article for article in list_articles(graph, wanted)}
    bands = tuple(_band(year, by_edition, articles, totals) for year in read_editions(graph, editions).years)
    days = [*_days(bands), *(each.issued for each in articles.values() if each.issued)]
    years = [*(day.year for day in days), *(band.year.year for band in bands)] or [date.today().year]  # noqa: DTZ011
    return Timeline(
        bands,
        tuple(each for each in articles.values() if each.iri not in cited),
        date(min(years), 1, 1),
        date(max(years), 12, 31),
        (query, article_query(wanted), *edition_queries(editions)[:2]),
    )


def when_words(issued: date | None, edition: Edition) -> str:
    """Return when an article was published, seen from its edition: `4 days before the first day`."""
    first = min((each.first for each in edition.periods if each.first), default=None)
    last = max((each.last for each in edition.periods if each.last), default=None)
    if issued is None:
        return gettext("undated")
    if issued in {first, last}:
        return gettext("on the first day") if issued == first else gettext("on the last day")
    if first and issued < first:
        return _before((first - issued).days)
    if last and issued > last:
        return _after((issued - last).days)
    return gettext("while it took place") if first and last else ""


def _before(days: int) -> str:
    words = ngettext("%(number)s day before the first day", "%(number)s days before the first day", days)
    return words % {"number": days}


def _after(days: int) -> str:
    words = ngettext("%(number)s day after the last day", "%(number)s days after the last day", days)
    return words % {"number": days}


def _statement(row: Row) -> TimelineStatement:
    return TimelineStatement(
        row.iri("statement"),
        cut(row.text("says")),
        row.text("stance"),
        row.text("rank") == "deprecated",
    )


def _band(
    year: Year,
    by_edition: Mapping[str, Mapping[str, list[TimelineStatement]]],
    articles: Mapping[str, Article],
    totals: Mapping[str, int],
) -> TimelineBand:
    if year.edition is None:
        return TimelineBand(year)
    found = by_edition.get(year.edition.iri, {})
    # The articles are in the order of publication.
    speaking = (EditionArticle(articles[iri], tuple(found[iri])) for iri in articles if iri in found)
    return TimelineBand(year, tuple(speaking), totals.get(year.edition.iri, 0))


def _days(bands: Iterable[TimelineBand]) -> list[date]:
    return [
        day
        for band in bands
        if band.edition
        for period in band.edition.periods
        for day in (period.first, period.last)
        if day
    ]
