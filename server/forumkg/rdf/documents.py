"""Read the triples of an untrusted document in any RDF syntax, and locate their lines; fetch nothing.

Neither a context of JSON-LD nor an entity of XML is looked up: a document has to be complete.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from html import unescape
from types import MappingProxyType
from typing import IO, Any, Final, cast
from xml.parsers import expat

import pyoxigraph as ox

from forumkg.errors import DocumentError
from forumkg.formats import Format
from forumkg.namespaces import PREFIXES, shorten
from forumkg.rdf.turtle.positions import Locations, locations
from forumkg.rdf.turtle.tokens import tokens
from forumkg.rdf.xml_depth import limit_depth

__all__ = ["document_locations", "read_document"]

_SPECIFICATIONS: Final = {
    "turtle": "https://www.w3.org/TR/turtle/",
    "ntriples": "https://www.w3.org/TR/n-triples/",
    "jsonld": "https://www.w3.org/TR/json-ld11/",
    "rdfxml": "https://www.w3.org/TR/rdf-syntax-grammar/",
    "trig": "https://www.w3.org/TR/trig/",
    "nquads": "https://www.w3.org/TR/n-quads/",
}
_LIKE_TURTLE: Final = frozenset({"turtle", "trig", "ntriples", "nquads"})
_LINE_END: Final = re.compile(r"\r\n?|\n")
# Messages of Oxigraph on an unterminated statement.
_UNENDED: Final = ("dot is expected", "not a valid subject")
_NO_LOADER: Final = "No LoadDocumentCallback"
_PLACE: Final = re.compile(r"Parser error (?:at|between) line.*?: |\(line \d+.*\)$", re.DOTALL)
_PREFIX: Final = re.compile(r"The prefix (\w*): ")

# A string, or the end of a line: what JSON and the attributes of XML have in common.
_PIECE: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'([^\'\n]*)\'|\r\n?|\n')


def read_document(text: str, format_: Format) -> tuple[ox.Triple, ...]:
    """Return the triples of a document; those of named graphs are among them, without the names.

    Raises:
        DocumentError: the text is not in the syntax, is RDF 1.2, or refers to something to fetch.
    """
    if format_.name == "rdfxml":
        _check_xml(text)
    elif text.startswith("\ufeff") and format_.name in _LIKE_TURTLE:
        raise DocumentError(
            f"Not {format_.label}: it begins with a byte order mark (U+FEFF).",
            "Save the file without a byte order mark.",
            line=1,
            column=1,
        )
    rdf_format = ox.RdfFormat.from_media_type(format_.media_type)
    if rdf_format is None:
        raise ValueError(f"Nothing reads {format_.media_type}.")
    try:
        triples = tuple(dict.fromkeys(quad.triple for quad in ox.parse(text, format=rdf_format)))
    except SyntaxError as error:
        raise _explained(error, text, format_) from error
    for triple in triples:
        if _is_of_rdf_1_2(triple):
            raise _later(triple, text, format_)
    return triples


def _is_of_rdf_1_2(triple: ox.Triple) -> bool:
    value = triple.object
    return isinstance(value, ox.Triple) or (isinstance(value, ox.Literal) and value.direction is not None)


def _later(triple: ox.Triple, text: str, format_: Format) -> DocumentError:
    """Return the error for a triple term or a base direction in a document, at its place."""
    if isinstance(triple.object, ox.Triple):
        message = f"{triple.object} is a triple term, which is RDF 1.2."
        advice = "Say it in triples of RDF 1.1."
    else:
        message = f"{triple.object} has a base direction, which is RDF 1.2."
        advice = "Write the language alone."
    if format_.name == "rdfxml":
        return DocumentError(message, advice, **_place_in_xml(text))
    return DocumentError(message, advice, **_place(text, _end_of_turtle(text)))


def _end_of_turtle(text: str) -> int:
    """Return where a text of Turtle 1.1 ends: at the first token that only RDF 1.2 has."""
    end = 0
    for token in tokens(text):
        end = token.start + len(token.text)
    return end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n"))


def _place(text: str, start: int) -> dict[str, int]:
    """Return line and column of an offset."""
    ends = [match.end() for match in _LINE_END.finditer(text, 0, start)]
    return {"line": len(ends) + 1, "column": start - (ends[-1] if ends else 0) + 1}


class _OneByOne:
    """The bytes of a text, given to a parser one by one, so that its position is known."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self.given = 0

    def read(self, _: int = -1) -> bytes:
        """Return the next byte, and nothing at the end."""
        piece = self._data[self.given : self.given + 1]
        self.given += len(piece)
        return piece

    @property
    def seen(self) -> str:
        """What has been given so far."""
        return self._data[: self.given].decode(errors="ignore")


def _place_in_xml(text: str) -> dict[str, int]:
    """Return the place of the tag at which the parser of RDF/XML stops; it does not report it itself."""
    data = _OneByOne(text)
    with suppress(SyntaxError):
        for quad in ox.parse(cast("IO[bytes]", data), format=ox.RdfFormat.RDF_XML):
            if _is_of_rdf_1_2(quad.triple):
                break
    return _place(text, max(data.seen.rfind("<"), 0))


