"""The pages of the competency questions: all of them, and each with its answer."""

import json
import re
from datetime import date
from decimal import Decimal

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from shipped import shipped_store

from forumkg.dataset.questions import load_questions
from forumkg.namespaces import ID, OA
from forumkg.pages.answer_headings import HEADINGS, words_of
from forumkg.pages.answer_tables import Answer, AnswerColumn, answer
from forumkg.pages.graph import StoreGraph
from forumkg.pages.question_index import answered, bars, grouped, read_questions
from forumkg.pages.shown_terms import ShownTerm
from forumkg.pages.translated_graph import TranslatedGraph
from forumkg.pages.translated_text import TranslatedText

BROWSER = {"Accept": "text/html"}
LABELLED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?year ?edition ?label ?asOf ?size ?is ?never {
    VALUES (?year ?edition ?asOf ?size ?is) {
        (2021 <https://w3id.org/zgc-forum/id/edition/2021> "2021-09-24"^^xsd:date 1500.50 true)
    }
    ?edition skos:prefLabel ?label FILTER (LANG(?label) = "en")
}"""


@pytest.fixture
def graph() -> StoreGraph:
    """Ask the shipped dataset."""
    return StoreGraph(shipped_store())


def test_answer_to_select(graph: StoreGraph) -> None:
    """A thing whose name stands beside it is one column; numbers, days and truth values are read as such."""
    name = "2021 Zhongguancun Forum"

    assert answer(graph, LABELLED, "SELECT") == Answer(
        columns=(
            AnswerColumn("year", "Year", is_short=True),
            AnswerColumn("label", "Edition"),
            AnswerColumn("asOf", "As of", is_short=True),
            AnswerColumn("size", "Size", is_number=True, is_short=True),
            AnswerColumn("is", "Is", is_short=True),
            AnswerColumn("never", "Never", is_short=True),
        ),
        rows=(
            (
                ShownTerm("2021", datatype="xsd:integer"),
                ShownTerm(name, iri=f"{ID}edition/2021", language="en"),
                ShownTerm("2021-09-24", datatype="xsd:date", day=date(2021, 9, 24)),
                ShownTerm("1,500.5", datatype="xsd:decimal", number=Decimal("1500.5")),
                ShownTerm("yes", datatype="xsd:boolean"),
                ShownTerm(),
            ),
        ),
        total=1,
    )


def test_answer_has_a_number_with_its_hedge(graph: StoreGraph) -> None:
    """A hedge and its number are one column, as figures are written on all pages."""
    query = """
SELECT ?hedge ?number {
    VALUES (?hedge ?number) { ("more than"@en 1500) ("exactly"@en 60) (UNDEF 7) ("more than"@en UNDEF) }
}"""
    found = answer(graph, query, "SELECT")

    assert [(column.name, column.heading) for column in found.columns] == [("number", "Figure")]
    assert [row[0].text for row in found.rows] == ["more than 1,500", "60", "7", ""]


def test_answer_to_ask(graph: StoreGraph) -> None:
    """The answer to an ASK is a truth value."""
    assert answer(graph, "ASK {}", "ASK") == Answer(truth=True)


def test_answer_to_construct(graph: StoreGraph) -> None:
    """The answer to a CONSTRUCT is its triples, with the names of the things in them."""
    query = f"CONSTRUCT {{ <{OA}start> <{OA}end> 1 }} WHERE {{}}"

    assert answer(graph, query, "CONSTRUCT") == Answer(
        columns=(
            AnswerColumn("subject", "Subject", is_short=True),
            AnswerColumn("property", "Property", is_short=True),
            AnswerColumn("value", "Value", is_number=True, is_short=True),
        ),
        rows=(
            (
                ShownTerm("oa:start", iri=f"{OA}start"),
                ShownTerm("oa:end", iri=f"{OA}end"),
                ShownTerm("1", datatype="xsd:integer", number=Decimal(1)),
            ),
        ),
        total=1,
    )


def test_words_of() -> None:
    """The name of a variable is shown as words."""
    assert [words_of(name) for name in ("firstDay", "year", "as_of")] == ["First day", "Year", "As of"]


def test_groups_have_all_questions(graph: StoreGraph) -> None:
    """Each question of the package is in one group, in the order of the questions."""
    groups = grouped(read_questions(graph))

    assert [question.slug for group in groups for question in group.questions] == [
        question.slug for question in load_questions()
    ]
    assert all(len(group.questions) > 1 for group in groups)


def test_questions_have_titles_and_headings_in_chinese() -> None:
    """Each shipped question is asked in Chinese, too, and no column of an answer lacks a heading."""
    shipped = load_questions()
    store = ox.Store()
    columns = {
        variable.value
        for found in (store.query(question.text) for question in shipped)
        if isinstance(found, ox.QuerySolutions)
        for variable in found.variables
    }

    assert [question.slug for question in shipped if not question.chinese] == []
    assert columns - set(HEADINGS) == set()


def test_read_questions_in_chinese(graph: StoreGraph) -> None:
    """The titles have their translations; the queries are the same."""
    english, chinese = read_questions(graph), read_questions(TranslatedGraph(graph, "zh"))
    titles = [each.title for each in chinese]

    assert {isinstance(each, TranslatedText) and each.translation.endswith("？") for each in titles} == {True}
    assert chinese == english


def test_bars(graph: StoreGraph) -> None:
    """Counts of things are drawn; printed figures, whose hedge a bar would leave out, are not."""
    questions = read_questions(graph)
    drawn = {question.slug: bars(answered(graph, question)) for question in questions}

    assert drawn["hedges"][:2] == (("more than", Decimal(22)), ("exactly", Decimal(21)))
    assert {slug for slug, rows in drawn.items() if rows} == {
        "hedges",
        "indicators",
        "most-told-of",
        "organizations-speaking",
        "publishers",
        "recurring-topics",
        "returning-organizations",
    }


def test_get_questions(shipped_client: FlaskClient) -> None:
    """The page of all questions links to each."""
    text = shipped_client.get("/questions").text

    assert re.findall(r'href="/questions/([^"]+)"', text) == [each.slug for each in load_questions()]


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.slug)
def test_get_question(shipped_client: FlaskClient, question: object) -> None:
    """Each question has a page with its words, its query, and data for search engines."""
    slug, title = question.slug, question.title  # type: ignore[attr-defined] # (a Question)
    response = shipped_client.get(f"/questions/{slug}")
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.text)

    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in response.text.replace("&#39;", "'")
    assert data
    assert json.loads(data[1])["name"] == title
    assert shipped_client.get(f"/query/{slug}.html").text.count("<h1>") == 1


def test_get_question_of_2021(shipped_client: FlaskClient) -> None:
    """The question on countries shows the three figures, each with its hedge and a link to its statement."""
    text = shipped_client.get("/questions/countries-2021").text
    chinese = shipped_client.get("/zh/questions/countries-2021").text

    figures = re.findall(r'<td data-label="Figure" class="short"><span>(.*?)</span></td>', text)
    assert figures == ["more than 40", "more than 50", "more than 500"]
    assert re.findall(r"<span>(超过[^<]*)</span>", chinese) == ["超过40", "超过50", "超过500"]
    assert text.count('<a href="/id/statement/') == 3
    assert '<link rel="canonical" href="http://localhost/questions/countries-2021">' in text


def test_get_contradictions(shipped_client: FlaskClient) -> None:
    """A question that is answered by yes or no is answered so."""
    assert '<p class="verdict">No.</p>' in shipped_client.get("/questions/contradictions").text


def test_get_question_unknown(shipped_client: FlaskClient) -> None:
    """An unknown question is answered 404, with the way to those that are there."""
    response = shipped_client.get("/questions/who", headers=BROWSER)

    assert response.status_code == 404
    assert (
        'There is no question &#39;who&#39;: <a href="/questions">/questions</a> lists all.' in response.text
    )


@pytest.mark.parametrize(
    ("root", "words"), [("", {"planned", "reported"}), ("/zh", {"计划", "已报道"})], ids=["en", "zh"]
)
def test_stances_of_answers_have_the_words_of_pages(
    shipped_client: FlaskClient, root: str, words: set[str]
) -> None:
    """A figure is `reported` in an answer as it is on all other pages, not `accomplished`."""
    text = shipped_client.get(f"{root}/questions/countries-by-edition", headers=BROWSER).text

    cells = {re.sub("<.*?>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", text, re.DOTALL)}
    assert words <= cells
    assert "accomplished" not in cells


def rows(client: FlaskClient, path: str) -> list[list[str]]:
    """Return the words of the cells of each row of an answer."""
    body = client.get(path, headers=BROWSER).text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [" ".join(re.sub("<.*?>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (
            "",
            [
                "Xinhua News Agency via tellerreport.com",
                "Xinhua News Agency via tellerreport.com",
                "China Daily via exbulletin.com",
                "Xinhua News Agency, said by organizers of the 2023 forum",
            ],
        ),
        (
            "/zh",
            [
                "新华通讯社（tellerreport.com转载）",
                "新华通讯社（tellerreport.com转载）",
                "中国日报（exbulletin.com转载）",
                "新华通讯社，发言者：organizers of the 2023 forum",
            ],
        ),
    ],
    ids=["en", "zh"],
)
def test_get_question_attributes_each_statement(
    shipped_client: FlaskClient, root: str, expected: list[str]
) -> None:
    """Below each statement of an answer is who printed it, on which site it was read, and who said it."""
    text = shipped_client.get(f"{root}/questions/exhibitors-by-edition", headers=BROWSER).text
    found = re.findall(r'</a><span class="how">(.*?)</span></?span', text)
    lines = [re.sub("<.*?>", "", line) for line in found]

    assert lines == expected


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/questions/hosts", "Xinhua News Agency via tellerreport.comCurators’ note: "),
        ("/questions/impossible-figures", "China Daily via exbulletin.com; judged wrongCurators’ note: "),
        ("/zh/questions/impossible-figures", "中国日报（exbulletin.com转载）；判定有误编者注："),
    ],
)
def test_get_question_has_judgement_and_notes(shipped_client: FlaskClient, path: str, words: str) -> None:
    """Below a statement is what the curators judge and note, where they do."""
    assert words in re.sub("<[^>]*>", "", shipped_client.get(path, headers=BROWSER).text)


@pytest.mark.parametrize("root", ["", "/zh"], ids=["en", "zh"])
def test_get_question_of_notes_has_each_once(shipped_client: FlaskClient, root: str) -> None:
    """A note that has a column of its own is not repeated below its statement."""
    text = shipped_client.get(f"{root}/questions/curators-notes", headers=BROWSER).text
    found = rows(shipped_client, f"{root}/questions/curators-notes")

    assert len({note for _, note in found}) > 10
    assert all(note not in says for says, note in found)
    assert "Curators’ note:" not in text
    assert "编者注：" not in text


@pytest.mark.parametrize(
    ("root", "words"), [("", "not stated in the sources"), ("/zh", "来源未说明")], ids=["en", "zh"]
)
def test_get_question_of_hosts_names_what_is_not_stated(
    shipped_client: FlaskClient, root: str, words: str
) -> None:
    """An edition without a stated host says so in the answer, and has no blank cells."""
    found = rows(shipped_client, f"{root}/questions/hosts")

    assert [row for row in found if len(row) == 2] == [["2023", words], ["2024", words]]
    assert all(cell for row in found for cell in row)
