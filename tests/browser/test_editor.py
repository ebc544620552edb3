"""The editor in Chromium: by mouse, by keyboard alone, without scripts, and when things go wrong."""

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
BUDGET_ON_DEMAND = 12_000
COMPLETIONS = "/sparql/completions.json"


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
    """Return the text of the editor."""
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


@pytest.mark.parametrize(
    "query",
    [
        "LIMIT 5",
        "OFFSET 20",
        "SELECT * { VALUES ?year { 2020 2021",
        "SELECT ?ab { ?a",
        "SELECT $ab { $a",
        'SELECT * { ?s ?p "x"@en',
        "SELECT * { ?s a",
        "SELECT (MIN",
        "# edition",
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\nASK { ?s zgc:year",
    ],
)
def test_enter_after_a_complete_token_starts_a_line(visit: Callable[..., Page], query: str) -> None:
    """Enter replaces no complete number, variable, keyword or name by a longer one."""
    page = visit("/sparql")
    with page.expect_response("**/completions.json"):
        page.reload()
    write(page, query[:-1])
    page.keyboard.type(query[-1])
    page.wait_for_timeout(400)  # as long as completion takes to open
    page.keyboard.press("Enter")
    page.keyboard.type("!")

    lines = written(page).split("\n")
    assert "\n".join(lines[:-1]) == query
    assert lines[-1].lstrip().startswith("!")


def test_enter_accepts_what_is_chosen(visit: Callable[..., Page]) -> None:
    """Enter accepts the first name for an incomplete word; for a complete one, what the arrow keys chose."""
    page = visit("/sparql")
    with page.expect_response("**/completions.json"):
        page.reload()
    write(page, "SELECT ?abcd { ?s a ?o . ")
    page.keyboard.type("opti")
    expect(page.get_by_role("option", selected=True)).to_contain_text("OPTIONAL")
    page.wait_for_timeout(100)  # CodeMirror ignores keys just after the list has opened
    page.keyboard.press("Enter")
    page.keyboard.type(" ?abc")
    expect(page.get_by_role("option")).to_contain_text("?abcd")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    page.wait_for_timeout(100)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert written(page).startswith("SELECT ?abcd { ?s a ?o . OPTIONAL ?abcd")


def test_run_closes_completion(visit: Callable[..., Page]) -> None:
    """Ctrl and Enter leave no list of completions over the answer."""
    page = visit("/sparql")
    write(page, "ASK { ?subject ?p ")
    page.keyboard.type("?s")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type(" }")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Control+Enter")

    said(page, "Yes in")
    expect(page.get_by_role("option")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "message", "corrected"),
    [
        (
            PREFIXES + "SELECT * { ?s zgc:isAbuot ?o }",
            "zgc:isAbuot does not occur in this graph. Did you mean zgc:isAbout?",
            PREFIXES + "SELECT * { ?s zgc:isAbout ?o }",
        ),
        (
            PREFIXES + "SELECT (COUNT(?s) AS ?n) { ?s a zgc:edition }",
            "Did you mean zgc:Edition?",
            PREFIXES + "SELECT (COUNT(?s) AS ?n) { ?s a zgc:Edition }",
        ),
        (
            PREFIXES + "SELECT * { ?s zgcc:isAbout ?o }",
            "The prefix zgcc: is not declared. Did you mean zgc:?",
            PREFIXES + "SELECT * { ?s zgc:isAbout ?o }",
        ),
        ("SELECT * { ?s zgc:isAbout ?o }", "The prefix zgc: is not declared.", None),
    ],
)
def test_answer_corrects_a_misspelt_name(
    visitor: Visit, query: str, message: str, corrected: str | None
) -> None:
    """The answer reports a name that the graph does not have, with a button that corrects it."""
    person = visitor()
    person.expected.append("status of 400")
    page = person.open("/sparql")
    ask(page, query)

    hint = page.locator("#results .hint")
    expect(hint).to_contain_text(message)
    assert flaws(page) == []
    hint.get_by_role("button").click()
    said(page, re.compile(r"^[1-9]\d* rows? in "))
    expect(hint).to_have_count(0)
    assert written(page) == (corrected or PREFIXES.split("\n")[1] + "\n" + query)


