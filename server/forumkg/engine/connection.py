"""A connection to an engine: send it one query after the other, and read what its response means.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

from forumkg.engine.authorization import AUTHORIZATION, load_client_certificate
from forumkg.engine.profiles import Profile
from forumkg.engine.queries import EngineQuery
from forumkg.engine.timed_response import Deadline, TimedResponse
from forumkg.errors import EngineError, LimitError, PoolBusy, QueryError, QueryTimeout
from forumkg.formats import JSON

__all__ = ["GRACE", "Engine", "EngineBody", "EngineConnection", "engine_errors", "reason_of", "tls_context"]

# Seconds by which the engine's limit is later than ours, so that ours ends a query first.
GRACE: Final = 2.0

_PIECE: Final = 64 * 1024
_MOST_OF_ERROR: Final = 4096
_LONGEST_REASON: Final = 300
_SOON: Final = 5
_OK: Final = 200
_BAD_REQUEST: Final = 400
_TIMEOUTS: Final = frozenset({408, 504})
_BUSY: Final = frozenset({429, 503})
_REFUSED: Final = frozenset({401, 403})
_QUERY: Final = "application/sparql-query"
_FORM: Final = "application/x-www-form-urlencoded"
_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine, and the dataset in it that holds one version.

    Attributes:
        profile: its kind.
        url: the address of the dataset, without a slash at its end.
        graphs: the named graphs of the version.
        version: the digest of the version; empty where it is not compared.
        authorization: the value of the Authorization header; empty for none.
    """

    profile: Profile
    url: str
    graphs: tuple[str, ...] = ()
    version: str = ""
    authorization: str = field(default="", repr=False)

    def address(self, path: str) -> str:
        """Return the path of an address below that of the dataset, as a request line has it."""
        parts = urlsplit(self.url)
        return f"{parts.path.rstrip('/')}{path}" or "/"

    def headers(self, **fields: str) -> dict[str, str]:
        """Return the header fields of a request."""
        named = {name.replace("_", "-"): value for name, value in fields.items() if value}
        sent = {"User-Agent": "forumkg", "Accept-Encoding": "identity", **named}
        return {**sent, "Authorization": self.authorization} if self.authorization else sent

    def parameters(self, query: EngineQuery, limit: float) -> list[tuple[str, str]]:
        """Return the parameters of a request for a query, the query itself left out.

        Args:
            query: the query.
            limit: the seconds after which the engine ends it.
        """
        default, named = query.default_graphs, query.named_graphs
        if self.profile.default_graph and not query.has_dataset:
            default = (self.profile.default_graph,)
            named = self.graphs if query.has_graph and self.profile.names_graphs else ()
        found = [("default-graph-uri", graph) for graph in default]
        found += [("named-graph-uri", graph) for graph in named]
        timeout = self.profile.timeout
        return [*found, (timeout.parameter, timeout.value(limit))] if timeout else found


@cache
def tls_context() -> ssl.SSLContext:
    """Return the settings of TLS connections: the authorities of the system, and our certificate, if any.

    Raises:
        StoreError: our certificate cannot be used.
    """
    context = ssl.create_default_context()
    load_client_certificate(context)
    return context


