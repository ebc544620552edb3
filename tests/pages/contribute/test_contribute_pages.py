"""How to contribute, and reports on errors that readers complete and send themselves."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.namespaces import ID
from forumkg.web.state import query_service

BROWSER = {"Accept": "text/html"}
WRONG = f"{ID}statement/china-daily-2021/8"


@pytest.fixture
def with_contact(
    request: pytest.FixtureRequest, shipped_version: Version, shipped_client: FlaskClient
) -> FlaskClient:
    """Return a client of a server with the contact that is the parameter."""
    with shipped_client.application.app_context():
        service = query_service()
    return create_app(shipped_version, service, contact=request.param).test_client()


def report(client: FlaskClient, of: str) -> list[str]:
    """Return the lines of the report on a thing or a page."""
    page = client.get(f"/contribute/report?of={of}", headers=BROWSER)
    assert page.status_code == 200
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    assert found
    return unescape(found[1]).split("\n")


def test_report_says_first_where_to_send_it(shipped_client: FlaskClient) -> None:
    """Where to send it, or that no contact is named, stands before the text to complete."""
    page = shipped_client.get(f"/contribute/report?of={WRONG}", headers=BROWSER).text

    assert page.index("names no contact") < page.index("<textarea")


def test_report_on_a_statement(shipped_client: FlaskClient, shipped_version: Version) -> None:
    """It has the statement, its passage, what the page says, and the version; and room for the rest."""
    info = shipped_version.info

    says = "The representatives invited to the 2021 forum come from over 500 countries and territories."
    label = f"{info.number} (SHA-256 of its inputs {info.digest[:16]}, built {info.time[:10]})"
    assert report(shipped_client, WRONG) == [
        f"Report on: Judged wrong: {says}",
        "",
        "What is wrong:",
        "",
        "What is right, and which passage or source shows it:",
        "",
        "Page: http://localhost/id/statement/china-daily-2021/8.html",
        f"Version of the dataset: {label}",
        "",
        f"Statement: {WRONG}",
        f"The page says (paraphrase): {says}",
        "Figure: more than 500 countries of representatives",
        "Stance: planned",
        "Judgement: judged wrong",
        f"Article: China Daily, back-translated, after the 2021 forum <{ID}article/china-daily-2021>",
        "Published by: China Daily",
        "Carried by: exbulletin.com",
        "Passage: characters 49 to 156 of 2264 (caption)",
        "Passage: characters 157 to 239 of 2264 (caption)",
        "Passage: characters 240 to 247 of 2264 (caption)",
    ]


def test_report_in_chinese(shipped_client: FlaskClient) -> None:
    """On a Chinese page the report is in Chinese."""
    page = shipped_client.get(f"/zh/contribute/report?of={WRONG}", headers=BROWSER).text
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    lines = unescape(found[1]).split("\n")

    names = [line.partition("：")[0] for line in lines if line]
    assert names == [
        "报告对象", "错误之处", "正确的内容，以及哪个文段或来源可以证明", "页面", "数据集版本", "陈述",
        "页面内容（转述）", "数字", "状态", "编者判定", "文章", "发布者", "转载者", "文段", "文段", "文段",
    ]  # fmt: skip
    assert "文段：第49至156个字符，全文共2264个字符（图片说明）" in lines


def test_report_on_a_figure_has_its_statement(shipped_client: FlaskClient) -> None:
    """A figure is reported with the statement that gives it."""
    page = shipped_client.get("/id/statement/china-daily-2021/8.html", headers=BROWSER).text
    figure = re.search(r'/id/(quantity/[^".]+)\.html', page)
    assert figure

    assert f"Statement: {WRONG}" in report(shipped_client, f"{ID}{figure[1]}")


def test_report_on_a_page(shipped_client: FlaskClient) -> None:
    """A page that is not about one thing is reported by its address."""
    lines = report(shipped_client, "/compare/exhibitors")

    assert lines[0] == "Report on: /compare/exhibitors"
    assert "Page: http://localhost/compare/exhibitors" in lines


@pytest.mark.parametrize("of", ["nothing", "//example.org", "https://example.org/x", "/" + "x" * 2000])
def test_report_on_what_is_not_ours(of: str, shipped_client: FlaskClient) -> None:
    """Another IRI is refused: no report sends its reader elsewhere."""
    assert shipped_client.get(f"/contribute/report?of={of}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/compare/exhibitors",
        "/id/statement/china-daily-2021/8.html",
        "/id/edition/2021.html",
        "/id/article/china-daily-2021.html",
        "/disagreements",
    ],
)
def test_each_statement_links_to_its_report(path: str, shipped_client: FlaskClient) -> None:
    """Wherever a statement is shown with its evidence, an error in it can be reported."""
    page = shipped_client.get(path, headers=BROWSER).text
    shown = re.findall(r'<(?:article|li) class="statement[^"]*" id="(statement-[^"]+)"', page)
    linked = {
        unescape(of)
        .replace("%3A", ":")
        .removeprefix(ID)
        .removeprefix("/id/")
        .removesuffix(".html")
        .replace("/", "-")
        for of in re.findall(r'href="/contribute/report\?of=([^"]+)"', page)
    }

    assert shown
    assert set(shown) - linked == set()


def test_contribute_without_a_contact_says_so(shipped_client: FlaskClient) -> None:
    """No address is made up."""
    page = shipped_client.get("/contribute", headers=BROWSER).text

    assert "names no contact" in page
    assert "mailto:" not in page


@pytest.mark.parametrize("with_contact", ["mailto:curators@example.org"], indirect=True)
def test_report_opens_in_the_mail_program(with_contact: FlaskClient) -> None:
    """A mail address gets the report as it is prefilled."""
    page = with_contact.get(f"/contribute/report?of={WRONG}", headers=BROWSER).text

    links = [unescape(each) for each in re.findall(r'href="(mailto:[^"]+)"', page)]
    assert links[0] == "mailto:curators@example.org"
    assert links[1].startswith("mailto:curators@example.org?subject=Report%3A%20Judged%20wrong")
    assert "%0APassage%3A%20characters%2049%20to%20156" in links[1]


@pytest.mark.parametrize("with_contact", ["https://example.org/issues"], indirect=True)
def test_contribute_names_the_page_for_reports(with_contact: FlaskClient) -> None:
    """The address of a page is a link, on both pages."""
    for path in ("/contribute", f"/contribute/report?of={WRONG}"):
        assert '<a href="https://example.org/issues"' in with_contact.get(path, headers=BROWSER).text
