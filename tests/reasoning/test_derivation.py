"""What the CONSTRUCT rules add to a store."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from turtle_text import triples

from forumkg.errors import DataError
from forumkg.namespaces import DERIVED
from forumkg.rdf.terms import merged, merged_triples
from forumkg.reasoning.derivation import DerivationRule, derive, load_rules

EX = "PREFIX ex: <http://example.org/>\n"


def rule(query: str) -> DerivationRule:
    """Return a rule of a file that does not matter."""
    return DerivationRule(Path("rules/01-rule.rq"), EX + query)


def in_graph(store: ox.Store, graph: str) -> set[ox.Triple]:
    """Return the triples of a named graph."""
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))}


def test_derive_in_order() -> None:
    """A rule sees what the rules before it derived."""
    store = merged_triples(triples("ex:i ex:p ex:j ."))
    rules = (
        rule("CONSTRUCT { ?x ex:q ?y } WHERE { ?x ex:p ?y }"),
        rule("CONSTRUCT { ?x ex:r ?y } WHERE { ?x ex:q ?y }"),
    )

    assert derive(store, rules) == 2
    assert in_graph(store, DERIVED) == set(triples("ex:i ex:q ex:j ; ex:r ex:j ."))
    assert set(merged(store)) == set(triples("ex:i ex:p ex:j ; ex:q ex:j ; ex:r ex:j ."))


def test_derive_what_is_there() -> None:
    """A result that the merged graph holds already is not derived again."""
    store = merged_triples(triples("ex:i ex:p ex:j ; ex:q ex:j . ex:k ex:p ex:l ."))
    mirror = rule("CONSTRUCT { ?x ex:q ?y } WHERE { ?x ex:p ?y }")

    assert derive(store, (mirror, mirror)) == 1
    assert in_graph(store, DERIVED) == set(triples("ex:k ex:q ex:l ."))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "ASK { ?x ?p ?y }",
            "rules/01-rule.rq is not a CONSTRUCT query: write CONSTRUCT with the triples that it derives.",
        ),
        (
            "CONSTRUCT { [] <http://example.org/new> ?y } WHERE { BIND (1 AS ?y) }",
            "rules/01-rule.rq makes blank nodes, which differ from build to build: "
            "name what it derives, for example by BIND (IRI(CONCAT(…)) AS ?new).",
        ),
        (
            "SELECT * { ?x ?p ?y }",
            "rules/01-rule.rq is not a CONSTRUCT query: write CONSTRUCT with the triples that it derives.",
        ),
        ("CONSTRUCT { ?x", "rules/01-rule.rq: error at 2:"),
    ],
    ids=["ask", "blank-node", "select", "broken"],
)
def test_derive_bad_rule(query: str, message: str) -> None:
    """A rule that is broken or constructs nothing is refused with the name of its file."""
    with pytest.raises(DataError) as error:
        derive(ox.Store(), (rule(query),))

    assert str(error.value).startswith(message)


def test_load_rules_by_name(tmp_path: Path) -> None:
    """The rules of a folder come in the order of their file names; other files are not rules."""
    for name in ("20-b.rq", "10-a.rq", "notes.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")

    assert load_rules(tmp_path) == (
        DerivationRule(tmp_path / "10-a.rq", "10-a.rq"),
        DerivationRule(tmp_path / "20-b.rq", "20-b.rq"),
    )
