"""Write the log: one JSON object a line, by a thread of its own, so that no answer ever waits for it.

The reader of the log may be slow, or stand still. Then records are dropped, and counted, instead of answers
delayed. Neither the text of a query nor the query part of an address is logged: they show what a person wants
to know. A query is named by its SHA-256 digest. At level `debug` its text is logged too.

This is not a `logging.handlers.QueueListener`: its queue is bounded in records, not in bytes, it wakes its
thread for each record (a third more processor time for each request), and it cannot stop while the reader
stands still.
"""

import hashlib
import json
import logging
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any, Final, Self, TextIO

__all__ = ["ACCESS", "LEVELS", "SLOW", "JsonFormatter", "LogWriter", "configure", "digest", "log_event"]

LEVELS: Final = ("debug", "info", "warning", "error")

# Each request is logged by the first at level info, each slow query by the second at level warning.
ACCESS: Final = logging.getLogger("forumkg.access")
SLOW: Final = logging.getLogger("forumkg.slow")

# Bytes of lines that wait for a reader that stands still: those of some 10,000 requests.
_WAITING: Final = 4 * 1024 * 1024
# Characters of a text in a record; the address of a request may have 64 kB.
_MAX_TEXT: Final = 1024
_MAX_LONG_TEXT: Final = 16 * 1024
_LONG_TEXTS: Final = frozenset({"text", "traceback"})
_STOP_SECONDS: Final = 2.0
_PAUSE: Final = 0.05
_BATCH: Final = 500
# Everything outside of ASCII is escaped: a terminal obeys the control characters of Latin-1 too, and others
# turn the direction of a line or end it.
_JSON: Final = json.JSONEncoder(ensure_ascii=True, default=str)


def digest(query: str) -> str:
    """Return the name of a query in the log: `printf %s "$query" | sha256sum` gives the same."""
    return hashlib.sha256(query.encode()).hexdigest()


class JsonFormatter(logging.Formatter):
    """Format a record as one line of JSON in ASCII: time, level, event, then the fields of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the fields come with `extra={"fields": {...}}`."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        encoded = _JSON.encode(line)
        if len(encoded) <= _MAX_TEXT:
            return encoded
        return _JSON.encode({name: _cut(name, value) for name, value in line.items()})


def _cut(name: str, value: object) -> object:
    """Return a value, a long text without its middle: a traceback ends with the error."""
    bound = _MAX_LONG_TEXT if name in _LONG_TEXTS else _MAX_TEXT
    if not isinstance(value, str) or len(value) <= bound:
        return value
    omitted = f" [{len(value) - bound} characters omitted] "
    return f"{value[: bound // 2]}{omitted}{value[-bound // 2 :]}"


class LogWriter(logging.Handler):
    """Writes lines to a stream from a thread of its own, and drops what the stream does not take in time."""

    def __init__(self, stream: TextIO, *, waiting: int = _WAITING) -> None:
        """Start the thread.

        Args:
            stream: receives the lines.
            waiting: the bytes of the lines that may wait.
        """
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.dropped = 0
        self._stream = stream
        self._capacity = waiting
        self._waiting = 0
        self._lines: deque[str] = deque()
        self._count = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """The bytes of the lines that wait."""
        return self._waiting

    def emit(self, record: logging.LogRecord) -> None:
        """Add a record to those that are written soon."""
        line = f"{self.format(record)}\n"
        with self._count:
            if self._waiting + len(line) > self._capacity:
                self.dropped += 1
                return
            self._waiting += len(line)
        self._lines.append(line)
        if not self._wake.is_set():
            self._wake.set()

    def stop(self) -> None:
        """Write what waits, as far as the stream takes it within two seconds, and nothing after it.

        This is not `close`, which logging calls whenever it is configured anew.
        """
        self._stopping.set()
        self._wake.set()
        self._thread.join(_STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            # Many lines in one go: a wake-up for each would cost the answers more than the lines do.
            self._stopping.wait(_PAUSE)
            self._wake.clear()
            self._drain()

    def _drain(self) -> None:
        while self._lines:
            self._write([self._lines.popleft() for _ in range(min(_BATCH, len(self._lines)))])

    def _write(self, lines: list[str]) -> None:
        text = "".join(lines)
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            # The reader is gone, or the stream is closed.
            with self._count:
                self.dropped += len(lines)
        finally:
            with self._count:
                self._waiting -= len(text)


def log_event(logger: logging.Logger, level: int, event: str, fields: dict[str, Any]) -> None:
    """Log an event with its fields, if the level of the logger lets it through.

    The methods of `logging` would look for the line of code that called them, which takes time.
    """
    if logger.isEnabledFor(level):
        extra = {"fields": fields}
        logger.handle(logger.makeRecord(logger.name, level, "", 0, event, (), None, extra=extra))


def configure(level: str, stream: TextIO) -> LogWriter:
    """Send what this process logs to a stream, from a level on, in place of any earlier handlers.

    Args:
        level: one of `LEVELS`.
        stream: receives the lines; `serve` passes standard error.

    Returns:
        The writer; stop it to write the last lines.
    """
    writer = LogWriter(stream)
    logging.basicConfig(level=level.upper(), handlers=[writer], force=True)
    return writer
