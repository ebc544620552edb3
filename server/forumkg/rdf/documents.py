"""Read the triples of a document that came from somebody, in any syntax of RDF, without fetching anything.

Neither a context of JSON-LD nor an entity of XML is looked up: a document has to be complete.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

import pyoxigraph as ox

from forumkg.errors import DocumentError
from forumkg.formats import Format
from forumkg.namespaces import PREFIXES

__all__ = ["read_document"]

_SPECIFICATIONS: Final = {
    "turtle": "https://www.w3.org/TR/turtle/",
    "ntriples": "https://www.w3.org/TR/n-triples/",
    "jsonld": "https://www.w3.org/TR/json-ld11/",
    "rdfxml": "https://www.w3.org/TR/rdf-syntax-grammar/",
    "trig": "https://www.w3.org/TR/trig/",
    "nquads": "https://www.w3.org/TR/n-quads/",
}
_NO_LOADER: Final = "No LoadDocumentCallback"
_PLACE: Final = re.compile(r"Parser error (?:at|between) line.*?: |\(line \d+.*\)$", re.DOTALL)
_PREFIX: Final = re.compile(r"The prefix (\w*): ")


def read_document(text: str, format_: Format) -> tuple[ox.Triple, ...]:
    """Return the triples of a document; those of named graphs are among them, without the names.

    Raises:
        DocumentError: the text is not what the syntax wants, or wants something to be fetched.
    """
    if format_.name == "rdfxml":
        _check_xml(text)
    rdf_format = ox.RdfFormat.from_media_type(format_.media_type)
    if rdf_format is None:
        raise ValueError(f"Nothing reads {format_.media_type}.")
    try:
        triples = tuple(dict.fromkeys(quad.triple for quad in ox.parse(text, format=rdf_format)))
    except SyntaxError as error:
        raise _explained(error, text, format_) from error
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise DocumentError(
                f"{triple.object} is a triple term, which is RDF 1.2.", "Say it in triples of RDF 1.1."
            )
    return triples


def _explained(error: SyntaxError, text: str, format_: Format) -> DocumentError:
    said = str(error.msg)
    if said.find(_NO_LOADER) >= 0:
        return _remote_context(text)
    message = _PLACE.sub("", said).strip() or said
    place = {"line": error.lineno, "column": error.offset or 1} if error.lineno else {}
    return DocumentError(f"Not {format_.label}: {message}.", _advice(message, format_), **place)


def _advice(message: str, format_: Format) -> str:
    prefix = _PREFIX.search(message)
    if prefix and prefix[1] in PREFIXES:
        return f"Add at the top: @prefix {prefix[1]}: <{PREFIXES[prefix[1]]}> ."
    if prefix:
        return f"Declare it with @prefix {prefix[1]}: <…> . or use one of: {', '.join(PREFIXES)}."
    if "\ufeff" in message:
        return "Save the file without a byte order mark."
    if "dot" in message:
        return "End each block with a full stop, and each line of it but the last with a semicolon."
    return f"Write {format_.label}: {_SPECIFICATIONS[format_.name]}."


def _remote_context(text: str) -> DocumentError:
    """Return what to write in the place of a context that would have to be fetched."""
    remote = next(_remote_contexts(json.loads(text)), "")
    before = text.partition(json.dumps(remote))[0] if json.dumps(remote) in text else ""
    return DocumentError(
        f"Nothing is fetched, so the context {remote} is not known here.",
        f'Write its terms into the document: "@context": {{"zgc": "{PREFIXES["zgc"]}", …}}, or send Turtle.',
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
    )


def _remote_contexts(node: Any) -> Iterator[str]:  # noqa: ANN401 (JSON)
    """Yield the addresses of contexts, which stand in the place of a context or of its import."""
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
    """Refuse what is no XML, and a document type, by which a few lines can stand for gigabytes or for files.

    https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing
    """
    parser = expat.ParserCreate("UTF-8")

    def refuse(*_: object) -> None:
        # The parser has read on, to the name of the type.
        start = text.split("\n")[parser.CurrentLineNumber - 1].find("<!DOCTYPE")
        raise DocumentError(
            "A document type (<!DOCTYPE …>) is not read, nor any entity of it.",
            "Take it away, and write IRIs in full or with xmlns: prefixes.",
            line=parser.CurrentLineNumber,
            column=max(start, 0) + 1,
        )

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise DocumentError(
            f"Not XML: {expat.ErrorString(error.code)}.",
            "Close every element, quote every attribute, and write &amp; for & and &lt; for <.",
            line=error.lineno,
            column=error.offset + 1,
        ) from error