def test_misspelt_keyword_is_corrected(visit: Callable[..., Page]) -> None:
    """A misspelt keyword is marked, with the keyword that is meant."""
    page = visit("/sparql")
    write(page, "SELECT * { ?s ?p ?o . FILTR (?o > 1) }")
    page.locator(".cm-lintRange-error", has_text="FILTR").hover()
    page.get_by_role("button", name="Replace by FILTER").click()

    assert written(page) == "SELECT * { ?s ?p ?o . FILTER (?o > 1) }"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_answer_is_in_sight_after_run(visit: Callable[..., Page], width: int, height: int) -> None:
    """Run brings the status and the beginning of the answer into the window."""
    page = visit("/sparql", width=width, height=height)
    page.get_by_role("button", name="Run", exact=True).click()
    said(page, "rows in")

    for part in (page.locator("#status"), page.locator("#results tbody tr").first):
        expect(part).to_be_in_viewport(ratio=1)


def test_answer_is_two_tabs_from_run(visit: Callable[..., Page]) -> None:
    """From Run, two Tabs lead into the answer."""
    page = visit("/sparql")
    run = page.get_by_role("button", name="Run", exact=True)
    run.click()
    said(page, "rows in")
    run.focus()
    for _ in range(2):
        page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('#results').contains(document.activeElement)")


def test_running_query_shows_time_and_limit(visitor: Visit, strict_site: Server) -> None:
    """While a query runs, the status counts the seconds up to its limit, unheard by screen readers."""
    person = visitor(site=strict_site)
    person.expected.append("status of 503")
    page = person.open("/sparql")
    ask(page, SLOW)

    said(page, re.compile(r"^Running … 1 s of at most 3 s"))
    assert page.locator("#status [aria-hidden]").inner_text().strip() == "1 s of at most 3 s"


def test_back_and_forward(visit: Callable[..., Page]) -> None:
    """Each query that is run is an entry in the history: Back and Forward show and answer it."""
    page = visit("/sparql")
    first = written(page)
    for word in ("one", "two"):
        ask(page, f'SELECT ("{word}" AS ?word) {{}}')
        expect(page.locator("#results tbody td")).to_have_text([word])

    page.go_back()
    expect(page.locator("#results tbody td")).to_have_text(["one"])
    assert written(page) == 'SELECT ("one" AS ?word) {}'
    page.go_back()
    said(page, "No query run yet.")
    assert written(page) == first
    page.go_forward()
    expect(page.locator("#results tbody td")).to_have_text(["one"])


def test_code_follows_the_query(visitor: Visit) -> None:
    """The code for programs is that of the query in the editor: edited, run, or filled from a question."""
    person = visitor()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.open("/sparql")
    page.get_by_text("Use this query in a program").click()
    code = page.locator("#code")
    code.get_by_role("tab", name="pandas").click()

    def copied() -> str:
        code.get_by_role("button", name="Copy").click()
        return str(page.evaluate("navigator.clipboard.readText()"))

    write(page, "ASK { ?edited ?p ?o }")
    assert "ASK { ?edited ?p ?o }" in copied()
    expect(code.get_by_role("tab", name="pandas")).to_have_attribute("aria-selected", "true")
    ask(page, "SELECT (1 AS ?run) {}")
    said(page, "1 row")
    assert "SELECT (1 AS ?run) {}" in copied()
    question = page.locator("#questions").get_by_role("link").first
    title = question.inner_text()
    question.click()
    assert f"# {title}" in copied()


def chart(page: Page, slug: str) -> list[str]:
    """Ask a question of the graph, and return the words of the lines of its chart."""
    text = next(question.text for question in load_questions() if question.slug == slug)
    ask(page, text)
    said(page, ANSWERED)
    page.get_by_role("tab", name="Chart").click()
    expect(page.locator("#results .chart").first).to_be_visible()
    return page.locator("#results .chart li.lane .words").all_inner_texts()


