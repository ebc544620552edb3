"""Build what a test consists of: its query, the dataset it is asked on, the answer that is expected.

https://www.w3.org/2001/sw/DataAccess/tests/README
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.formats import RESULT_FORMATS
from forumkg.rdf.sparql_tokens import dataset_clauses, tokens
from w3c.answers import READERS, Answer, Rows, read_graph
from w3c.manifest import Case, address
from w3c.result_sets import described_answer

__all__ = ["build", "expected", "query"]

_RESULTS: Final = {format_.extension: format_.name for format_ in RESULT_FORMATS}


def query(root: Path, case: Case) -> str:
    """Return the query of a test, with the address of its file as base.

    https://www.w3.org/TR/sparql11-query/#relIRIs
    """
    return f"BASE <{address(root, case.query)}>\n{_text(case)}"


def build(root: Path, case: Case, folder: Path | None = None) -> ox.Store:
    """Return the dataset of a test: what the manifest names, or else the files that the query names.

    Args:
        root: the folder of the suites.
        case: the test.
        folder: where the store is kept; None keeps it in memory.
    """
    store = ox.Store(folder)
    for path in case.data:
        _load(store, root, path, ox.DefaultGraph())
    for name, path in case.graphs if case.graphs or case.data else _named_by_query(root, case):
        _load(store, root, path, ox.NamedNode(name))
    return store


def expected(root: Path, case: Case) -> Answer:
    """Return the answer that a test expects, ordered where the test or the query says so.

    Raises:
        ValueError: the test expects no answer.
    """
    if case.result is None:
        raise ValueError(f"{case.name} expects no answer")
    data, extension = case.result.read_bytes(), case.result.suffix.removeprefix(".")
    if extension not in _RESULTS:
        return described_answer(read_graph(data, extension, address(root, case.result)))
    answer = READERS[_RESULTS[extension]](data)
    if isinstance(answer, Rows) and _is_ordered(_text(case)):
        return replace(answer, is_ordered=True)
    return answer


def _text(case: Case) -> str:
    # The ends of lines are part of what a syntax test says.
    return case.query.read_bytes().decode()


def _load(store: ox.Store, root: Path, path: Path, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    to_graph = None if path.suffix in {".nq", ".trig"} else graph
    store.load(path=path, base_iri=address(root, path), to_graph=to_graph)
    if isinstance(graph, ox.NamedNode):
        # A file without triples is an empty graph, not none.
        store.add_graph(graph)


def _named_by_query(root: Path, case: Case) -> Iterator[tuple[str, Path]]:
    default, named = dataset_clauses(_text(case))
    for name in dict.fromkeys((*default, *named)):
        path = case.query.parent / name.strip("<>")
        yield address(root, path), path


def _is_ordered(query: str) -> bool:
    """Whether the outermost query has ORDER BY."""
    depth = 0
    for token, following in pairwise(tokens(query)):
        depth += (token.text == "{") - (token.text == "}")
        if not depth and token.keyword == "ORDER" and following.keyword == "BY":
            return True
    return False
