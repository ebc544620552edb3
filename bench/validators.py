"""`make validators`: run the commands of docs/validate-elsewhere.md, and write there what each engine finds.

Each engine validates every input of `tests/validation/elsewhere/` and the shipped graph. What pySHACL finds
is compared with `forumkg check`, and what the others find with pySHACL: focus, shape, component, severity.
"""

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click
from elsewhere import INPUTS, Result, results, written
from rdflib import SH, Graph
from rdflib.plugins.parsers.notation3 import BadSyntax

from bench import recipes, report
from bench.recipes import ROOT, Recipe
from forumkg.dataset.export import export
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.namespaces import SHAPES
from forumkg.validation.run import check

__all__ = ["main"]

_PAGE: Final = ROOT / "docs" / "validate-elsewhere.md"
_CACHE: Final = Path("~/.cache/forumkg/engines")
_SHIPPED: Final = "the shipped graph"
_LIMIT: Final = 300.0
# Halves what a short run of Java costs; what it finds is the same.
_JAVA: Final = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
# Rules of `forumkg check` about the file, which no engine sees.
_OF_FILES: Final = frozenset({"canonical-form"})

_Found = Counter[Result]


@click.command()
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), default=_CACHE, show_default=True)
@click.option("--only", multiple=True, metavar="ENGINE", help="Run this engine alone, and write no page.")
def main(*, cache: Path, only: tuple[str, ...]) -> None:
    """Compare what SHACL engines find with what `forumkg check` finds."""
    engines = [each for each in recipes.read(_PAGE) if not only or each.name in only]
    with tempfile.TemporaryDirectory(prefix="forumkg-validators-") as name:
        folder = recipes.workshop(Path(name), cache.expanduser())
        export(in_memory(source_files()), folder / "export")
        documents = _documents(folder)
        expected = {case: _by_check(path) for case, path in documents.items()}
        found = {engine.name: _by_engine(engine, folder, documents) for engine in engines}
    text = _table(found, expected)
    click.echo(text)
    if not only:
        report.insert(_PAGE, text, "validators")


def _documents(folder: Path) -> dict[str, Path]:
    """Write the documents to validate, and return each by the name of its input."""
    inputs = folder / "inputs"
    inputs.mkdir()
    documents = {case.stem: written(case, inputs) for case in INPUTS}
    return documents | {_SHIPPED: folder / "export" / "asserted.ttl"}


def _by_check(document: Path) -> tuple[frozenset[str], bool]:
    """Return the shapes that `forumkg check` names, and whether a check of its own finds something."""
    paths = () if document.name == "asserted.ttl" else (document,)
    rules = {finding.rule for finding in check(paths).findings} - _OF_FILES
    shapes = frozenset(rule for rule in rules if rule.startswith(SHAPES))
    return shapes, rules > shapes


def _by_engine(engine: Recipe, folder: Path, documents: Mapping[str, Path]) -> dict[str, _Found | str]:
    """Return what an engine finds in each document, or why it does not validate it."""
    recipes.fetch(engine, folder)
    (commands,) = engine.uses.values()
    found: dict[str, _Found | str] = {}
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
        env=os.environ | _JAVA,
    )
    try:
        graph = Graph().parse(path, format="turtle")
    except (OSError, BadSyntax) as error:
        return f"no report: {done.stderr.strip() or error}".splitlines()[0]
    return results(graph) if (None, SH.conforms, None) in graph else "an empty report"


def _table(
    found: Mapping[str, Mapping[str, _Found | str]], expected: Mapping[str, tuple[frozenset[str], bool]]
) -> str:
    """Return the table of the page: how many inputs agree, and what an engine finds otherwise."""
    reference = next(iter(found.values()))
    agreed = [name for name in expected if _is_that_of_check(reference[name], expected[name])]
    lines = [
        "| engine | inputs with the findings of `forumkg check` | in the shipped graph | otherwise |",
        "|---|---|---|---|",
    ]
    for engine, each in found.items():
        same = [name for name in agreed if each[name] == reference[name]]
        inputs = [name for name in same if name != _SHIPPED]
        shipped = each[_SHIPPED]
        nothing = "an error" if isinstance(shipped, str) else str(sum(shipped.values()) or "nothing")
        others = [_difference(name, each[name], reference[name]) for name in each if name not in same]
        lines.append(
            f"| {engine} | {len(inputs)} of {len(each) - 1} | {nothing} | {'; '.join(others) or 'nothing'} |"
        )
    return "\n".join([report.revision_line(), *lines, ""])


def _is_that_of_check(found: _Found | str, expected: tuple[frozenset[str], bool]) -> bool:
    """Return whether an engine finds what `forumkg check` does, by a shape or by a check of its own."""
    if isinstance(found, str):
        return False
    shapes, has_others = expected
    named = {result.shape for result in found}
    return shapes <= named and (named > shapes) == has_others


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
