"""The log of the server."""

import hashlib
import io
import json
import logging
import logging.config
import os
from collections.abc import Iterator
from typing import Any, TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.web.logs import ACCESS, LEVELS, SLOW, JsonFormatter, LogWriter, configure, digest


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """Return the root logger, and give it its handlers back after the test."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    logger.handlers = []
    yield logger
    logger.handlers, level_after = handlers, level
    logger.setLevel(level_after)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return what was logged."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.usefixtures("root")
def test_line() -> None:
    """A record is one line of JSON: when, how grave, what, then the fields in their order."""
    stream = io.StringIO()
    writer = configure("info", stream)

    ACCESS.info("request", extra={"fields": {"id": "a1", "status": 200, "path": "/\n\x1b[31mé"}})
    writer.stop()

    (line,) = stream.getvalue().splitlines()
    record = json.loads(line)
    assert list(record) == ["time", "level", "event", "id", "status", "path"]
    assert record["time"].endswith("+00:00")
    assert {name: record[name] for name in list(record)[1:]} == {
        "level": "info",
        "event": "request",
        "id": "a1",
        "status": 200,
        "path": "/\n\x1b[31mé",
    }
    assert "\x1b" not in line


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("level", LEVELS)
def test_level(level: str) -> None:
    """What is less grave than the level is not logged."""
    stream = io.StringIO()
    writer = configure(level, stream)

    for name in LEVELS:
        SLOW.log(logging.getLevelNamesMapping()[name.upper()], name)
    writer.stop()

    assert [record["event"] for record in lines(stream)] == list(LEVELS[LEVELS.index(level) :])


@pytest.mark.usefixtures("root")
def test_traceback() -> None:
    """An unforeseen error is logged with its traceback, on the same line."""
    stream = io.StringIO()
    writer = configure("error", stream)

    try:
        divmod(1, 0)
    except ZeroDivisionError:
        logging.getLogger("forumkg").exception("Exception on %s", "/sparql")
    writer.stop()

    (record,) = lines(stream)
    assert record["event"] == "Exception on /sparql"
    assert record["traceback"].splitlines()[-1].startswith("ZeroDivisionError: ")


def test_reader_that_stands_still() -> None:
    """A log whose reader stands still delays no answer: beyond a bound records are dropped and counted."""
    reader, pipe = os.pipe()
    with os.fdopen(reader, encoding="utf-8") as read, os.fdopen(pipe, "w", encoding="utf-8") as write:
        writer = LogWriter(write, waiting=10_000)
        record = logging.LogRecord("forumkg", logging.INFO, "", 0, "x" * 60_000, None, None)

        for _ in range(1000):
            writer.emit(record)
            assert writer.waiting <= 10_000

        # A pipe takes 64 kB, and the thread one batch more.
        assert 800 <= writer.dropped <= 995
        threaded = iter(read)
        taken = [next(threaded) for _ in range(1000 - writer.dropped)]
        writer.stop()
    assert len(taken) == 1000 - writer.dropped
    assert writer.waiting == 0


@given(st.dictionaries(st.sampled_from(["path", "text", "method"]), st.text()), st.integers(0, 200_000))
def test_any_record_is_one_short_line_of_ascii(fields: dict[str, str], length: int) -> None:
    """Whatever a client sends, a record is one line without control characters, and of bounded length."""
    record = logging.LogRecord("forumkg", logging.INFO, "", 0, "request", None, None)
    record.fields = {**fields, "path": fields.get("path", "\U0001f600") * length}

    line = JsonFormatter().format(record)

    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 12 * (2 * 1024 + 16 * 1024) + 500
    logged = json.loads(line)
    assert all(
        logged[name] == value for name, value in fields.items() if name != "path" and len(value) < 1024
    )


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x9b", "\u2028", "\u202e"])
def test_control_characters_are_escaped(character: str) -> None:
    """The log escapes what a terminal would obey: controls of ASCII and Latin-1, marks of direction."""
    record = logging.LogRecord("forumkg", logging.INFO, "", 0, "request", None, None)
    record.fields = {"path": f"/a{character}b"}

    line = JsonFormatter().format(record)

    assert character not in line
    assert json.loads(line)["path"] == f"/a{character}b"


def test_long_text_is_cut() -> None:
    """A path is cut to 1,024 characters with what it left out; of a traceback the end stays."""
    record = logging.LogRecord("forumkg", logging.INFO, "", 0, "request", None, None)
    record.fields = {
        "path": "/" + "x" * 59_999,
        "traceback": "x" * 60_000 + "ZeroDivisionError: division by zero",
    }

    logged = json.loads(JsonFormatter().format(record))

    assert logged["path"] == "/" + "x" * 511 + " [58976 characters omitted] " + "x" * 512
    assert logged["traceback"].endswith("xZeroDivisionError: division by zero")
    assert len(logged["traceback"]) < 17_000


@pytest.mark.usefixtures("root")
def test_library_that_configures_logging() -> None:
    """A library that configures its own loggers, as the HTTP server does, leaves the log alone."""
    stream = io.StringIO()

    with configure("info", stream):
        logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "loggers": {"other": {}}})
        ACCESS.info("request")

    assert [record["event"] for record in lines(stream)] == ["request"]


def test_reader_that_is_gone() -> None:
    """A log whose reader has gone ends nothing: the lines are dropped and counted."""
    reader, pipe = os.pipe()
    os.close(reader)
    stream: TextIO = os.fdopen(pipe, "w", encoding="utf-8", buffering=1)
    writer = LogWriter(stream)

    for _ in range(3):
        writer.emit(logging.LogRecord("forumkg", logging.INFO, "", 0, "no reader", None, None))
    writer.stop()

    assert writer.dropped == 3
    with pytest.raises(BrokenPipeError):
        stream.close()


def test_format_of_what_is_no_json() -> None:
    """A field that JSON does not know is written as text."""
    record = logging.LogRecord("forumkg", logging.INFO, "", 0, "%s and %s", ("a", "b"), None)
    record.fields = {"path": os.fspath("/data"), "kind": logging.INFO, "error": ValueError("no")}

    written = json.loads(JsonFormatter().format(record))

    assert (written["event"], written["path"], written["error"]) == ("a and b", "/data", "no")


def test_digest() -> None:
    """A query is named by the SHA-256 of its UTF-8."""
    assert digest("ASK { ?s ?p '中' }") == hashlib.sha256("ASK { ?s ?p '中' }".encode()).hexdigest()
