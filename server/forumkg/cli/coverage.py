"""`forumkg coverage`: what of a text a worksheet does not map yet."""

from pathlib import Path

import click

from forumkg.cli.map import text_of
from forumkg.cli.options import FILE, text_option
from forumkg.mapping.coverage import coverage, coverage_report
from forumkg.mapping.parser import parse_worksheet
from forumkg.rdf.reading import read_text as read_file

__all__ = ["command"]


@click.command("coverage")
@click.argument("worksheet", type=FILE)
@text_option
def command(worksheet: Path, *, text: Path | None) -> None:
    """Show the passages of a WORKSHEET without a statement, those with proposals alone, and unmapped numbers.

    A passage is mapped when a statement stands below it, when a statement or a role refers to its label, when
    the article's metadata rest on it, or when it is omitted. Words of the text are shown on the terminal.

    \b
    forumkg coverage xinhua-2025-03-27.map

    Exit 0 when all is mapped, 1 otherwise, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    content = read_file(worksheet)
    read, problems = parse_worksheet(content)
    found = coverage(read, text_of(worksheet, content, text))
    click.echo(coverage_report(found, problems, str(worksheet)), nl=False)
    raise SystemExit(0 if found.is_complete and not problems else 1)