def _explained(error: SyntaxError, text: str, format_: Format) -> DocumentError:
    said = str(error.msg)
    if said.find(_NO_LOADER) >= 0:
        return _remote_context(text)
    message = _PLACE.sub("", said).strip() or said
    if format_.name == "rdfxml":
        place = _place_in_xml(text)
    else:
        place = {"line": error.lineno, "column": error.offset or 1} if error.lineno else {}
    is_end = format_.name in _LIKE_TURTLE and place and any(each in message for each in _UNENDED)
    advice = (is_end and _missing_end(text, **place)) or _advice(message, format_)
    return DocumentError(f"Not {format_.label}: {message}.", advice, **place)


def _missing_end(text: str, line: int, column: int) -> str:
    """Return where a semicolon or a full stop is probably missing; empty where none is.

    It is after the last token before the error. Within a block lines are indented, and a new block begins at
    the margin.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    at = starts[min(line, len(starts)) - 1] + column - 1
    before = None
    for token in tokens(text):
        if token.start >= at:
            break
        before = token if token.kind != "comment" else before
    if before is None or before.text in {".", "{", "}"}:
        return ""
    last = _place(text, before.start + len(before.text))["line"]
    if last == line:
        return "End each block with a full stop, and each line of it but the last with a semicolon."
    if column > 1:
        return f"Line {last} probably lacks a semicolon: each line of a block but the last ends with one."
    return f"Line {last} probably lacks a full stop: each block ends with one."


def _advice(message: str, format_: Format) -> str:
    prefix = _PREFIX.search(message)
    if prefix and prefix[1] in PREFIXES:
        return f"Add at the top: @prefix {prefix[1]}: <{PREFIXES[prefix[1]]}> ."
    if prefix:
        return f"Declare it with @prefix {prefix[1]}: <…> . or use one of: {', '.join(PREFIXES)}."
    return f"Write {format_.label}: {_SPECIFICATIONS[format_.name]}."


def _remote_context(text: str) -> DocumentError:
    """Return the error for a context that would have to be fetched, with what to write instead."""
    remote = next(_remote_contexts(json.loads(text)), "")
    before = text.partition(json.dumps(remote))[0] if json.dumps(remote) in text else ""
    return DocumentError(
        f"Nothing is fetched, so the context {remote} is not known here.",
        f'Write its terms into the document: "@context": {{"zgc": "{PREFIXES["zgc"]}", …}}, or send Turtle.',
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
    )


def _remote_contexts(node: Any) -> Iterator[str]:  # noqa: ANN401 (JSON)
    """Yield the addresses of remote contexts, imported ones included."""
    if isinstance(node, list):
        for each in node:
            yield from _remote_contexts(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "@import" or (key == "@context" and isinstance(value, str)):
                yield str(value)
            elif key == "@context" and isinstance(value, list):
                yield from (each for each in value if isinstance(each, str))
            yield from _remote_contexts(value)


def _check_xml(text: str) -> None:
    """Refuse what is not XML or nested too deep, and a document type.

    Entities of a document type can stand for gigabytes or for files.
    https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing
    """
    parser = expat.ParserCreate("UTF-8")

    def refuse(*_: object) -> None:
        # The parser has read on, to the name of the type.
        start = text.split("\n")[parser.CurrentLineNumber - 1].find("<!DOCTYPE")
        raise DocumentError(
            "A document type (<!DOCTYPE …>) is not read, nor any entity of it.",
            "Delete it, and write IRIs in full or with xmlns: prefixes.",
            line=parser.CurrentLineNumber,
            column=max(start, 0) + 1,
        )

    parser.StartDoctypeDeclHandler = refuse
    limit_depth(parser)
    data = text.encode()
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DocumentError(
            f"Not XML: {expat.ErrorString(error.code)}.",
            "Close every element, quote every attribute, and write &amp; for & and &lt; for <.",
            line=error.lineno,
            column=error.offset + 1,
        ) from error
    except ValueError as error:
        raise DocumentError(
            f"Not read: {error}.",
            "Write nested nodes one after the other, and refer to them with rdf:resource or rdf:nodeID.",
            line=parser.CurrentLineNumber,
            column=parser.CurrentColumnNumber + 1,
        ) from error


def document_locations(text: str, format_: Format, triples: Iterable[tuple[str, str, str]]) -> Locations:
    """Return the lines of the terms of a document.

    In Turtle, TriG, N-Triples and N-Quads each triple has its line. In JSON-LD and RDF/XML a subject, with
    all its triples, has the line on which its IRI first occurs in quotes, in full or prefixed.

    Args:
        text: the document.
        format_: its syntax.
        triples: its triples, blank nodes as `_:name`, literals by their lexical forms.
    """
    if format_.name in _LIKE_TURTLE:
        found = locations(text)
        # Only Turtle has a canonical form, in which there are none.
        return found if format_.name == "turtle" else replace(found, comments=())
    quoted = _quoted(text)
    lines: dict[tuple[str, str | None, str | None], int | None] = {}
    for subject, predicate, value in triples:
        line = quoted.get(subject) or quoted.get(shorten(subject))
        for place in ((subject, None, None), (subject, predicate, None), (subject, predicate, value)):
            lines[place] = line
    return Locations(MappingProxyType(lines), MappingProxyType({}), ())


def _quoted(text: str) -> Mapping[str, int]:
    """Return the first line of each string between quotes."""
    line, found = 1, dict[str, int]()
    for piece in _PIECE.finditer(text):
        if piece.group()[0] in "\r\n":
            line += 1
        else:
            found.setdefault(unescape(piece[1] or piece[2] or ""), line)
    return found
