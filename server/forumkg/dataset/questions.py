"""The competency questions: load `ontology/questions/NN-slug.rq` and describe them in RDF.

For editors and language models: https://www.w3.org/TR/shacl-af/#SPARQLExecutable
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import resources
from forumkg.errors import DataError, QueryError
from forumkg.namespaces import PREFIXES, QUERY, QUESTIONS
from forumkg.rdf.reading import read_text
from forumkg.rdf.sparql_tokens import Form, query_form
from forumkg.rdf.terms import about, english, named

__all__ = ["Question", "describe", "load_questions", "prefix_declarations", "read_question"]

_NAME: Final = re.compile(r"(?P<number>\d{2,})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.rq")
_FORMS: Final[tuple[Form, ...]] = ("SELECT", "ASK", "CONSTRUCT")
_TITLE: Final = re.compile(r"# (?P<title>\S.*\?)\n")
_CHINESE: Final = re.compile(r"# zh: *(?P<title>.*)\n")


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question.

    Attributes:
        number: its place in the order.
        slug: its name.
        title: the question in English.
        text: the query that answers it; its first line is the question in English.
        form: of the query.
        chinese: the question in Chinese; empty where the file has none.
    """

    number: int
    slug: str
    title: str
    text: str
    form: Form
    chinese: str = ""

    @property
    def iri(self) -> str:
        """The IRI of the query."""
        return QUERY + self.slug


def load_questions(folder: Path | None = None) -> tuple[Question, ...]:
    """Return the questions of a folder, by default those of the package, in the order of their numbers.

    Raises:
        DataError: a file is misnamed, has no question as its first line or no valid query, or two share a
            number or a slug; the message names the file.
    """
    folder = folder or resources.ontology_dir() / "questions"
    questions: dict[int | str, Question] = {}
    for path in sorted(folder.glob("*.rq")):
        question = read_question(path)
        for key in (question.number, question.slug):
            if key in questions:
                raise DataError(f"{path} takes {key} a second time: give each question a number and a slug.")
            questions[key] = question
    return tuple(sorted(set(questions.values()), key=lambda question: question.number))


def read_question(path: Path) -> Question:
    """Return the question of a file.

    Raises:
        DataError: the file is misnamed, has no question as its first line or no valid query, or what it has
            in Chinese is not a question.
    """
    name = _NAME.fullmatch(path.name)
    if name is None:
        raise DataError(f"{path} is not named NN-slug.rq, as in 07-hosts-by-edition.rq.")
    text = read_text(path)
    title = _TITLE.match(text)
    if title is None:
        raise DataError(f"{path}: make the first line the question, as in '# Who hosted the 2021 edition?'.")
    text, chinese = _without_chinese(path, text, title.end())
    return Question(int(name["number"]), name["slug"], title["title"], text, _form(path, text), chinese)


def _without_chinese(path: Path, text: str, start: int) -> tuple[str, str]:
    """Return a text without the line of its title in Chinese, and that title."""
    line = _CHINESE.match(text, start)
    if line is None:
        return text, ""
    title = line["title"].strip()
    if not title.endswith("？"):
        raise DataError(f"{path}: end the title in Chinese with ？, as in '# zh: 2021年论坛由谁主办？'.")
    return text[:start] + text[line.end() :], title


def _form(path: Path, text: str) -> Form:
    try:
        # On no data: only the syntax is of interest.
        ox.Store().query(text)
        form = query_form(text)
    except (SyntaxError, QueryError) as error:
        raise DataError(f"{path}: {error}") from error
    if form not in _FORMS:
        raise DataError(f"{path} is a {form} query: ask by {', '.join(_FORMS)}.")
    return form


def describe(questions: Iterable[Question]) -> frozenset[ox.Triple]:
    """Return the description of the questions and of the prefixes that they may use."""
    triples = set(prefix_declarations())
    for question in questions:
        triples |= set(_description(question))
    return frozenset(triples)


def _description(question: Question) -> Iterator[ox.Triple]:
    return about(
        question.iri,
        ("rdf:type", named("sh:SPARQLExecutable")),
        ("rdf:type", named(f"sh:SPARQL{question.form.title()}Executable")),
        ("rdfs:label", english(question.title)),
        *([("rdfs:label", ox.Literal(question.chinese, language="zh"))] if question.chinese else []),
        ("schema:position", ox.Literal(question.number)),
        (f"sh:{question.form.lower()}", ox.Literal(question.text)),
        ("sh:prefixes", ox.NamedNode(QUESTIONS)),
    )


def prefix_declarations() -> Iterator[ox.Triple]:
    """Yield the declaration of each prefix: https://www.w3.org/TR/shacl/#sparql-prefixes."""
    for prefix, namespace in PREFIXES.items():
        # Not a blank node, so that a second load of the file adds nothing.
        declaration = f"{QUESTIONS}#{prefix}"
        yield from about(QUESTIONS, ("sh:declare", ox.NamedNode(declaration)))
        yield from about(
            declaration,
            ("rdf:type", named("sh:PrefixDeclaration")),
            ("sh:prefix", ox.Literal(prefix)),
            ("sh:namespace", ox.Literal(namespace, datatype=named("xsd:anyURI"))),
        )
