"""How Oxigraph evaluates a query: its plan, with the number of solutions of each step.

pyoxigraph does not say it; the program `oxigraph` does, on a store on disk that others have open.
https://github.com/oxigraph/oxigraph/tree/main/cli
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forumkg.formats import Format
from forumkg.rdf.sparql_tokens import query_form
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

__all__ = ["Plan", "RecordingService", "explain"]

_PROGRAM: Final = Path(sys.executable).with_name("oxigraph")
_WIDEST: Final = 150


@dataclass(frozen=True, slots=True)
class Plan:
    """A step of a plan.

    Attributes:
        name: what it does, as Oxigraph writes it.
        solutions: how many it gave, each time that it was run.
        steps: those whose solutions it takes.
    """

    name: str
    solutions: int
    steps: tuple["Plan", ...]

    @property
    def read(self) -> int:
        """How many triples were read: the solutions of the steps that take none from others."""
        return sum(step.read for step in self.steps) if self.steps else self.solutions

    def lines(self, indent: str = "") -> Iterator[str]:
        """Yield the plan as text, a line for each step with the number of its solutions."""
        yield f"{self.solutions:>9,} {indent}{self.name[:_WIDEST]}"
        for step in self.steps:
            yield from step.lines(f"{indent}  ")


def explain(store: Path, query: str) -> Plan:
    """Evaluate a query, and return how that was done.

    Args:
        store: the folder of a store.
        query: SPARQL.

    Raises:
        subprocess.CalledProcessError: the query cannot be evaluated.
    """
    format_ = "nt" if query_form(query) in {"CONSTRUCT", "DESCRIBE"} else "json"
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "plan.json"
        answer = Path(folder) / "answer"
        options = ["--results-format", format_, "--results-file", str(answer), "--stats"]
        subprocess.run(
            [str(_PROGRAM), "query", "--location", str(store), "--explain-file", str(found), *options],
            input=query.encode(),
            check=True,
            capture_output=True,
        )
        return _plan(json.loads(found.read_bytes())["plan"])


def _plan(node: Mapping[str, Any]) -> Plan:
    return Plan(node["name"], node["number of results"], tuple(map(_plan, node["children"])))


class RecordingService(QueryService):
    """Answers queries, and records how long each took.

    Attributes:
        taken: the milliseconds and the text of each, in their order.
    """

    def __init__(self, pool: Pool, version: str) -> None:
        super().__init__(pool, version)
        self.taken: list[tuple[float, str]] = []

    def fetch(self, query: str, format_: Format, client: str) -> bytes:
        """Return an answer, once its time is recorded."""
        begun = time.perf_counter()
        answer = super().fetch(query, format_, client)
        self.taken.append(((time.perf_counter() - begun) * 1000, query))
        return answer
