"""One request, read once and checked: routing, cache keys, rate limits and WSGI all use this value.

llhttp, in its strict mode, reads the header fields. The request line is read here, because its target needs
more care than llhttp takes. https://www.rfc-editor.org/rfc/rfc9112#section-3
"""

import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple, cast
from urllib.parse import unquote_to_bytes

import httptools

from forumkg.errors import BadRequest, ContentTooLarge, HttpError, MisdirectedRequest, UnsupportedMediaType
from forumkg.web.addresses import Network, client_address, client_key, client_scheme, normalized_address
from forumkg.web.http.limits import MAX_FIELD_BYTES, MAX_FIELDS, ServerLimits
from forumkg.web.ids import REQUEST_ID, choose_request_id

__all__ = [
    "SAFE_METHODS",
    "HttpRequest",
    "SocketAddress",
    "accept_in",
    "address_of",
    "check_framing",
    "check_host",
    "check_start",
    "read_head",
]

# https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
# Of these, the application answers PUT, PATCH and TRACE by 405 with the methods of the resource.
_REQUEST_ID: Final = REQUEST_ID.lower()
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "DELETE", "PUT", "PATCH", "TRACE"})

_TOKEN: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]"
_REQUEST_LINE: Final = re.compile(
    rb"(?P<method>" + _TOKEN + rb"{1,64}) (?P<target>[!-~\x80-\xff]+) HTTP/(?P<version>[0-9]\.[0-9])"
)
# The line of nearly all requests: a path of this server, and nothing that needs a closer look.
_PLAIN_LINE: Final = re.compile(
    rb"(GET|HEAD|POST) (/[!$-;=@-~]*)(?:\?([!$-;=?-~]*))? HTTP/(1\.[01])\r\n",
)
_START: Final = re.compile(_TOKEN + rb"{1,64}(?: [ -~\x80-\xff]*)?\r?")
_ABSOLUTE: Final = re.compile(
    rb"https?://(?P<authority>[^/?]*)(?P<path>/[^?]*)?(?:\?(?P<query>.*))?", re.IGNORECASE
)
# What no IRI or URI holds as it is: https://url.spec.whatwg.org/#query-percent-encode-set
_UNENCODED: Final = re.compile(rb'["<>#]')
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_HOST: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
_LAST_PORT: Final = 65535
_ACCEPT: Final = re.compile(rb"\r\naccept:(?P<value>[^\r\n]{0,1000})", re.IGNORECASE)
# Fields that are no list: a second one is a mistake or an attack.
_SINGLE: Final = frozenset({"host", "content-type"})
# Programs send the same fields with each request, in far fewer bytes.
_USUAL_FIELDS: Final = 1_024

SocketAddress = tuple[str, int]


class HttpRequest(NamedTuple):
    """A request.

    Attributes:
        method: in capitals.
        raw_path: the path as it was sent, ASCII, still percent-encoded; `*` for the server itself.
        path: the path, decoded.
        query: what follows the `?`, still percent-encoded.
        headers: the header fields by their names in lower case; fields of one name are joined by commas.
        version: of HTTP, `1.0` or `1.1`.
        host: the host that the client names; empty where HTTP/1.0 names none.
        scheme: `http`, or `https` where a trusted proxy says so.
        client_address: the address of the client, behind trusted proxies.
        client: the name of the client, by which its rate limits and shares are kept: see `client_key`.
        server: the address that the connection was made to.
        id: the name of the request in its response and in the log.
        keep_alive: whether the client wants to send another request on this connection.
        content_length: of the body.
        began: when the head was complete, by `time.perf_counter`.
        body: the content; empty for GET and HEAD, which have none that means anything.
    """

    method: str
    raw_path: str
    path: str
    query: bytes
    headers: Mapping[str, str]
    version: str
    host: str
    scheme: str
    client_address: str
    client: str
    server: SocketAddress
    id: str
    keep_alive: bool
    content_length: int
    began: float
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the value of a header field by its name in lower case; empty where it was not sent."""
        return self.headers.get(name, "")

    @property
    def target(self) -> str:
        """The path and the query as they were sent."""
        return f"{self.raw_path}?{self.query.decode('ascii')}" if self.query else self.raw_path

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for a sign before it sends the body."""
        return self.version != "1.0" and self.header("expect").lower() == "100-continue"


def address_of(name: object) -> SocketAddress:
    """Return the address and the port in the name of a socket."""
    host, port = cast("tuple[str, int]", name)[:2] if name else ("", 0)
    return host, port


def accept_in(start: bytes) -> str:
    """Return the Accept header in the start of a head that cannot be read; empty where there is none."""
    match = _ACCEPT.search(start)
    return match["value"].decode("latin-1") if match else ""


