"""Find what a JSON-LD processor silently ignores, with its place in the JSON.

The algorithms drop what they cannot express in RDF: keys that are not terms, relative IRIs, malformed tags
of languages, null (https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm, 8.1.2). A
reader of Turtle refuses the same mistakes. So the document is expanded by PyLD, each part of the result is
asked whether RDF can express it, and the triples that this makes are counted against those that were read.
"""

import json
import warnings
from collections.abc import Callable
from itertools import count
from typing import Any, Final, NoReturn, TypeAlias

import pyoxigraph as ox
from pyld import jsonld

from forumkg.rdf.json_source import BASE, FREE, JsonSource, JsonToken, Loss, is_like_keyword, quoted

__all__ = ["Loss", "losses"]

# JSON has no useful narrower type: each value is tested for its type.
_Json: TypeAlias = Any

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# What PyLD raises, besides its own errors, for JSON-LD that it does not handle.
_STUMBLES: Final = (LookupError, TypeError, ValueError, AttributeError)
# PyLD makes a float of each number to see whether it is one.
_MOST_DIGITS: Final = 300


def losses(text: str) -> tuple[Loss, ...]:
    """Return what a processor ignores in a JSON-LD document that it can read, in the order of the text.

    Args:
        text: JSON-LD without remote contexts.
    """
    text = text.removeprefix("\ufeff")
    try:
        document = json.loads(text, parse_int=_integer)
        if not isinstance(document, dict | list):
            return (Loss("A JSON-LD document is an object or an array: this states nothing.", _SEE, 1, 1),)
        source = JsonSource(text)
        expansion = _Expansion(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # what PyLD warns of is found here
            expansion.expand(document)
        found = {*source.losses(expansion.json_nulls), *expansion.losses}
    except jsonld.JsonLdError as error:
        code = error.code or error.type
        return (Loss(f"The document is not valid JSON-LD: {code}.", _SEE),)
    except _STUMBLES as error:
        # On the safe side: what cannot be examined is reported.
        return (Loss(f"PyLD cannot expand the document ({type(error).__name__}).", _SEE),)
    except RecursionError:
        return (Loss("The JSON is nested too deeply to be checked.", "Name the inner nodes, and list them."),)
    if not found and (lost := expansion.triples - _number_read(text)) > 0:
        found.add(Loss(f"{lost} of {expansion.triples} facts of the document are not read.", _SEE))
    return tuple(sorted(found, key=lambda loss: (loss.line or 0, loss.column or 0, loss.message)))


_SEE: Final = "See https://www.w3.org/TR/json-ld11/, or send Turtle."


def _number_read(text: str) -> int:
    return len({quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)})


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _MOST_DIGITS else digits


