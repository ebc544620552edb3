"""Citations: what is stated, in forms that reference managers read, and never a sentence of an article."""

import json
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from citeproc import Citation as StyledCitation
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import shipped_store

from forumkg.namespaces import BASE
from forumkg.pages.citations import Citation, CitedKind, bibtex, csl_json, key_of, ris, sentence
from forumkg.pages.cite.cited import Server, citation_of
from forumkg.pages.graph import StoreGraph

GRAPH = StoreGraph(shipped_store())
SERVER = Server("http://localhost", "4 (SHA-256 of its inputs 0123456789abcdef)", date(2026, 11, 30))
WRONG = f"{BASE}id/statement/china-daily-2021/8"
RIGHT = f"{BASE}id/statement/china-daily-2021/25"
ARTICLE = f"{BASE}id/article/xinhua-2023-05-24"


def cited(of: str) -> Citation:
    """Return the citation of what an IRI or a path names."""
    found = citation_of(GRAPH, of, SERVER)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (
            RIGHT,
            "China Daily (undated, body, characters 760 to 884): The representatives at the 2021 forum came "
            "from over 50 countries and territories [paraphrase] [said by organizers of the "
            "2021 forum; reported; carried by exbulletin.com]. Zhongguancun Forum graph, version 4 (SHA-256 "
            "of its inputs 0123456789abcdef). http://localhost/id/statement/china-daily-2021/25",
        ),
        (
            ARTICLE,
            "Xinhua News Agency (24 May 2023): Xinhua on the eve of the 2023 forum [the title is ours, not "
            "the headline; described at http://localhost/id/article/xinhua-2023-05-24]. "
            "https://english.news.cn/20230524/1b038dd79d8344ce8f92435291d6fd20/c.html",
        ),
        (
            "",
            "The forumkg authors (21 November 2026): Knowledge graph of the Zhongguancun Forum [the dataset "
            "was issued on this day; this version was built on 30 November 2026]. Version 4 "
            "(SHA-256 of its inputs 0123456789abcdef). http://localhost/",
        ),
        (
            f"{BASE}id/person/wu-zhaohui",
            "Zhongguancun Forum graph (30 November 2026): Wu Zhaohui. Version 4 (SHA-256 of its inputs "
            "0123456789abcdef). http://localhost/id/person/wu-zhaohui.html",
        ),
        (
            "/compare/exhibitors",
            "Zhongguancun Forum graph (30 November 2026): Exhibitors, by edition. Version 4 (SHA-256 of "
            "its inputs 0123456789abcdef). http://localhost/compare/exhibitors",
        ),
    ],
    ids=["statement", "article", "version", "thing", "page"],
)
def test_sentence(of: str, text: str) -> None:
    """A sentence has publisher, day and passage of a statement, and what it is for anything else."""
    assert sentence(cited(of)) == text


def test_sentences_for_running_text() -> None:
    """A statement has a sentence with publisher, carrier and speaker, and one for what differs from it."""
    assert cited(RIGHT).in_text == (
        "According to China Daily (undated), as carried by exbulletin.com, citing organizers of the 2021"
        " forum: The representatives at the 2021 forum came from over 50 countries and territories "
        "(paraphrased by the Zhongguancun Forum graph, version 4, "
        "http://localhost/id/statement/china-daily-2021/25). Another statement differs: The "
        "representatives invited to the 2021 forum come from over 500 countries and territories (the "
        "same article, caption, as planned, judged wrong by the curators)."
    )
    assert cited(ARTICLE).in_text == ""


def test_sentences_of_a_judged_statement() -> None:
    """The publisher does not say the judgement: a sentence of its own names the curators and the reason."""
    assert cited(WRONG).in_text == (
        "According to China Daily (undated), as carried by exbulletin.com: The representatives invited "
        "to the 2021 forum come from over 500 countries and territories (as planned; paraphrased by the "
        "Zhongguancun Forum graph, version 4, http://localhost/id/statement/china-daily-2021/8). The "
        "curators of this graph hold this to be wrong: There are not that many countries and "
        "territories. Another statement differs: The representatives at the 2021 forum came from over 50"
        " countries and territories (the same article, body)."
    )


def test_judged_statement_says_so_in_its_title() -> None:
    """The title of a false statement says who judges it wrong, in each format."""
    title = "over 500 countries and territories [paraphrase] [judged wrong by the curators of the graph]"

    for text in (sentence(cited(WRONG)), bibtex(cited(WRONG)), ris(cited(WRONG)), csl_json(cited(WRONG))):
        assert title in text


def test_each_button_has_its_own_status(shipped_client: FlaskClient) -> None:
    """What a button reports of copying stands in its own row, in the language of the page."""
    for path, words in (("/cite", "Copied."), ("/zh/cite", "已复制。")):
        text = shipped_client.get(path, query_string={"of": WRONG}).text
        rows = re.findall(r'<p class="row">.*?</p>', text)
        assert [f'role="status" data-copied="{words}"' in row for row in rows] == [True, True]


def test_figure_is_cited_by_its_statement() -> None:
    """A figure has the citation of the statement that gives it, at its own address."""
    figure, statement = cited(f"{BASE}id/quantity/china-daily-2021/25"), cited(RIGHT)

    assert figure.url == "http://localhost/id/quantity/china-daily-2021/25"
    assert (figure.title, figure.author, figure.passage) == (
        statement.title,
        statement.author,
        statement.passage,
    )


