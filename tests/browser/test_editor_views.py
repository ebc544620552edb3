"""What an analyst does with an answer and a long query: pictures, links to views, widths, folding, hints."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import Visit
from browser.test_editor import PREFIXES, ask, copied, flaws, rows, said, write, written

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = 'SELECT * { VALUES (?name ?n ?m) { ("a" 100 3) ("b" 7 4) } }'
DATES = (
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    'SELECT * { VALUES (?name ?day) { ("first" "2021-09-24"^^xsd:date) ("last" "2024-04-25"^^xsd:date) } }'
)


def picture(page: Page, name: str, path: Path) -> bytes:
    """Save a drawing by its button, and return the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    download.value.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("query", "tab", "words"),
    [
        (NUMBERS, "Chart", {"3", "4", "a", "b"}),
        (DATES, "Timeline", {"2021-09-24", "first", "2024-04-25"}),
        ("CONSTRUCT WHERE { <https://w3id.org/zgc-forum/id/edition/2021> a ?class }", "Graph", {"edition"}),
    ],
)
def test_drawing_is_saved_as_a_picture(
    visit: Callable[..., Page], tmp_path: Path, query: str, tab: str, words: set[str]
) -> None:
    """A drawing is saved with its words, title and source, as SVG that stands alone, and as PNG."""
    page = visit("/sparql")
    ask(page, query)
    said(page, " in ")
    page.get_by_role("tab", name=tab).click()

    root = ET.fromstring(picture(page, "Save as SVG", tmp_path / "chart.svg"))  # noqa: S314 (our own file)
    texts = {(text.text or "").strip() for text in root.iter(f"{SVG}text")}
    assert words <= texts
    assert any("version" in text and "/sparql" in text for text in texts)
    assert "Save as SVG" not in texts
    assert list(root.iter(f"{SVG}a")) == [] or all("href" not in link.attrib for link in root.iter(f"{SVG}a"))
    marks = [*root.iter(f"{SVG}rect"), *root.iter(f"{SVG}circle")]
    assert len(marks) > 1
    assert all(mark.get("fill") for mark in marks)
    assert picture(page, "Save as PNG", tmp_path / "chart.png").startswith(b"\x89PNG\r\n")


def test_link_shows_the_same_view(visitor: Visit) -> None:
    """The address names the view of an answer and the column of a chart, and a link to it shows them."""
    person = visitor()
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.open("/sparql")
    ask(page, NUMBERS)
    said(page, "2 rows")
    page.get_by_role("tab", name="Chart").click()
    page.get_by_label("Column to draw").select_option("n")
    address = page.url
    assert address.endswith("#chart=n")
    page.get_by_role("button", name="Copy link").click()
    copied(page, address)

    other = person.open(address.removeprefix(person.origin))
    expect(other.get_by_role("tab", name="Chart")).to_have_attribute("aria-selected", "true")
    expect(other.locator("#results .axis-title")).to_have_text("n")
    other.get_by_role("button", name="Run", exact=True).click()
    said(other, "2 rows")
    expect(other.get_by_role("tab", name="Chart")).to_have_attribute("aria-selected", "true")
    other.locator("#questions").get_by_role("link").first.click()
    said(other, "rows in")
    assert "#" not in other.url


def test_timeline_has_no_line_through_its_words(visit: Callable[..., Page]) -> None:
    """The words of a date stand beside or above its line of time, where no mark crosses them."""
    for width in (390, 1280):
        page = visit(f"/sparql?query={quote(DATES)}#timeline", width=width)
        expect(page.locator("#results .lane").first).to_be_visible()
        lanes = page.locator("#results li.lane")
        assert lanes.count() == 2
        for lane in lanes.all():
            text, drawing = lane.locator(".words").bounding_box(), lane.locator(".drawing").bounding_box()
            assert text is not None
            assert drawing is not None
            assert text["x"] + text["width"] <= drawing["x"] or text["y"] + text["height"] <= drawing["y"]
        assert flaws(page) == []


def test_columns_are_resized(visit: Callable[..., Page]) -> None:
    """A column is resized by its edge or by Shift and an arrow key, and reset by a double click."""
    page = visit("/sparql")
    ask(page, NUMBERS)
    said(page, "2 rows")
    head = page.get_by_role("columnheader").first
    edge = head.locator(".edge")

    def width() -> float:
        return float(head.evaluate("head => head.getBoundingClientRect().width"))

    begun = width()
    # Waits until the page no longer scrolls to the answer.
    edge.hover(position={"x": 4, "y": 4})
    box = edge.bounding_box()
    assert box is not None
    page.mouse.down()
    page.mouse.move(box["x"] - 96, box["y"] + 4, steps=4)
    page.mouse.up()
    assert width() == pytest.approx(begun - 100, abs=2)
    head.get_by_role("button").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert width() == pytest.approx(begun - 76, abs=2)
    assert flaws(page) == []
    edge.dblclick()
    assert width() == pytest.approx(begun, abs=1)


