"""The attributions of figures: who printed them, on which sites, and who said them."""

from forumkg.pages.attributions import Attribution, attributions
from forumkg.pages.statements import Speaker, Statement


def statement(publisher: str, *speakers: str, carriers: tuple[str, ...] = ()) -> Statement:
    """Return a statement of an article."""
    return Statement(
        iri=f"https://example.org/{publisher}",
        says="It has 60 activities.",
        article="https://example.org/article",
        article_name="An article",
        publisher_name=publisher,
        carriers=carriers,
        speakers=tuple(Speaker(f"https://example.org/{name}", name) for name in speakers),
    )


def test_attributions_name_each_printer_of_the_same_speakers_once() -> None:
    """Statements of the same speakers are together; a carrier is not the publisher itself."""
    found = attributions(
        (
            statement("Daily", carriers=("Daily", "Site")),
            statement("Agency", "Organizers", "Organizers"),
            statement("Agency"),
            statement("Daily", carriers=("Daily", "Site")),
        )
    )

    assert found == (
        Attribution((("Daily", ("Site",)), ("Agency", ())), ()),
        Attribution((("Agency", ()),), ("Organizers",)),
    )


def test_attribution_without_a_publisher_names_the_article() -> None:
    """Where no publisher is known, the article is the source."""
    assert attributions((statement(""),)) == (Attribution((("An article", ()),), ()),)


def test_attributions_of_no_statement() -> None:
    """Nothing has no attribution."""
    assert attributions(()) == ()
