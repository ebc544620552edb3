"""`make engines`: run the recipes of docs/engines.md, check each engine, and write the table there.

A recipe starts an engine on 127.0.0.1 and checks it with `forumkg engine check`. It runs in a folder of its
own, with free ports in the place of those on the page, and in a process group that is ended afterwards.
"""

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click

from bench import recipes, report
from bench.recipes import ROOT, Recipe
from forumkg.dataset.export import export
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory, open_version

__all__ = ["main"]

_PAGE: Final = ROOT / "docs" / "engines.md"
_CACHE: Final = Path("~/.cache/forumkg")
_CHECK: Final = "forumkg engine check "
_FORUMKG: Final = str(Path(sys.executable).with_name("forumkg"))
_GROUPS: Final = ("load", "question", "page", "failure", "limit")
_HEAD: Final = (
    "| engine | stored as sent | questions | queries of pages | failures that are errors "
    "| ended at its limit | known deviations | slowest query of a page, s |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


@click.command()
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), default=_CACHE, show_default=True)
@click.option("--only", multiple=True, metavar="ENGINE", help="Run this engine, and keep the rows of others.")
@click.option(
    "--reports", type=click.Path(file_okay=False, path_type=Path), help="Keep each report in this folder."
)
def main(*, cache: Path, only: tuple[str, ...], reports: Path | None) -> None:
    """Check other engines behind the front."""
    cache = cache.expanduser().absolute()
    engines = recipes.read(_PAGE)
    earlier = _PAGE.read_text(encoding="utf-8").splitlines()
    rows = {each.name: [line for line in earlier if line.startswith(f"| {each.name}")] for each in engines}
    failed = []
    with tempfile.TemporaryDirectory(prefix="forumkg-engines-") as name:
        folder = Path(name)
        export(in_memory(source_files()), folder / "export")
        open_version(folder / "data" / "forumkg", source_files())
        for engine in engines:
            if only and engine.name not in only:
                continue
            recipes.fetch(engine, cache)
            documents = [*_checks(engine, cache, folder)]
            failed += [engine.name for document in documents if not document["passed"]]
            rows[engine.name] = [_row(engine.name, document) for document in documents]
            _keep(reports, engine.name, documents)
            lines = [line for each in rows.values() for line in each]
            report.insert(_PAGE, "\n".join([report.revision_line(), *_HEAD, *lines, ""]), "engines")
    if failed:
        raise click.ClickException(f"Failed, with more than the known deviations: {', '.join(failed)}.")


def _checks(engine: Recipe, cache: Path, shared: Path) -> Iterator[dict[str, Any]]:
    """Start an engine as its recipe does, and yield the report of each check."""
    for commands in engine.uses.values():
        with tempfile.TemporaryDirectory(prefix="forumkg-engine-") as name:
            folder = recipes.workshop(Path(name), cache)
            (folder / "export").symlink_to(shared / "export")
            lines = recipes.with_free_ports(commands).splitlines()
            starting = "\n".join(line for line in lines if not line.startswith(_CHECK))
            with recipes.running(starting, folder, shared / "data"):
                for line in lines:
                    if line.startswith(_CHECK):
                        yield _report(line, shared / "data" / "forumkg")


def _report(command: str, data: Path) -> dict[str, Any]:
    """Run a check, and return its report.

    Raises:
        click.ClickException: the engine cannot be checked.
    """
    words = [_FORUMKG, *shlex.split(command)[1:], "--data", str(data), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise click.ClickException(f"{command}: {done.stderr}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _row(name: str, document: dict[str, Any]) -> str:
    tests = document["tests"]
    cells = []
    for group in _GROUPS:
        outcomes = [test["outcome"] for test in tests if test["group"] == group]
        cells.append(f"{outcomes.count('passed')} of {len(outcomes)}")
    known = sum(test["outcome"] == "expected" for test in tests)
    slowest = max(test["seconds"] for test in tests if test["group"] == "page")
    return f"| {name} | {' | '.join(cells)} | {known} | {slowest:.2f} |"


def _keep(folder: Path | None, name: str, documents: Sequence[dict[str, Any]]) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(documents, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
