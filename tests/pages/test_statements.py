"""Claims and figures: what the cards of all pages show."""

from decimal import Decimal

import pytest

from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.namespaces import ID
from forumkg.pages.graph import Graph, StoreGraph
from forumkg.pages.quantities import Quantity
from forumkg.pages.statements import CitedPassage, Speaker, Statement, anchor_of, read_statements

ARTICLE = f"{ID}article/china-daily-2021"
EXACT, MORE = f"{ID}code/exact", f"{ID}code/more-than"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open the shipped dataset."""
    return open_version(tmp_path_factory.mktemp("data"), source_files())


@pytest.fixture
def graph(shipped: Version) -> Graph:
    """Ask the shipped dataset."""
    return StoreGraph(shipped.store)


def quantity(number: str | None, comparator: str = EXACT, hedge: str = "", **others: object) -> Quantity:
    """Return a figure of indicator `i`."""
    given: dict[str, object] = {"lower": None, "upper": None, "unit": "", "ratio": None, **others}
    value = None if number is None else Decimal(number)
    return Quantity("q", value, comparator, hedge, indicator="i", indicator_name="i", **given)  # type: ignore[arg-type] # (a table of cases)


def test_read_claims_disputed(graph: Graph) -> None:
    """The caption of 2021 comes with its figure, its place, its rank and the curators' note."""
    (statement,) = read_statements(graph, [f"{ID}statement/china-daily-2021/8"])

    assert (
        statement.says
        == "The representatives invited to the 2021 forum come from over 500 countries and territories."
    )
    assert (statement.article, statement.publisher_name, statement.issued) == (ARTICLE, "China Daily", None)
    assert (statement.stance, statement.rank, statement.disputed, statement.speakers) == (
        "planned",
        "deprecated",
        True,
        (),
    )
    assert statement.quality
    assert (statement.carriers, statement.republishers) == (("exbulletin.com",), ("exbulletin.com",))
    assert [quantity.words for quantity in statement.quantities] == ["more than 500"]
    assert statement.quantities[0].is_impossible
    assert [(passage.part, passage.article) for passage in statement.passages] == [("caption", ARTICLE)] * 3
    assert len(statement.notes) == 1
    assert statement.anchor == "statement-china-daily-2021-8"


def test_read_claims_in_a_post(graph: Graph) -> None:
    """Who speaks in a post is shown with the post and the organization."""
    rows = graph.select(
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/> "
        "SELECT ?s { ?s zgc:isSaidAs ?r ; zgc:hasQuantity ?q } ORDER BY ?s"
    )
    (statement,) = read_statements(graph, [row.iri("s") for row in rows])

    assert statement.speakers == (
        Speaker(
            f"{ID}person/wu-zhaohui",
            "Wu Zhaohui",
            statement.speakers[0].role,
            "vice minister of science and technology",
            statement.speakers[0].organization,
        ),
    )
    assert statement.speakers[0].role.startswith(f"{ID}role/")
    assert statement.speakers[0].organization.startswith("Ministry of Science and Technology")


def test_read_claims_all(graph: Graph) -> None:
    """Each statement of the graph is one claim, with an article and at least one place; order is kept."""
    rows = graph.select("SELECT DISTINCT ?s { ?s a <https://w3id.org/zgc-forum/ontology/Statement> }")
    wanted = [row.iri("s") for row in rows]
    statements = read_statements(graph, [*wanted, wanted[0], f"{ID}statement/none/1"])

    assert [statement.iri for statement in statements] == wanted
    assert all(
        statement.passages and statement.article and statement.publisher_name for statement in statements
    )
    assert len({statement.anchor for statement in statements}) == len(statements)


def test_read_claims_none(graph: Graph) -> None:
    """Nothing is asked for no statements."""
    assert read_statements(graph, []) == ()


def test_anchor_of() -> None:
    """An anchor is the IRI without its base, without slashes."""
    assert anchor_of(f"{ID}statement/a/1") == "statement-a-1"
    assert Statement("x", "says", "a", "A", passages=(CitedPassage("p", "a", 0, 1, 2),)).anchor == "x"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (quantity("650", MORE, "more than"), "more than 650"),
        (quantity("800"), "800"),
        (quantity("1550000000", MORE, "about", unit="USD"), "about 1,550,000,000 USD"),
        (quantity("27000", unit="m2"), "27,000 m²"),
        (quantity("2.50"), "2.5"),
        (quantity(None, ratio=Decimal("0.5")), "50%"),
    ],
)
def test_figure_words(shown: Quantity, words: str) -> None:
    """A figure reads as people say it."""
    assert shown.words == words


@pytest.mark.parametrize(
    ("shown", "impossible"),
    [
        (quantity("500", lower=Decimal(500), maximum=Decimal(249)), True),
        (quantity("249", lower=Decimal(249), maximum=Decimal(249)), False),
        (quantity("500", upper=Decimal(500), maximum=Decimal(249)), False),
        (quantity("500", lower=Decimal(500)), False),
    ],
)
def test_figure_is_impossible(shown: Quantity, impossible: bool) -> None:
    """Only what lies wholly above the most that is possible is impossible."""
    assert shown.is_impossible is impossible


@pytest.mark.parametrize(
    ("start", "end", "share"),
    [
        (0, 10, "near the beginning of the text"),
        (200, 300, "about a quarter down the text"),
        (330, 340, "about a third down the text"),
        (400, 600, "about halfway down the text"),
        (620, 700, "about two thirds down the text"),
        (990, 1000, "near the end of the text"),
    ],
)
def test_share_of_a_passage(start: int, end: int, share: str) -> None:
    """A reader of a web page finds a passage by the share of the text before it."""
    assert CitedPassage("", "", start, end, 1000).share == share
    assert CitedPassage("", "", start, end, 0).share == ""
