"""Record the answers of the shipped graph in tests/answers/ and its counts in the README; print what changed.

`make answers` runs it after an article was added: the diff shows a reviewer what the article changes.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import click
import pyoxigraph as ox
from graphs import SHIPPED

from forumkg.dataset.files import source_files
from forumkg.dataset.questions import Question, load_questions
from forumkg.dataset.versions import in_memory
from forumkg.formats import RESULT_FORMATS, by_name
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.sparql.evaluation import evaluate, serialize

__all__ = ["ANSWERS", "COUNTS", "README", "answers", "counts", "shipped_store"]

ANSWERS: Final = SHIPPED / "tests" / "answers"
README: Final = SHIPPED / "README.md"
# The lines of the README with the counts.
COUNTS: Final = re.compile(r"^\d+ articles · .*?tested answers$", re.MULTILINE | re.DOTALL)
_WIDTH: Final = 120
_NUMBERS: Final = """
PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
SELECT
    (COUNT(DISTINCT ?article) AS ?articles)
    (COUNT(DISTINCT ?edition) AS ?editions)
    (COUNT(DISTINCT ?statement) AS ?statements)
    (COUNT(DISTINCT ?passage) AS ?passages)
    (COUNT(DISTINCT ?quantity) AS ?quantities)
WHERE {
    { ?article a zgc:Article } UNION { ?edition a zgc:Edition } UNION { ?quantity a zgc:Quantity }
    UNION { ?statement a zgc:Statement } UNION { ?passage a zgc:Passage }
}
"""


def shipped_store() -> ox.Store:
    """Return the shipped dataset as it is built for a server, whatever FORUMKG_GRAPH says."""
    return in_memory(source_files(SHIPPED))


def answers(store: ox.Store) -> dict[str, str]:
    """Return the answer to each question of the package, by the name of its file."""
    return dict(_answer(store, question) for question in load_questions())


def _answer(store: ox.Store, question: Question) -> tuple[str, str]:
    name = f"{question.number:02d}-{question.slug}"
    answer = evaluate(store, question.text)
    if question.form == "CONSTRUCT":
        triples = store.query(question.text)
        assert isinstance(triples, ox.QueryTriples)
        return f"{name}.ttl", canonical_turtle(tuple(triples))
    ending = "tsv" if question.form == "SELECT" else "csv"
    format_ = by_name(ending, RESULT_FORMATS)
    assert format_ is not None
    return f"{name}.{'tsv' if ending == 'tsv' else 'txt'}", serialize(answer, format_).decode()


def counts(store: ox.Store) -> str:
    """Return the lines of the README that count the graph."""
    solutions = store.query(_NUMBERS)
    assert isinstance(solutions, ox.QuerySolutions)
    (row,) = solutions
    number = {name.value: int(row[name.value].value) for name in solutions.variables}
    triples = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    parts = [
        *(f"{number['articles']} articles", f"{number['editions']} editions"),
        f"{number['statements']} statements on {number['passages']} passages",
        f"{number['quantities']} figures with their hedges",
        *(f"{triples:,} triples", f"{len(load_questions())} questions with tested answers"),
    ]
    return _wrapped(" · ".join(parts))


def _wrapped(line: str) -> str:
    found = [""]
    for word in line.split(" "):
        if len(found[-1]) + len(word) >= _WIDTH:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return "\n".join(found)


def _difference(path: Path, old: str, new: str) -> Iterator[str]:
    name = path.relative_to(SHIPPED).as_posix()
    return difflib.unified_diff(old.splitlines(), new.splitlines(), name, name, n=0, lineterm="")


def _write(path: Path, new: str) -> None:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if new != old:
        click.echo("\n".join(_difference(path, old, new)))
        path.write_text(new, encoding="utf-8")


def _rewrite(found: Mapping[str, str], line: str) -> None:
    ANSWERS.mkdir(exist_ok=True)
    for stale in sorted(path for path in ANSWERS.iterdir() if path.name not in found):
        click.echo(f"{stale.relative_to(SHIPPED)}: deleted, its question is gone")
        stale.unlink()
    for name, text in found.items():
        _write(ANSWERS / name, text)
    _write(README, COUNTS.sub(line, README.read_text(encoding="utf-8")))


if __name__ == "__main__":
    os.environ.pop("FORUMKG_GRAPH", None)
    built = shipped_store()
    _rewrite(answers(built), counts(built))
