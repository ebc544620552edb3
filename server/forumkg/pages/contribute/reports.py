"""The text of a report on an error: what a page says, where, and room for what is wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forumkg.pages.languages import gettext
from forumkg.pages.statements import Statement
from forumkg.pages.translated_text import plain

__all__ = ["Reported", "report_text"]


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is about.

    Attributes:
        title: of the thing or the page.
        page: its address on this server.
        version: the version of the dataset that the server shows.
        iri: of the thing; empty for a page that is not about one thing.
        statements: the statement, or those that give the figure.
    """

    title: str
    page: str
    version: str
    iri: str = ""
    statements: tuple[Statement, ...] = ()


def report_text(reported: Reported) -> str:
    """Return a report to complete, in the language of the page."""
    lines = [
        _line(gettext("Report on"), plain(reported.title)),
        "",
        _line(gettext("What is wrong")),
        "",
        _line(gettext("What is right, and which passage or source shows it")),
        "",
        *_given(
            ("IRI", "" if reported.iri in {each.iri for each in reported.statements} else reported.iri),
            (gettext("Page"), reported.page),
            (gettext("Version of the dataset"), reported.version),
        ),
    ]
    for statement in reported.statements:
        lines += ["", *_statement(statement)]
    return "\n".join(lines)


def _statement(statement: Statement) -> Iterator[str]:
    """Yield the lines on a statement; never a sentence of the article."""
    figures = (f"{each.words} {plain(each.indicator_name)}" for each in statement.quantities)
    yield from _given(
        (gettext("Statement"), statement.iri),
        (gettext("The page says (paraphrase)"), plain(statement.says)),
        (gettext("Figure"), gettext("; ").join(figures)),
        (gettext("Stance"), statement.stance_words),
        (gettext("Judgement"), statement.judgement or plain(statement.rank)),
        (gettext("Said by"), gettext("; ").join(plain(each.name) for each in statement.speakers)),
        (gettext("Article"), f"{plain(statement.article_name)} <{statement.article}>"),
        (gettext("Published by"), plain(statement.publisher_name)),
        (gettext("Carried by"), gettext("; ").join(map(plain, statement.republishers))),
        (gettext("Published on"), statement.issued.isoformat() if statement.issued else ""),
    )
    for each in statement.passages:
        span = {"start": each.start, "end": each.end, "length": each.length}
        where = gettext("characters %(start)s to %(end)s of %(length)s") % span
        named = {"where": where, "part": plain(each.part)}
        yield _line(gettext("Passage"), gettext("%(where)s (%(part)s)") % named if each.part else where)


def _given(*pairs: tuple[str, str]) -> Iterable[str]:
    return (_line(name, value) for name, value in pairs if value)


def _line(name: str, value: str = "") -> str:
    return f"{name}{gettext(': ')}{value}".rstrip()
