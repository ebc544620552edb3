"""Every kind of page: for everybody, on every screen, with and without scripts."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from servers import Server

from browser.conftest import Visit
from forumkg.namespaces import ID, ZGC

# Not in the sitemap, but seen by people.
OTHERS = (
    "/zh/",
    "/zh/compare",
    "/zh/disagreements",
    "/zh/id/edition/2021.html",
    "/zh/id/statement/china-daily-2021/8.html",
    "/zh/nowhere",
    "/zh/people",
    "/zh/questions/curators-notes",
    "/zh/search?q=robot",
    "/zh/sparql",
    f"/zh/contribute/report?of={ID}article/china-daily-2021",
    "/contribute/report?of=/compare/activities",
    "/search?q=robot",
    "/statements?page=x",
    "/search?q=nothing-like-this",
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=ASK",
    "/nowhere",
    f"/cite?of={ID}statement/china-daily-2021/8",
    "/editions/compare?a=2021&b=2023",
    f"/contribute/report?of={ID}statement/china-daily-2021/8",
    f"/why?s={ID}edition/2020&p=https://schema.org/location&o={ID}place/beijing",
    f"/why?s={ID}statement/china-daily-2021/25&p={ZGC}differsFrom&o={ID}statement/china-daily-2021/8",
    f"/why?s={ID}edition/2021&p={ZGC}hasTheme&o={ID}theme/2020-annual",
)
MISSING = "the server responded with a status of 404"
REFUSED = "the server responded with a status of 400"


def kind(path: str) -> tuple[str, ...]:
    """Return what a page has in common with others of its kind."""
    parts = path.strip("/").split("/")
    if parts[0] == "id":
        return ("id", parts[1], "passage" if "char=" in path else "thing")
    return (parts[0], *("…" for _ in parts[1:]))


@pytest.fixture(scope="package")
def paths(browser_site: Server) -> list[str]:
    """Return a page of each kind that the sitemap has, and the others."""
    status, _, body = browser_site.request("GET", "/sitemap.xml")
    assert status == 200
    tree = ElementTree.fromstring(body)  # noqa: S314 (the document of our own server)
    found = ["/" + url.text.split("/", 3)[3] for url in tree.iter() if url.tag.endswith("}loc") and url.text]
    kinds = {kind(path): path for path in reversed(found)}
    assert len(kinds) > 30
    return sorted({*kinds.values(), *OTHERS})


# The rules of axe that another colour scheme may break; the others are the same in all.
OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
OF_ALL = {"resultTypes": ["violations"]}


# https://www.w3.org/TR/WCAG22/#target-size-minimum
SMALL_TARGETS = """() => [...document.querySelectorAll("button, input, select, summary")]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 24)
    .map(each => each.outerHTML.slice(0, 200))"""


def broken_rules(page: Page, options: dict[str, list[str]]) -> list[str]:
    """Return where the page breaks rules of axe."""
    rules = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in rules for node in rule["nodes"]]


def flaws(page: Page, width: int) -> list[str]:
    """Return what is wrong with the page that is shown, in the light and in the dark."""
    found = broken_rules(page, OF_ALL)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in broken_rules(page, OF_COLOUR)]
    page.emulate_media(color_scheme="light")
    found += [f"small target: {each}" for each in page.evaluate(SMALL_TARGETS)]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("wider than the screen")
    if page.locator("h1").count() != 1:
        found.append("not one h1")
    if not page.title() or not page.locator("meta[name=description]").get_attribute("content"):
        found.append("no title, or no description")
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_for_everybody(paths: list[str], visitor: Visit, width: int) -> None:
    """No page breaks a rule of axe, is wider than the screen, complains, or asks another origin."""
    person = visitor(width=width)
    person.expected += [MISSING, REFUSED]
    page = person.open("/")
    broken = {}
    for path in paths:
        page.goto(person.origin + path)
        if found := flaws(page, width):
            broken[path] = found

    assert broken == {}


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (390, "200%")])
def test_pages_reflow(paths: list[str], visitor: Visit, width: int, size: str) -> None:
    """No page scrolls sideways where it is magnified four times, or has letters of twice the size."""
    person = visitor(width=width)
    person.expected += [MISSING, REFUSED]
    page = person.open("/")
    wide = []
    for path in paths:
        page.goto(person.origin + path)
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)

    assert wide == []


def test_forced_colours(visit: Callable[..., Page]) -> None:
    """Where the system sets the colours, a line marks the current page, and marks of charts have them."""
    page = visit("/compare")
    page.emulate_media(forced_colors="active")

    current = page.get_by_role("navigation", name="Site").locator("[aria-current]")
    assert current.evaluate("link => getComputedStyle(link).textDecorationLine") == "underline"
    filled = page.locator("main .drawing .mark").locator(".half, :scope.accomplished > .head")
    fills = "parts => [...new Set(parts.map(part => getComputedStyle(part).fill))]"
    assert filled.evaluate_all(fills) == [page.evaluate("getComputedStyle(document.body).color")]


@pytest.mark.parametrize("width", [768, 1280])
def test_navigation_is_two_groups_of_one_line(visit: Callable[..., Page], width: int) -> None:
    """The navigation has two named groups, each on a line, and marks the section of a page within one."""
    page = visit("/id/person/wu-zhaohui", width=width)
    site = page.get_by_role("navigation", name="Site")

    for name in ("Read", "Use"):
        group = site.get_by_role("list", name=name)
        tops = "links => new Set(links.map(link => link.getBoundingClientRect().top)).size"
        assert group.get_by_role("link").evaluate_all(tops) == 1
    expect(site.locator("[aria-current]")).to_have_text(["People"])


def test_contents_of_a_long_page(visit: Callable[..., Page]) -> None:
    """A long page lists its sections, and stays in sight beside them where there is room."""
    page = visit("/id/edition/2021")
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="Programme").click()

    expect(page.get_by_role("heading", name="Programme", exact=True)).to_be_in_viewport()
    expect(contents.get_by_role("link").first).to_be_in_viewport()


def test_first_column_stays_on_a_phone(visit: Callable[..., Page]) -> None:
    """A table of a document that is wider than the screen scrolls below its first column."""
    page = visit("/docs/benchmarks", width=390)
    table = page.locator(".scroll:has(thead th:nth-child(5))").first
    table.evaluate("frame => frame.scrollBy({ left: 200, behavior: 'instant' })")

    left = table.evaluate("frame => frame.getBoundingClientRect().left")
    head = table.locator("tbody td").first.evaluate("cell => cell.getBoundingClientRect().left")
    assert table.evaluate("frame => frame.scrollLeft") > 100
    assert head == left


@pytest.mark.parametrize(
    "path",
    [
        "/themes",
        "/people",
        "/organizations",
        "/data",
        "/id/edition/2023.html",
        "/compare/exhibitors",
        "/questions/exhibitors-by-edition",
    ],
)
def test_wide_table_is_stacked_on_a_phone(visit: Callable[..., Page], path: str) -> None:
    """The rows of a table of more than three columns are lists with the names of the columns."""
    page = visit(path, width=390)
    tables = page.locator(".scroll:has(thead th:nth-child(4))")

    assert tables.count() >= 1
    for table in tables.all():
        assert table.evaluate("frame => frame.scrollWidth - frame.clientWidth") == 0
    cell = tables.first.locator("td").first
    assert cell.get_attribute("data-label") in tables.first.locator("thead th").all_text_contents()


@pytest.mark.parametrize(
    ("path", "display"), [("/id/scheme/indicator.html", "grid"), ("/zh/id/scheme/stance.html", "table-cell")]
)
def test_long_definitions_are_stacked_on_a_phone(visit: Callable[..., Page], path: str, display: str) -> None:
    """Each value of a list has its cells below one another where a definition is long."""
    cell = visit(path, width=390).locator(".scroll > table td").first

    assert cell.evaluate("cell => getComputedStyle(cell).display") == display


@pytest.mark.parametrize(("path", "columns"), [("/docs/operations", 3), ("/questions/indicators", 2)])
def test_narrow_table_fits_a_phone(visit: Callable[..., Page], path: str, columns: int) -> None:
    """A table of two or three columns does not scroll: the head of a column of numbers wraps."""
    table = visit(path, width=390).locator(".scroll:has(> table)").first

    assert table.locator("thead th").count() == columns
    assert table.evaluate("frame => frame.scrollWidth - frame.clientWidth") == 0


def test_stacked_rows_have_no_labels_without_values(visit: Callable[..., Page]) -> None:
    """On a phone the empty cells of a row are not shown, those of numbers neither."""
    page = visit("/questions/durations", width=390)
    cells = page.locator(".answer td")

    empty = [cell for cell in cells.all() if not cell.inner_text().strip()]
    assert empty
    assert not any(cell.is_visible() for cell in empty)


def test_labels_of_unstated_values_are_upright(visit: Callable[..., Page]) -> None:
    """The name of a column is set the same in every row of a stacked table."""
    page = visit("/questions/in-beijing", width=390)
    styles = page.locator(".answer [data-label]").evaluate_all(
        "cells => cells.map(cell => getComputedStyle(cell, '::before').fontStyle)"
    )

    assert page.locator(".answer .unstated").count() > 0
    assert set(styles) == {"normal"}


@pytest.mark.parametrize(
    "path",
    [
        "/questions/countries-2021",
        "/zh/questions/countries-2021",
        "/questions/curators-notes",
        "/data",
        "/docs/cli",
        "/docs/promises",
    ],
)
def test_tables_and_code_fit_a_wide_screen(visit: Callable[..., Page], path: str) -> None:
    """At 1280 pixels, tables of eight columns, digests, help texts and names of tests need no scrolling."""
    page = visit(path)
    wide = """() => [...document.querySelectorAll(".scroll, pre")]
        .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
        .map(each => each.textContent.trim().slice(0, 60))"""

    assert page.evaluate(wide) == []


@pytest.mark.parametrize("path", ["/docs/scale", "/docs/engines", "/docs/decisions/07-http-server-on-llhttp"])
def test_heads_of_tables_keep_apart_on_a_phone(visit: Callable[..., Page], path: str) -> None:
    """The head of a column of numbers is no wider than its column."""
    page = visit(path, width=390)
    wide = """() => [...document.querySelectorAll("thead th")]
        .filter(each => each.scrollWidth > each.clientWidth + 1)
        .map(each => each.textContent)"""

    assert page.locator("thead th.number").count() > 1
    assert page.evaluate(wide) == []


@pytest.mark.parametrize(("path", "is_beside"), [("/docs/operations", True), ("/ontology.html", False)])
def test_contents_leave_a_wide_drawing_its_width(
    visit: Callable[..., Page], path: str, is_beside: bool
) -> None:
    """Contents are beside the text of a document, and above the diagram of the classes."""
    page = visit(path)
    contents = page.get_by_role("navigation", name="On this page").bounding_box()
    heading = page.locator("h2").first.bounding_box()
    assert contents
    assert heading

    assert (contents["x"] > heading["x"] + heading["width"]) is is_beside
    assert (contents["y"] + contents["height"] < heading["y"]) is not is_beside


def test_pages_without_scripts(paths: list[str], visitor: Visit) -> None:
    """Where scripts are switched off, each page still says what it is about."""
    plain, usual = visitor(javascript=False), visitor()
    for each in (plain, usual):
        each.expected += [MISSING, REFUSED]
    first, second = plain.open("/"), usual.open("/")
    for path in paths:
        first.goto(plain.origin + path)
        second.goto(usual.origin + path)
        assert first.locator("h1").inner_text() == second.locator("h1").inner_text(), path
        assert len(first.locator("main").inner_text()) > 60, path


def test_from_the_home_page_to_the_place_in_two_clicks(visit: Callable[..., Page]) -> None:
    """Did 500 countries come to Beijing in 2021? The claim is one click away, its place two."""
    page = visit("/")

    page.get_by_role("main").get_by_role("link").filter(has_text="500").first.click()
    claim = page.locator("#statement-china-daily-2021-8")
    assert "500" in claim.inner_text()
    claim.get_by_role("link", name="characters").first.click()
    page.wait_for_url("**/id/article/china-daily-2021.html#char-*")
    expect(page.locator(":target")).to_be_in_viewport()


def test_keyboard_first_steps(visit: Callable[..., Page]) -> None:
    """The first Tab offers to skip to the content, and what has the focus is seen."""
    page = visit("/compare")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_policy_is_enforced(visitor: Visit) -> None:
    """A script that gets into a page by a mistake does not run, and nothing is fetched from elsewhere."""
    person = visitor()
    person.expected += ["Content Security Policy"]
    page = person.open("/about")

    blocked = page.evaluate(
        """async () => {
            const found = [];
            const note = event => found.push(event.effectiveDirective);
            document.addEventListener("securitypolicyviolation", note);
            document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="window.broken = 1">');
            const script = document.createElement("script");
            script.textContent = "window.broken = 2";
            document.body.append(script);
            await fetch("http://127.0.0.2:9/").catch(() => {});
            await new Promise(done => setTimeout(done, 100));
            return [window.broken ?? 0, found.sort()];
        }"""
    )

    assert blocked == [0, ["connect-src", "script-src-attr", "script-src-elem"]]


def test_print(visit: Callable[..., Page]) -> None:
    """On paper stands the content alone."""
    page = visit("/compare")
    page.emulate_media(media="print")

    assert page.locator("h1").is_visible()
    assert not page.get_by_role("navigation", name="Site").is_visible()
    assert not page.get_by_role("search").first.is_visible()


@pytest.mark.parametrize("path", ["/", "/zh/"])
def test_menu_of_a_phone(visit: Callable[..., Page], path: str) -> None:
    """On a phone the header is two lines; its menu opens over the page, and the page stays where it is."""
    page = visit(path, width=390, height=844)
    header, heading = page.locator("header.site"), page.locator("h1")
    (menu, other) = page.locator("details.menu > summary"), page.locator("details.menu a").nth(4)

    assert header.bounding_box()["height"] <= 110  # type: ignore[index]
    expect(other).to_be_hidden()
    before = heading.bounding_box()
    menu.click()
    expect(other).to_be_visible()
    assert heading.bounding_box() == before
    found = broken_rules(page, OF_ALL)
    page.emulate_media(color_scheme="dark")
    assert found + broken_rules(page, OF_COLOUR) == []
    other.click()
    expect(page.locator("header.site [aria-current]")).to_have_count(1)
