"""Recognize mistakes of newcomers by the token at which the parser stops and those before it."""

import re
from collections.abc import Sequence
from typing import Final

from forumkg.rdf.sparql_tokens import Token

__all__ = ["SCHEMES", "advice"]

_TERMS: Final = frozenset({"variable", "iri", "name", "string", "number", "blank"})
_WRITTEN: Final = re.compile(r"[^\s<>{}]+")
SCHEMES: Final = frozenset({"http", "https", "urn", "mailto", "file"})
_QUOTED: Final = 80

# What a keyword needs behind it.
_BEHIND: Final = {
    "FILTER": "FILTER needs its condition in brackets, as in FILTER (?x > 1).",
    "BIND": "BIND needs brackets, as in BIND (STR(?x) AS ?text).",
    "WHERE": "WHERE needs its patterns in braces, as in WHERE { ?s ?p ?o }.",
    "OPTIONAL": "OPTIONAL needs its patterns in braces, as in OPTIONAL { ?s ?p ?o }.",
    "UNION": "UNION needs its patterns in braces, as in { ?s ?p ?o } UNION { ?o ?p ?s }.",
    "MINUS": "MINUS needs its patterns in braces, as in MINUS { ?s ?p ?o }.",
    "EXISTS": "EXISTS needs its patterns in braces, as in EXISTS { ?s ?p ?o }.",
    "GRAPH": "GRAPH needs the name of a graph or a variable, as in GRAPH ?g { ?s ?p ?o }.",
    "FROM": "FROM needs the IRI of a graph, as in FROM <https://example.org/graph>.",
    "GROUP": "Write GROUP BY.",
    "ORDER": "Write ORDER BY.",
    "LIMIT": "LIMIT needs a whole number, as in LIMIT 10.",
    "OFFSET": "OFFSET needs a whole number, as in OFFSET 10.",
    "AS": "AS needs a variable, as in AS ?name.",
}
# What a token is often written for.
_INSTEAD: Final = {
    "==": "Write one = to compare.",
    "&": "Write && for and.",
    "|": "Write || for or.",
    "@": "A language follows the @ without white space, as in 'forum'@en.",
}


def advice(query: str, before: Sequence[Token], token: Token, *, is_name: bool) -> str:
    """Return a sentence that says what to write instead; empty where the mistake is not a common one.

    Args:
        query: the query.
        before: the tokens before the wrong one.
        token: the token at which the parser stops.
        is_name: whether it is a word that no keyword is close to.
    """
    last = before[-1] if before else Token("", "", 0)
    written = "==" if last.text == token.text == "=" else token.text
    return (
        _BEHIND.get(last.keyword)
        or _INSTEAD.get(written)
        or _of_select(before, token)
        or _of_order(before, token)
        or _of_brace(before, token)
        or _of_iri(query, token)
        or ("Write a text in quotes, a variable with a ?, and a name with its prefix." if is_name else "")
    )


def _of_select(before: Sequence[Token], token: Token) -> str:
    """Return advice about the clause of the last SELECT, where the token is in it."""
    starts = [index for index, word in enumerate(before) if word.keyword == "SELECT"]
    clause = before[starts[-1] :] if starts else ()
    if not clause or any(word.text == "{" for word in clause):
        return ""
    depth = sum((word.text == "(") - (word.text == ")") for word in clause)
    if token.text == "," and not depth:
        return "Variables of SELECT have no commas between them."
    if token.text == ")" and depth == 1:
        return "An expression of SELECT needs a name, as in (COUNT(*) AS ?number)."
    if token.kind == "word" and not depth:
        return "An expression of SELECT needs brackets and a name, as in (COUNT(*) AS ?number)."
    return ""


def _of_order(before: Sequence[Token], token: Token) -> str:
    is_late = any(word.keyword in {"LIMIT", "OFFSET"} for word in before)
    if is_late and token.keyword in {"ORDER", "GROUP", "HAVING"}:
        return f"{token.keyword} comes before LIMIT and OFFSET."
    return ""


def _of_iri(query: str, token: Token) -> str:
    written = _WRITTEN.match(query, token.start)
    if written and token.kind == "name" and token.text.partition(":")[0] in SCHEMES:
        return f"An IRI needs < and >: write <{written.group()[:_QUOTED]}>."
    return ""


def _of_brace(before: Sequence[Token], token: Token) -> str:
    if token.text != "}" or not before:
        return ""
    if sum((word.text == "{") - (word.text == "}") for word in before) < 1:
        return "It closes nothing: leave it out."
    if before[-1].kind in _TERMS or before[-1].keyword == "A":
        return "The pattern before it is not complete: it has a subject, a predicate and an object."
    return ""
