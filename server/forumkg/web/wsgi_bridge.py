"""Call a WSGI application from the HTTP server.

https://peps.python.org/pep-3333/
"""

import errno
import io
import os
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import ClosingIterator

from forumkg.errors import PoolBusy
from forumkg.web.http.request import HttpRequest
from forumkg.web.http.responses import IN_MEMORY, Body, File, Headers, Reply, has_body

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

__all__ = ["GONE", "REQUEST_ID_VARIABLE", "call", "environ"]

# The variable with an event that is set when the client hangs up.
GONE: Final = "forumkg.gone"
# The variable with the id of the request.
REQUEST_ID_VARIABLE: Final = "forumkg.request_id"

_NO_PREFIX: Final = frozenset({"content-type", "content-length"})
_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def environ(
    request: HttpRequest, gone: threading.Event, *, without: frozenset[str] = frozenset()
) -> "WSGIEnvironment":
    """Return the environment that describes a request.

    Args:
        request: the request.
        gone: is set when the client hangs up.
        without: header fields, in lower case, that the application is not to see.
    """
    fields: dict[str, Any] = {}
    for name, value in request.headers.items():
        if name in without:
            continue
        variable = name.replace("-", "_").upper()
        fields[variable if name in _NO_PREFIX else f"HTTP_{variable}"] = value
    host, port = request.server
    return {
        **fields,
        "CONTENT_LENGTH": str(len(request.body)),
        "PATH_INFO": unquote_to_bytes(request.raw_path).decode("latin-1"),
        "QUERY_STRING": request.query.decode("ascii"),
        "REMOTE_ADDR": request.client_address,
        "REQUEST_METHOD": request.method,
        "REQUEST_URI": request.target,
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": request.scheme,
        "wsgi.version": (1, 0),
        GONE: gone,
        REQUEST_ID_VARIABLE: request.id,
    }


def call(application: "WSGIApplication", variables: "WSGIEnvironment") -> Reply:
    """Return the response of an application, read to its end, so that its length is known.

    Raises:
        PoolBusy: the disk is full.
    """
    started: list[tuple[str, Headers]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Any:  # noqa: ANN401 (PEP 3333)
        started[:] = [(status, tuple(headers))]
        return written.append

    chunks = application(variables, start_response)
    if isinstance(chunks, File):
        # A long answer or a download: sent from where it lies.
        body: Body = chunks
    else:
        with closing(ClosingIterator(chunks, getattr(chunks, "close", None))):
            body = _collect(chunks, written)
    ((status_line, headers),) = started
    status = int(status_line[:3])
    # Of a response to HEAD, the application says the length alone.
    if has_body(variables["REQUEST_METHOD"], status):
        others = tuple(header for header in headers if header[0].lower() != "content-length")
        headers = (*others, ("Content-Length", str(len(body))))
    # A date is that of the response, which may come from the cache later.
    headers = tuple(header for header in headers if header[0].lower() != "date")
    return Reply(status, headers, body)


def _collect(chunks: Iterable[bytes], written: list[bytes]) -> Body:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
        for chunk in chunks:
            _write(spool, chunk)
        if written:
            return b"".join(written) + spool.read()
        length = spool.tell()
        spool.seek(0)
        if length <= IN_MEMORY:
            return spool.read()
        spool.rollover()
        return File(os.fdopen(os.dup(spool.fileno()), "rb"), length)


def _write(spool: "tempfile.SpooledTemporaryFile[bytes]", chunk: bytes) -> None:
    try:
        spool.write(chunk)
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise PoolBusy("The disk of the server is full: try again later.", retry_after=30) from error
        raise
