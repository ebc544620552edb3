"""Oxigraph asks us by SERVICE: a store in another program, and its command.

https://www.w3.org/TR/sparql11-federated-query/
"""

import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from servers import SCRIPTS

from answers import Answer, comparable, expected, parsed
from clients.asking import (
    BAD_DATASET,
    BAD_DATASET_MESSAGE,
    THEMES,
    Refusal,
    each_refusal,
    federated,
    questions,
)
from forumkg.dataset.questions import Question

pytestmark = [pytest.mark.clients, pytest.mark.slow]

LABELS = "SELECT ?s ?o { SERVICE <ENDPOINT> { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o } }"


def ask(query: str) -> Answer:
    """Return the answer of an empty store in a form that can be compared."""
    result = ox.Store().query(query)
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QuerySolutions):
        return [tuple(map(comparable, row)) for row in result]
    return {tuple(map(comparable, triple)) for triple in result}


@questions()
def test_oxigraph_question(endpoint: str, question: Question) -> None:
    """Each question whose pattern an empty store leaves to us has its expected answer."""
    assert ask(federated(question, endpoint)) == expected(question)


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_oxigraph_command(endpoint: str, tmp_path: Path, name: str) -> None:
    """`oxigraph query` prints the expected rows, Chinese and language tags included."""
    ox.Store(tmp_path / "store")
    done = subprocess.run(
        [
            SCRIPTS / "oxigraph",
            "query",
            *("--location", tmp_path / "store"),
            *("--query", federated(THEMES, endpoint)),
            *("--results-format", name),
        ],
        capture_output=True,
        check=False,
    )

    assert parsed("SELECT", done.stdout, name) == expected(THEMES), done.stderr


def test_oxigraph_error(endpoint: str) -> None:
    """What the server refuses is an error with status and message, and no rows."""
    address = endpoint + BAD_DATASET

    with pytest.raises(OSError, match="Error 400 Bad Request") as raised:
        ask(LABELS.replace("ENDPOINT", address))

    assert str(raised.value) == (
        f"Error 400 Bad Request returned by {address} with payload:\n{BAD_DATASET_MESSAGE}"
    )


def test_oxigraph_silent_error(endpoint: str) -> None:
    """SERVICE SILENT makes of a refusal one row without values, as SPARQL has it."""
    query = LABELS.replace("SERVICE", "SERVICE SILENT").replace("ENDPOINT", endpoint + BAD_DATASET)

    assert ask(query) == [(None, None)]


def test_oxigraph_cut_answer(cut_endpoint: str) -> None:
    """An answer that breaks off is an error."""
    with pytest.raises(RuntimeError, match="The body was expected to contain"):
        ask(LABELS.replace("ENDPOINT", cut_endpoint))


@each_refusal
def test_oxigraph_given_up(strict: dict[Refusal, str], refusal: Refusal) -> None:
    """What the server gives up is an error with status and message, and no rows."""
    with pytest.raises(OSError, match=f"^Error {refusal.status} ") as raised:
        ask(f"SELECT * {{ SERVICE <{strict[refusal]}> {{ {refusal.pattern} }} }}")

    assert str(raised.value).endswith(f" with payload:\n{refusal.message}")
