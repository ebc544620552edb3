"""Loading the competency questions and their description in RDF."""

import re
from pathlib import Path

import pytest
from turtle_text import triples

from forumkg.dataset.questions import Question, describe, load_questions, read_question
from forumkg.errors import DataError
from forumkg.namespaces import PREFIXES, QUESTIONS

SELECT = "# Who hosted it?\nSELECT ?host { ?x <http://example.org/isHostedBy> ?host }\n"


def write(folder: Path, name: str, text: str) -> Path:
    """Write a question file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_load_questions_by_number(tmp_path: Path) -> None:
    """The questions come in the order of their numbers, with slug, title, text and form."""
    write(tmp_path, "100-last.rq", "# Is it so?\nASK { ?s ?p ?o }\n")
    write(tmp_path, "20-hosts.rq", SELECT)

    assert load_questions(tmp_path) == (
        Question(20, "hosts", "Who hosted it?", SELECT, "SELECT"),
        Question(100, "last", "Is it so?", "# Is it so?\nASK { ?s ?p ?o }\n", "ASK"),
    )


def test_read_question_in_chinese(tmp_path: Path) -> None:
    """The second line may be the question in Chinese: a title, and no part of the query."""
    path = write(tmp_path, "01-hosts.rq", SELECT.replace("\n", "\n# zh: 由谁主办？\n", 1))

    assert read_question(path) == Question(1, "hosts", "Who hosted it?", SELECT, "SELECT", "由谁主办？")
    assert {str(triple.object) for triple in describe([read_question(path)])} >= {
        '"Who hosted it?"@en',
        '"由谁主办？"@zh',
    }


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("ask { ?s ?p ?o }", "ASK"),
        (
            "BASE <http://x/select> # ask\nPREFIX ask: <#select>\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "CONSTRUCT",
        ),
        ("PREFIX : <http://x/>\n# SELECT\nASK{ ?s :ask ?o }", "ASK"),
    ],
)
def test_read_question_form(tmp_path: Path, body: str, form: str) -> None:
    """The form is the keyword after the prologue, not one in a comment, a prefix or an IRI."""
    assert read_question(write(tmp_path, "01-x.rq", f"# Is it?\n{body}\n")).form == form


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("hosts.rq", SELECT, " is not named NN-slug.rq, as in 07-hosts-by-edition.rq."),
        ("1-hosts.rq", SELECT, " is not named NN-slug.rq, as in 07-hosts-by-edition.rq."),
        ("01-Hosts.rq", SELECT, " is not named NN-slug.rq, as in 07-hosts-by-edition.rq."),
        (
            "01-hosts.rq",
            "# The hosts\nASK {}\n",
            ": make the first line the question, as in '# Who hosted the 2021 edition?'.",
        ),
        (
            "01-hosts.rq",
            "ASK {}\n# Who hosted it?\n",
            ": make the first line the question, as in '# Who hosted the 2021 edition?'.",
        ),
        (
            "01-hosts.rq",
            "# Who hosted it?\n# zh: 主办方\nASK {}\n",
            ": end the title in Chinese with ？, as in '# zh: 2021年论坛由谁主办？'.",
        ),
        (
            "01-hosts.rq",
            "# Who hosted it?\nDESCRIBE <http://x/>\n",
            " is a DESCRIBE query: ask by SELECT, ASK, CONSTRUCT.",
        ),
    ],
    ids=[
        "no-number",
        "one-digit",
        "capital",
        "no-question",
        "late-question",
        "no-chinese-question",
        "describe",
    ],
)
def test_read_question_bad_file(tmp_path: Path, name: str, text: str, message: str) -> None:
    """A misnamed file, a file without a question and another query form are refused by their path."""
    path = write(tmp_path, name, text)

    with pytest.raises(DataError) as error:
        read_question(path)

    assert str(error.value) == f"{path}{message}"


def test_read_question_bad_query(tmp_path: Path) -> None:
    """A query that does not parse is refused with its file, line and column."""
    path = write(tmp_path, "01-hosts.rq", "# Who hosted it?\nSELECT\n")

    with pytest.raises(DataError) as error:
        read_question(path)

    assert str(error.value).startswith(f"{path}: error at 3:1: ")


@pytest.mark.parametrize(("second", "shared"), [("01-other.rq", "1"), ("02-hosts.rq", "hosts")])
def test_load_questions_shared_name(tmp_path: Path, second: str, shared: str) -> None:
    """Two questions of one number or of one slug are refused."""
    write(tmp_path, "01-hosts.rq", SELECT)
    path = write(tmp_path, second, SELECT)

    with pytest.raises(DataError) as error:
        load_questions(tmp_path)

    assert str(error.value) == f"{path} takes {shared} a second time: give each question a number and a slug."


def test_order_of_questions_is_that_of_any_collation() -> None:
    """No question sorts by sentences, which stores compare in ways of their own, but by IRIs and names."""
    sorted_by_texts = [
        question.slug
        for question in load_questions()
        for variable in re.findall(r"zgc:(?:editorialNote|paraphrase|wording) \?(\w+)", question.text)
        if re.search(rf"ORDER BY.*\?{variable}\b", question.text)
    ]

    assert sorted_by_texts == []


def test_quotients_of_questions_are_decimal() -> None:
    """A question that divides does so from a decimal: Virtuoso divides integers into an integer."""
    texts = [question.text for question in load_questions()]
    quotients = [found for text in texts for found in re.findall(r"\S+ \* \S+ / |\S+ / ", text)]

    assert quotients
    assert all(re.match(r"\(?(ROUND\()?\d+\.\d+ \* ", quotient) for quotient in quotients)


def test_describe_questions() -> None:
    """A question is a SHACL executable of its form with its label, its text and the prefixes it may use."""
    ask = Question(7, "is-it", "Is it?", "# Is it?\nASK {}", "ASK")

    expected = triples(
        """
        query:is-it a sh:SPARQLExecutable , sh:SPARQLAskExecutable ;
            rdfs:label "Is it?"@en ; schema:position 7 ; sh:ask "# Is it?\\nASK {}" ;
            sh:prefixes graph:questions .
        """
    )
    assert describe([ask]) - describe([]) == set(expected)


def test_describe_prefixes() -> None:
    """Every prefix of the project is declared by an IRI, none by a blank node."""
    expected = triples(
        "\n".join(
            f"<{QUESTIONS}> sh:declare <{QUESTIONS}#{prefix}> . "
            f"<{QUESTIONS}#{prefix}> a sh:PrefixDeclaration ; "
            f'sh:prefix "{prefix}" ; sh:namespace "{namespace}"^^xsd:anyURI .'
            for prefix, namespace in PREFIXES.items()
        )
    )

    assert describe([]) == set(expected)