class EngineConnection:
    """An open connection, which is never reopened."""

    def __init__(self, engine: Engine, timeout: float) -> None:
        """Open the connection.

        Args:
            engine: the engine to connect to.
            timeout: seconds for this.

        Raises:
            EngineError: no connection came about.
        """
        self.engine = engine
        self._response: HTTPResponse | None = None
        parts = urlsplit(engine.url)
        host = parts.hostname or ""
        self._connection: HTTPConnection = (
            HTTPSConnection(host, parts.port, timeout=timeout, context=tls_context())
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port, timeout=timeout)
        )
        try:
            self._connection.connect()
        except ssl.SSLCertVerificationError as error:
            self._connection.close()
            raise EngineError(
                f"The certificate of the engine of this endpoint is not accepted ({error.verify_message}): "
                "its operator gives the engine one for its name, or names its authority in SSL_CERT_FILE.",
                retry_after=_SOON,
            ) from error
        except (OSError, UnicodeError) as error:
            self._connection.close()
            reason = getattr(error, "strerror", None) or error
            raise EngineError(
                f"The engine of this endpoint cannot be reached ({reason}): try again later.",
                retry_after=_SOON,
            ) from error
        self._deadline = Deadline()
        self._connection.response_class = partial(TimedResponse, self._deadline)  # type: ignore[assignment]
        # A connection that a worker cannot open again must not be opened silently.
        self._connection.auto_open = 0

    @property
    def is_open(self) -> bool:
        """Whether another query can be sent."""
        return self._connection.sock is not None

    def fileno(self) -> int:
        """Return the descriptor of the socket; see `has_ended`."""
        return self._connection.sock.fileno()

    def has_ended(self) -> bool:
        """Whether the engine has ended the connection; ask where it is readable and no query under way.

        With TLS, it is readable also for tickets, by which a client may resume the session later.
        https://www.rfc-editor.org/rfc/rfc8446#section-4.6.1
        """
        sock = self._connection.sock
        if not isinstance(sock, ssl.SSLSocket):
            return True
        sock.setblocking(False)
        try:
            sock.recv(1)
        except ssl.SSLWantReadError:
            return False
        except OSError:
            return True
        return True

    def ask(self, query: EngineQuery, seconds: float, limit: float | None = None) -> "EngineBody":
        """Send a query, and return the body of the response once its status is 200.

        Args:
            query: the query.
            seconds: how long the answer may take.
            limit: the seconds after which the engine ends it; by default `GRACE` more than ours.

        Raises:
            QueryError: the engine refuses the query.
            QueryTimeout: the time is over, by the engine's clock or ours.
            PoolBusy: the engine has too much to do.
            EngineError: its response is of another kind.
        """
        format_ = self.engine.profile.graphs if query.is_graph else JSON
        parameters = self.engine.parameters(query, seconds + GRACE if limit is None else limit)
        path = self.engine.address(self.engine.profile.query)
        if self.engine.profile.is_form:
            body, kind = urlencode([("query", query.text), *parameters]).encode(), _FORM
        else:
            body, kind = query.text.encode(), _QUERY
            path += f"?{urlencode(parameters)}" if parameters else ""
        until = time.monotonic() + seconds
        headers = self.engine.headers(Accept=format_.media_type, Content_Type=kind)
        response = self.request("POST", path, body, headers, seconds)
        with self._closing_on_error():
            self._check(response, seconds, until)
            kinds = format_.media_types
            if response.headers.get_content_type() not in kinds:
                sent = response.headers.get("Content-Type", "nothing")
                raise EngineError(
                    f"The engine of this endpoint sent {sent[:80]}, and not {format_.media_type}."
                )
        return EngineBody(self, response, self._deadline)

    def request(
        self, method: str, path: str, body: object, headers: dict[str, str], seconds: float
    ) -> HTTPResponse:
        """Send a request, and return the response, of which the body is not read yet.

        Raises:
            QueryTimeout: the response does not begin in time.
            EngineError: the connection was closed.
        """
        with self._closing_on_error(), engine_errors():
            self._connection.timeout = seconds
            self._deadline.moment = time.monotonic() + seconds
            self._connection.sock.settimeout(max(seconds, 0.001))
            self._connection.request(method, path, body, headers)  # type: ignore[arg-type]
            self._response = self._connection.getresponse()
            return self._response

    def close(self) -> None:
        """Close the connection; a second time does nothing."""
        self._connection.close()
        if self._response is not None:
            # One that is the last of its connection keeps the socket.
            self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self, response: HTTPResponse, seconds: float, until: float) -> None:
        """Raise the error that the head of a response reports, if any."""
        profile, status = self.engine.profile, response.status
        signs = {name: value for name in profile.failures if (value := response.headers.get(name))}
        if status in _TIMEOUTS or any(value in profile.timeouts for value in signs.values()):
            raise _given_up(seconds)
        if status in _BUSY:
            # Engines answer 503 to a query that took too long, too.
            if profile.timeout is not None and time.monotonic() >= until:
                raise _given_up(seconds)
            raise PoolBusy("The engine of this endpoint is busy: try again later.", retry_after=_SOON)
        if status in _REFUSED:
            raise EngineError(
                f"The engine of this endpoint refuses our credentials ({status}): its operator sets "
                f"{AUTHORIZATION}."
            )
        if status == _BAD_REQUEST:
            raise QueryError(f"The engine of this endpoint refuses the query: {reason_of(response)}")
        if status != _OK:
            reason = reason_of(response) if profile.timeouts else ""
            if any(word in reason for word in profile.timeouts):
                raise _given_up(seconds)
            raise EngineError(f"The engine of this endpoint answered with status {status}.")
        for name, value in signs.items():
            raise EngineError(f"The engine of this endpoint cut its answer ({name}: {value[:20]}).")

    @contextmanager
    def _closing_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise


