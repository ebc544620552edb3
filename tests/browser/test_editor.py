"""The editor, as somebody uses it: by hand, by keyboard alone, without scripts, and when things go wrong."""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from servers import SCRIPTS, Server, forumkg_server

from browser.conftest import Visit, Visitor
from forumkg.dataset.questions import load_questions

PREFIXES = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n"
)
# Three times as many rows as the graph has triples, each multiplied with each: all time, and little memory.
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ANSWERED = re.compile(r" in [\d.]+ m?s")
YEARS = (
    PREFIXES
    + "SELECT ?year ?name { ?edition a zgc:Edition ; zgc:year ?year ; skos:prefLabel ?name }\n"
    + "ORDER BY ?year ?name"
)
BROKEN = "SELECT * {\n  ?s ?p }"
# Bytes over the network of a first visit: https://web.dev/articles/performance-budgets-101
BUDGET = 200_000


@pytest.fixture(scope="module")
def strict_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped graph within narrow limits."""
    data = str(tmp_path_factory.mktemp("strict"))
    limits = ["--timeout", "3", "--max-result", "1", "--client-seconds", "0", "--client-errors", "0"]
    with forumkg_server(
        [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data, *limits]
    ) as server:
        yield server


def write(page: Page, query: str) -> None:
    """Write a query by keyboard, in the place of what is there."""
    page.get_by_role("textbox", name="Query").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)


def ask(page: Page, query: str) -> None:
    """Write a query and run it by the keyboard."""
    write(page, query)
    page.keyboard.press("Control+Enter")


def written(page: Page) -> str:
    """Return what stands in the editor."""
    lines = page.get_by_role("textbox", name="Query").locator(".cm-line")
    return "\n".join(lines.evaluate_all("lines => lines.map(line => line.textContent)"))


def said(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until the page says something of an answer."""
    expect(page.locator("#status")).to_contain_text(words, timeout=15_000)


def rows(page: Page) -> list[list[str]]:
    """Return the cells that the table shows."""
    return [row.locator("td").all_inner_texts() for row in page.locator("#results tbody tr").all()]


def flaws(page: Page) -> list[str]:
    """Return which rules of axe the page breaks, and where."""
    rules = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in rules for node in rule["nodes"]]


def test_run(visit: Callable[..., Page]) -> None:
    """A query is run by Ctrl and Enter: a table, a count, the time, and an address that lasts."""
    page = visit("/sparql")
    ask(page, YEARS)

    said(page, re.compile(r"^\d+ rows in \d+ ms"))
    assert ["2021", "2021 Zhongguancun Forum en"] in [
        [re.sub(r"\s+", " ", c) for c in row] for row in rows(page)
    ]
    assert parse_qs(urlsplit(page.url).query) == {"query": [YEARS]}
    page.reload()
    said(page, "rows in")
    assert written(page) == YEARS


