"""Every error that forumkg raises on purpose, in one tree.

ForumKgError
├── DataError              the data cannot be read or built
│   ├── DocumentError      a document cannot be read in its syntax, with line and column
│   ├── ShapeError         a SHACL shape is ill-formed
│   ├── TurtleError        a file is not Turtle, with line and column
│   └── InconsistentError  the ontology and the data contradict each other
├── WholeBuildError        a change that a build cannot follow in a copy of the previous version
├── MessageError           a process of the server sent something that is not a message
├── LocateError            words that do not occur in a text exactly once
├── StoreError             the data directory cannot be used
├── QueryError             a query cannot be parsed or evaluated, with line and column
│   └── PatternError       a regular expression that XPath does not have
└── RequestError           a request that is answered with an HTTP status
    ├── BadRequest           400
    ├── NotFound             404
    ├── NotAcceptable        406
    ├── RequestTimeout       408
    ├── Gone                 410
    ├── ContentTooLarge      413
    ├── UnsupportedMediaType 415
    ├── MisdirectedRequest   421
    ├── HttpError            400 to 505: the HTTP layer cannot read the request
    └── LimitError           503, a query or a validation that the server stops or refuses
        ├── CheckGivenUp
        ├── EngineError      502
        ├── EngineVersionError
        ├── PoolBusy
        ├── QueryCancelled
        ├── QueryOutOfMemory
        ├── QueryTimeout
        ├── ResultTooLarge   413
        ├── TooManyRequests  429
        └── WorkerLost       500
"""

__all__ = [
    "BadRequest",
    "CheckGivenUp",
    "ContentTooLarge",
    "DataError",
    "DocumentError",
    "EngineError",
    "EngineVersionError",
    "ForumKgError",
    "Gone",
    "HttpError",
    "InconsistentError",
    "LimitError",
    "LocateError",
    "MessageError",
    "MisdirectedRequest",
    "NotAcceptable",
    "NotFound",
    "PatternError",
    "PoolBusy",
    "QueryCancelled",
    "QueryError",
    "QueryOutOfMemory",
    "QueryTimeout",
    "RequestError",
    "RequestTimeout",
    "ResultTooLarge",
    "ShapeError",
    "StoreError",
    "TooManyRequests",
    "TurtleError",
    "UnsupportedMediaType",
    "WholeBuildError",
    "WorkerLost",
]


class ForumKgError(Exception):
    """An error that a user can correct; the message says how."""


class DataError(ForumKgError):
    """The data cannot be read or built."""


class DocumentError(DataError):
    """A document cannot be read; with its 1-based line and column if known, and what to write instead."""

    def __init__(
        self, message: str, advice: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message if line is None else f"line {line}, column {column}: {message}")
        self.message = message
        self.advice = advice
        self.line = line
        self.column = column


class ShapeError(DataError):
    """A SHACL shape is ill-formed; `shape` is its IRI, empty where it has none."""

    def __init__(self, reason: str, *, shape: str = "") -> None:
        super().__init__(
            f"The shape <{shape}> cannot be run. {reason}" if shape else f"The shapes cannot be run. {reason}"
        )
        self.reason = reason
        self.shape = shape


class TurtleError(DataError):
    """A file is not Turtle: the 1-based line and column where reading stopped."""

    def __init__(self, message: str, *, path: str, line: int, column: int) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}")
        self.message = message
        self.path = path
        self.line = line
        self.column = column


class InconsistentError(DataError):
    """The data contradict the ontology."""


class WholeBuildError(ForumKgError):
    """A change that cannot be followed in a copy of the previous version: the build begins anew."""


class MessageError(ForumKgError):
    """A process of the server sent something that is not a message, or closed its socket within one."""


class LocateError(ForumKgError):
    """The words do not occur in the text exactly once."""


class StoreError(ForumKgError):
    """The data directory cannot be used."""


class QueryError(ForumKgError):
    """A query cannot be parsed or evaluated; line and column are 1-based where they are known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}, column {column}: {message}")
        self.message = message
        self.line = line
        self.column = column


class PatternError(QueryError):
    """A pattern or a replacement that XPath or the engine does not support; the message has the remedy."""


class RequestError(ForumKgError):
    """A request that cannot be answered."""

    status = 400


class BadRequest(RequestError):
    """The request contradicts the protocol."""


class NotFound(RequestError):
    """The resource does not exist."""

    status = 404


class NotAcceptable(RequestError):
    """None of the accepted media types can be produced."""

    status = 406


class RequestTimeout(RequestError):
    """The body of the request arrives too slowly."""

    status = 408


class Gone(RequestError):
    """The resource was withdrawn."""

    status = 410


class ContentTooLarge(RequestError):
    """The body exceeds the size limit."""

    status = 413


class UnsupportedMediaType(RequestError):
    """The resource does not accept the media type of the body."""

    status = 415


class MisdirectedRequest(RequestError):
    """The request names a host that this server does not answer for."""

    status = 421


class HttpError(RequestError):
    """The HTTP layer cannot read the request: its head, its framing or its length.

    Attributes:
        status: the HTTP status, 400 to 505.
        headers: what the response says besides, as `Allow` or `Accept-Encoding`.
    """

    def __init__(self, status: int, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class LimitError(RequestError):
    """Work that the server stops or refuses; `retry_after` is in seconds, if waiting helps."""

    status = 503

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CheckGivenUp(LimitError):
    """The validation of a document exceeded its time or memory limit."""


class EngineError(LimitError):
    """The engine that evaluates queries cannot be reached, or its answer is not one."""

    status = 502


class EngineVersionError(LimitError):
    """The engine that evaluates queries holds another version than the one that is served."""


class PoolBusy(LimitError):
    """Too many queries run or wait."""


class QueryCancelled(LimitError):
    """The client cancelled the query or went away."""


class QueryOutOfMemory(LimitError):
    """The query exceeded its memory limit."""


class QueryTimeout(LimitError):
    """The query exceeded its time limit."""


class ResultTooLarge(LimitError):
    """The result exceeds the size limit; a retry would too."""

    status = 413


class TooManyRequests(LimitError):
    """The client has reached its rate limit."""

    status = 429


class WorkerLost(LimitError):
    """The worker process ended unexpectedly."""

    status = 500