class EngineBody:
    """The body of a response, as a file that is read from its start; an early end is an error."""

    def __init__(self, connection: EngineConnection, response: HTTPResponse, deadline: Deadline) -> None:
        self._connection = connection
        self._response = response
        self._deadline = deadline
        self._ahead = b""
        self._is_over = False

    def peek(self) -> bytes:
        """Return the first bytes without taking them; empty where there are none."""
        if not self._ahead:
            self._ahead = self._next(_PIECE)
        return self._ahead

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`, or all; empty at the end.

        Raises:
            EngineError: the connection has ended before the body.
            QueryTimeout: the time is over.
        """
        if size is None or size < 0:
            pieces = []
            while piece := self.read(_PIECE):
                pieces.append(piece)
            return b"".join(pieces)
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        return self._next(size)

    def finish(self) -> None:
        """Read to the end, where nothing but white space may be left.

        Raises:
            EngineError: something follows the answer, or the connection has ended before the body.
        """
        while piece := self.read(_PIECE):
            if piece.strip():
                self._connection.close()
                raise EngineError("The engine of this endpoint sent something behind its answer.")

    def _next(self, size: int) -> bytes:
        if self._is_over:
            return b""
        try:
            with engine_errors():
                piece = self._received(size)
        except BaseException:
            self._connection.close()
            raise
        self._is_over = not piece
        return piece

    def _received(self, size: int) -> bytes:
        self._deadline.left()  # What was read ahead counts, too.
        piece = self._response.read(size)
        # With a Content-Length, http.client takes an early end for the end.
        if not piece and self._response.length:
            raise ConnectionResetError
        return piece


@contextmanager
def engine_errors() -> Iterator[None]:
    """Raise what goes wrong on a connection as an error of the engine.

    Raises:
        QueryTimeout: the time is over.
        EngineError: the connection ended, or something else than HTTP came.
    """
    try:
        yield
    except TimeoutError as error:
        raise QueryTimeout("The engine of this endpoint did not answer in time: ask for less.") from error
    except LimitError:
        raise
    except (OSError, HTTPException, ValueError) as error:
        raise EngineError(
            "The connection to the engine of this endpoint ended before its answer: try again.",
            retry_after=_SOON,
        ) from error


def _given_up(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        f"The engine of this endpoint gave up the query, which had {seconds:.3g} seconds: ask for less, "
        "for instance with LIMIT, FILTER or fewer optional parts."
    )


def reason_of(response: HTTPResponse) -> str:
    """Return the beginning of an error text in one line; nothing of a page in HTML."""
    try:
        text = response.read(_MOST_OF_ERROR).decode(errors="replace")
    except (OSError, HTTPException):
        return "no reason was given."
    line = _SPACE.sub(" ", text).strip()
    return line[:_LONGEST_REASON] if line and not line.startswith("<") else "no reason was given."
