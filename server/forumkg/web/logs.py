"""Write the log: one JSON object a line, by a thread of its own, so that no answer ever waits for it.

Whoever reads the log may be slow or stand still. Then lines are dropped, and counted, rather than answers
delayed. The text of a query and the query part of an address are not logged, for they tell what somebody
wants to know: a query is named by its SHA-256 digest. With the level `debug` its text is logged too.
"""

import hashlib
import json
import logging
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any, Final, Self, TextIO

__all__ = ["ACCESS", "LEVELS", "SLOW", "JsonFormatter", "LogWriter", "configure", "digest", "tell"]

LEVELS: Final = ("debug", "info", "warning", "error")

# Each request is told to the first at level info, each query that took long to the second at level warning.
ACCESS: Final = logging.getLogger("forumkg.access")
SLOW: Final = logging.getLogger("forumkg.slow")

# What waits for a reader that stands still takes some megabytes.
_WAITING: Final = 10_000
_PATIENCE: Final = 2.0
_PAUSE: Final = 0.05
_BATCH: Final = 500
_JSON: Final = json.JSONEncoder(ensure_ascii=False, default=str)


def digest(query: str) -> str:
    """Return by what a query is named in the log: `printf %s "$query" | sha256sum` gives the same."""
    return hashlib.sha256(query.encode()).hexdigest()


class JsonFormatter(logging.Formatter):
    """Make one line of JSON of a record: time, level and event, then the fields that the record brings."""

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
        return _JSON.encode(line)


class LogWriter(logging.Handler):
    """Writes lines to a stream from a thread of its own, and drops what the stream does not take in time."""

    def __init__(self, stream: TextIO, *, waiting: int = _WAITING) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.dropped = 0
        self._stream = stream
        self._waiting = waiting
        self._records: deque[logging.LogRecord] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Have a record written soon."""
        if len(self._records) >= self._waiting:
            self.dropped += 1
            return
        self._records.append(record)
        if not self._wake.is_set():
            self._wake.set()

    def stop(self) -> None:
        """Write what waits, as far as the stream takes it within two seconds, and nothing after it.

        This is not `close`, which logging calls whenever anybody configures it anew.
        """
        self._stopping.set()
        self._wake.set()
        self._thread.join(_PATIENCE)

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
        while self._records:
            lines: list[str] = []
            while self._records and len(lines) < _BATCH:
                lines.append(f"{self.format(self._records.popleft())}\n")
            self._write(lines)

    def _write(self, lines: list[str]) -> None:
        try:
            self._stream.write("".join(lines))
            self._stream.flush()
        except (OSError, ValueError):
            # The reader is gone, or the stream is closed: there is nobody left to tell.
            self.dropped += len(lines)


def tell(logger: logging.Logger, level: int, event: str, fields: dict[str, Any]) -> None:
    """Log an event with its fields, where the level of the logger lets it through.

    Logging's own methods look for the line of code that called them, which nobody wants to know here.
    """
    if logger.isEnabledFor(level):
        extra = {"fields": fields}
        logger.handle(logger.makeRecord(logger.name, level, "", 0, event, (), None, extra=extra))


def configure(level: str, stream: TextIO) -> LogWriter:
    """Send what this process logs to a stream, from a level on, in the place of any earlier handlers.

    Args:
        level: one of `LEVELS`.
        stream: where to; `serve` gives standard error.

    Returns:
        The writer; stop it to have the last lines written.
    """
    writer = LogWriter(stream)
    logging.basicConfig(level=level.upper(), handlers=[writer], force=True)
    return writer