def test_path_of_a_thing_is_the_thing() -> None:
    """The address of a page of a thing is cited as the thing."""
    assert cited("/id/statement/china-daily-2021/25.html") == cited(RIGHT)


@pytest.mark.parametrize("of", ["somewhere", "//example.org/", "http://example.org/", "javascript:alert(1)"])
def test_other_addresses_are_not_cited(of: str, shipped_client: FlaskClient) -> None:
    """What is neither an IRI of the dataset nor a path of this server is refused."""
    assert citation_of(GRAPH, of, SERVER) is None
    response = shipped_client.get("/cite", query_string={"of": of})
    assert response.status_code == 400
    assert "give an IRI of the dataset, or a path such as /compare" in unescape(response.text)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=60)
WORDS = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
CITATIONS = st.builds(
    Citation,
    kind=st.sampled_from(CitedKind),
    key=WORDS.map(key_of),
    title=WORDS,
    author=WORDS,
    url=st.just("https://example.org/a?b={c}&d=%20"),
    issued=st.none() | st.dates(date(1000, 1, 1)),
    container=WORDS | st.just(""),
    passage=WORDS | st.just(""),
    note=WORDS | st.just(""),
    version=WORDS | st.just(""),
)
TEX = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "{}&%$#_"},
}


def plain(text: str) -> str:
    """Return the text of a field of BibTeX."""
    pattern = "|".join(map(re.escape, sorted(TEX, key=len, reverse=True)))
    return re.sub(pattern, lambda match: TEX[match[0]], text)


@settings(max_examples=60, deadline=None)
@given(citation=CITATIONS)
def test_bibtex_is_parsed(citation: Citation) -> None:
    """Any text is read back from BibTeX as it was."""
    library = parse_string(bibtex(citation))

    assert (library.failed_blocks, len(library.entries)) == ([], 1)
    (entry,) = library.entries
    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("misc", citation.key)
    assert plain(fields["title"].removeprefix("{").removesuffix("}")) == citation.title
    assert plain(fields["author"].removeprefix("{").removesuffix("}")) == citation.author
    assert fields.get("date") == (citation.issued.isoformat() if citation.issued else None)
    assert fields["url"] == "https://example.org/a?b=%7Bc%7D&d=%20"


@settings(max_examples=60, deadline=None)
@given(citation=CITATIONS)
def test_ris_is_parsed(citation: Citation) -> None:
    """Any text is read back from RIS as it was."""
    (entry,) = rispy.loads(ris(citation))

    assert entry["title"] == citation.title
    assert entry["authors"] == [citation.author]
    assert entry["type_of_reference"] in {"ELEC", "NEWS", "DATA"}
    assert entry.get("notes", []) == ([citation.note] if citation.note else [])
    assert entry.get("year") == (str(citation.issued.year) if citation.issued else None)


@pytest.mark.parametrize("of", [RIGHT, ARTICLE, "", "/compare"])
def test_csl_json_is_styled(of: str) -> None:
    """A processor of CSL makes a bibliography of it in a style."""
    items: list[dict[str, Any]] = json.loads(csl_json(cited(of)))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(StyledCitation([CitationItem(items[0]["id"])]))

    text = str(bibliography.bibliography()[0])
    assert items[0]["author"][0]["literal"] in text
    assert items[0]["title"][:30] in text


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_get_citation_file(shipped_client: FlaskClient, ending: str, content_type: str) -> None:
    """A file has its media type and a name, and the page shows the same text."""
    response = shipped_client.get(f"/cite.{ending}", query_string={"of": RIGHT})
    page = shipped_client.get("/cite", query_string={"of": RIGHT})

    assert (response.status_code, response.headers["Content-Type"]) == (200, content_type)
    name = f"statement-china-daily-2021-25.{ending}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.text.strip() in unescape(page.text)


def test_every_page_leads_to_its_citation(shipped_client: FlaskClient) -> None:
    """Pages of the site, and of things, have a link to their citation; a statement in a list has one, too."""
    for path in ("/", "/compare", "/id/edition/2021.html", "/id/statement/china-daily-2021/8.html"):
        links = re.findall(r'href="(/cite[^"]*)"[^>]*>Cite this', shipped_client.get(path).text)
        assert links
        assert {shipped_client.get(unescape(link)).status_code for link in links} == {200}
    article = shipped_client.get("/id/article/china-daily-2021.html").text
    assert article.count('rel="nofollow">cite<span class="unseen">: ') > 20


def test_documents_state_how_to_cite_the_thing(shipped_client: FlaskClient) -> None:
    """Each document about a thing names the IRI of the thing as what is to be cited."""
    for ending in ("html", "ttl", "jsonld"):
        response = shipped_client.get(f"/id/statement/china-daily-2021/8.{ending}")
        assert f'<{WRONG}>; rel="cite-as"' in response.headers["Link"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/cite?of=/id/statement/china-daily-2021/25", "The passage is about a third down the text."),
        ("/zh/cite?of=/id/statement/china-daily-2021/25", "该段落约在全文三分之一处。"),
        ("/id/statement/china-daily-2021/25.html", "(about a third down the text, which is not included;"),
        ("/zh/id/statement/china-daily-2021/25.html", "（约在全文三分之一处；本站不含其全文，见"),
    ],
)
def test_passage_is_named_by_its_share_of_the_text(
    shipped_client: FlaskClient, path: str, words: str
) -> None:
    """Characters cannot be found in a web page; a share of the text can."""
    assert words in shipped_client.get(path).text
