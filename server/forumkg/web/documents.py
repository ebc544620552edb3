"""Send documents about the data: with validators, for caches and for pages of any origin.

https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3
"""

import hashlib

from flask import Response, request

from forumkg.formats import Format
from forumkg.web.headers import CORS

__all__ = ["document", "open_to_all", "see_other"]


def document(data: bytes | str, format_: Format, *, links: str = "") -> Response:
    """Return a document, or 304 where the client has it already.

    Args:
        data: its content.
        format_: its format.
        links: its Link header.
    """
    body = data.encode() if isinstance(data, str) else data
    response = Response(body, content_type=format_.content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    # A new version of the dataset has another content at the same address: ask each time.
    response.cache_control.no_cache = True
    if links:
        response.headers["Link"] = links
    response.make_conditional(request)
    return response


def see_other(path: str, *, links: str = "") -> Response:
    """Return a redirection to a document about the thing that was asked for.

    https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4

    Args:
        path: its path on this host, percent-encoded.
        links: the Link header.
    """
    response = Response(f"See {path}\n", 303, content_type="text/plain; charset=utf-8")
    # Flask would make it an address of the host that the client names; a path leaves that to the client.
    response.autocorrect_location_header = False
    response.headers["Location"] = path
    if links:
        response.headers["Link"] = links
    return response


def open_to_all(response: Response) -> Response:
    """Let pages of any origin read a response, and mark it for caches as depending on Accept."""
    response.headers.extend(CORS)
    response.vary.add("Accept")
    return response
