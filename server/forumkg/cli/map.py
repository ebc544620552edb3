"""`forumkg map`: compile a worksheet, preview what it does to the graph, and write it into the graph."""

from pathlib import Path

import click

from forumkg.cli.options import FILE, root_option, text_option
from forumkg.cli.progress import Progress
from forumkg.errors import DataError
from forumkg.mapping.graph_files import replace_files
from forumkg.mapping.mapped import MappedWorksheet, MappingDataset, map_worksheet
from forumkg.mapping.mapping_report import mapping_report
from forumkg.mapping.parser import parse_worksheet
from forumkg.mapping.writer import number_statements
from forumkg.rdf.reading import read_text as read_file
from forumkg.texts.reading import Text, read_text

__all__ = ["command", "text_of"]


@click.command("map")
@click.argument("worksheet", type=FILE)
@text_option
@click.option(
    "--write", is_flag=True, help="Write the article, its judgements and its new things into the graph."
)
@root_option
def command(worksheet: Path, *, text: Path | None, write: bool, root: Path | None) -> None:
    """Compile a WORKSHEET and show what it would do to the graph; nothing is written without --write.

    Shown are errors and warnings by line, those of `forumkg check --texts` among them, what the worksheet
    holds, and what its statements contradict, differ from, fulfil and corroborate in the graph.

    With --write, and no error, the article, graph/curation.ttl, graph/entities.ttl and the description of the
    dataset are replaced together, in canonical form, and the numbers of new statements are written back into
    the worksheet, so that a later change renumbers nothing.

    \b
    forumkg map xinhua-2025-03-27.map            preview
    forumkg map xinhua-2025-03-27.map --write    write

    Exit 0 when there is no error, 1 with errors, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    content = read_file(worksheet)
    with Progress() as progress:
        progress("reading the graph")
        dataset = MappingDataset.read(root)
        mapped = map_worksheet(content, text_of(worksheet, content, text), dataset, progress)
    click.echo(mapping_report(mapped, str(worksheet)), nl=False)
    if not mapped.conforms:
        if write:
            click.echo("Nothing is written: correct the errors first.", err=True)
        raise SystemExit(1)
    if write:
        for path in _write(worksheet, content, mapped):
            click.echo(f"Written: {path}")


def text_of(worksheet: Path, content: str, given: Path | None) -> Text:
    """Return the text of a worksheet: the one given, or the one that it names.

    Raises:
        DataError: it names none, or the text cannot be read.
    """
    named = parse_worksheet(content)[0].value("text")
    if given is None and not named:
        raise DataError(
            f"{worksheet} does not say where its text is: write a line `text FILE`, or give --text."
        )
    return read_text(given or worksheet.parent / named)


def _write(worksheet: Path, content: str, mapped: MappedWorksheet) -> list[str]:
    """Replace the files that change, and return their names."""
    texts = {file.source.path: file.text for file in mapped.files}
    names = {file.source.path: file.shown for file in mapped.files}
    if mapped.compiled and mapped.compiled.numbers:
        texts[worksheet] = number_statements(content, mapped.compiled.numbers)
    changed = {
        path: text for path, text in texts.items() if not path.exists() or path.read_bytes() != text.encode()
    }
    replace_files(changed)
    return [names.get(path, str(path)) for path in changed]
