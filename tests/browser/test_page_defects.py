"""What pages show to sight and to screen readers where the graph is not simply true."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Visit

# The contrast of a placeholder with its field; axe leaves placeholders out.
# https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
PLACEHOLDERS = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
        const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        const [x, y, z] = [r, g, b].map(v => linear(v / 255));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    return [...document.querySelectorAll("[placeholder]")].map(field => {
        const style = getComputedStyle(field, "::placeholder");
        const ground = parts(getComputedStyle(field).backgroundColor);
        const [r, g, b] = parts(style.color);
        const opacity = Number(style.opacity) * (parts(style.color)[3] ?? 1);
        const mixed = [r, g, b].map((v, i) => v * opacity + ground[i] * (1 - opacity));
        const [dark, bright] = [light(mixed), light(ground)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/sparql", "/validate"])
def test_placeholders_can_be_read(visit: Callable[..., Page], path: str, scheme: str) -> None:
    """What stands in an empty field has the contrast of text."""
    found = visit(path, scheme=scheme).evaluate(PLACEHOLDERS)

    assert found
    assert min(found) >= 4.5


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_header_stays_where_it_is(visit: Callable[..., Page], width: int) -> None:
    """With the focus on the button of the search, nothing on the page moves."""
    page = visit("/compare", width=width)
    places = (
        "() => [...document.querySelectorAll('header *, h1')].map(e => e.getBoundingClientRect().toJSON())"
    )
    before = page.evaluate(places)

    page.locator("header.site button").focus()

    assert page.evaluate(places) == before


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path", ["/compare", "/compare/activities", "/compare/leading-experts", "/disagreements"]
)
def test_arrows_stay_on_their_axis(visit: Callable[..., Page], path: str, width: int) -> None:
    """No arrow points below zero, or into what stands beside its drawing."""
    page = visit(path, width=width)
    passed = page.evaluate(
        """() => [...document.querySelectorAll("svg.plot")].flatMap(plot => {
            const room = plot.getBoundingClientRect();
            return [...plot.querySelectorAll(".mark:not(.disputed) .head, .mark:not(.disputed) .shaft")]
                .map(part => part.getBoundingClientRect())
                .filter(part => part.width && (part.left < room.left - 7 || part.right > room.right + 7));
        })"""
    )

    assert passed == []


def test_reported_figure_is_seen_and_read_as_reported(visit: Callable[..., Page]) -> None:
    """A figure that was planned and then reported is drawn filled, and the cell says so in words."""
    page = visit("/compare")
    row = page.locator("tr", has=page.get_by_role("link", name="Activities", exact=True))

    expect(row.get_by_role("cell").nth(1)).to_contain_text("60 reported: China Daily")
    fill = row.locator(".mark.accomplished .head").evaluate("head => getComputedStyle(head).fill")
    card = page.evaluate("getComputedStyle(document.querySelector('header.site')).backgroundColor")
    assert fill != card


def test_judged_statement_says_so_everywhere(visit: Callable[..., Page]) -> None:
    """Headline, title, previews and structured data of a statement that is judged wrong say that it is."""
    page = visit("/id/statement/china-daily-2021/8.html")

    assert page.locator("h1").inner_text().startswith("Judged wrong:")
    assert page.title().startswith("Judged wrong: ")
    for name in ("meta[property='og:title']", "meta[name=description]", "meta[property='og:description']"):
        assert (page.locator(name).get_attribute("content") or "").startswith("Judged wrong: ")
    about = page.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )
    kinds = {each["@type"]: each for each in about["@graph"]}
    assert kinds["Claim"]["text"].startswith("Judged wrong: ")
    assert kinds["ClaimReview"]["reviewRating"]["ratingValue"] == 1


@pytest.mark.parametrize(
    ("path", "figure"),
    [
        ("/id/statement/china-daily-2021/8.html", ".statement-card.disputed .quantity strong"),
        ("/id/statement/china-daily-2021/1.html", ".brief .disputed .quantity"),
        ("/id/article/china-daily-2021.html", ".statement.disputed .amounts strong"),
    ],
)
def test_judged_figure_is_struck_everywhere(visit: Callable[..., Page], path: str, figure: str) -> None:
    """The figure of a statement that is judged wrong is struck through in cards and in lists."""
    lines = (
        visit(path)
        .locator(figure)
        .evaluate_all("figures => figures.map(figure => getComputedStyle(figure).textDecorationLine)")
    )

    assert set(lines) == {"line-through"}


@pytest.mark.parametrize(
    "path",
    [
        "/id/person/wu-zhaohui.html",
        "/compare/exhibitors",
        "/id/edition/2021.html",
        "/id/article/xinhua-2023-05-24.html",
        "/id/statement/xinhua-2023-05-24/7.html",
    ],
)
def test_paraphrases_are_named(visit: Callable[..., Page], path: str) -> None:
    """Wherever statements stand, each says that it is a paraphrase, and speech how it is quoted."""
    page = visit(path)
    shown = page.locator(".statement-card, .brief > li, li.statement")

    for statement in shown.all():
        assert "paraphrase" in (statement.text_content() or "")
    assert shown.count() > 0
    if "wu-zhaohui" in path:
        assert (
            page.get_by_text("our paraphrase of indirect speech").count() > 0
            or page.get_by_text("our paraphrase of a direct quotation").count() > 0
        )


@pytest.mark.parametrize("width", [1280, 390])
def test_hosts_are_distinguished_from_co_hosts(visit: Callable[..., Page], width: int) -> None:
    """The list of editions names co-hosts as such, and why one list of hosts is not complete."""
    page = visit("/editions", width=width)
    edition = page.locator(".editions > li", has=page.get_by_role("link", name="2021 Zhongguancun Forum"))

    expect(edition).to_contain_text(
        re.compile(r"Hosts\s*not stated\s*Co-hosts\s*China Association for Science and Technology")
    )
    expect(edition).to_contain_text("The list is mutilated by the translation: other hosts were named")


@pytest.mark.parametrize(
    "path", ["/nowhere", "/id/person/nobody-of-that-name.html", "/why", "/why?s=x&p=y&o=z"]
)
def test_errors_are_pages_with_links(visitor: Visit, path: str) -> None:
    """What cannot be shown is a page of the site that leads on, without addresses as dead text."""
    person = visitor()
    person.expected += [
        "the server responded with a status of 404",
        "the server responded with a status of 400",
    ]
    page = person.open(path)

    assert page.get_by_role("navigation", name="Site").is_visible()
    assert page.locator("main a[href]").count() >= 2
    assert "<https://w3id.org" not in page.locator("main").inner_text()


def test_method_that_a_page_lacks(visitor: Visit) -> None:
    """A form that is sent to a page which takes none leads to a page of the site."""
    person = visitor()
    person.expected.append("the server responded with a status of 405")
    page = person.open("/about")

    page.evaluate(
        """() => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = "/about";
            document.body.append(form);
            form.submit();
        }"""
    )

    expect(page.get_by_role("heading", level=1)).to_have_text("This page accepts no submissions")
    assert page.get_by_role("navigation", name="Site").is_visible()


def test_icon_at_its_customary_address(visit: Callable[..., Page]) -> None:
    """Programs that look for /favicon.ico find the icon."""
    page = visit("/")
    response = page.request.get(f"{page.url}favicon.ico")

    assert (response.status, response.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")


@pytest.mark.parametrize(("width", "is_folded"), [(1280, False), (390, True)])
@pytest.mark.parametrize("path", ["/compare", "/zh/compare", "/compare/exhibitors"])
def test_legend_is_folded_on_a_phone(
    visit: Callable[..., Page], path: str, width: int, is_folded: bool
) -> None:
    """What the marks mean is one line on a phone, and has no line to unfold it where there is room."""
    fold = visit(path, width=width).locator("main details.fold").first

    assert fold.locator("summary").is_visible() is is_folded
    assert fold.locator(".key").evaluate("key => key.checkVisibility()") is not is_folded


@pytest.mark.parametrize(("width", "is_folded"), [(1280, False), (390, True)])
def test_filters_of_statements_are_folded_on_a_phone(
    visit: Callable[..., Page], width: int, is_folded: bool
) -> None:
    """Five menus are one line on a phone, which unfolds them."""
    fold = visit("/statements", width=width).locator("main details.fold")
    menu = fold.get_by_label("Stance")

    assert fold.locator("summary").is_visible() is is_folded
    assert menu.is_visible() is not is_folded
    if is_folded:
        fold.locator("summary").click()
        expect(menu).to_be_visible()


@pytest.mark.parametrize("path", ["/compare", "/zh/compare"])
def test_exhibitors_are_one_click_from_the_list_of_figures(visit: Callable[..., Page], path: str) -> None:
    """A phone shows links to exhibitors and activities first, and the figures name who said them."""
    page = visit(path, width=390)
    contents = page.locator("main .side-contents")

    expect(contents.locator("[href='#figures-activities']")).to_be_in_viewport()
    contents.locator("[href='#exhibitors']").click()
    row = page.locator("#exhibitors ~ .strips tbody tr").first
    expect(row).to_be_in_viewport()
    assert "organizers of the 2023 forum" in row.inner_text()


def test_heads_of_two_editions_stay_in_sight(visit: Callable[..., Page]) -> None:
    """The names of the editions stay above both tables, and a link of the contents leads below them."""
    page = visit("/editions/compare?a=2021&b=2023")
    heads = page.locator(".versus thead th")

    assert heads.count() == 6
    assert set(heads.evaluate_all("heads => heads.map(head => getComputedStyle(head).position)")) == {
        "sticky"
    }
    page.locator(".side-contents [href='#outcomes']").click()
    page.wait_for_function(
        """() => {
            const row = document.querySelector("#outcomes").getBoundingClientRect().top;
            const head = document.querySelector(".versus thead th").getBoundingClientRect();
            return head.top === 0 && row >= head.bottom && row < innerHeight / 2;
        }"""
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_dots_stand_between_words_alone(visit: Callable[..., Page], width: int) -> None:
    """A dot parts words: none is in a badge or after an open list, begins a source, or a line of a phone."""
    page = visit("/id/edition/2021", width=width)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    dots = """([selector, side]) => [...document.querySelectorAll(`main .how:not(.relation) > ${selector}`)]
        .map(each => getComputedStyle(each, side).content)
        .filter(content => content.includes("·")).length"""

    assert page.evaluate(dots, [".badge", "::before"]) == page.evaluate(dots, [".badge", "::after"]) == 0
    assert page.evaluate(dots, ["details[open] + span", "::before"]) == 0
    assert (page.evaluate(dots, [".badge + span:not(.badge, .acts)", "::before"]) > 0) == (width == 1280)
    assert page.evaluate(dots, ["span:has(+ a.source-mark)", "::after"]) > 0
    assert page.evaluate(dots, ["a.source-mark", "::before"]) == 0
    assert (page.evaluate(dots, [".acts", "::before"]) > 0) == (width == 1280)


@pytest.mark.parametrize("path", ["/zh/editions/compare?a=2021&b=2023", "/zh/id/edition/2021"])
def test_parts_of_articles_are_not_broken_in_chinese(visit: Callable[..., Page], path: str) -> None:
    """On a phone the part of the article in a link to a source, such as 正文, is on one line."""
    page = visit(path, width=390)
    broken = """() => [...document.querySelectorAll("main :is(a.source-mark, .how > a)")]
        .filter(link => link.checkVisibility()).flatMap(link => [...link.childNodes])
        .filter(node => node.nodeType === Node.TEXT_NODE && /(正文|标题|图片说明)$/.test(node.data.trimEnd()))
        .filter(node => {
            const part = document.createRange(), end = node.data.trimEnd().length;
            part.setStart(node, end - 2);
            part.setEnd(node, end);
            return new Set([...part.getClientRects()].map(each => Math.round(each.top))).size > 1;
        }).map(node => node.data)"""

    assert page.evaluate(broken) == []


@pytest.mark.parametrize("path", ["/compare/activities", "/timeline"])
def test_axis_of_a_long_chart_stays_in_sight(visit: Callable[..., Page], path: str) -> None:
    """On a phone the numbers of an axis are above the lines of the chart, and in sight at its last line."""
    page = visit(path, width=390, height=500)
    axis, last = page.locator(".chart .axis-row").first, page.locator(".chart .lane:not(.axis-row)").last
    places = [each.bounding_box() for each in (axis, page.locator(".chart .lane:not(.axis-row)").first)]

    assert places[0]["y"] < places[1]["y"]  # type: ignore[index]
    last.scroll_into_view_if_needed()
    expect(axis).to_be_in_viewport()
