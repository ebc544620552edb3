"""Read the triple patterns of a CONSTRUCT rule: what it concludes, and from what.

rdflib parses the rule: https://rdflib.readthedocs.io/en/stable/apidocs/rdflib.plugins.sparql.html
A rule has triple patterns, alternatives of properties, OPTIONAL, FILTER and VALUES; any other pattern is
refused, since a proof would leave it out.

Import this module where the first rule is read: rdflib's parser takes so long to import that each start of
the server would be slower by a tenth.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

import pyoxigraph as ox
from pyparsing import ParseException
from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Prologue

from forumkg.errors import DataError
from forumkg.rdf.sparql_tokens import Token, tokens
from forumkg.reasoning.rule_patterns import Pattern, RulePatterns, Slot, replaced

__all__ = ["read_rule"]

_ADVICE: Final = "write it as CONSTRUCT { … } WHERE { … } with triple patterns, OPTIONAL, FILTER and VALUES."
_CONDITIONS: Final = frozenset({"Filter", "InlineData"})


def read_rule(query: str) -> RulePatterns:
    """Return the patterns of a CONSTRUCT query.

    Raises:
        DataError: it is not `CONSTRUCT { … } WHERE { … }`, or has a pattern that a proof would leave out.
    """
    prologue, rule = _parsed(query)
    if rule.name != "ConstructQuery" or not rule.template or rule.datasetClause:
        raise DataError(f"Not a CONSTRUCT query with a template and without FROM: {_ADVICE}")
    heads = [pattern for pattern, _ in _patterns(rule.template)]
    premises: list[Pattern] = []
    optional: list[Pattern] = []
    for pattern, is_certain in _read(rule.where):
        (premises if is_certain else optional).append(pattern)
    return RulePatterns(tuple(heads), tuple(premises), tuple(optional), _where(query, prologue))


def _parsed(query: str) -> tuple[Prologue, CompValue]:
    """Return the prologue and the parse tree of a query, its names as IRIs and its paths as objects."""
    try:
        declarations, tree = parseQuery(query)
    except ParseException as error:
        raise DataError(
            f"The rule is not SPARQL (line {error.lineno}, column {error.column}: {error.msg}): {_ADVICE}"
        ) from error
    # rdflib knows some prefixes without a declaration, and raises a bare Exception for the others.
    declared = {each.prefix or "" for each in declarations if each.name == "PrefixDecl"}
    used = {token.text.partition(":")[0] for token in tokens(query) if token.kind == "name"}
    if used - declared:
        raise DataError(f"The rule does not declare the prefix {min(used - declared)}: {_ADVICE}")
    prologue = translatePrologue(declarations, None)
    tree = traverse(tree, visitPost=partial(translatePName, prologue=prologue))
    return prologue, traverse(tree, visitPost=translatePath)


def _read(group: CompValue) -> Iterator[tuple[Pattern, bool]]:
    """Yield the patterns of a group, and whether each of them must hold."""
    for part in group.part or ():
        if part.name == "TriplesBlock":
            yield from _patterns(part.triples)
        elif part.name == "OptionalGraphPattern":
            for pattern, _ in _read(part.graph):
                yield pattern, False
        elif part.name not in _CONDITIONS:  # conditions filter solutions and are not premises
            raise DataError(f"The rule has a {part.name}, which a proof would leave out: {_ADVICE}")


def _patterns(triples: Iterable[Iterable[Any]]) -> Iterator[tuple[Pattern, bool]]:
    """Yield the patterns of flat lists of subjects, predicates and objects."""
    for terms in triples:
        flat = iter(terms)
        for subject, path, value in zip(flat, flat, flat, strict=True):
            properties = path.args if isinstance(path, AlternativePath) else [path]
            for name in properties:
                yield Pattern(_slot(subject), _slot(name), _slot(value)), len(properties) == 1


def _slot(term: object) -> Slot:
    if isinstance(term, Variable):
        return ox.Variable(str(term))
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    name = "a blank node" if isinstance(term, BNode) else term
    raise DataError(f"The rule has {name} in a triple pattern, where IRIs and variables are read: {_ADVICE}")


def _where(query: str, prologue: Prologue) -> str:
    """Return the text between the braces of WHERE, each prefixed name replaced by its IRI."""
    found = list(tokens(query))
    closing = [token for token in found if token.text == "}"]
    depth, opened = 0, []
    for token in found:
        if token.text == "{":
            opened += [token] if depth == 0 else []
            depth += 1
        elif token.text == "}":
            depth -= 1

    def write(token: Token) -> str:
        if token.kind != "name":
            return token.text
        prefix, _, local = token.text.partition(":")
        return f"<{prologue.resolvePName(prefix, local)}>"

    return replaced(query[opened[1].end : closing[-1].start], write)
