"""Comunica, which asks from Node.js and from browsers.

https://comunica.dev/docs/query/
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import killed_at_the_end
from shipped import shipped_store

from answers import Answer, Term, expected, iri, literal
from bench.stores import ask
from clients.asking import (
    BAD_DATASET,
    BAD_DATASET_MESSAGE,
    DESCRIBE,
    DESCRIBED,
    MANY_ROWS,
    MANY_TRIPLES,
    PICTURE_MESSAGE,
    THEMES,
    Refusal,
    each_refusal,
    questions,
)
from clients.conftest import Comunica
from forumkg.dataset.dumps import dumps, render
from forumkg.dataset.questions import Question
from forumkg.formats import GRAPH_FORMATS

pytestmark = [pytest.mark.clients, pytest.mark.slow]


def term(value: dict[str, Any] | None) -> Term:
    """Return a term of RDF/JS in a form that can be compared."""
    if value is None:
        return None
    if value["type"] == "NamedNode":
        return iri(value["value"])
    return literal(value["value"], value["datatype"], value["language"] or None)


def answer(told: dict[str, Any]) -> Answer:
    """Return what Comunica answers in a form that can be compared."""
    if "boolean" in told:
        return bool(told["boolean"])
    if "rows" in told:
        return [tuple(map(term, row)) for row in told["rows"]]
    return {tuple(map(term, triple)) for triple in told["triples"]}


@questions()
def test_comunica_question(comunica: Comunica, endpoint: str, question: Question) -> None:
    """Each question has its expected answer, Chinese and language tags included."""
    assert answer(comunica.ask(endpoint, question.text)) == expected(question)


@pytest.fixture(scope="module")
def n3_endpoint(comunica_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the exported Turtle from N3.js, by the program of docs/stores.md."""
    (full,) = (dump for dump in dumps(shipped_store()) if dump.name == "full")
    path = tmp_path_factory.mktemp("n3") / "full.ttl"
    path.write_bytes(render(full, GRAPH_FORMATS[0]))
    started = subprocess.Popen(
        ["node", "endpoint.js", str(path), "0"],  # noqa: S607 (the node that the user has)
        cwd=comunica_folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    with killed_at_the_end(started) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


@questions()
def test_n3_question(n3_endpoint: str, question: Question) -> None:
    """Each question has its expected answer from N3.js and Comunica, without our server."""
    assert ask(n3_endpoint, question) == (expected(question), None)


@pytest.mark.parametrize("name", ["json", "xml"])
def test_comunica_result_format(comunica: Comunica, endpoint: str, name: str) -> None:
    """Both formats of results that it reads give the same rows."""
    told = comunica.ask(endpoint, THEMES.text, accept=f"application/sparql-results+{name}")

    assert answer(told) == expected(THEMES)


def test_comunica_describe(comunica: Comunica, endpoint: str) -> None:
    """DESCRIBE gives the expected graph."""
    assert answer(comunica.ask(endpoint, DESCRIBE)) == DESCRIBED


def test_comunica_error(comunica: Comunica, endpoint: str) -> None:
    """What the server refuses is an error with its message."""
    told = comunica.ask(endpoint + BAD_DATASET, THEMES.text)

    assert told == {
        "error": f"Invalid SPARQL endpoint response from {endpoint} (HTTP status 400):\n{BAD_DATASET_MESSAGE}"
    }


def test_comunica_not_acceptable(comunica: Comunica, endpoint: str) -> None:
    """A type that is not offered is an error that lists those that are."""
    told = comunica.ask(endpoint, THEMES.text, accept="image/png")

    assert told == {
        "error": f"Invalid SPARQL endpoint response from {endpoint} (HTTP status 406):\n{PICTURE_MESSAGE}"
    }


@pytest.mark.parametrize(
    ("query", "media_type"),
    [
        (MANY_ROWS, "application/sparql-results+json"),
        (MANY_ROWS, "application/sparql-results+xml"),
        (MANY_TRIPLES, "text/turtle"),
        (MANY_TRIPLES, "application/n-triples"),
    ],
)
def test_comunica_cut_answer(comunica: Comunica, cut_endpoint: str, query: str, media_type: str) -> None:
    """In each format an answer that breaks off is an error."""
    told = comunica.ask(cut_endpoint, query, accept=media_type)

    assert told == {"error": "terminated"}


@each_refusal
def test_comunica_given_up(comunica: Comunica, strict: dict[Refusal, str], refusal: Refusal) -> None:
    """What the server gives up is an error with its message."""
    told = comunica.ask(strict[refusal], refusal.query)

    assert told == {
        "error": f"Invalid SPARQL endpoint response from {strict[refusal]} "
        f"(HTTP status {refusal.status}):\n{refusal.message}"
    }