def test_chart_draws_hedge_stance_and_judgement(visit: Callable[..., Page]) -> None:
    """A wrong figure is struck through and beyond the axis, a planned one hollow, a hedge is a shape."""
    page = visit("/sparql")
    chart(page, "countries-by-edition")
    wrong = page.locator("#results .lane", has_text="500")

    expect(wrong.locator("s")).to_have_text("more than 500")
    expect(wrong.locator(".qualifiers")).to_have_text("planned; judged wrong; beyond the axis")
    expect(wrong.locator(".mark.planned.disputed .strike")).to_have_count(1)
    expect(page.locator("#results li.lane .mark .shaft")).to_have_count(5)
    reported = page.locator("#results .lane", has_text="more than 80")
    expect(reported.locator(".qualifiers")).to_have_text("reported")
    expect(page.locator("#results .axis-title")).to_have_text(["number"])
    expect(page.locator("#results .bar")).to_have_count(0)
    assert flaws(page) == []


def test_chart_reads_a_column_of_ranks(visit: Callable[..., Page]) -> None:
    """A column of ranks judges the figures, and what the answer does not say is said not to be drawn."""
    page = visit("/sparql")
    lines = chart(page, "countries-2021")

    assert [("judged wrong" in line, "preferred by the curators" in line) for line in lines] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    notes = page.locator("#results p.note").all_inner_texts()
    assert notes[0] == "Not drawn, because the answer has no column for it: stances, such as “planned”."
    assert "same unit" in notes[1]


def test_chart_has_an_axis_for_each_unit(visit: Callable[..., Page]) -> None:
    """Sums in two currencies are drawn on two axes, each with its unit in the title."""
    page = visit("/sparql")
    chart(page, "money")

    expect(page.locator("#results .axis-title")).to_have_text(["number, in CNY", "number, in USD"])


def test_chart_never_draws_years(visit: Callable[..., Page]) -> None:
    """An answer whose only numbers are years has no chart."""
    page = visit("/sparql")
    text = next(question.text for question in load_questions() if question.slug == "hosts")
    ask(page, text)
    said(page, ANSWERED)

    assert page.locator("#results").get_by_role("tab").all_inner_texts() == ["Table", "JSON"]


def test_chart_of_counts_needs_no_hedge(visit: Callable[..., Page]) -> None:
    """What the query counts is drawn as bars, whatever hedges stand beside it."""
    page = visit("/sparql")
    lines = chart(page, "hedges")

    assert lines[0].split() == ["22", "more", "than"]
    expect(page.locator("#results li.lane .bar")).to_have_count(len(lines))
    expect(page.locator("#results p.note")).to_have_count(0)


def test_columns_are_in_the_order_of_the_answer(visit: Callable[..., Page]) -> None:
    """The table has the columns in the order in which the answer names them."""
    page = visit("/sparql")
    ask(page, "SELECT ?z ?a ?m { BIND (1 AS ?a) BIND (2 AS ?m) BIND (3 AS ?z) }")
    said(page, "1 row")

    assert page.locator("#results thead th .sort").all_inner_texts() == ["z", "a", "m"]


@pytest.mark.parametrize("javascript", [True, False])
def test_print_has_query_and_answer(visit: Callable[..., Page], *, javascript: bool) -> None:
    """On paper are the whole query and the answer, without controls and questions."""
    query = "\n".join(f"# line {number}" for number in range(90)) + "\nSELECT (1 AS ?printed) {}"
    page = visit(f"/sparql?query={quote(query)}", javascript=javascript)
    expect(page.locator("#results tbody td").first).to_be_visible()
    page.emulate_media(media="print")

    expect(page.locator("#printed")).to_have_text(query)
    expect(page.locator("#printed")).to_be_visible()
    expect(page.locator("#results tbody td").first).to_be_visible()
    for control in ("#query", ".mirror", "#run", "#questions"):
        expect(page.locator(control).locator("visible=true")).to_have_count(0)


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
    """The error of the server is shown in words, marked at its place, and reached by a button."""
    person = visitor()
    person.expected.append("status of 400")
    page = person.open("/sparql")
    ask(page, BROKEN)

    said(page, "Syntax error.")
    expect(page.locator(".refusal")).to_contain_text("line 2, column 9:")
    expect(page.locator(".cm-lintRange-error")).to_have_text("}")
    page.get_by_role("button", name="Go to the error").click()
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
    said(page, "Cancelled.")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()


