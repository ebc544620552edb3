"""Map paths to the things that they name, and things to their documents.

The IRI of a thing is the base followed by the path on any host that serves the dataset. The thing itself is
not a document, so its path redirects: https://www.w3.org/TR/cooluris/#r303gendocument
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from forumkg.errors import DataError
from forumkg.formats import GRAPH_FORMATS, Format
from forumkg.namespaces import BASE
from forumkg.rdf.terms import iri_from

__all__ = [
    "DOCUMENTS",
    "HTML",
    "document_links",
    "names",
    "path_of",
    "read_withdrawn",
    "split",
    "thing_links",
]

HTML: Final = Format("html", "HTML", "text/html", "html", ("application/xhtml+xml",))
# In order of preference: a client without a preference is a program.
DOCUMENTS: Final = (*GRAPH_FORMATS, HTML)

# What an IRI may hold besides letters, digits and what is not ASCII, less `?` and `#`, which end a path:
# https://www.rfc-editor.org/rfc/rfc3987#section-2.2
_IN_PATH: Final = "/:@!$&'()*+,;=-._~"
_NOT_ASCII: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_NOT_IN_IRI: Final = re.compile(r"[^\x80-\U0010ffff\w/:@!$&'()*+,;=.~?-]", re.ASCII)
# `?`, `[` and `]` stand in an IRI, but in the path of a request only encoded.
_NOT_IN_PATH: Final = re.compile("%(?:3F|5B|5D)", re.IGNORECASE)


def names(path: str) -> tuple[str, ...]:
    """Return the IRIs that a path may denote, the likeliest first.

    An IRI has more than one form on the wire: what is not ASCII is always percent-encoded, and some clients
    encode more, as the `=` and `,` of a passage: https://www.rfc-editor.org/rfc/rfc3987#section-3.2

    Args:
        path: what follows the base or the host, as it was sent: percent-encoded, without a leading `/`.

    Returns:
        Absolute IRIs; none where no reading of the path is one.
    """
    iris = (iri_from(BASE + name) for name in _readings(path) if name)
    return tuple(dict.fromkeys(iri.value for iri in iris if iri is not None))


def _readings(path: str) -> Iterator[str]:
    yield path
    yield _NOT_ASCII.sub(_decode, path)
    # What our own paths encode, and nothing that an IRI itself may hold encoded.
    yield _NOT_ASCII.sub(_decode, _NOT_IN_PATH.sub(_decode, path))
    try:
        yield _NOT_IN_IRI.sub(lambda match: quote(match[0]), unquote(path, errors="strict"))
    except UnicodeDecodeError:
        return  # Octets that are not UTF-8 stand in an IRI as they were sent, or not at all.


def _decode(encoded: re.Match[str]) -> str:
    try:
        return unquote(encoded[0], errors="strict")
    except UnicodeDecodeError:
        return encoded[0]


def split(path: str) -> tuple[str, Format] | None:
    """Return the path of a thing and the format of the document about it; None without one of our endings."""
    name, dot, ending = path.rpartition(".")
    found = next((format_ for format_ in DOCUMENTS if format_.extension == ending), None)
    return (name, found) if name and dot and found else None


def path_of(iri: str, format_: Format | None = None) -> str:
    """Return the path of one of our things, or of the document about it, percent-encoded, with a leading `/`.

    A fragment names a part of a document, so the format is put before it.
    """
    name, mark, fragment = iri.removeprefix(BASE).partition("#")
    ending = f".{format_.extension}" if format_ else ""
    # A path that begins with two slashes would be an address on another host.
    path = re.sub("^/", "%2F", _encode(name))
    return f"/{path}{ending}{mark}{_encode(fragment)}"


def _encode(name: str) -> str:
    return quote(name, safe=f"{_IN_PATH}%")


def thing_links(iri: str, root: str = "") -> str:
    """Return the Link header of a thing: the documents that describe it.

    https://www.rfc-editor.org/rfc/rfc8288 and https://www.w3.org/TR/powder-dr/#assoc-linking

    Args:
        iri: the thing.
        root: the path under which the application is mounted.
    """
    return ", ".join(_link(root + path_of(iri, each), "describedby", each) for each in DOCUMENTS)


def document_links(iri: str, format_: Format, root: str = "") -> str:
    """Return the Link header of a document: its topic, its address for citation, its other formats.

    https://www.rfc-editor.org/rfc/rfc6892, https://www.rfc-editor.org/rfc/rfc6596 and
    https://www.rfc-editor.org/rfc/rfc8574

    Args:
        iri: the thing that the document is about.
        format_: its format.
        root: the path under which the application is mounted.
    """
    others = (each for each in DOCUMENTS if each != format_)
    return ", ".join(
        (
            _link(_public(path_of(iri)), "describes"),
            _link(_public(path_of(iri)), "cite-as"),
            _link(_public(path_of(iri, format_)), "canonical"),
            *(_link(root + path_of(iri, each), "alternate", each) for each in others),
        )
    )


def _public(path: str) -> str:
    return BASE + path.removeprefix("/")


def _link(target: str, relation: str, format_: Format | None = None) -> str:
    # The target is percent-encoded: nothing in an IRI can end it, or the header.
    media_type = f'; type="{format_.media_type}"' if format_ else ""
    return f'<{target}>; rel="{relation}"{media_type}'


def read_withdrawn(text: str) -> dict[str, str]:
    """Return the withdrawn IRIs, with the reason and the replacement of each.

    Args:
        text: a line for each: the IRI, white space, the words. Empty lines and lines that start with `#` are
            ignored.

    Raises:
        DataError: a line has no words, or its IRI does not start with the base.
    """
    withdrawn: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        iri, _, words = line.strip().partition(" ")
        if not iri.startswith(BASE) or not words.strip():
            raise DataError(
                f"Line {number} of the withdrawn IRIs is {line!r}: write an IRI that starts with {BASE}, "
                "a space, and why it was withdrawn."
            )
        withdrawn[iri] = words.strip()
    return withdrawn
