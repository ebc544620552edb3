"""`forumkg new`: a worksheet for a text, with passages cut and statements proposed."""

from datetime import date
from pathlib import Path

import click

from forumkg.cli.options import FILE, root_option
from forumkg.cli.worksheet_files import refuse_tracked, write_new
from forumkg.dataset.files import source_files
from forumkg.errors import DataError
from forumkg.mapping.indicator_guess import IndicatorGuesser
from forumkg.mapping.known_things import KnownThings
from forumkg.mapping.line_tokens import LOCAL, NAME
from forumkg.mapping.proposer import ArticleFacts, Proposer
from forumkg.mapping.writer import write_worksheet
from forumkg.rdf.reading import parse
from forumkg.texts.reading import read_text

__all__ = ["command"]


@click.command("new")
@click.argument("text", type=FILE)
@click.option(
    "--publisher", default="", metavar="NAME", help="The publisher: organization:xinhua, or xinhua."
)
@click.option(
    "--carrier", default="", metavar="NAME", help="Whose site the text was on; the publisher's by default."
)
@click.option("--issued", default="", metavar="DAY", help="The day on which it was published: 2025-03-27.")
@click.option("--url", default="", help="The address of the text.")
@click.option("--name", default="", metavar="NAME", help="The article's name; publisher and day by default.")
@click.option("--force", is_flag=True, help="Replace a worksheet that exists.")
@root_option
def command(  # noqa: PLR0913 (what the options are)
    text: Path,
    *,
    publisher: str,
    carrier: str,
    issued: str,
    url: str,
    name: str,
    force: bool,
    root: Path | None,
) -> None:
    """Write a worksheet for TEXT beside it, with passages cut at clauses and statements proposed.

    Proposals are marked `?`: write * in its place to accept one for its subject, - to keep it without
    accepting it, or delete the line. They are figures with their hedges, known organizations, persons,
    themes, places and topics by their labels in English and Chinese, days, and stances by the verbs.

    The worksheet has the words of the text: it is not written into a Git work tree that does not ignore it.

    \b
    forumkg new texts/agency.txt --publisher xinhua --issued 2025-03-27 --url https://…

    Exit 0 when the worksheet is written, 1 otherwise, 2 on wrong usage.
    """  # noqa: D301 (click wants the character, not its escape)
    _require(not issued or _is_day(issued), "--issued", issued, "a day: write it as 2025-03-27")
    _require(
        not name or LOCAL.fullmatch(name), "--name", name, "the name of an article: write xinhua-2025-03-27"
    )
    for option, given in (("--publisher", publisher), ("--carrier", carrier)):
        is_name = not given or NAME.fullmatch(_organization(given))
        _require(is_name, option, given, "the name of an organization: write xinhua or organization:xinhua")
    content = read_text(text)
    files = [file for file in source_files(root) if not file.is_shapes]
    triples = [triple for file in files for triple in parse(file.path)]
    known = KnownThings.read(triples)
    facts = ArticleFacts(_organization(publisher), _organization(carrier), issued, url)
    worksheet = Proposer(known, IndicatorGuesser.read(known, triples)).propose(content, facts)
    article = name or worksheet.value("article")
    if any(file.name == f"articles/{article}" for file in files):
        raise DataError(
            f"The graph has an article {article}: name the new one with --name, or unmap the old one."
        )
    meta = tuple((key, article if key == "article" else value) for key, value in worksheet.meta)
    target = text.parent / f"{article}.map"
    refuse_tracked(target)
    write_new(
        target,
        write_worksheet(type(worksheet)(meta, worksheet.passages, worksheet.roles, worksheet.new)),
        force=force,
    )
    click.echo(target)
    click.echo(
        f"{len(worksheet.passages)} passages, {len(worksheet.statements)} proposals. Now edit it, then: "
        f"forumkg map {target}",
        err=True,
    )


def _require(is_right: object, option: str, value: str, expected: str) -> None:
    if not is_right:
        raise click.BadParameter(f"{value!r} is not {expected}.", param_hint=option)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _organization(name: str) -> str:
    return name if not name or ":" in name else f"organization:{name}"
