"""The text of a report on an error: what a page says, where, and room for what is wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forumkg.pages.statements import Statement

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
    """Return a report to complete: in English, the language of those who read it."""
    lines = [
        f"Report on: {reported.title}",
        "",
        "What is wrong:",
        "",
        "What is right, and which passage or source shows it:",
        "",
        *_given(
            ("IRI", "" if reported.iri in {each.iri for each in reported.statements} else reported.iri),
            ("Page", reported.page),
            ("Version of the dataset", reported.version),
        ),
    ]
    for statement in reported.statements:
        lines += ["", *_statement(statement)]
    return "\n".join(lines)


def _statement(statement: Statement) -> Iterator[str]:
    """Yield the lines on a statement; never a sentence of the article."""
    yield from _given(
        ("Statement", statement.iri),
        ("The page says (paraphrase)", statement.says),
        ("Figure", "; ".join(f"{each.words} {each.indicator_name}" for each in statement.quantities)),
        ("Stance", statement.stance_words),
        ("Judgement", statement.judgement or statement.rank),
        ("Said by", "; ".join(each.name for each in statement.speakers)),
        ("Article", f"{statement.article_name} <{statement.article}>"),
        ("Published by", statement.publisher_name),
        ("Carried by", "; ".join(statement.republishers)),
        ("Published on", statement.issued.isoformat() if statement.issued else ""),
    )
    for each in statement.passages:
        part = f" ({each.part})" if each.part else ""
        yield f"Passage: characters {each.start} to {each.end} of {each.length}{part}"


def _given(*pairs: tuple[str, str]) -> Iterable[str]:
    return (f"{name}: {value}" for name, value in pairs if value)
