"""Let a WSGI application answer a request that came to the edge.

https://peps.python.org/pep-3333/
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import ClosingIterator

from forumkg.web.replies import IN_MEMORY, Body, File, Reply

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

__all__ = ["GONE", "call", "environ"]

# The variable of a request that has an event, which is set when its client goes away.
GONE: Final = "forumkg.gone"

_NO_PREFIX: Final = frozenset({"content-type", "content-length"})
_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


def environ(  # noqa: PLR0913 (what a request has)
    *,
    method: str,
    path: str,
    query_string: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    scheme: str,
    version: str,
    server: str,
    client: str,
) -> "WSGIEnvironment":
    """Return the environment that describes a request.

    Args:
        method: the HTTP method.
        path: what stands before the `?` of the address, percent-decoded.
        query_string: what stands behind it.
        headers: the headers, with names in lower case; repeated ones are joined, and those with an underscore
            in the name left out.
        body: the bytes of the body.
        scheme: `http` or `https`.
        version: the version of HTTP, as in `1.1`.
        server: the address and the port that the request came to.
        client: the address that the request came from.
    """
    host, _, port = server.rpartition(":")
    lines: dict[str, Any] = {}
    for name, value in headers:
        # It would pass for the header with hyphens in its name, which others have looked at before.
        if "_" in name:
            continue
        variable = name.replace("-", "_").upper()
        key = variable if name in _NO_PREFIX else f"HTTP_{variable}"
        lines[key] = f"{lines[key]},{value}" if key in lines else value
    return {
        **lines,
        "CONTENT_LENGTH": str(len(body)),
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query_string,
        "REMOTE_ADDR": client,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{version}",
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(body),
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.url_scheme": scheme,
        "wsgi.version": (1, 0),
    }


def call(application: "WSGIApplication", variables: "WSGIEnvironment") -> Reply:
    """Return what an application answers, read to its end, so that its length is known."""
    chunks, status, headers = run_wsgi_app(application, variables)
    with closing(ClosingIterator(chunks)):
        body = _collect(chunks)
    # Of an answer to HEAD, the application sends the length alone.
    if variables["REQUEST_METHOD"] != "HEAD" and int(status[:3]) not in _WITHOUT_BODY:
        headers["Content-Length"] = str(len(body))
    return Reply(int(status[:3]), tuple(headers.to_wsgi_list()), body)


def _collect(chunks: Iterable[bytes]) -> Body:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
        for chunk in chunks:
            spool.write(chunk)
        length = spool.tell()
        spool.seek(0)
        if length <= IN_MEMORY:
            return spool.read()
        spool.rollover()
        return File(os.fdopen(os.dup(spool.fileno()), "rb"), length)
