"""Claims and figures: what the cards of all pages show."""

from decimal import Decimal

import pytest

from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, open_version
from forumkg.namespaces import ID
from forumkg.pages.graph import Ask, StoreAsk
from forumkg.pages.quantities import Figure
from forumkg.pages.statements import Claim, Place, Speaker, anchor_of, read_claims

ARTICLE = f"{ID}article/china-daily-2021"
EXACT, MORE = f"{ID}code/exact", f"{ID}code/more-than"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open the shipped dataset."""
    return open_version(tmp_path_factory.mktemp("data"), source_files())


@pytest.fixture
def ask(shipped: Version) -> Ask:
    """Ask the shipped dataset."""
    return StoreAsk(shipped.store)


def figure(number: str | None, comparator: str = EXACT, hedge: str = "", **others: object) -> Figure:
    """Return a figure of indicator `i`."""
    given: dict[str, object] = {"lower": None, "upper": None, "unit": "", "ratio": None, **others}
    value = None if number is None else Decimal(number)
    return Figure("q", value, comparator, hedge, indicator="i", indicator_name="i", **given)  # type: ignore[arg-type] # (a table of cases)


def test_read_claims_disputed(ask: Ask) -> None:
    """The caption of 2021 comes with its figure, its place, its rank and the curators' note."""
    (claim,) = read_claims(ask, [f"{ID}statement/china-daily-2021/8"])

    assert (
        claim.says
        == "The representatives invited to the 2021 forum come from over 500 countries and territories."
    )
    assert (claim.article, claim.publisher_name, claim.issued) == (ARTICLE, "China Daily", None)
    assert (claim.stance, claim.rank, claim.disputed, claim.speakers) == ("planned", "deprecated", True, ())
    assert claim.quality
    assert [figure.words for figure in claim.figures] == ["more than 500"]
    assert claim.figures[0].is_impossible
    assert [(place.part, place.article) for place in claim.places] == [("caption", ARTICLE)] * 3
    assert len(claim.notes) == 1
    assert claim.anchor == "statement-china-daily-2021-8"


def test_read_claims_in_a_post(ask: Ask) -> None:
    """Who speaks in a post is shown with the post and the organization."""
    rows = ask.rows(
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/> "
        "SELECT ?s { ?s zgc:isSaidAs ?r ; zgc:hasQuantity ?q } ORDER BY ?s"
    )
    (claim,) = read_claims(ask, [row.iri("s") for row in rows])

    assert claim.speakers == (
        Speaker(
            f"{ID}person/wu-zhaohui",
            "Wu Zhaohui",
            claim.speakers[0].role,
            "vice minister of science and technology",
            claim.speakers[0].organization,
        ),
    )
    assert claim.speakers[0].role.startswith(f"{ID}role/")
    assert claim.speakers[0].organization.startswith("Ministry of Science and Technology")


def test_read_claims_all(ask: Ask) -> None:
    """Each statement of the graph is one claim, with an article and at least one place; order is kept."""
    rows = ask.rows("SELECT DISTINCT ?s { ?s a <https://w3id.org/zgc-forum/ontology/Statement> }")
    wanted = [row.iri("s") for row in rows]
    claims = read_claims(ask, [*wanted, wanted[0], f"{ID}statement/none/1"])

    assert [claim.iri for claim in claims] == wanted
    assert all(claim.places and claim.article and claim.publisher_name for claim in claims)
    assert len({claim.anchor for claim in claims}) == len(claims)


def test_read_claims_none(ask: Ask) -> None:
    """Nothing is asked for no statements."""
    assert read_claims(ask, []) == ()


def test_anchor_of() -> None:
    """An anchor is the IRI without its base, without slashes."""
    assert anchor_of(f"{ID}statement/a/1") == "statement-a-1"
    assert Claim("x", "says", "a", "A", places=(Place("p", "a", 0, 1, 2),)).anchor == "x"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (figure("650", MORE, "more than"), "more than 650"),
        (figure("800"), "800"),
        (figure("1550000000", MORE, "about", unit="USD"), "about 1,550,000,000 USD"),
        (figure("27000", unit="m2"), "27,000 m²"),
        (figure("2.50"), "2.5"),
        (figure(None, ratio=Decimal("0.5")), "50%"),
    ],
)
def test_figure_words(shown: Figure, words: str) -> None:
    """A figure reads as people say it."""
    assert shown.words == words


@pytest.mark.parametrize(
    ("shown", "impossible"),
    [
        (figure("500", lower=Decimal(500), maximum=Decimal(249)), True),
        (figure("249", lower=Decimal(249), maximum=Decimal(249)), False),
        (figure("500", upper=Decimal(500), maximum=Decimal(249)), False),
        (figure("500", lower=Decimal(500)), False),
    ],
)
def test_figure_is_impossible(shown: Figure, impossible: bool) -> None:
    """Only what lies wholly above the most that is possible is impossible."""
    assert shown.is_impossible is impossible
