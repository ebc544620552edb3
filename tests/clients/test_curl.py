"""curl: each way to send a query, each format, and what a script notices when something fails."""

import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from answers import boolean, expected, expected_plain, parsed, plain_rows, triples
from clients.asking import (
    CONTRADICTIONS,
    DESCRIBE,
    DESCRIBED,
    EVIDENCE,
    MANY_ROWS,
    MANY_TRIPLES,
    PICTURE_MESSAGE,
    SLOW_TRIPLES,
    THEMES,
    TIMEOUT,
    UNDECLARED,
    UNDECLARED_MESSAGE,
    Refusal,
    each_refusal,
    questions,
)
from forumkg.dataset.questions import Question
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format

pytestmark = [pytest.mark.clients, pytest.mark.slow]

# Exit codes: https://curl.se/docs/manpage.html#EXIT
HTTP_ERROR = 22
SHORT_BODY = 18

each_result_format = pytest.mark.parametrize("format_", RESULT_FORMATS, ids=lambda format_: format_.name)
each_graph_format = pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)


def curl(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run curl without its progress meter."""
    return subprocess.run(
        ["curl", "--silent", "--show-error", *arguments],  # noqa: S607 (the curl that the user has)
        capture_output=True,
        check=False,
    )


def fetch(*arguments: str) -> bytes:
    """Return what curl prints when it succeeds, which an HTTP error is not."""
    done = curl("--fail", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def accept(format_: Format) -> str:
    """Return the header that asks for a format."""
    return f"Accept: {format_.media_type}"


@questions()
def test_curl_question(endpoint: str, question: Question) -> None:
    """Each question, sent from a file as a form, has its expected answer."""
    name = {"SELECT": "tsv", "ASK": "json"}.get(question.form, "ntriples")

    data = fetch("--data-urlencode", f"query={question.text}", "--data", f"format={name}", endpoint)

    assert parsed(question.form, data, name) == expected(question)


@pytest.mark.parametrize("question", [THEMES, CONTRADICTIONS], ids=lambda question: question.slug)
@each_result_format
def test_curl_result_format(endpoint: str, format_: Format, question: Question) -> None:
    """Results in each format, by Accept, hold the expected answer, Chinese and language tags included."""
    data = fetch("--header", accept(format_), "--data-urlencode", f"query={question.text}", endpoint)

    if question.form == "ASK":
        name = "csv" if format_.name == "tsv" else format_.name
        assert boolean(data, name) == expected(question)
    elif format_.name == "csv":
        assert plain_rows(data) == expected_plain(question)
    else:
        assert parsed(question.form, data, format_.name) == expected(question)


@each_graph_format
def test_curl_graph_format(endpoint: str, format_: Format) -> None:
    """CONSTRUCT and DESCRIBE in each format, by Accept, give the expected triples."""
    constructed = fetch("--header", accept(format_), "--data-urlencode", f"query={EVIDENCE.text}", endpoint)
    described = fetch("--header", accept(format_), "--data-urlencode", f"query={DESCRIBE}", endpoint)

    assert triples(constructed, format_.name) == expected(EVIDENCE)
    assert triples(described, format_.name) == DESCRIBED


def test_curl_ways_to_send(endpoint: str, tmp_path: Path) -> None:
    """GET, a form, the query itself as the body, and a compressed answer are all the same answer."""
    query = tmp_path / "themes.rq"
    query.write_text(THEMES.text, encoding="utf-8")
    csv = ("--header", "Accept: text/csv")
    form = (*csv, "--data-urlencode", f"query@{query}", endpoint)

    answers = {
        "GET": fetch("--get", *form),
        "form": fetch(*form),
        "direct": fetch(
            *csv, "--header", "Content-Type: application/sparql-query", "--data-binary", f"@{query}", endpoint
        ),
        "compressed": fetch("--compressed", *form),
        "HTTP/1.0": fetch("--http1.0", *form),
    }

    assert {name: plain_rows(data) for name, data in answers.items()} == dict.fromkeys(
        answers, expected_plain(THEMES)
    )


def test_curl_conditional(endpoint: str, tmp_path: Path) -> None:
    """A second GET with the tag of the first brings no body, as the answer is the same."""
    address = f"{endpoint}?{urlencode({'query': THEMES.text, 'format': 'csv'})}"
    tag, kept = tmp_path / "tag", tmp_path / "themes.csv"
    again = ("--etag-compare", str(tag), "--output", str(kept), "--write-out", "%{http_code}", address)

    fetch("--etag-save", str(tag), "--output", str(kept), address)
    status = fetch(*again)

    assert (status, plain_rows(kept.read_bytes())) == (b"304", expected_plain(THEMES))


def test_curl_head(endpoint: str) -> None:
    """HEAD has the status, the type and the length of the answer that GET would bring."""
    address = f"{endpoint}?{urlencode({'query': THEMES.text, 'format': 'csv'})}"

    head = fetch("--head", address).decode().casefold().splitlines()

    assert head[0].split()[1] == "200"
    assert "content-type: text/csv; charset=utf-8" in head
    assert f"content-length: {len(fetch(address))}" in head


def test_curl_error_page(endpoint: str) -> None:
    """Without --fail, curl prints the server's message in the place of rows, and the status is 400."""
    done = curl(
        "--write-out", "%{http_code} %{content_type}", "--data-urlencode", f"query={UNDECLARED}", endpoint
    )

    assert (done.returncode, done.stdout.decode()) == (
        0,
        f"{UNDECLARED_MESSAGE}400 text/plain; charset=utf-8",
    )


def test_curl_fail(endpoint: str) -> None:
    """With --fail a wrong query is exit code 22 and no output, with --fail-with-body also the message."""
    query = ("--data-urlencode", f"query={UNDECLARED}", endpoint)

    silent = curl("--fail", *query)
    telling = curl("--fail-with-body", *query)

    assert (silent.returncode, silent.stdout) == (HTTP_ERROR, b"")
    assert (telling.returncode, telling.stdout.decode()) == (HTTP_ERROR, UNDECLARED_MESSAGE)


def test_curl_not_acceptable(endpoint: str) -> None:
    """A type that is not offered is 406 with those that are."""
    done = curl(
        "--fail-with-body",
        "--header",
        "Accept: image/png",
        "--data-urlencode",
        f"query={THEMES.text}",
        endpoint,
    )

    assert (done.returncode, done.stdout.decode()) == (HTTP_ERROR, PICTURE_MESSAGE)
    assert b"406" in done.stderr


@pytest.mark.parametrize(
    ("query", "format_"),
    [
        *((MANY_ROWS, format_) for format_ in RESULT_FORMATS),
        *((MANY_TRIPLES, format_) for format_ in GRAPH_FORMATS),
    ],
    ids=lambda value: value.name if isinstance(value, Format) else "",
)
def test_curl_cut_answer(cut_endpoint: str, query: str, format_: Format) -> None:
    """In every format an answer that breaks off is exit code 18."""
    done = curl("--header", accept(format_), "--data-urlencode", f"query={query}", cut_endpoint)

    assert done.returncode == SHORT_BODY


@each_refusal
@each_result_format
def test_curl_given_up(strict: dict[Refusal, str], refusal: Refusal, format_: Format) -> None:
    """In every format, rows that the server gives up are a status and a message, and no rows."""
    done = curl(
        *("--write-out", "%{http_code} %{content_type}", "--header", accept(format_)),
        *("--data-urlencode", f"query={refusal.query}", strict[refusal]),
    )

    assert done.stdout.decode() == f"{refusal.message}{refusal.status} text/plain; charset=utf-8"


@each_graph_format
def test_curl_graph_given_up(strict: dict[Refusal, str], format_: Format) -> None:
    """In every format a graph that the server gives up is a status and a message, and no triples."""
    done = curl(
        *("--fail-with-body", "--header", accept(format_)),
        *("--data-urlencode", f"query={SLOW_TRIPLES}", strict[TIMEOUT]),
    )

    assert (done.returncode, done.stdout.decode()) == (HTTP_ERROR, TIMEOUT.message)
    assert b"503" in done.stderr