def check_start(start: bytes, *, longest: int) -> None:
    """Refuse the beginning of a head that cannot become one.

    Args:
        start: what has come so far, without the empty line that ends a head.
        longest: the bytes of the longest head.

    Raises:
        HttpError: it is too long, or is not HTTP.
    """
    line, end, _ = start[:longest].partition(b"\r\n")
    if not _START.fullmatch(line) or b"\n" in start.replace(b"\r\n", b""):
        raise HttpError(400, "This is not HTTP: send a request line and header fields that end with CR LF.")
    if len(start) < longest:
        return
    if not end:
        raise HttpError(
            414, f"The address is longer than {longest:,} bytes: send a long query by POST, in the body."
        )
    raise HttpError(431, f"The head of the request is longer than {longest:,} bytes: send less.")


def read_head(
    head: bytes, peer: SocketAddress, server: SocketAddress, trusted: tuple[Network, ...]
) -> HttpRequest:
    """Return the request that a head describes, without its body.

    Args:
        head: the request line and the header fields, with the empty line that ends them.
        peer: the other end of the connection.
        server: this end.
        trusted: the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count.

    Raises:
        HttpError: it is not a request that this server reads.
    """
    if plain := _PLAIN_LINE.match(head):
        verb, path, query, number = plain.groups(b"")
        method, version = verb.decode("ascii"), number.decode("ascii")
        read = _read_usual_fields if len(head) - plain.end() <= _USUAL_FIELDS else _read_fields
        headers, host, keep_alive = read(head[plain.end() :], None, version)
    else:
        method, version, target = _read_line(head)
        authority, path, query = _split(method, target)
        _, _, lines = head.partition(b"\r\n")
        headers, host, keep_alive = _read_fields(lines, authority, version)
    header = headers.get
    raw_path = path.decode("ascii")
    forwarded_for, proto = header("x-forwarded-for"), header("x-forwarded-proto")
    address = (
        client_address(peer[0], forwarded_for, trusted) if forwarded_for else normalized_address(peer[0])
    )
    return HttpRequest(
        method,
        raw_path,
        unquote_to_bytes(path).decode(errors="replace") if b"%" in path else raw_path,
        query,
        headers,
        version,
        host,
        client_scheme(peer[0], proto, trusted) if proto else "http",
        address,
        client_key(address),
        server,
        choose_request_id(header(_REQUEST_ID)),
        keep_alive,
        int(header("content-length", "0")),
        time.perf_counter(),
    )


def _read_line(head: bytes) -> tuple[str, str, bytes]:
    """Return the method, the version and the target of a request line."""
    line, _, _ = head.partition(b"\r\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise HttpError(
            400,
            f"The request line is {_shown(line)}: send METHOD TARGET HTTP/1.1, with one space between them "
            "and each space of the target as %20.",
        )
    method, target = match["method"].decode("ascii"), match["target"]
    if method not in _METHODS:
        raise HttpError(
            501,
            f"The method {method!r} is unknown here: send GET, HEAD, POST, OPTIONS or DELETE, in capitals.",
        )
    version = match["version"].decode("ascii")
    if version not in {"1.0", "1.1"}:
        raise HttpError(505, f"HTTP/{version} is not spoken here: send HTTP/1.1.")
    return method, version, target


def check_framing(request: HttpRequest, limits: ServerLimits) -> None:
    """Refuse a body that this server does not receive.

    Raises:
        RequestError: with the status that says why.
    """
    headers = request.headers
    if "transfer-encoding" in headers:
        raise HttpError(411, "The body comes in chunks: send it with a Content-Length.")
    if request.content_length > limits.body_bytes:
        raise ContentTooLarge(f"The body is longer than {limits.body_bytes:,} bytes: send less.")
    coding = headers.get("content-encoding", "").strip().lower()
    if coding not in {"", "identity"}:
        error = UnsupportedMediaType(f"The Content-Encoding {coding!r} is not read: send the body as it is.")
        raise HttpError(error.status, str(error), (("Accept-Encoding", "identity"),))
    expected = headers.get("expect", "").lower()
    if expected not in {"", "100-continue"}:
        raise HttpError(417, f"The server cannot do what the Expect header says, {expected!r}: leave it out.")


def check_host(host: str, allowed: frozenset[str]) -> None:
    """Refuse a request for another server than this one.

    It keeps a foreign page from reaching a server on its reader's own machine by a name that the page makes
    point there (DNS rebinding). A browser always names a host.

    Args:
        host: the host of a request; empty where it names none.
        allowed: the names that this server has, in lower case and without a port; empty means any.

    Raises:
        MisdirectedRequest: the host is another one.
    """
    match = _HOST.fullmatch(host) if allowed else None
    if match and (name := match["name"].lower().rstrip(".")) not in allowed:
        raise MisdirectedRequest(f"This server is not {name!r}: ask {' or '.join(sorted(allowed))}.")


