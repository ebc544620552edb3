"""`make validators`: run the commands of docs/validate-elsewhere.md, and write there what each engine finds.

Each engine validates every input of `tests/validation/elsewhere/` and the shipped graph. The shapes that find
something are compared with those that the tests compare with `forumkg check`, and the results (focus, shape,
component, severity) with those of the first engine.
"""

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click
from elsewhere import FOUND, INPUTS, Result, results, written
from rdflib import SH, Graph
from rdflib.plugins.parsers.notation3 import BadSyntax

from bench import recipes, report
from bench.recipes import ROOT, Recipe
from forumkg.dataset.export import export
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.namespaces import SHAPES

__all__ = ["main"]

_PAGE: Final = ROOT / "docs" / "validate-elsewhere.md"
_CACHE: Final = Path("~/.cache/forumkg")
_SHIPPED: Final = "the shipped graph"
_LIMIT: Final = 300.0

_Found = Counter[Result]
# What was found in each document, or why it was not validated.
_Results = dict[str, _Found | str]


@click.command()
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), default=_CACHE, show_default=True)
@click.option("--only", multiple=True, metavar="ENGINE", help="Run this engine alone, and write no page.")
def main(*, cache: Path, only: tuple[str, ...]) -> None:
    """Compare what SHACL engines find with what `forumkg check` finds."""
    cache = cache.expanduser().absolute()
    engines = [each for each in recipes.read(_PAGE) if not only or each.name in only]
    with tempfile.TemporaryDirectory(prefix="forumkg-validators-") as name:
        folder = recipes.workshop(Path(name), cache)
        export(in_memory(source_files()), folder / "export")
        documents = _documents(folder)
        found = {engine.name: _by_engine(engine, cache, folder, documents) for engine in engines}
    text = _table(found)
    click.echo(text)
    if not only:
        report.insert(_PAGE, text, "validators")


def _documents(folder: Path) -> dict[str, Path]:
    """Write the documents to validate, and return each by the name of its input."""
    inputs = folder / "inputs"
    inputs.mkdir()
    documents = {case.stem: written(case, inputs) for case in INPUTS}
    return documents | {_SHIPPED: folder / "export" / "asserted.ttl"}


def _by_engine(engine: Recipe, cache: Path, folder: Path, documents: Mapping[str, Path]) -> _Results:
    """Return what an engine finds in each document, or why it does not validate it."""
    recipes.fetch(engine, cache)
    (commands,) = engine.uses.values()
    found: _Results = {}
    for name, document in documents.items():
        shutil.copy(document, folder / "new.ttl")
        found[name] = _validate(commands, folder)
        shown = found[name] if isinstance(found[name], str) else sum(Counter(found[name]).values())
        click.echo(f"… {engine.name}: {name}: {shown}", err=True)
    return found


def _validate(commands: str, folder: Path) -> _Found | str:
    path = folder / "report.ttl"
    path.unlink(missing_ok=True)
    # An engine that finds something ends with a code of its own choice.
    command = ["bash", "-c", commands]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT,
        env=recipes.ENVIRONMENT,
    )
    try:
        graph = Graph().parse(path, format="turtle")
    except (OSError, BadSyntax) as error:
        return f"no report: {done.stderr.strip() or error}".splitlines()[0]
    return results(graph) if (None, SH.conforms, None) in graph else "an empty report"


def _table(found: Mapping[str, Mapping[str, _Found | str]]) -> str:
    """Return the table of the page: how many inputs agree, and what an engine finds otherwise."""
    reference = next(iter(found.values()))
    lines = [
        "| engine | inputs with the findings of `forumkg check` | in the shipped graph | otherwise |",
        "|---|---|---|---|",
    ]
    for engine, each in found.items():
        same = [name for name in each if each[name] == reference[name] and _is_expected(name, each[name])]
        inputs = [name for name in same if name != _SHIPPED]
        shipped = each[_SHIPPED]
        nothing = "an error" if isinstance(shipped, str) else str(sum(shipped.values()) or "nothing")
        others = [_difference(name, each[name], reference[name]) for name in each if name not in same]
        lines.append(
            f"| {engine} | {len(inputs)} of {len(each) - 1} | {nothing} | {'; '.join(others) or 'nothing'} |"
        )
    return "\n".join([report.revision_line(), *lines, ""])


def _is_expected(name: str, found: _Found | str) -> bool:
    """Return whether the shapes are those that the tests compare with `forumkg check`."""
    if isinstance(found, str):
        return False
    return {result.shape.removeprefix(SHAPES) for result in found} == FOUND.get(name, set())


def _difference(name: str, found: _Found | str, reference: _Found | str) -> str:
    if isinstance(found, str) or isinstance(reference, str):
        return f"`{name}`: {found}"
    more, less = found - reference, reference - found
    parts = [f"{count} more {shape}" for shape, count in _shapes(more)]
    parts += [f"{count} fewer {shape}" for shape, count in _shapes(less)]
    return f"`{name}`: {', '.join(parts) or 'not what `forumkg check` finds'}"


def _shapes(found: _Found) -> Iterable[tuple[str, int]]:
    counts = Counter({result.shape.removeprefix(SHAPES): 0 for result in found})
    for result, count in found.items():
        counts[result.shape.removeprefix(SHAPES)] += count
    return sorted(counts.items())


if __name__ == "__main__":
    main()
