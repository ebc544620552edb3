"""`forumkg check`: everything that can be said about Turtle files before they are contributed."""

from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from forumkg.cli.progress import Progress
from forumkg.validation.render import as_json, as_text, as_turtle
from forumkg.validation.run import check

__all__ = ["command"]

_WRITERS: Final = MappingProxyType({"text": as_text, "json": as_json, "turtle": as_turtle})


@click.command("check")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Texts of articles (*.txt), known by their SHA-256, to verify passages and coverage.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_WRITERS)),
    default="text",
    show_default=True,
    help="Output.",
)
def command(files: tuple[Path, ...], sources: Path | None, format_: str) -> None:
    """Check Turtle files together with the shipped graph, or the shipped graph alone.

    What is checked, for each FILE (a folder stands for the .ttl files in it):

    \b
      Turtle       it can be read
      terms        the vocabularies declare them, a class is no property
      references   what is pointed to is described; no blank nodes, no comments
      shapes       SHACL, on all files together: shapes/*.ttl
      passages     offsets, IRIs; each supports something or is omitted
      texts        with --sources: digests, and that no word is left out
      form         where nothing else is found: as `forumkg format` writes it

    A FILE stands in the place of the shipped file that has the same article, and of the shipped file with the
    same name; else it is added. Shown are the findings in FILEs, and those that they cause in other files.
    Words of a text are shown on the terminal only, never in JSON or Turtle.

    \b
    forumkg check                                        the shipped graph
    forumkg check --sources texts                        and its passages against the texts
    forumkg check my-article.ttl --sources texts         a new or corrected article
    forumkg check curation.ttl --format json             findings for a program
    forumkg check graph --format turtle                  a sh:ValidationReport

    Exit 0 when nothing has to be mended (warnings may be shown), 1 with violations, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    with Progress() as progress:
        report = check(_expanded(files), sources, progress=progress)
    click.echo(_WRITERS[format_](report), nl=False)
    raise SystemExit(0 if report.conforms else 1)


def _expanded(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files, those of folders included."""
    found = []
    for path in paths:
        inside = sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
        if not inside:
            raise click.BadParameter(f"{path} has no .ttl file in it.", param_hint="FILE")
        found.extend(inside)
    return found
