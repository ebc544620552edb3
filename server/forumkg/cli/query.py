"""`forumkg query`: query the packaged graph on the command line."""

import re
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final
from unicodedata import combining, east_asian_width

import click

from forumkg.cli.options import DAY, Number, data_option
from forumkg.dataset.files import source_files
from forumkg.dataset.questions import Question, load_questions
from forumkg.dataset.versions import open_version
from forumkg.errors import StoreError
from forumkg.formats import GRAPH_FORMATS, JSON, RESULT_FORMATS, TURTLE, Format, by_name
from forumkg.rdf.sparql_tokens import query_form
from forumkg.sparql.negotiation import family
from forumkg.sparql.result_writers import columns, read_json, readable_rows
from forumkg.workers.pool import Limits, Pool, Query, WrittenAnswer

__all__ = ["command", "draw_table"]

_TABLE: Final = "table"
_CHUNK: Final = 1024**2
_GIB: Final = 1024**3
# The limits of a query on its user's own machine: far higher than on a server.
_LIMITS: Final = Limits(
    timeout=DAY, memory=8 * _GIB, workers=1, max_result=256 * _GIB, spool=512 * _GIB, in_memory=0
)
_FORMATS: Final = (_TABLE, *(format_.name for format_ in RESULT_FORMATS + GRAPH_FORMATS))

_NUMBER: Final = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?|")
_GAP: Final = "  "


@click.command()
@click.argument("query", required=False)
@click.option(
    "--question",
    metavar="[SLUG]",
    is_flag=False,
    flag_value="",
    help="Ask this question; without SLUG, list them.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(_FORMATS, case_sensitive=False),
    default=_TABLE,
    show_default=True,
    help="Form of the answer; a graph is written in Turtle where no other form is named.",
)
@click.option(
    "--timeout",
    type=Number(0.01, DAY),
    metavar="SECONDS",
    show_default="a day",
    help="Seconds after which the query is given up.",
)
@data_option
def command(
    *, query: str | None, question: str | None, format_name: str, timeout: float | None, data: Path
) -> None:
    """Evaluate a QUERY in SPARQL on the graph: the text itself, a file, or - for standard input.

    \b
    forumkg query --question
    forumkg query 'SELECT ?class (COUNT(*) AS ?things) { ?thing a ?class } GROUP BY ?class'
    forumkg query question.rq --format csv > answer.csv

    The query is evaluated in a process of its own that has no way to the network; Ctrl-C ends it at once.
    """  # noqa: D301 (click wants the character, not its escape)
    if question == "":
        click.echo(_list(load_questions()), nl=False)
        return
    text = _text(query, question)
    format_ = _format(format_name, family(query_form(text)))
    with (
        Pool(_store(data), _LIMITS) as pool,
        pool.run(Query(text, format_ or JSON, timeout=timeout)) as answer,
    ):
        if format_ is None:
            _draw(answer)
        else:
            _copy(answer)


def _draw(answer: WrittenAnswer) -> None:
    """Write an answer as a table."""
    results = read_json(answer.read())
    click.echo(draw_table(columns(results), [*readable_rows(results)]), nl=False)


def _copy(answer: WrittenAnswer) -> None:
    """Write an answer as it is, with a line break at its end."""
    body = BytesIO(answer.body) if isinstance(answer.body, bytes) else answer.body
    last = b""
    while chunk := body.read(_CHUNK):
        click.echo(chunk, nl=False)
        last = chunk
    if not last.endswith(b"\n"):
        click.echo()


def _text(query: str | None, question: str | None) -> str:
    if question is not None and query is not None:
        raise click.UsageError("Give a QUERY or a --question, not both.")
    if question is not None:
        return _question_text(question)
    if query is None:
        raise click.UsageError(
            "Give a QUERY, a file, - for standard input, or --question for a list of questions."
        )
    return _read(query)


def _question_text(slug: str) -> str:
    questions = load_questions()
    for question in questions:
        if question.slug == slug:
            return question.text
    raise click.UsageError(f"There is no question {slug!r}. The questions are:\n\n{_list(questions)}")


def _list(questions: tuple[Question, ...]) -> str:
    return draw_table(("slug", "question"), [(question.slug, question.title) for question in questions])


def _read(query: str) -> str:
    try:
        if query == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        # A query has a brace or a space; what has neither can only be meant as the name of a file.
        if "{" not in query and (not any(map(str.isspace, query)) or Path(query).is_file()):
            return Path(query).read_bytes().decode("utf-8-sig")
        query.encode()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise click.UsageError(f"Cannot read {click.format_filename(query)}: {reason}.") from error
    return query


def _store(data: Path) -> Path | None:
    """Return the store of the data directory; None where that cannot be used."""
    try:
        return open_version(data, source_files()).path / "store"
    except StoreError as error:
        click.echo(f"{error} Building in memory instead.", err=True)
        return None


def _format(name: str, offered: tuple[Format, ...]) -> Format | None:
    """Return the format of the answer; None is a table."""
    if name == _TABLE:
        return TURTLE if offered is GRAPH_FORMATS else None
    format_ = by_name(name, offered)
    if format_ is None:
        names = ", ".join(offer.name for offer in offered)
        raise click.UsageError(
            f"This query cannot be answered in {name}. Write --format with one of: {names}."
        )
    return format_


def draw_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the lines of a table: a head, a rule, the rows; columns of numbers are aligned right."""
    cells = [[_one_line(cell) for cell in row] for row in rows]
    by_column = [[row[index] for row in cells] for index in range(len(columns))]
    widths = [max(map(_width, (name, *column))) for name, column in zip(columns, by_column, strict=True)]
    right = [bool(column) and all(map(_NUMBER.fullmatch, column)) for column in by_column]
    lines = [columns, ["-" * width for width in widths], *cells]
    return "".join(f"{_line(line, widths, right)}\n" for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        " " * (width - _width(cell)) + cell if is_right else cell + " " * (width - _width(cell))
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    )
    return _GAP.join(padded).rstrip()


def _one_line(cell: str) -> str:
    """Return a cell without line breaks and control characters."""
    return "".join(char if char.isprintable() else " " for char in cell)


def _width(text: str) -> int:
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
