"""Choose the format of an answer from query form, parameters and Accept header, and recognize browsers.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl

from forumkg.errors import BadRequest, NotAcceptable
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format, by_name
from forumkg.rdf.sparql_tokens import Form
from forumkg.sparql.parameters import MAX_PARAMETERS

__all__ = [
    "MediaRange",
    "asks_for_page",
    "choose",
    "family",
    "negotiate",
    "parse_accept",
    "prefers_html",
    "quality",
]

_HTML: Final = "text/html"
_EXACT: Final = 2  # the specificity of a media type without a star
# A header is read in the event loop; browsers send some ten media ranges, no client a hundred.
_MAX_RANGES: Final = 100
_QUOTED: Final = 1_000

# Further names of formats that clients send: SPARQLWrapper sends rdf+xml and json-ld.
_OTHER_NAMES: Final = {"json-ld": "jsonld", "n3": "turtle", "n-triples": "ntriples", "rdf+xml": "rdfxml"}
_GRAPH_NAMES: Final = {"json": "jsonld", "xml": "rdfxml"}

# A comma or a semicolon in a quoted string does not separate: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4
_ELEMENT: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER: Final = re.compile(r';\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_RANGE: Final = re.compile(r"\s*([^\s/;,]+)/([^\s/;,]+)\s*(?:;|$)")
_WEIGHT: Final = re.compile(r"0(\.\d*)?|1(\.0*)?")

_SAFE: Final = frozenset({"GET", "HEAD"})
_FORMAT_PARAMETERS: Final = ("format", "output")
_HTML_RANGE: Final = ("text", "html")
# A media range without a slash, which no browser sends and the HTTP client of Java does by default:
# `text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2`
_BARE_STAR: Final = re.compile(r"(?:^|,)\s*\*\s*(?:[;,]|$)")
_OURS: Final = frozenset(
    media_type for format_ in RESULT_FORMATS + GRAPH_FORMATS for media_type in format_.media_types
)


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header: a media type, `type/*` or `*/*`, and its weight between 0 and 1."""

    type: str
    subtype: str
    weight: float = 1.0

    @property
    def specificity(self) -> int:
        """0 for `*/*`, 1 for `type/*`, 2 for a media type."""
        return (self.type != "*") + (self.subtype != "*")

    def matches(self, media_type: str) -> bool:
        """Whether a media type lies in the range."""
        kind, _, subtype = media_type.partition("/")
        return self.type in {"*", kind} and self.subtype in {"*", subtype}


def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """Return the first hundred media ranges of an Accept header; elements of another form are ignored.

    Parameters other than the weight are ignored: no format that is offered comes in two variants.
    """
    return tuple(_media_ranges(header))


def _media_ranges(header: str) -> Iterator[MediaRange]:
    for found in islice(_ELEMENT.finditer(header), _MAX_RANGES):
        element = found.group()
        match = _RANGE.match(element)
        parameters = {name.casefold(): value.strip() for name, value in _PARAMETER.findall(element)}
        weight = parameters.get("q", "1")
        if match and _WEIGHT.fullmatch(weight):
            yield MediaRange(match[1].casefold(), match[2].casefold(), float(weight))


def quality(media_type: str, ranges: tuple[MediaRange, ...]) -> tuple[float, int]:
    """Return the weight of a media type and the specificity of its range; (0, -1) without a range."""
    matching = [(range_.specificity, range_.weight) for range_ in ranges if range_.matches(media_type)]
    specificity, weight = max(matching, default=(-1, 0.0))
    return weight, specificity


def prefers_html(accept: str) -> bool:
    """Whether an Accept header names HTML and gives nothing else more weight, as those of browsers do."""
    ranges = parse_accept(accept)
    weight, _ = quality(_HTML, ranges)
    named = any((range_.type, range_.subtype) == ("text", "html") for range_ in ranges)
    return named and weight > 0 and weight >= max(range_.weight for range_ in ranges)


def family(form: Form) -> tuple[Format, ...]:
    """Return the formats that an answer to a query of this form can have, the default first."""
    return GRAPH_FORMATS if form in {"CONSTRUCT", "DESCRIBE"} else RESULT_FORMATS


