"""What is read of a rule: its triple patterns, as rdflib's parser finds them."""

import pyoxigraph as ox
import pytest
from rdflib import URIRef, Variable
from rdflib.paths import AlternativePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from turtle_text import triples

from forumkg.errors import DataError
from forumkg.reasoning.derivation import DerivationRule, load_rules
from forumkg.reasoning.rule_patterns import Pattern, bound, unified
from forumkg.reasoning.rule_reader import read_rule

Terms = tuple[str, str, str]


def written(patterns: tuple[Pattern, ...]) -> set[Terms]:
    """Return patterns as they are written in SPARQL."""
    return {(str(each.subject), str(each.predicate), str(each.object)) for each in patterns}


def of_rdflib(node: object) -> set[Terms]:
    """Return the triple patterns of an algebra but those of NOT EXISTS, alternatives each for itself."""
    if isinstance(node, CompValue):
        if node.name == "Filter":
            return of_rdflib(node.p)
        found = _alternatives(node.triples) if node.name == "BGP" else set()
        return found.union(*(of_rdflib(node[name]) for name in ("p", "p1", "p2") if name in node))
    return set()


def _alternatives(patterns: list[tuple[object, object, object]]) -> set[Terms]:
    return {
        (_written(subject), _written(property_), _written(value))
        for subject, path, value in patterns
        for property_ in (path.args if isinstance(path, AlternativePath) else (path,))
    }


def _written(term: object) -> str:
    assert isinstance(term, URIRef | Variable)
    return term.n3()


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.path.stem)
def test_read_rule_shipped(rule: DerivationRule) -> None:
    """Each shipped rule is read as rdflib reads it, its conclusion and all that it looks at."""
    patterns = read_rule(rule.query)
    algebra = translateQuery(parseQuery(rule.query)).algebra

    assert written(patterns.heads) == _alternatives(algebra.template)
    assert written(patterns.premises + patterns.optional) == of_rdflib(algebra.p)


def test_read_rule_parts() -> None:
    """Required patterns are distinguished from optional ones; conditions stay in the text."""
    patterns = read_rule(
        "PREFIX ex: <http://example.org/>\n"
        "CONSTRUCT { ?a ex:r ?b . ?b ex:r ?a } WHERE { # why\n"
        "VALUES (?a ?c) { (ex:i ex:j) } ?a a ex:A ; ex:p ?b , ?c ; . ?b ex:p|ex:q ?c\n"
        "OPTIONAL { ?a ex:d ?d FILTER (?d > 1) } FILTER NOT EXISTS { ?a ex:q ?b . FILTER (?a = ?b) } }"
    )

    assert written(patterns.heads) == {
        ("?a", "<http://example.org/r>", "?b"),
        ("?b", "<http://example.org/r>", "?a"),
    }
    assert written(patterns.premises) == {
        ("?a", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<http://example.org/A>"),
        ("?a", "<http://example.org/p>", "?b"),
        ("?a", "<http://example.org/p>", "?c"),
    }
    assert written(patterns.optional) == {
        ("?b", "<http://example.org/p>", "?c"),
        ("?b", "<http://example.org/q>", "?c"),
        ("?a", "<http://example.org/d>", "?d"),
    }
    assert patterns.where.startswith(
        " # why\nVALUES (?a ?c) { (<http://example.org/i> <http://example.org/j>)"
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { { ?a <q:> ?b } UNION { ?a <r:> ?b } }",
            "The rule has a GroupOrUnionGraphPattern, which a proof would leave out",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { ?a <q:> ?b OPTIONAL { GRAPH ?g { ?a <r:> ?b } } }",
            "The rule has a GraphGraphPattern, which a proof would leave out",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { ?a <q:> ?b MINUS { ?a <r:> ?b } }",
            "The rule has a MinusGraphPattern, which a proof would leave out",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { ?a <q:> ?c BIND (?c AS ?b) }",
            "The rule has a Bind, which a proof would leave out",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { ?a <q:>+ ?b }",
            "The rule has Path(q:+) in a triple pattern, where IRIs and variables are read",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { ?a <q:> [ <r:> ?b ] }",
            "The rule has a blank node in a triple pattern, where IRIs and variables are read",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } FROM <g:> WHERE { ?a <q:> ?b }",
            "Not a CONSTRUCT query with a template and without FROM",
        ),
        ("SELECT * { ?a <q:> ?b }", "Not a CONSTRUCT query with a template and without FROM"),
        ("ASK { ?a <q:> ?b }", "Not a CONSTRUCT query with a template and without FROM"),
        (
            "CONSTRUCT { ?a ex:p ?b } WHERE { ?a ex:q ?b }",
            "The rule does not declare the prefix ex",
        ),
        (
            "CONSTRUCT { ?a <p:> ?b } WHERE { ?a <q:> ?b FILTER (?a",
            "The rule is not SPARQL (line 1, column 45: Expected ConstructQuery)",
        ),
        ("CONSTRUCT WHERE { ?a <q:> ?b }", "Not a CONSTRUCT query with a template and without FROM"),
    ],
    ids=[
        "union",
        "graph",
        "minus",
        "bind",
        "path",
        "blank",
        "from",
        "select",
        "ask",
        "prefix",
        "open",
        "short",
    ],
)
def test_read_rule_refused(query: str, reason: str) -> None:
    """A rule of another form is refused by what it has, before a proof could leave it out."""
    with pytest.raises(DataError) as error:
        read_rule(query)

    assert str(error.value) == (
        f"{reason}: write it as CONSTRUCT {{ … }} WHERE {{ … }} with triple patterns, OPTIONAL, FILTER and "
        "VALUES."
    )


def test_bound_replaces_variables_alone() -> None:
    """A variable gives way to its term; in strings, IRIs and comments its name is no variable."""
    text = 'SELECT * { ?a <http://x/?a> ?ab, "?a" # ?a\n FILTER (?a != ?b) }'

    assert bound(text, {"a": ox.NamedNode("http://y/")}) == (
        'SELECT * { <http://y/> <http://x/?a> ?ab, "?a" # ?a\n FILTER (<http://y/> != ?b) }'
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?s ?p ?o", {"s": "<http://example.org/i>", "p": "<http://example.org/p>", "o": '"1"'}),
        ("?s <http://example.org/q> ?o", None),
        ("?s ?p ?s", None),
    ],
    ids=["free", "other-property", "one-variable-twice"],
)
def test_unified(pattern: str, expected: dict[str, str] | None) -> None:
    """A pattern fits a triple where each constant is the same, and each variable one term."""
    (triple,) = triples('ex:i ex:p "1" .')
    (head,) = read_rule(f"CONSTRUCT {{ {pattern} }} WHERE {{ ?s ?p ?o }}").heads

    found = unified(head, triple)

    assert (None if found is None else {name: str(term) for name, term in found.items()}) == expected
