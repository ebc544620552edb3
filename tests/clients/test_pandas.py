"""pandas: a query's address is read like that of any file.

https://pandas.pydata.org/docs/user_guide/io.html
"""

from collections.abc import Callable
from http.client import IncompleteRead
from urllib.error import HTTPError
from urllib.parse import urlencode

import pandas as pd
import pytest

from answers import PlainRows, expected, expected_plain, rows
from clients.asking import (
    MANY_ROWS,
    PICTURE_MESSAGE,
    THEMES,
    UNDECLARED,
    UNDECLARED_MESSAGE,
    Refusal,
    each_refusal,
    questions,
)
from forumkg.dataset.questions import Question

pytestmark = [pytest.mark.clients, pytest.mark.slow]

each_reader = pytest.mark.parametrize(
    ("read", "name"), [(pd.read_csv, "csv"), (pd.read_table, "tsv"), (pd.read_json, "json")]
)


def address(endpoint: str, query: str, **parameters: str) -> str:
    """Return the address of a query's answer."""
    return f"{endpoint}?{urlencode({'query': query, **parameters})}"


def table(frame: "pd.DataFrame") -> PlainRows:
    """Return a frame with its header as rows of text."""
    return [tuple(frame.columns), *(tuple(map(str, row)) for row in frame.itertuples(index=False))]


@questions("SELECT")
def test_read_csv_question(endpoint: str, question: Question) -> None:
    """`read_csv` on the address of each question has the expected rows."""
    frame = pd.read_csv(address(endpoint, question.text, format="csv"), dtype=str, keep_default_na=False)

    assert table(frame) == expected_plain(question)


def test_read_csv_accept(endpoint: str) -> None:
    """An Accept header does what `format` does."""
    frame = pd.read_csv(
        address(endpoint, THEMES.text),
        dtype=str,
        keep_default_na=False,
        storage_options={"Accept": "text/csv"},
    )

    assert table(frame) == expected_plain(THEMES)


def test_read_csv_numbers(endpoint: str) -> None:
    """Without further options a column of years is numbers, and one of labels is text."""
    frame = pd.read_csv(address(endpoint, THEMES.text, format="csv"))

    assert frame["year"].tolist() == [int(year) for year, _, _ in expected_plain(THEMES)[1:]]
    assert frame["chinese"].tolist() == [chinese for _, _, chinese in expected_plain(THEMES)[1:]]


def test_read_csv_tsv(endpoint: str) -> None:
    """TSV keeps the language tags, as its cells are terms of SPARQL."""
    frame = pd.read_csv(
        address(endpoint, THEMES.text, format="tsv"), sep="\t", dtype=str, keep_default_na=False, quoting=3
    )
    written = frame.to_csv(sep="\t", index=False, quoting=3)

    assert rows(written.encode(), "tsv") == expected(THEMES)


def test_read_json(endpoint: str) -> None:
    """`read_json` reads results in JSON, and `json_normalize` makes a table of value, type and language."""
    answer = pd.read_json(address(endpoint, THEMES.text, format="json"))
    frame = pd.json_normalize(answer["results"]["bindings"])

    values = frame[["year.value", "english.value", "chinese.value"]].fillna("")
    assert table(values)[1:] == expected_plain(THEMES)[1:]
    assert set(frame["english.xml:lang"]) == {"en"}
    assert set(frame["chinese.xml:lang"]) == {"zh"}


def test_read_csv_wrong_query(endpoint: str) -> None:
    """A wrong query is an HTTPError, whose text is the server's message."""
    with pytest.raises(HTTPError) as raised:
        pd.read_csv(address(endpoint, UNDECLARED, format="csv"))

    with raised.value as response:
        assert (response.code, response.read().decode()) == (400, UNDECLARED_MESSAGE)


def test_read_csv_not_acceptable(endpoint: str) -> None:
    """A type that is not offered is an HTTPError, whose text lists those that are."""
    with pytest.raises(HTTPError) as raised:
        pd.read_csv(address(endpoint, THEMES.text), storage_options={"Accept": "image/png"})

    with raised.value as response:
        assert (response.code, response.read().decode()) == (406, PICTURE_MESSAGE)


@each_reader
def test_read_cut_answer(cut_endpoint: str, read: Callable[[str], object], name: str) -> None:
    """In every format an answer that breaks off is an exception."""
    with pytest.raises(IncompleteRead):
        read(address(cut_endpoint, MANY_ROWS, format=name))


@each_refusal
@each_reader
def test_read_given_up(
    strict: dict[Refusal, str], refusal: Refusal, read: Callable[[str], object], name: str
) -> None:
    """In every format an answer that the server gives up is an HTTPError with its message."""
    with pytest.raises(HTTPError) as raised:
        read(address(strict[refusal], refusal.query, format=name))

    with raised.value as response:
        assert (response.code, response.read().decode()) == (refusal.status, refusal.message)
