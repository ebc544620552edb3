"""The questions that the first page starts with, as the graph itself has them.

https://www.w3.org/TR/shacl-af/#SPARQLExecutable
"""

from dataclasses import dataclass
from typing import Final

from forumkg.engine.queries import Store, evaluate
from forumkg.engine.rows import plain_rows
from forumkg.namespaces import QUERY, prefix_lines

__all__ = ["EXAMPLES", "Example", "examples"]

# Which questions, and the format in which the answer of each is linked.
EXAMPLES: Final = {"countries-2021": "csv", "disagreements": "json", "evidence-graph": "turtle"}

_TITLES_AND_TEXTS: Final = (
    prefix_lines("query", "rdfs", "schema", "sh")
    + """
SELECT ?question ?title ?text WHERE {{
    VALUES ?question {{ {questions} }}
    ?question rdfs:label ?title ;
        schema:position ?position ;
        sh:select|sh:ask|sh:construct ?text .
}}
ORDER BY ?position
"""
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question in words and in SPARQL, and the name of the format in which its answer is linked."""

    title: str
    text: str
    format: str


def examples(store: Store) -> list[Example]:
    """Return those of the questions that the store describes."""
    iris = " ".join(f"<{QUERY}{slug}>" for slug in EXAMPLES)
    rows = plain_rows(evaluate(store, _TITLES_AND_TEXTS.format(questions=iris)))
    return [Example(title, text, EXAMPLES[question.removeprefix(QUERY)]) for question, title, text in rows]
