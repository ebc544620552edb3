"""`forumkg query`: ask the packaged graph on the command line."""

import sys
from pathlib import Path
from typing import Final

import click

from forumkg.cli.options import data_option
from forumkg.cli.table import draw
from forumkg.dataset.files import source_files
from forumkg.dataset.questions import Question, load_questions
from forumkg.dataset.versions import in_memory, open_version
from forumkg.errors import StoreError
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from forumkg.rdf.sparql_tokens import query_form
from forumkg.sparql.evaluation import Store, evaluate, serialize
from forumkg.sparql.negotiation import family
from forumkg.sparql.result_rows import columns, readable_rows

__all__ = ["command"]

_TABLE: Final = "table"
_FORMATS: Final = (_TABLE, *(format_.name for format_ in RESULT_FORMATS + GRAPH_FORMATS))


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
@data_option
def command(query: str | None, question: str | None, format_name: str, data: Path) -> None:
    r"""Ask the graph a QUERY in SPARQL: the text itself, a file, or - for standard input.

    \b
    forumkg query --question
    forumkg query 'SELECT ?class (COUNT(*) AS ?things) { ?thing a ?class } GROUP BY ?class'
    forumkg query question.rq --format csv > answer.csv
    """
    if question == "":
        click.echo(_list(load_questions()), nl=False)
        return
    text = _text(query, question)
    format_ = _format(format_name, family(query_form(text)))
    answer = evaluate(_store(data), text)
    if format_ is None:
        click.echo(draw(columns(answer), [*readable_rows(answer)]), nl=False)
    else:
        written = serialize(answer, format_)
        click.echo(written, nl=not written.endswith(b"\n"))


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
    return draw(("slug", "question"), [(question.slug, question.title) for question in questions])


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


def _store(data: Path) -> Store:
    files = source_files()
    try:
        return open_version(data, files).store
    except StoreError as error:
        click.echo(f"{error} Building in memory instead.", err=True)
        return in_memory(files)


def _format(name: str, offered: tuple[Format, ...]) -> Format | None:
    """Return the format of the answer; None is a table."""
    if name == _TABLE:
        return GRAPH_FORMATS[0] if offered is GRAPH_FORMATS else None
    format_ = by_name(name, offered)
    if format_ is None:
        names = ", ".join(offer.name for offer in offered)
        raise click.UsageError(
            f"This query cannot be answered in {name}. Write --format with one of: {names}."
        )
    return format_
