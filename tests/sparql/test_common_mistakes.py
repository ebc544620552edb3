"""Mistakes of newcomers are answered with what to write instead."""

import pyoxigraph as ox
import pytest

from forumkg.errors import QueryError
from forumkg.sparql.evaluation import evaluate


@pytest.mark.parametrize(
    ("query", "wrong", "advice"),
    [
        ("SELECT ?x, ?y { ?x ?p ?y }", ",", "Variables of SELECT have no commas between them."),
        ("SELECT COUNT(*) { ?s ?p ?o }", "COUNT", "An expression of SELECT needs brackets and a name"),
        (
            "SELECT (COUNT(*)) { ?s ?p ?o }",
            ")",
            "An expression of SELECT needs a name, as in (COUNT(*) AS ?number).",
        ),
        ("SELECT * { ?s ?p ?o FILTER ?o > 1 }", "?o", "FILTER needs its condition in brackets"),
        ("SELECT * { ?s ?p ?o FILTER(?o == 1) }", "=", "Write one = to compare."),
        ("SELECT * { ?s ?p ?o FILTER(?o > 1 & ?o < 3) }", "&", "Write && for and."),
        ("SELECT * { ?s ?p ?o FILTER(lang(?o) = en) }", "en", "Write a text in quotes, a variable with a ?"),
        ("SELECT * { ?s ?p 'a'@ }", "@", "A language follows the @ without white space"),
        ("SELECT * { ?s http://e.org/p ?o }", "http:", "An IRI needs < and >: write <http://e.org/p>."),
        ("SELECT * { ?s ?p ?o } LIMIT 10 ORDER BY ?s", "ORDER", "ORDER comes before LIMIT and OFFSET."),
        ("SELECT * { ?s ?p ?o } LIMIT -1", "-", "LIMIT needs a whole number, as in LIMIT 10."),
        ("SELECT ?s { ?s ?p ?o } GROUP ?s", "?s", "Write GROUP BY."),
        ("SELECT * WHERE ?s ?p ?o", "?s", "WHERE needs its patterns in braces"),
        ("SELECT * { ?s ?p ?o OPTIONAL ?s ?q ?r }", "?s", "OPTIONAL needs its patterns in braces"),
        ("SELECT * { GRAPH { ?s ?p ?o } }", "{", "GRAPH needs the name of a graph or a variable"),
        ("SELECT * FROM { ?s ?p ?o }", "{", "FROM needs the IRI of a graph"),
        ("SELECT * { BIND(1 AS x) }", "x", "AS needs a variable, as in AS ?name."),
        ("SELECT * { ?s ?p ?o }}", "}", "It closes nothing: leave it out."),
        ("SELECT * { ?s ?p ?o. ?s ?p }", "}", "The pattern before it is not complete"),
    ],
)
def test_common_mistakes(query: str, wrong: str, advice: str) -> None:
    """The message names the wrong token, and says what to write instead."""
    with pytest.raises(QueryError) as raised:
        evaluate(ox.Store(), query)

    assert raised.value.message.startswith(f"Did not expect {wrong!r} here. {advice}")
    assert query[(raised.value.column or 1) - 1 :].startswith(wrong)