def test_editor_is_enlarged(visit: Callable[..., Page]) -> None:
    """The editor takes the width and most of the height by a button, and any height by its edge."""
    page = visit("/sparql", width=1920, height=1000)
    editor = page.locator(".mirror")

    def size() -> tuple[float, float]:
        box = editor.bounding_box()
        assert box is not None
        return box["width"], box["height"]

    begun = size()
    assert begun[0] > 1300
    button = page.get_by_role("button", name="Large editor")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert size()[0] > begun[0] + 200
    assert size()[1] > 650
    button.click()
    assert size() == begun
    assert editor.evaluate("editor => getComputedStyle(editor).resize") == "vertical"
    editor.evaluate("editor => { editor.style.height = '140px' }")
    assert size()[1] == 140
    assert editor.locator(".cm-scroller").evaluate("scroller => scroller.offsetHeight") <= 140


def test_prefixes_are_folded(visit: Callable[..., Page]) -> None:
    """The declarations of a query are folded into one line by the mouse and by the keyboard."""
    page = visit("/sparql")
    write(page, PREFIXES + "ASK {\n    ?s zgc:year ?y ; skos:prefLabel ?l\n}")
    shown = page.get_by_role("textbox", name="Query").locator(".cm-line")
    before = shown.count()

    page.locator(".cm-foldGutter [title=Fold]").first.click()
    expect(shown).to_have_count(before - 1)
    page.locator(".cm-foldPlaceholder").click()
    expect(shown).to_have_count(before)
    page.get_by_role("textbox", name="Query").click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Shift+BracketLeft")
    expect(shown).to_have_count(before - 1)


def test_hints(visit: Callable[..., Page]) -> None:
    """An unused prefix is marked and removed; a variable that is not grouped is added to the groups."""
    page = visit("/sparql")
    write(page, PREFIXES + "ASK { ?s zgc:year ?y }")
    page.locator(".cm-lintRange-info", has_text="skos").hover()
    page.get_by_role("button", name="Remove skos:").click()
    assert written(page) == PREFIXES.split("\n")[1] + "\nASK { ?s zgc:year ?y }"

    write(page, "SELECT ?p ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    page.locator(".cm-lintRange-error", has_text="?s").hover()
    page.get_by_role("button", name="Group by ?s").click()
    assert written(page).endswith("GROUP BY ?p ?s")


def test_graph_is_drawn_once(visitor: Visit) -> None:
    """A graph waits for its labels, and is not drawn again, with its zoom lost, when they arrive."""
    page = visitor().open("/sparql")

    def later(route: Route) -> None:
        if "prefLabel" in (route.request.post_data or ""):
            page.wait_for_timeout(500)
        route.continue_()

    page.route("**/sparql", later)
    ask(page, "DESCRIBE <https://w3id.org/zgc-forum/id/edition/2021>")
    said(page, "triples in")
    page.get_by_role("tab", name="Graph").click()
    net = page.locator("svg.net")
    expect(net).to_contain_text("Beijing")
    net.evaluate("net => { net.dataset.seen = 'yes' }")
    page.get_by_role("button", name="Enlarge").click()
    view = net.get_attribute("viewBox")
    page.wait_for_timeout(800)

    assert net.get_attribute("data-seen") == "yes"
    assert net.get_attribute("viewBox") == view


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_editor_in_chinese(visitor: Visit, width: int, scheme: str) -> None:
    """Under /zh/ page, messages, completions and labels are Chinese, and queries go to the one endpoint."""
    person = visitor(width=width, scheme=scheme)
    person.expected.append("status of 400")
    page = person.open("/zh/sparql")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    editor = page.get_by_role("textbox", name="查询语句")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(
        PREFIXES + "SELECT ?edition (COUNT(*) AS ?n) { ?edition a zgc:Edition ; ?p ?o } GROUP BY ?edition"
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_have_text(re.compile(r"^4行，用时.*秒(，取自缓存)?。$"))
    page.get_by_label("显示名称").check()
    expect(page.locator("#results tbody")).to_contain_text("中关村论坛")
    assert all(row[0] != "" for row in rows(page))
    for tab in ("图表", "JSON", "表格"):
        page.get_by_role("tab", name=tab).click()
        assert flaws(page) == []
    assert page.url.startswith(f"{person.origin}/zh/sparql?query=")
    assert set(asked) == {f"{person.origin}/sparql"}

    page.keyboard.press("Control+Home")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("SELECT * {")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_have_text("语法错误。")
    expect(page.locator(".refusal p").first).to_have_attribute("lang", "en")
    visible = page.locator("main").evaluate(
        """main => {
            const found = [];
            const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const parent = node.parentElement;
                const isCode = parent.closest('code, pre, kbd, textarea, script');
                if (parent.closest('[lang]').lang === 'zh' && !isCode) {
                    found.push(node.data);
                }
            }
            return found;
        }"""
    )
    names = re.compile(r"SPARQL|curl|Python|JavaScript|JSON|Markdown|CSV|TSV|XML|GROUP BY")
    assert [text for text in visible if re.search("[A-Za-z]{3,}", names.sub("", text))] == []
