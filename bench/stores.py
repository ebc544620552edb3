"""`make stores`: run the recipes of docs/stores.md, ask each store all questions, and write the table there.

A recipe starts a store on 127.0.0.1, loads the export and asks a question. It runs in a folder of its own,
with free ports in the place of those on the page, and in a process group that is ended afterwards.
"""

import json
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import click

from answers import Answer, expected, parsed
from bench import recipes, report
from bench.recipes import ROOT, Recipe
from forumkg.dataset.export import export
from forumkg.dataset.files import source_files
from forumkg.dataset.questions import Question, load_questions
from forumkg.dataset.versions import in_memory

__all__ = ["ask", "main"]

_PAGE: Final = ROOT / "docs" / "stores.md"
_ANSWERS: Final = ROOT / "tests" / "answers"
_CACHE: Final = Path("~/.cache/forumkg")
# Seconds that a store may take to answer.
_LIMIT: Final = 300.0
# How many questions a cell lists.
_FEW: Final = 8
_ENDPOINT: Final = re.compile(r"(http://127\.0\.0\.1:[^\s']+)'?$")
_JSON: Final = "application/sparql-results+json"
_GRAPHS: Final = {"application/n-triples": "ntriples", "text/turtle": "turtle", "text/plain": "ntriples"}
_COUNT: Final = "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }"
_TABLE_OF_ASK: Final = "__ASK_RETVAL"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a store answers: the triples that it counts, the questions, and those with another answer."""

    triples: str
    questions: int
    others: tuple[str, ...]


@click.command()
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), default=_CACHE, show_default=True)
@click.option("--only", multiple=True, metavar="STORE", help="Run this store, and keep the rows of others.")
def main(*, cache: Path, only: tuple[str, ...]) -> None:
    """Ask other stores the questions of the graph."""
    cache = cache.expanduser().absolute()
    stores = recipes.read(_PAGE)
    earlier = _PAGE.read_text(encoding="utf-8").splitlines()
    rows = {each.name: [line for line in earlier if line.startswith(f"| {each.name} |")] for each in stores}
    with tempfile.TemporaryDirectory(prefix="forumkg-stores-") as name:
        exported = Path(name) / "export"
        counts = export(in_memory(source_files()), exported).triples
        for store in stores:
            if not only or store.name in only:
                recipes.fetch(store, cache)
                rows[store.name] = _rows(store, cache, exported)
                text = _table(chain.from_iterable(rows.values()), counts["full"])
                report.insert(_PAGE, text, "stores")


def _rows(store: Recipe, cache: Path, exported: Path) -> list[str]:
    """Return the rows of a store, one for each way to load the export."""
    rows = []
    for loaded, commands in store.uses.items():
        with tempfile.TemporaryDirectory(prefix="forumkg-store-") as name:
            folder = recipes.workshop(Path(name), cache)
            (folder / "export").symlink_to(exported)
            rows.append(_row(store.name, loaded, _try(commands, folder)))
        click.echo(rows[-1], err=True)
    return rows


def ask(endpoint: str, question: Question) -> tuple[Answer, str | None]:
    """Ask an endpoint a question by POST.

    Returns:
        The answer, and in what it departs from the SPARQL Protocol.

    Raises:
        OSError: the endpoint does not answer, or with an error.
        ValueError: the answer cannot be read.
    """
    if question.form == "CONSTRUCT":
        media_type, data = _post(endpoint, question.text, "application/n-triples, text/turtle;q=0.5")
        return parsed(question.form, data, _GRAPHS[media_type]), None
    _, data = _post(endpoint, question.text, _JSON)
    if question.form == "ASK" and _TABLE_OF_ASK in json.loads(data)["head"].get("vars", ()):
        return bool(json.loads(data)["results"]["bindings"]), "as a table"
    return parsed(question.form, data, "json"), None


def _table(rows: Iterable[str], triples: int) -> str:
    head = ["| store | loaded | triples | questions with the expected answer | the others |"]
    head.append("|---|---|---:|---:|---|")
    return "\n".join([report.revision_line(), f"The export has {triples:,} triples.\n", *head, *rows, ""])


def _row(store: str, loaded: str, outcome: _Outcome) -> str:
    right = outcome.questions - len(outcome.others)
    few = len(outcome.others) <= _FEW
    others = ", ".join(outcome.others) if few else f"{len(outcome.others)} questions"
    return f"| {store} | {loaded} | {outcome.triples} | {right} of {outcome.questions} | {others or 'none'} |"


def _try(commands: str, folder: Path) -> _Outcome:
    with _running(commands, folder) as endpoint:
        questions = load_questions()
        others = tuple(name for question in questions if (name := _otherwise(endpoint, question)))
        return _Outcome(_count(endpoint), len(questions), others)


@contextmanager
def _running(commands: str, folder: Path) -> Iterator[str]:
    """Run a recipe, and yield the address that its last command asks.

    Raises:
        click.ClickException: a command fails or takes too long.
    """
    commands = recipes.with_free_ports(commands)
    found = _ENDPOINT.search(commands.strip())
    if found is None:
        raise click.ClickException(f"The last command asks no address: {commands}")
    with recipes.running(commands, folder):
        yield found[1]


def _count(endpoint: str) -> str:
    bindings = json.loads(_post(endpoint, _COUNT, _JSON)[1])["results"]["bindings"]
    return f"{int(bindings[0]['count']['value']):,}"


def _otherwise(endpoint: str, question: Question) -> str | None:
    """Return the name of a question that a store answers otherwise than expected, with what it does."""
    name = f"{question.number:02d}"
    try:
        answer, remark = ask(endpoint, question)
    except (OSError, ValueError) as error:
        return f"{name} ({type(error).__name__})"
    if answer != (right := expected(question, _ANSWERS)):
        return f"{name} ({_size(answer)} for {_size(right)})"
    return remark and f"{name} ({remark})"


def _size(answer: Answer) -> str:
    return str(answer).lower() if isinstance(answer, bool) else f"{len(answer)} rows"


def _post(endpoint: str, query: str, accept: str) -> tuple[str, bytes]:
    request = urllib.request.Request(
        endpoint, urlencode({"query": query}).encode(), {"Accept": accept}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=_LIMIT) as response:
        return response.headers.get_content_type(), response.read()


if __name__ == "__main__":
    main()
