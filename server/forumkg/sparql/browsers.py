"""Distinguish browsers, which want a page around an answer, from programs, which want the answer alone.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS
from forumkg.sparql.negotiation import parse_accept, prefers_html
from forumkg.sparql.parameters import MAX_PARAMETERS

__all__ = ["asks_for_page"]

_SAFE: Final = frozenset({"GET", "HEAD"})
_WISHES: Final = ("format", "output")
_HTML: Final = ("text", "html")
# A media range without a slash, which no browser sends and the HTTP client of Java does by default:
# `text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2`
_BARE_STAR: Final = re.compile(r"(?:^|,)\s*\*\s*(?:[;,]|$)")
_OURS: Final = frozenset(
    media_type for format_ in RESULT_FORMATS + GRAPH_FORMATS for media_type in format_.media_types
)


def asks_for_page(method: str, query_string: bytes, accept: str) -> bool:
    """Whether a request to the endpoint is answered with the page of the editor.

    It is for a link that is followed in a browser: no format is asked for, and HTML is preferred to every
    format of an answer. A client that likes one of those as much as HTML gets the answer.

    Args:
        method: the HTTP method.
        query_string: what follows the `?` of the address, still percent-encoded.
        accept: the Accept header, empty where there is none.
    """
    # Nearly all requests are those of programs, which are seen here at once.
    if method not in _SAFE or "html" not in accept.lower() or _BARE_STAR.search(accept):
        return False
    if not query_string:
        return prefers_html(accept)
    # What has more than a page has is refused with the reason, before anything in it is decoded.
    if query_string.count(b"&") > MAX_PARAMETERS:
        return False
    # Latin-1 reads whatever bytes there are; only names and whether there is a value are of interest.
    parameters = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    return "query" in parameters and not any(map(parameters.get, _WISHES)) and _wants_page(accept)


@lru_cache(maxsize=256)  # There are fewer browsers' headers than requests.
def _wants_page(accept: str) -> bool:
    ranges = parse_accept(accept)
    weight = max((each.weight for each in ranges if (each.type, each.subtype) == _HTML), default=0.0)
    named = (each for each in ranges if f"{each.type}/{each.subtype}" in _OURS)
    return prefers_html(accept) and all(each.weight < weight for each in named)
