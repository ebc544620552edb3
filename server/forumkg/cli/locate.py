"""`forumkg locate`: the offsets and the digest of words in a text, and a passage ready to paste."""

from pathlib import Path
from urllib.parse import quote

import click

from forumkg.cli.options import FILE, Number
from forumkg.dataset.files import source_files
from forumkg.errors import DataError
from forumkg.namespaces import ID
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.reading import parse
from forumkg.rdf.terms import iri_from
from forumkg.texts.reading import Text, read_text
from forumkg.validation.locate import locate, passage_turtle
from forumkg.validation.passages import ArticleMetadata, read_articles, verify

__all__ = ["command"]

_ARTICLES = f"{ID}article/"
_PARTS = ("headline", "byline", "dateline", "caption", "body", "furniture")


@click.command("locate")
@click.argument("text", type=FILE)
@click.argument("words")
@click.option(
    "--article",
    metavar="SLUG|IRI",
    help="The article; needless where the graph knows the text by its SHA-256.",
)
@click.option(
    "--occurrence",
    type=Number(1, 1_000_000_000, whole=True),
    metavar="N",
    help="Which of several places is meant, counted from 1.",
)
@click.option(
    "--part", type=click.Choice(_PARTS), default="body", show_default=True, help="The part of the article."
)
def command(text: Path, words: str, article: str | None, occurrence: int | None, part: str) -> None:
    """Find WORDS in TEXT and print the passage that points to them.

    Offsets are Unicode code points, start included, end excluded. White space in WORDS matches any white
    space of the text, line ends included; all else must be as printed. The passage goes to standard output in
    Turtle, ready for the article's file (then run `forumkg format` on it); what is worth knowing about it
    goes to standard error.

    \b
    forumkg locate article.txt "more than 150 exhibitors"
    forumkg locate article.txt "the forum" --occurrence 2
    forumkg locate new.txt "its first words" --article daily-2025-03-01 --part headline

    Exit 0 when the words are found, 1 when they are absent or ambiguous, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    content = read_text(text)
    start, end = locate(content, words, occurrence)
    iri = _article(content, article)
    click.echo(f"{start},{end}: {end - start} code points of <{iri}>", err=True)
    click.echo(passage_turtle(iri, content, (start, end), part), nl=False)


def _article(text: Text, named: str | None) -> str:
    """Return the IRI of the article whose text it is."""
    shipped = _shipped_articles()
    if named is not None:
        iri = named if ":" in named else f"{_ARTICLES}{named}"
        if iri_from(iri) is None:
            message = f"{named!r} makes <{iri}>, which is not an IRI: write a slug such as daily-2025-03-01."
            raise click.BadParameter(message, param_hint="--article")
        known = next((article for article in shipped if article.iri == iri), None)
        if known is not None and (problems := verify(known, (), text)):
            raise DataError(f"{problems[0].message} {problems[0].advice}")
        return iri
    found = next((article.iri for article in shipped if article.sha256 == text.sha256), None)
    if found is None:
        click.echo(
            f"No article of the graph has this text ({text.code_point_length} code points, "
            f"SHA-256 {text.sha256}): name one with --article.",
            err=True,
        )
    return found or f"{_ARTICLES}{quote(Path(text.name).stem)}"


def _shipped_articles() -> tuple[ArticleMetadata, ...]:
    files = (file for file in source_files() if file.name.startswith("articles/"))
    return read_articles(rdflib_graph(triple for file in files for triple in parse(file.path)))