def test_timeout(visitor: Visit, strict_site: Server) -> None:
    """A query that takes longer than the server allows ends in words."""
    person = visitor(site=strict_site)
    person.expected.append("status of 503")
    page = person.open("/sparql")
    ask(page, SLOW)

    said(page, "Query stopped.")
    assert "3 s" in page.locator(".refusal").inner_text()


def test_answer_over_the_limit_of_the_server(visitor: Visit, strict_site: Server) -> None:
    """An answer that is larger than the server allows ends in words."""
    person = visitor(site=strict_site)
    person.expected.append("status of 413")
    page = person.open("/sparql")
    ask(page, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000")

    said(page, "Answer too large.")


def test_answer_too_long_for_the_page(visit: Callable[..., Page]) -> None:
    """An answer that no page bears is not shown in part: it says so, and offers the downloads."""
    page = visit("/sparql")
    ask(page, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000")

    said(page, "Answer too long for this page.")
    expect(page.locator(".refusal")).to_contain_text("It is longer than 24 MB")
    expect(page.locator("#results").get_by_role("link", name="CSV")).to_be_visible()


def test_lost_network(visitor: Visit) -> None:
    """Where the network is gone, the page says so, and works again when it is back."""
    person = visitor()
    person.expected.append("ERR_INTERNET_DISCONNECTED")
    page = person.open("/sparql")
    person.context.set_offline(True)
    ask(page, "ASK {}")
    said(page, "Server unreachable.")

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
    said(page, "It has not been run yet.")


def test_copy(visitor: Visit) -> None:
    """The link and the code are copied by buttons."""
    person = visitor()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.open("/sparql")
    write(page, "ASK {}")
    page.get_by_role("button", name="Copy link").click()
    said(page, "Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{person.origin}/sparql?query=ASK+%7B%7D"

    page.get_by_text("Use this query in a program").click()
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
    expect(page.get_by_role("list", name="n", exact=True)).to_be_visible()
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
    expect(page.locator("#results .chart")).to_be_visible()

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


def test_recent_queries(visit: Callable[..., Page]) -> None:
    """Queries that were run are kept in the browser: run again by a click, saved, and forgotten."""
    page = visit("/sparql", width=390)
    expect(page.get_by_text("Recent queries")).to_be_hidden()
    for number in (1, 2, 1):
        ask(page, f"# Is it {number}?\nSELECT ({number} AS ?n) {{}}")
        expect(page.locator("#results tbody td")).to_have_text([str(number)])
    page.goto(page.url.partition("?")[0])
    page.get_by_text("Recent queries").click()
    recent = page.locator("#recent").get_by_role("button")

    assert recent.all_inner_texts() == ["Is it 1?", "Is it 2?"]
    assert flaws(page) == []
    recent.last.click()
    expect(page.locator("#results tbody td")).to_have_text(["2"])
    assert recent.all_inner_texts() == ["Is it 2?", "Is it 1?"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    assert Path(download.value.path()).read_text().count("SELECT") == 2
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Recent queries")).to_be_hidden()


def test_indent(visit: Callable[..., Page]) -> None:
    """A new line in brackets is indented, and a button or a key indents the whole query."""
    page = visit("/sparql")
    write(page, "ASK ")
    page.keyboard.type("{")
    page.keyboard.press("Enter")
    page.keyboard.type("?s ?p ?o ;")
    page.keyboard.press("Enter")
    page.keyboard.type("?q ?r .")
    assert written(page) == "ASK {\n    ?s ?p ?o ;\n        ?q ?r .\n}"

    unindented = "ASK {\n?s ?p ?o ;\n?q ?r .\n  }"
    write(page, unindented)
    page.get_by_role("button", name="Indent").click()
    assert written(page) == "ASK {\n    ?s ?p ?o ;\n        ?q ?r .\n}"
    write(page, unindented)
    page.keyboard.press("Control+Shift+F")
    assert written(page) == "ASK {\n    ?s ?p ?o ;\n        ?q ?r .\n}"


LETTERS = 'SELECT * { VALUES (?letter ?n) { ("b" 10) ("c" 9) ("a" 100) } }'


def test_sort(visit: Callable[..., Page]) -> None:
    """The head of a column sorts its rows: up, down, and as the answer has them."""
    page = visit("/sparql")
    ask(page, LETTERS)
    said(page, "3 rows")
    head = page.get_by_role("columnheader", name="n", exact=False).last
    button = head.get_by_role("button")

    for direction, numbers in (
        ("ascending", ["9", "10", "100"]),
        ("descending", ["100", "10", "9"]),
        ("none", ["10", "9", "100"]),
    ):
        button.click()
        expect(head).to_have_attribute("aria-sort", direction)
        assert [row[1] for row in rows(page)] == numbers
    assert flaws(page) == []


def test_filter_and_copy(visitor: Visit) -> None:
    """The rows that match a text are shown and copied, for a spreadsheet or as Markdown."""
    person = visitor()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.open("/sparql")
    ask(page, LETTERS)
    said(page, "3 rows")
    page.get_by_label("Filter", exact=True).fill("10")

    expect(page.locator("#results caption")).to_have_text("2 rows of 3 match")
    page.get_by_role("button", name="Copy table").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "letter\tn\nb\t10\na\t100\n"
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.get_by_role("button", name="Copied")).to_have_count(2)
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        "| letter | n |\n| --- | --- |\n| b | 10 |"
    )


def test_labels(visit: Callable[..., Page]) -> None:
    """Labels and paraphrases replace IRIs while the box is ticked, on the next answer too."""
    page = visit("/sparql")
    query = PREFIXES + "SELECT ?thing { VALUES ?class { zgc:Edition zgc:FigureStatement } ?thing a ?class }"
    ask(page, query)
    said(page, "rows in")
    before = rows(page)
    assert ["edition:2021"] in before
    page.get_by_label("Labels").check()

    expect(page.locator("#results tbody")).to_contain_text("2021 Zhongguancun Forum")
    link = page.get_by_role("link", name="2021 Zhongguancun Forum", exact=True)
    assert link.get_attribute("href") == "/id/edition/2021"
    assert link.get_attribute("data-iri") == "https://w3id.org/zgc-forum/id/edition/2021"
    assert not [row for row in rows(page) if row[0].startswith("statement/")]
    wrong = page.locator("a[href='/id/statement/china-daily-2021/8']")
    expect(wrong).to_have_text(re.compile("^Judged wrong: "))
    ask(page, query + " LIMIT 1")
    said(page, "1 row")
    expect(page.get_by_label("Labels")).to_be_checked()
    page.get_by_label("Labels").uncheck()
    assert ":" in rows(page)[0][0] or "/" in rows(page)[0][0]


EDITIONS = PREFIXES + "SELECT ?edition { ?edition a zgc:Edition } ORDER BY ?edition"


def test_cell_and_row_are_copied(visitor: Visit) -> None:
    """A cell is chosen by a click or the arrow keys, and it or its row is copied, whole."""
    person = visitor()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.open("/sparql")
    ask(page, LETTERS)
    said(page, "3 rows")
    for name in ("Copy cell", "Copy row"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()

    page.locator("#results td", has_text="c").click()
    assert flaws(page) == []
    page.get_by_role("button", name="Copy row").click()
    copied(page, "c\\t9\\n")
    page.locator("#results td", has_text="9").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+C")
    copied(page, "100")
    ask(page, EDITIONS)
    said(page, "4 rows")
    page.get_by_role("region", name="Rows of the answer").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Copy cell").click()
    copied(page, "https://w3id.org/zgc-forum/id/edition/2020")


def copied(page: Page, text: str) -> None:
    """Wait until the clipboard has a text."""
    page.wait_for_function(f"navigator.clipboard.readText().then(text => text === '{text}')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_card_of_an_iri(visit: Callable[..., Page], scheme: str) -> None:
    """A link that has the pointer or the focus says what it names, and Escape closes the card."""
    page = visit("/sparql", scheme=scheme)
    ask(page, "SELECT * { VALUES ?s { <https://w3id.org/zgc-forum/id/statement/china-daily-2021/8> } }")
    said(page, "1 row")
    card = page.get_by_role("tooltip")
    link = page.locator("#results td a")

    link.hover()
    expect(card).to_contain_text("over 500 countries")
    expect(card).to_contain_text("Judged wrong")
    assert flaws(page) == []
    card.hover()
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.get_by_role("tab", name="Table").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.iri !== undefined"):
            break
    expect(card).to_be_visible()
    expect(link).to_have_attribute("aria-describedby", "card")
    page.keyboard.press("Tab")
    expect(card).to_be_hidden()


def test_card_of_a_name_in_the_query(visit: Callable[..., Page]) -> None:
    """A name under the pointer in the editor says what it is, by the vocabulary or by the graph."""
    page = visit("/sparql")
    write(
        page,
        PREFIXES + "PREFIX code: <https://w3id.org/zgc-forum/id/code/>\nASK { ?s zgc:isAbout code:planned }",
    )
    for name, words in (("isAbout", "is about (property)"), ("planned", "planned (")):
        box = page.get_by_role("textbox", name="Query").evaluate(
            """(editor, name) => {
                const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const at = node.data.lastIndexOf(name);
                    if (at >= 0) {
                        const range = new Range();
                        range.setStart(node, at);
                        range.setEnd(node, at + 3);
                        const { x, y, width, height } = range.getBoundingClientRect();
                        return [x + width / 2, y + height / 2];
                    }
                }
            }""",
            name,
        )
        page.mouse.move(5, 5)
        page.mouse.move(*box)
        expect(page.locator(".card-in-editor", has_text=words)).to_be_visible()


def test_completion_offers_properties_of_the_class(visit: Callable[..., Page]) -> None:
    """After a subject whose class the query names, its properties come first, counted for that class."""
    page = visit("/sparql")
    with page.expect_response("**/completions.json"):
        page.reload()
    write(page, PREFIXES + "SELECT * { ?edition a zgc:Edition ; ")
    page.keyboard.type("zgc:")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()

    expect(options.filter(has_text="zgc:hasAcceptedStatement")).to_have_count(1)
    expect(options.filter(has_text="zgc:isSupportedBy")).to_have_count(0)
    page.keyboard.press("Escape")
    write(page, PREFIXES + "PREFIX edition: <https://w3id.org/zgc-forum/id/edition/>\nASK { edition:2021 ")
    page.keyboard.type("zgc:y")
    expect(options.first).to_contain_text(re.compile(r"zgc:year.*1×"))


def test_prefix_is_declared_while_typing(visit: Callable[..., Page]) -> None:
    """The colon of a known prefix brings its declaration, which Undo takes back with it."""
    page = visit("/sparql")
    with page.expect_response("**/completions.json"):
        page.reload()
    write(page, "ASK ")
    page.keyboard.type("{ ?s zgc:")
    assert written(page) == "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\nASK { ?s zgc:}"
    page.keyboard.press("Escape")
    page.keyboard.type('year ?y # skos: and "edition:')
    assert written(page).count("PREFIX") == 1


def test_empty_answer_names_what_the_graph_lacks(visit: Callable[..., Page]) -> None:
    """An empty answer says which names the graph lacks, else links to the differences of the engine."""
    page = visit("/sparql")
    ask(page, PREFIXES + "SELECT * { <https://w3id.org/zgc-forum/id/edition/2022> zgc:year ?y }")
    said(page, "0 rows")
    expect(page.locator("#results .hint")).to_contain_text("edition/2022> does not occur in this graph.")
    assert flaws(page) == []

    ask(page, PREFIXES + "ASK { ?edition zgc:year 1900 }")
    said(page, "No in")
    page.get_by_role("link", name="Where the engine differs from others").click()
    expect(page.locator("#where-the-engine-differs")).to_be_in_viewport()


def test_kept_queries(visit: Callable[..., Page], tmp_path: Path) -> None:
    """A query is kept under a name, loaded by a click, deleted, restored, saved to a file, read from it."""
    page = visit("/sparql", width=390)
    write(page, "# Is it kept?\nSELECT (1 AS ?kept) {}")
    page.get_by_text("Kept queries").click()
    expect(page.get_by_label("Name to keep it under")).to_have_value("Is it kept?")
    page.get_by_label("Name to keep it under").fill("First")
    page.get_by_role("button", name="Keep this query").click()
    kept = page.locator("#kept li")
    expect(kept).to_have_text(["First Delete"])
    assert flaws(page) == []

    page.reload()
    page.get_by_text("Kept queries").click()
    write(page, "ASK {}")
    page.get_by_role("button", name="First", exact=True).click()
    expect(page.locator("#results tbody td")).to_have_text(["1"])
    with page.expect_download() as download:
        page.locator("#kept-details").get_by_role("button", name="Save to a file").click()
    page.get_by_role("button", name="Delete “First”").click()
    expect(kept).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(kept).to_have_count(1)
    page.get_by_role("button", name="Delete “First”").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    page.get_by_label("Add from a file").set_input_files(saved)
    expect(page.locator("#kept-status")).to_have_text("1 query read from kept-queries.json.")
    expect(kept).to_have_text(["First Delete"])
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    page.get_by_label("Add from a file").set_input_files(tmp_path / "notes.txt")
    expect(page.locator("#kept-status")).to_contain_text("notes.txt has no queries")
    expect(kept).to_have_count(1)


def test_graph_can_be_enlarged_and_moved(visit: Callable[..., Page]) -> None:
    """A large graph shows labels that can be read, its best connected things first, and more by a button."""
    page = visit("/sparql")
    ask(page, "DESCRIBE <https://w3id.org/zgc-forum/id/edition/2021>")
    said(page, "triples in")
    page.get_by_role("tab", name="Graph").click()
    net = page.locator("svg.net")
    expect(net).to_contain_text("Beijing")  # a label that is looked up: the drawing is final
    assert net.locator("circle").count() == 40
    page.wait_for_function(
        "document.querySelector('svg.net .thing-label').getBoundingClientRect().height > 12"
    )

    def size() -> float:
        return float(
            net.locator(".thing-label").first.evaluate("text => text.getBoundingClientRect().height")
        )

    begun = size()
    page.get_by_role("button", name="Enlarge").click()
    assert size() > begun
    page.get_by_role("button", name="Whole graph").click()
    frame = page.get_by_role("region", name="Drawing of the graph")
    before = net.get_attribute("viewBox")
    frame.focus()
    page.keyboard.press("ArrowRight")
    assert net.get_attribute("viewBox") != before
    box = frame.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60)
    page.mouse.up()
    link = net.get_by_role("link", name="Beijing").first
    expect(net.locator(".near")).to_have_count(0)
    link.focus()
    expect(net.locator(".near")).not_to_have_count(0)
    page.get_by_role("button", name="Draw 40 more").click()
    expect(net.locator("circle")).to_have_count(80)
    assert flaws(page) == []


def test_chart_draws_bounds(visit: Callable[..., Page]) -> None:
    """Columns of bounds become error bars on the numbers beside them."""
    page = visit("/sparql")
    ask(page, 'SELECT * { VALUES (?name ?n ?lower ?upper) { ("a" 100 90 120) ("b" 7 UNDEF 9) } }')
    said(page, "2 rows")
    page.get_by_role("tab", name="Chart").click()

    expect(page.locator("#results li.lane .qualifiers")).to_have_text(
        ["between 90 and 120", "between 7 and 9"]
    )
    expect(page.locator("#results li.lane").first.locator("line.shaft")).to_have_count(3)
    assert flaws(page) == []


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


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_weight(browser_site: Server, prefix: str) -> None:
    """The page, its style, its script and its completions take less than 200 kB of the network, in gzip.

    What shows answers, charts and graphs is fetched when one is first shown.
    """
    status, _, body = browser_site.request("GET", f"{prefix}/sparql", Accept="text/html")
    assert status == 200
    page = body.decode()
    parts = re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css)\?[^"]*)"', page)
    addresses = [f"{prefix}/sparql", prefix + COMPLETIONS, *parts]
    sizes = {path: transferred(browser_site, path) for path in addresses}

    assert len(parts) == 3
    assert sum(sizes.values()) < BUDGET, sizes
    on_demand = re.findall(r'data-(?:answers|chart|graph)="([^"]+)"', page)
    assert [transferred(browser_site, path) < BUDGET_ON_DEMAND for path in on_demand] == [True] * 3


def transferred(site: Server, path: str) -> int:
    """Return how many bytes the body of a response has in gzip."""
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        body = connection.getresponse().read()
    assert gzip.decompress(body)
    return len(body)
