"""`forumkg check`: validate Turtle files before they are contributed."""

from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from forumkg.cli.options import FOLDER, data_folder, root_option
from forumkg.cli.progress import Progress
from forumkg.validation.built import built_from
from forumkg.validation.findings import as_github, as_json, as_text, as_turtle
from forumkg.validation.run import check

__all__ = ["command"]

_WRITERS: Final = MappingProxyType(
    {"text": as_text, "json": as_json, "turtle": as_turtle, "github": as_github}
)


@click.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--texts",
    type=FOLDER,
    metavar="DIR",
    help="Article texts (*.txt), known by their SHA-256, to verify passages and coverage.",
)
@click.option("--sources", type=FOLDER, metavar="DIR", hidden=True)
@click.option("--entailment", is_flag=True, help="Let owlrl judge what the ontology entails, too.")
@root_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_WRITERS)),
    default="text",
    show_default=True,
    help="Output.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    show_default="forumkg in your data folder",
    help="Data directory of `forumkg serve`.",
)
def command(  # noqa: PLR0913 (what the options are)
    files: tuple[Path, ...],
    *,
    data: Path | None,
    texts: Path | None,
    sources: Path | None,
    entailment: bool,
    root: Path | None,
    format_: str,
) -> None:
    """Check Turtle files together with the shipped graph, or the shipped graph alone.

    What is checked, for each FILE (a folder stands for the .ttl files in it):

    \b
      Turtle       it can be read
      terms        the vocabularies declare them, as a class or as a property
      references   each object is described; no blank nodes, no comments
      shapes       SHACL, on all files together: shapes/*.ttl
      passages     offsets, IRIs; each supports something or is omitted
      texts        with --texts: digests, no word left out, figures and names as printed, nothing copied
      entailment   with --entailment: the same facts as owlrl entails
      form         where nothing else is found: as `forumkg format` writes it

    Where the data directory has the store that `forumkg serve` built of the same files, only what FILEs touch
    is read of it, and a check takes as long for a large graph as for a small one. Without FILEs, a graph of
    more than 100,000 triples is read in batches, so that the memory does not grow with it.

    A FILE replaces the shipped file that has the same article, and the shipped file with the same name;
    otherwise it is added. Shown are the findings in FILEs, and those that they cause in other files. Words of
    a text are shown on the terminal only, in no other format.

    \b
    forumkg check                                        the shipped graph
    forumkg check --texts texts                          and its passages against the texts
    forumkg check my-article.ttl --texts texts           a new or corrected article
    forumkg check curation.ttl --format json             findings for a program
    forumkg check graph --format turtle                  a sh:ValidationReport
    forumkg check --format github                        annotations of a workflow on GitHub
    forumkg check --entailment                           what owlrl entails, and what we do

    Exit 0 when there is no violation (warnings may be shown), 1 with violations, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    if sources is not None:
        click.echo("--sources is called --texts now.", err=True)
    given = _expanded(files)
    with Progress() as progress, built_from(data or _data_folder(), given, root) as dataset:
        report = check(given, texts or sources, root, progress, entailment=entailment, dataset=dataset)
    click.echo(_WRITERS[format_](report), nl=False)
    if format_ not in {"text", "github"}:
        for note in report.notes:
            click.echo(note, err=True)
    raise SystemExit(0 if report.conforms else 1)


def _data_folder() -> Path | None:
    """Return the data directory of this user; None for one without a home folder."""
    with suppress(click.UsageError):
        return data_folder()
    return None


def _expanded(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files, those of folders included."""
    found = []
    for path in paths:
        inside = sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
        if not inside:
            raise click.BadParameter(f"{path} has no .ttl file in it.", param_hint="FILE")
        found.extend(inside)
    return found
