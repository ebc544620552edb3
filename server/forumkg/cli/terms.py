"""`forumkg terms`: indicators, coded values and entities by words, and a new indicator."""

from pathlib import Path

import click

from forumkg.cli.options import root_option
from forumkg.dataset.files import source_files
from forumkg.errors import DataError
from forumkg.mapping.graph_files import replace_files
from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.terms import NewIndicator, figures_by_indicator, find_terms, term_lines, with_indicator
from forumkg.rdf.reading import parse, read_text

__all__ = ["command"]

_MOST = 20


@click.command("terms")
@click.argument("words", nargs=-1, required=True)
@click.option("--add", is_flag=True, help="Add an indicator named WORDS; what no option says is asked for.")
@click.option("--label", default="", help="With --add: its English label.")
@click.option("--label-zh", default=None, help="With --add: its Chinese label.")
@click.option("--definition", default="", help="With --add: what it counts, with its population.")
@click.option(
    "--broader", default=None, metavar="NAME", help="With --add: a broader indicator to compare with."
)
@click.option("--subset-of", default=None, metavar="NAME", help="With --add: an indicator that includes it.")
@root_option
def command(  # noqa: PLR0913 (what the options are)
    words: tuple[str, ...],
    *,
    add: bool,
    label: str,
    label_zh: str | None,
    definition: str,
    broader: str | None,
    subset_of: str | None,
    root: Path | None,
) -> None:
    """Find indicators, coded values and things by WORDS of their names, labels and definitions.

    Words are English or Chinese, and all must occur. Indicators are shown with their figures in the graph, as
    worksheets write them.

    \b
    forumkg terms guests
    forumkg terms 平行论坛
    forumkg terms foreign-exhibitors --add

    With --add, label, definition, and a broader indicator or one that includes the new one are asked for, and
    the indicator is written after the last one of ontology/vocabulary.ttl.

    Exit 0 when something is found or added, 1 otherwise, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    files = {file.name: file for file in source_files(root) if not file.is_shapes}
    triples = [triple for file in files.values() for triple in parse(file.path)]
    known = KnownThings.read(triples)
    if add:
        new = NewIndicator(
            "-".join(words),
            label or click.prompt("English label", default=" ".join(words).replace("-", " ")),
            definition or click.prompt("Definition: what is counted, of which population"),
            click.prompt("Chinese label, or nothing", default="", show_default=False)
            if label_zh is None
            else label_zh,
            _asked("Broader indicator to compare with, or nothing", broader),
            _asked("Indicator whose population includes this one, or nothing", subset_of),
        )
        path = files["ontology/vocabulary"].path
        replace_files({path: with_indicator(read_text(path), new, known)})
        click.echo(f"indicator:{new.name} is in {path} now.")
        return
    found = find_terms(words, known)
    if not found:
        raise DataError(f"Nothing has all of these words: {' '.join(words)}. Use fewer, or other ones.")
    figures = figures_by_indicator(triples)
    for thing in found[:_MOST]:
        click.echo("\n".join(term_lines(thing, figures.get(thing.name, ()))))
    if len(found) > _MOST:
        click.echo(f"… and {len(found) - _MOST} more: add a word.", err=True)


def _asked(question: str, given: str | None) -> str:
    answer = click.prompt(question, default="", show_default=False) if given is None else given
    return str(answer).removeprefix("indicator:")