class _Expansion:
    """The expanded form of a document, each part asked whether RDF can express it."""

    def __init__(self, source: JsonSource) -> None:
        self.losses: set[Loss] = set()
        self.json_nulls = 0
        self._source = source
        self._triples: set[tuple[object, ...]] = set()
        self._blank = count()

    @property
    def triples(self) -> int:
        """How many triples the document states."""
        return len(self._triples)

    def expand(self, document: _Json) -> None:
        """Expand a document, and visit all that it states.

        Raises:
            jsonld.JsonLdError: it is not JSON-LD.
        """
        options = {"base": BASE, "documentLoader": _refuse, "keepFreeFloatingNodes": True}
        try:
            nodes = jsonld.expand(document, options, on_property_dropped=self._dropped)
        except KeyError:
            # PyLD 3.3 cannot reset what has not been set: a default language, a direction, a vocabulary.
            nodes = jsonld.expand(_without_resets(document), options, on_property_dropped=self._dropped)
        for node in nodes:
            self._node(node)

    def _dropped(self, key: str | None) -> None:
        if key is not None:
            self._lose(
                self._source.token(lambda text: text == key, is_key=True),
                f"The key {quoted(key)} is not a term of the @context: it is ignored, with its value.",
                "Declare it in the @context, write it with a prefix, or declare @vocab.",
            )
        elif self._source.ignored_terms:
            token = self._source.token(lambda text: text in self._source.ignored_terms, is_key=True)
            if token:
                message = f"The @context maps {quoted(token.text)} to null: it is ignored, with its value."
                self._lose(token, message, "Leave it out, or map it to an IRI.")

    def _lose(self, token: JsonToken | None, message: str, advice: str) -> None:
        self.losses.add(self._source.at(token.start, message, advice) if token else Loss(message, advice))

    def _node(self, node: _Json) -> object:
        """Return the name of a node, after all that it states."""
        if "@value" in node or "@list" in node:
            if not self._source.has_free_values:
                self._lose(None, FREE, _SEE)
            return None
        name = self._iri(node["@id"], "@id") if "@id" in node else f"_:unnamed{next(self._blank)}"
        for key, values in node.items():
            self._said(name, key, values)
        return name

    def _said(self, name: object, key: str, values: _Json) -> None:
        """Visit the values of one key of a node."""
        match key:
            case "@type":
                for each in values:
                    self._state(name, f"{_RDF}type", self._iri(each, "@type"))
            case "@graph" | "@included":
                for each in values:
                    self._node(each)
            case "@reverse":
                for predicate, subjects in values.items():
                    for each in subjects:
                        self._state(self._node(each), self._predicate(predicate), name)
            case _ if not key.startswith("@"):
                for each in values:
                    self._state(name, self._predicate(key), self._object(each))

    def _state(self, *triple: object) -> None:
        if None not in triple:
            self._triples.add(triple)

    def _object(self, value: _Json) -> object:
        if "@value" in value:
            return self._literal(value)
        return self._list(value["@list"]) if "@list" in value else self._node(value)

    def _list(self, members: _Json) -> object:
        head: object = f"{_RDF}nil"
        for each in reversed(members):
            node = f"_:unnamed{next(self._blank)}"
            self._state(node, f"{_RDF}first", self._object(each))
            self._state(node, f"{_RDF}rest", head)
            head = node
        return head

    def _literal(self, value: _Json) -> object:
        content, datatype, language = value["@value"], value.get("@type"), value.get("@language")
        if datatype == "@json":
            written = json.dumps(content, sort_keys=True)
            self.json_nulls += _nulls_in(content)
            return written, datatype
        if "@direction" in value:
            token = self._source.token(lambda text: text == "@direction", is_key=True)
            message = "RDF 1.1 has no base direction: @direction is ignored."
            self._lose(token, message, "Leave @direction out.")
        if datatype is not None and self._iri(datatype, "datatype") is None:
            return None
        if language is not None and (reason := _reason(lambda: ox.Literal("", language=language))):
            # PyLD has it in lower case.
            token = self._source.token(lambda text: text.lower() == language)
            written = quoted(token.text if token else language)
            self._lose(token, f"{written} is not a language tag: {reason}.", _TAGS)
            return None
        return _lexical(content, datatype), datatype, language

    def _predicate(self, iri: _Json) -> object:
        if str(iri).startswith("_:"):
            message = (
                f"The key {quoted(str(iri))} is a blank node, which cannot be a predicate: it is ignored."
            )
            self._lose(self._source.iri(iri), message, "Write an IRI.")
            return None
        return self._iri(iri, "key")

    def _iri(self, iri: _Json, what: str) -> object:
        """Return an IRI or a blank node; None, and note the loss, where RDF has no such name."""
        if not isinstance(iri, str):
            token = self._source.token(is_like_keyword, is_key=False)
            self._lose(token, f"The {what} has the form of a keyword: it is ignored.", "Write an IRI.")
            return None
        if iri.startswith(BASE):
            token = self._source.iri(iri)
            relative = quoted(token.text if token else iri.removeprefix(BASE))
            self._lose(
                token,
                f"The {what} {relative} is a relative IRI: every fact with it is ignored.",
                "Write it in full or with a prefix that the @context declares, or declare @base.",
            )
            return None
        make = (lambda: ox.BlankNode(iri[2:])) if iri.startswith("_:") else (lambda: ox.NamedNode(iri))
        if reason := _reason(make):
            token = self._source.iri(iri)
            written = quoted(token.text if token else iri)
            message = f"The {what} {written} is not an IRI ({reason}): every fact with it is ignored."
            self._lose(token, message, "Write an IRI, with %20 for a space.")
            return None
        return iri


_TAGS: Final = "Write one of BCP 47, such as en or zh-Hans: https://www.rfc-editor.org/info/bcp47."


def _refuse(url: str, _: object) -> NoReturn:
    raise jsonld.JsonLdError(f"Nothing is fetched: {url}", "jsonld.LoadDocumentError", code="remote context")


_NULLABLE: Final = frozenset({"@base", "@context", "@id"})


def _without_resets(value: _Json) -> _Json:
    """Return JSON in which no object sets a keyword to null, but for those with a meaning of their own."""
    if isinstance(value, list):
        return [_without_resets(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_resets(each)
        for key, each in value.items()
        if each is not None or not key.startswith("@") or key in _NULLABLE
    }


def _reason(make: Callable[[], object]) -> str:
    """Return why a term cannot be made; empty where it can."""
    try:
        make()
    except ValueError as error:
        return str(error).rstrip(".")
    return ""


def _lexical(content: _Json, datatype: str | None) -> object:
    """Return what two values have in common that are one literal."""
    if isinstance(content, str):
        return content
    document: dict[str, _Json] = {"@value": content, **({"@type": datatype} if datatype else {})}
    text = json.dumps([{"@id": "urn:x", "urn:x": [document]}])
    try:
        (quad,) = ox.parse(text, format=ox.RdfFormat.JSON_LD)
    except (SyntaxError, ValueError):
        return str(content)
    return quad.object.value if isinstance(quad.object, ox.Literal) else str(content)


def _nulls_in(content: _Json) -> int:
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return sum(map(_nulls_in, inner)) + (content is None)