class _Fields:
    """Collects the header fields that llhttp reads."""

    __slots__ = ("complete", "lines", "refusal")

    def __init__(self) -> None:
        self.lines: list[tuple[bytes, bytes]] = []
        self.complete = False
        self.refusal: HttpError | None = None

    def on_header(self, name: bytes, value: bytes) -> None:
        self.lines.append((name, value))
        if len(self.lines) > MAX_FIELDS:
            self.refusal = HttpError(
                431, f"The request has more than {MAX_FIELDS} header fields: send fewer."
            )
        elif len(value) > MAX_FIELD_BYTES:
            self.refusal = HttpError(
                431, f"A header field is longer than {MAX_FIELD_BYTES:,} bytes: send less in {_shown(name)}."
            )
        if self.refusal is not None:
            raise self.refusal

    def on_headers_complete(self) -> None:
        self.complete = True


def _read_fields(lines: bytes, authority: bytes | None, version: str) -> tuple[Mapping[str, str], str, bool]:
    """Return the header fields, those of one name as one list, the host, and whether the connection stays.

    https://www.rfc-editor.org/rfc/rfc9110#section-5.3
    """
    fields = _Fields()
    parser = httptools.HttpRequestParser(fields)
    # The request line was read before, with more care than llhttp takes.
    text = b"GET / HTTP/%b\r\n%b" % (version.encode("ascii"), lines)
    try:
        parser.feed_data(text)
    except httptools.HttpParserUpgrade:
        pass  # An upgrade is not made: the client continues in HTTP/1.1.
    except httptools.HttpParserError as error:
        if fields.refusal is not None:
            raise fields.refusal from error
        raise HttpError(400, f"The head of the request is wrong: {str(error).rstrip('.')}.") from error
    if not fields.complete or lines.count(b"\n") != lines.count(b"\r\n"):
        raise HttpError(400, "The head of the request is wrong: end each line with CR LF.")
    joined: dict[str, str] = {}
    for raw_name, raw_value in fields.lines:
        # With an underscore it would pass for the field with a hyphen, in WSGI and behind some proxies.
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1").strip(" \t")
        if name in joined:
            if name in _SINGLE:
                raise HttpError(400, f"The request has two {name} fields: send one.")
            value = f"{joined[name]}, {value}"
        joined[name] = value
    host = _read_host(joined, authority, version)
    return joined, host, _keeps_alive(joined.get("connection"), version)


# A program sends the same fields with each request; to read them anew takes a tenth of the time of a look-up.
_read_usual_fields: Final = lru_cache(maxsize=256)(_read_fields)


def _encoded(data: bytes) -> bytes:
    """Percent-encode what is not ASCII, as a browser does and as curl does not."""
    return _NOT_ASCII.sub(lambda match: b"%%%02X" % match[0][0], data)


def _split(method: str, target: bytes) -> tuple[bytes | None, bytes, bytes]:
    """Return the authority of a target in absolute form, its path and its query.

    https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    """
    found = _UNENCODED.search(target)
    if found:
        raise HttpError(
            400,
            f"The address has {found[0].decode()!r} in it: write %{found[0].hex().upper()} there, or send "
            "the query by POST, in the body.",
        )
    if not target.isascii():
        target = _encoded(target)
    if target.startswith(b"/"):
        path, _, query = target.partition(b"?")
        return None, path, query
    if target == b"*" and method == "OPTIONS":
        return None, target, b""
    match = _ABSOLUTE.fullmatch(target)
    if match is None:
        raise HttpError(400, f"The target is {_shown(target)}: send a path that begins with /.")
    return match["authority"], match["path"] or b"/", match["query"] or b""


def _read_host(headers: dict[str, str], authority: bytes | None, version: str) -> str:
    """Return the host that the request is for.

    https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 lets that of an absolute target count.
    """
    host = headers.get("host")
    if host is None and version != "1.0":
        raise BadRequest("There is no Host header: send the name of the server, as in `Host: example.org`.")
    if authority is not None:
        host = headers["host"] = authority.decode("ascii")
    if host is None:
        return ""
    match = _HOST.fullmatch(host)
    if match is None or (match["port"] and int(match["port"]) > _LAST_PORT):
        raise BadRequest(
            f"The Host header is {host!r}: send the name of the server, as in `Host: example.org`."
        )
    return host


def _keeps_alive(connection: str | None, version: str) -> bool:
    if not connection:
        return version == "1.1"
    options = {option.strip() for option in connection.lower().split(",")}
    return "close" not in options and (version == "1.1" or "keep-alive" in options)


def _shown(data: bytes, most: int = 100) -> str:
    text = data[:most].decode("latin-1")
    return ascii(text) + ("…" if len(data) > most else "")