def choose(form: Form, names: tuple[str, ...], accept: str) -> Format:
    """Return the format of the answer: from the parameters, then from the Accept header, then the default.

    A parameter that names a format of the other family is ignored: client libraries set one for all queries.

    Args:
        form: the query form, which decides whether results or a graph are answered.
        names: the values of the parameters `format` and `output`.
        accept: the Accept header, empty where there is none.

    Raises:
        BadRequest: a name is not that of a format.
        NotAcceptable: the header excludes all that can be answered.
    """
    offered = family(form)
    for name in filter(str.strip, names):
        found = _named(name, offered)
        if found is not None:
            return found
    return negotiate(offered, accept)


@lru_cache(maxsize=256)  # Clients send few different headers.
def negotiate(offered: tuple[Format, ...], accept: str) -> Format:
    """Return the offered format that an Accept header prefers, the first one where it has no preference.

    Raises:
        NotAcceptable: the header excludes all of them.
    """
    ranges = parse_accept(accept)
    if not ranges:
        return offered[0]
    # `max` takes the first of equals, so the order of the table decides between them.
    best = max(offered, key=lambda offer: _preference(offer, ranges))
    if _preference(best, ranges)[0] <= 0:
        raise NotAcceptable(
            f"Cannot produce {accept[:_QUOTED]!r}. Send one of: {', '.join(f.media_type for f in offered)}."
        )
    return best


def _named(written: str, offered: tuple[Format, ...]) -> Format | None:
    name = written.strip().casefold()
    name = _OTHER_NAMES.get(name, name)
    if offered is GRAPH_FORMATS:
        name = _GRAPH_NAMES.get(name, name)
    # SPARQLWrapper repeats the parameter with a whole Accept header in it.
    for part in name.split(","):
        found = by_name(part, offered)
        if found is not None:
            return found
    if "/" in name or by_name(name, RESULT_FORMATS + GRAPH_FORMATS):
        return None
    raise BadRequest(
        f"There is no format {written[:_QUOTED]!r}. Write one of: {', '.join(f.name for f in offered)}."
    )


def _preference(offer: Format, ranges: tuple[MediaRange, ...]) -> tuple[float, int]:
    """Return weight and specificity; a range for the registered type precedes one for an alias."""
    registered = quality(offer.media_type, ranges)
    if registered[1] == _EXACT:
        return registered
    aliases = (quality(alias, ranges) for alias in offer.aliases)
    return max(registered, *(found for found in aliases if found[1] == _EXACT), (0.0, -1))


def asks_for_page(method: str, query_string: bytes, accept: str) -> bool:
    """Whether a request to the endpoint is answered with the page of the editor.

    That is a link followed in a browser: it names no format, and prefers HTML to every format of an answer.
    A client that accepts one of those with the same weight as HTML gets the answer.

    Args:
        method: the HTTP method.
        query_string: what follows the `?` of the address, still percent-encoded.
        accept: the Accept header, empty where there is none.
    """
    # Fast path: nearly all requests come from programs.
    if method not in _SAFE or "html" not in accept.lower() or _BARE_STAR.search(accept):
        return False
    if not query_string:
        return prefers_html(accept)
    # The endpoint refuses so many parameters, with the reason, before it decodes them.
    if query_string.count(b"&") > MAX_PARAMETERS:
        return False
    # Latin-1 decodes any bytes; only names, and whether there is a value, matter.
    parameters = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))
    return "query" in parameters and not any(map(parameters.get, _FORMAT_PARAMETERS)) and _wants_page(accept)


@lru_cache(maxsize=256)  # Browsers send few different headers.
def _wants_page(accept: str) -> bool:
    ranges = parse_accept(accept)
    weight = max((each.weight for each in ranges if (each.type, each.subtype) == _HTML_RANGE), default=0.0)
    named = (each for each in ranges if f"{each.type}/{each.subtype}" in _OURS)
    return prefers_html(accept) and all(each.weight < weight for each in named)