def test_completion_declares_the_prefix(visit: Callable[..., Page]) -> None:
    """A property that is chosen from the list brings the PREFIX line that it needs."""
    page = visit("/sparql")
    with page.expect_response("**/completions.json"):
        page.reload()
    write(page, "SELECT * { ?edition ")
    page.keyboard.type("takespl")

    chosen = page.get_by_role("option").first
    expect(chosen).to_contain_text("zgc:takesPlace")
    assert flaws(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert re.fullmatch(
        r"PREFIX zgc: <https://w3id\.org/zgc-forum/ontology/>\nSELECT \* \{ \?edition zgc:takesPlace\w+ ?\}?",
        written(page),
    )


def test_mistake_is_marked_while_typing(visit: Callable[..., Page]) -> None:
    """What the grammar does not expect is underlined as it is typed; a prefix is declared by a click."""
    page = visit("/sparql")
    write(page, "SELECT * { ?s zgc:year ?y } ORDER BYE ?y")

    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    write(page, "SELECT * { ?s zgc:year ?y }")
    page.locator(".cm-lintRange-error", has_text="zgc:year").hover()
    page.get_by_role("button", name="Declare zgc:").click()
    assert written(page).startswith("PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_refused_query(visitor: Visit) -> None:
    """What the server finds wrong is told in words, marked at its place, and reached by a button."""
    person = visitor()
    person.expected.append("status of 400")
    page = person.open("/sparql")
    ask(page, BROKEN)

    said(page, "The query is not right.")
    expect(page.locator(".refusal")).to_contain_text("line 2, column 9:")
    expect(page.locator(".cm-lintRange-error")).to_have_text("}")
    page.get_by_role("button", name="Go to the place").click()
    page.keyboard.type("?o ")
    assert written(page) == "SELECT * {\n  ?s ?p ?o }"
    assert flaws(page) == []


def test_permanent_link_to_a_mistake(visitor: Visit) -> None:
    """A link to a query that is wrong shows what is wrong, with the place marked."""
    person = visitor()
    person.expected.append("status of 400")
    page = person.open(f"/sparql?query={quote(BROKEN)}")

    expect(page.locator(".refusal")).to_contain_text("line 2, column 9:")
    expect(page.locator(".cm-lintRange-error")).to_have_text("}")


def test_cancel(visit: Callable[..., Page]) -> None:
    """A query that never ends is given up by a button, at the server too, and the page says so."""
    page = visit("/sparql")
    ask(page, SLOW)

    with page.expect_response(lambda response: response.request.method == "DELETE") as given_up:
        page.get_by_role("button", name="Cancel").click()
    assert given_up.value.status == 204
    said(page, "Cancelled. There is no answer.")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()


def test_timeout(visitor: Visit, strict_site: Server) -> None:
    """A query that takes longer than the server allows ends in words."""
    person = visitor(site=strict_site)
    person.expected.append("status of 503")
    page = person.open("/sparql")
    ask(page, SLOW)

    said(page, "The server gave the query up.")
    assert "3 s" in page.locator(".refusal").inner_text()


def test_answer_over_the_limit_of_the_server(visitor: Visit, strict_site: Server) -> None:
    """An answer that is larger than the server allows ends in words."""
    person = visitor(site=strict_site)
    person.expected.append("status of 413")
    page = person.open("/sparql")
    ask(page, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000")

    said(page, "The answer is too large.")


def test_answer_too_long_for_the_page(visit: Callable[..., Page]) -> None:
    """An answer that no page bears is not shown in part: it says so, and offers the downloads."""
    page = visit("/sparql")
    ask(page, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000")

    said(page, "The answer is too long for this page.")
    expect(page.locator(".refusal")).to_contain_text("It is longer than 24 MB")
    expect(page.locator("#results").get_by_role("link", name="CSV")).to_be_visible()


def test_lost_network(visitor: Visit) -> None:
    """Where the network is gone, the page says so, and works again when it is back."""
    person = visitor()
    person.expected.append("ERR_INTERNET_DISCONNECTED")
    page = person.open("/sparql")
    person.context.set_offline(True)
    ask(page, "ASK {}")
    said(page, "The server cannot be reached.")

    person.context.set_offline(False)
    page.get_by_role("button", name="Run", exact=True).click()
    said(page, "Yes in ")


def test_downloads(visit: Callable[..., Page]) -> None:
    """Each format of the answer is a link to a file."""
    page = visit("/sparql")
    ask(page, PREFIXES + "SELECT ?y { ?e a zgc:Edition ; zgc:year ?y } ORDER BY ?y")
    said(page, "4 rows")

    links = page.locator("#results .downloads")
    assert links.get_by_role("link").all_inner_texts() == ["CSV", "TSV", "JSON", "XML"]
    with page.expect_download() as download:
        links.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "answer.csv"
    assert Path(download.value.path()).read_bytes() == b"y\r\n2020\r\n2021\r\n2023\r\n2024\r\n"


def test_query_too_long_for_a_link(visit: Callable[..., Page]) -> None:
    """A query that no link holds is downloaded all the same, kept over a reload, and the page says so."""
    page = visit("/sparql")
    query = f"# {'long ' * 2000}\nSELECT (1 AS ?one) {{}}"
    ask(page, query)
    said(page, "1 row")

    with page.expect_download() as download:
        page.locator("#results").get_by_role("button", name="TSV").click()
    assert download.value.suggested_filename == "answer.tsv"
    page.get_by_role("button", name="Copy link").click()
    said(page, "too long for a link")
    page.reload()
    assert written(page).startswith("# long long ")


def test_draft_survives_a_reload(visit: Callable[..., Page]) -> None:
    """What was written and not yet asked is there after a reload, and is not asked by itself."""
    page = visit("/sparql")
    write(page, "ASK { ?not ?yet ?asked }")
    page.reload()

    assert written(page) == "ASK { ?not ?yet ?asked }"
    said(page, "It has not been asked yet.")


def test_copy(visitor: Visit) -> None:
    """The link and the code are copied by buttons."""
    person = visitor()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.open("/sparql")
    write(page, "ASK {}")
    page.get_by_role("button", name="Copy link").click()
    said(page, "Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{person.origin}/sparql?query=ASK+%7B%7D"

    page.get_by_text("Ask this from a program").click()
    page.get_by_role("tab", name="pandas").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#code").get_by_role("button", name="Copied")).to_be_visible()
    assert 'pd.read_csv("http://127.0.0.1:' in page.evaluate("navigator.clipboard.readText()")


def test_questions(visit: Callable[..., Page]) -> None:
    """The questions of the graph are found by typing, and asked by a click."""
    page = visit("/sparql")
    questions = page.locator("#questions").get_by_role("link")
    assert questions.count() == len(load_questions())

    page.get_by_label("Find a question").fill("direct SPEECH")
    assert 0 < questions.count() < 10
    expect(page.locator("#questions-found")).to_contain_text(f"{questions.count()} of ")
    title = questions.first.inner_text()
    questions.first.click()
    said(page, "rows in")
    assert written(page).startswith(f"# {title}\n")
    assert page.locator("h1").inner_text() == title
    assert page.title().startswith(f"{title} – ")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("slug", "tabs"),
    [
        ("countries-by-edition", ["Table", "Chart", "JSON"]),
        ("september-2021", ["Table", "Timeline", "JSON"]),
        ("evidence-graph", ["Table", "Graph", "N-Triples"]),
        ("contradictions", ["Answer", "JSON"]),
    ],
)
def test_views(visit: Callable[..., Page], slug: str, tabs: list[str], width: int, scheme: str) -> None:
    """An answer is shown in each way that suits it, for everybody, on every screen."""
    text = next(question.text for question in load_questions() if question.slug == slug)
    page = visit(f"/sparql?query={quote(text)}", width=width, scheme=scheme)
    said(page, ANSWERED)

    found = page.locator("#results").get_by_role("tab")
    assert found.all_inner_texts() == tabs
    for tab in found.all():
        tab.click()
        assert flaws(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keyboard_only(visit: Callable[..., Page]) -> None:
    """From the top of the page to the answer and its views without a mouse; Tab leaves the editor."""
    page = visit("/sparql")
    focused = (
        "document.activeElement.shadowRoot?.activeElement?.ariaLabel ?? document.activeElement.textContent"
    )
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Query":
            break
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(
        PREFIXES + "SELECT ?y (COUNT(*) AS ?n) { ?e a zgc:Edition ; zgc:year ?y ; ?p ?o } GROUP BY ?y"
    )
    page.keyboard.press("Tab")
    assert page.evaluate(focused).strip() == "Run"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    said(page, "4 rows")
    assert page.evaluate(focused).strip() == "Run"

    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Table":
            break
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "Chart"
    expect(page.get_by_role("img", name="Bars of n")).to_be_visible()
    page.keyboard.press("End")
    assert page.evaluate(focused) == "JSON"


def test_without_scripts(visit: Callable[..., Page]) -> None:
    """Without scripts a form asks, the page shows the answer, and the questions are links."""
    page = visit("/sparql", javascript=False)
    page.get_by_label("Query", exact=True).fill(YEARS)
    page.get_by_role("button", name="Run", exact=True).click()

    assert ["2021", "2021 Zhongguancun Forum en"] in [
        [re.sub(r"\s+", " ", c) for c in row] for row in rows(page)
    ]
    assert page.get_by_label("Query", exact=True).input_value() == YEARS
    page.get_by_text("Start from one of").click()
    page.locator("#questions").get_by_role("link").first.click()
    assert page.locator("h1").inner_text() == load_questions()[0].title
    assert len(rows(page)) > 0
    assert page.get_by_role("button", name="Copy link").count() == 0


def test_hostile_values(visit: Callable[..., Page]) -> None:
    """Values that look like markup or lead to scripts are shown as they are, and do nothing."""
    page = visit("/sparql")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    long = "x" * 100_000
    ask(
        page,
        f"""SELECT ?a (1 AS ?n) {{ VALUES ?a {{
            "<script>alert(1)</script>" "<img src=x onerror=alert(1)>" <javascript:alert(1)>
            <data:text/html,x> <https://w3id.org/zgc-forum//evil.example/> "a\\u202Eb" "{long}" }} }}""",
    )
    said(page, "7 rows")

    shown = [row[0] for row in rows(page)]
    assert shown[0] == "<script>alert(1)</script>"
    assert len(shown[6]) < 1000
    assert page.locator("#results a[href^='javascript:'], #results a[href^='data:']").count() == 0
    origin = urlsplit(page.url).netloc
    hrefs = page.locator("#results td a").evaluate_all("links => links.map(link => link.host)")
    assert hrefs == [origin]
    page.get_by_role("button", name="Show all 100,000 characters").click()
    assert len(rows(page)[6][0]) == 100_000
    page.get_by_role("tab", name="Chart").click()
    expect(page.locator("svg.bars")).to_be_visible()

    ask(
        page,
        'CONSTRUCT { ?a <urn:p> <urn:o> . ?a <http://www.w3.org/2000/01/rdf-schema#label> "<b>x</b>" } '
        "WHERE { VALUES ?a { <javascript:alert(2)> <urn:x> } }",
    )
    said(page, "4 triples")
    page.get_by_role("tab", name="Graph").click()
    expect(page.locator("svg.net")).to_contain_text("<b>x</b>")
    assert page.locator("svg.net a").count() == 0


def test_many_rows(visit: Callable[..., Page]) -> None:
    """Of many rows a first page is shown, which says so, with a button for more."""
    page = visit("/sparql")
    ask(page, "SELECT * { ?s ?p ?o } LIMIT 1200")
    said(page, "1,200 rows")

    caption = page.locator("#results caption")
    expect(caption).to_have_text("The first 500 of 1,200 rows")
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Show .* more$")).click()
    expect(caption).to_have_text("1,200 rows")
    assert page.locator("#results tbody tr").count() == 1200


def test_policy_blocks_nothing(visitor: Visit) -> None:
    """The editor needs no exception from the Content-Security-Policy."""
    person: Visitor = visitor()
    person.context.add_init_script(
        "window.blocked = [];"
        "addEventListener('securitypolicyviolation', event => blocked.push(event.violatedDirective))"
    )
    page = person.open("/sparql")
    write(page, "SELECT * { ?s ")
    page.keyboard.type("zgc:is")
    expect(page.get_by_role("option").first).to_be_visible()

    assert page.evaluate("window.blocked") == []


def test_weight(browser_site: Server) -> None:
    """The page, its style and its script take less than 200 kB of the network together, in gzip."""
    status, _, body = browser_site.request("GET", "/sparql", Accept="text/html")
    assert status == 200
    page = body.decode()
    parts = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css)\?[^"]*)"', page)
    sizes = {path: transferred(browser_site, path) for path in ["/sparql", *parts]}

    assert len(parts) == 3
    assert sum(sizes.values()) < BUDGET, sizes


def transferred(site: Server, path: str) -> int:
    """Return how many bytes the body of a response has in gzip."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        body = connection.getresponse().read()
    assert gzip.decompress(body)
    return len(body)
