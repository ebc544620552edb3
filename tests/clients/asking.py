"""What every client is asked: the questions with expected answers, and requests that fail."""

import re
from dataclasses import dataclass

import pytest

from answers import iri, literal
from forumkg.dataset.questions import Question, load_questions
from forumkg.namespaces import PREFIXES

RDF, SKOS = PREFIXES["rdf"], PREFIXES["skos"]
QUESTIONS = load_questions()
BY_NAME = {question.slug: question for question in QUESTIONS}

# Chinese labels with language tags and a value that may be missing, a truth value, a graph.
THEMES = BY_NAME["themes"]
CONTRADICTIONS = BY_NAME["contradictions"]
EVIDENCE = BY_NAME["evidence-graph"]

# A thing with a Chinese name, and all that its file says of it.
THEME = "https://w3id.org/zgc-forum/id/theme/2020-annual"
DESCRIBE = f"DESCRIBE <{THEME}> FROM <https://w3id.org/zgc-forum/graph/entities>"
DESCRIBED = {
    (iri(THEME), iri(f"{RDF}type"), iri("https://w3id.org/zgc-forum/ontology/Theme")),
    (
        iri(THEME),
        iri(f"{SKOS}prefLabel"),
        literal("Cooperative Innovation · Facing Challenges Together", "", "en"),
    ),
    (iri(THEME), iri(f"{SKOS}prefLabel"), literal("合作创新·共迎挑战", "", "zh")),
}

# A word that clients pass on, and what the server says of it.
UNDECLARED = "SELECT ?edition { ?edition a zgc:Edition }"
UNDECLARED_MESSAGE = (
    "line 1, column 30: The prefix 'zgc' is not declared. "
    "Add this line at the top of the query: PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
)
# The address of a dataset that no server can know.
BAD_DATASET = "?default-graph-uri=entities"
BAD_DATASET_MESSAGE = (
    "The default-graph-uri 'entities' is not an absolute IRI: "
    "write it in full, as in https://example.org/graph.\n"
)
PICTURE_MESSAGE = (
    "Cannot produce 'image/png'. Send one of: application/sparql-results+json, "
    "application/sparql-results+xml, text/csv, text/tab-separated-values.\n"
)

# Answers that are longer than what a client reads at once.
MANY = 300
MANY_ROWS = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {MANY}"
MANY_TRIPLES = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {MANY}"

# Nothing matches, and it takes hours to find that out.
SLOW_PATTERN = '?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (CONCAT(STR(?a), STR(?d), STR(?g)) = "")'
SLOW_TRIPLES = f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {SLOW_PATTERN} }}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pattern that a server with these options gives up, and what it says of it."""

    name: str
    options: tuple[str, ...]
    pattern: str
    status: int
    message: str

    @property
    def query(self) -> str:
        """The rows of the pattern."""
        return f"SELECT * {{ {self.pattern} }}"


TIMEOUT = Refusal(
    "timeout",
    ("--timeout", "0.3"),
    SLOW_PATTERN,
    503,
    "The query was given up after 0.3 seconds: "
    "ask for less, for instance with LIMIT, FILTER or fewer optional parts.\n",
)
TOO_LONG = Refusal(
    "too-long",
    ("--max-result", "1"),
    "?a ?b ?c",
    413,
    "The answer is longer than 1,048,576 bytes: ask for less, for instance with LIMIT.\n",
)
REFUSALS = [TIMEOUT, TOO_LONG]

each_refusal = pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)

_PATTERN = re.compile(r"^(?P<word>WHERE|ASK) \{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)


def questions(*forms: str) -> pytest.MarkDecorator:
    """Run a test for each question of these forms, or for all of them."""
    chosen = [question for question in QUESTIONS if not forms or question.form in forms]
    return pytest.mark.parametrize("question", chosen, ids=lambda question: question.slug)


def federated(question: Question, endpoint: str) -> str:
    """Return a question for another engine, which asks us for the pattern and does the rest itself."""
    text, found = _PATTERN.subn(
        lambda match: f"{match['word']} {{\n    SERVICE <{endpoint}> {{\n{match['body']}    }}\n}}",
        question.text,
    )
    assert found == 1, question.text
    return text
