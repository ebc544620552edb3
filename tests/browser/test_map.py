"""The page that maps an article, in a browser: nothing of the text is sent, and the keyboard is enough."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import worksheets
from playwright.sync_api import Page, Request, expect

from browser.conftest import Visit
from browser.test_pages import flaws
from forumkg.mapping.mapped import MappingDataset, map_worksheet
from forumkg.texts.reading import read_text

# Milliseconds in which a machine that has much else to do previews a worksheet.
PATIENCE = 120_000
FILE = worksheets.WALKTHROUGH / "haidian-weekly.txt"
TEXT = read_text(FILE)
COUNT = "The forum comprised 128 activities,"
WORDING = "Innovating for a Better World"

# Buttons side by side, or one below another, without four pixels between them.
TOUCHING_BUTTONS = """() => [...document.querySelectorAll("button + button")]
    .filter(each => each.checkVisibility())
    .filter(each => {
        const one = each.previousElementSibling.getBoundingClientRect();
        const other = each.getBoundingClientRect();
        return other.left - one.right < 4 && other.top - one.bottom < 4;
    })
    .map(each => each.textContent)"""


@pytest.fixture
def mapping(visit: Callable[..., Page]) -> Page:
    """Open the page and choose the text of the walk-through."""
    page = visit("/map")
    page.set_default_timeout(PATIENCE)
    choose(page)
    return page


def choose(page: Page, content: str = TEXT.content) -> None:
    """Choose a text, as by the keyboard."""
    page.get_by_label("Drop the text here").set_input_files(
        {"name": TEXT.name, "mimeType": "text/plain", "buffer": content.encode()}
    )
    expect(page.locator("#text-result")).to_contain_text("It stays in this page.")


def select(page: Page, words: str) -> None:
    """Select words in the text, by the keyboard."""
    start = TEXT.content.index(words)
    page.get_by_label("Select words").focus()
    page.keyboard.press("Control+Home")
    page.evaluate(
        "([start]) => document.getElementById('article-text').setSelectionRange(start, start)", [start]
    )
    for _ in words:
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("x")  # the text cannot be changed
    assert page.get_by_label("Select words").input_value() == TEXT.content


def press(page: Page, name: str) -> None:
    """Press a button by the keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def describe(page: Page) -> None:
    """Fill in what is known of the article."""
    fields = {
        "Name": "haidian-weekly-2024-04-30",
        "English label": "Haidian Weekly, after the 2024 forum",
        "Publisher": "organization:haidian-weekly",
        "Carried by": "organization:haidian-weekly",
        "Subject": "edition:2024",
        "Published on": "2024-04-30",
        "Address": "https://weekly.example/2024/forum",
    }
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Language quality").select_option("edited")
    page.get_by_label("Lines of the worksheet").fill('new organization:haidian-weekly "Haidian Weekly"@en')


def state_count(page: Page) -> None:
    """Write the statement of the 128 activities, by the keyboard."""
    page.get_by_label("Stance").select_option("accomplished")
    page.get_by_label("States").select_option("figure")
    for label, value in {"Which": "indicator:activities", "Number": "128"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Paraphrase, in").fill("The 2024 forum had 128 activities.")
    page.keyboard.press("Enter")


def test_preview_and_download_by_keyboard_send_nothing_of_the_text(mapping: Page, tmp_path: Path) -> None:
    """A worksheet is previewed and downloaded; all requests together have no run of words of the text."""
    sent: list[Request] = []

    def keep(request: Request) -> None:
        sent.append(request)

    mapping.context.on("request", keep)
    describe(mapping)
    select(mapping, COUNT)
    press(mapping, "Add the selected words")
    expect(mapping.locator("#passage-result")).to_have_text("Passage 1 is added.")
    state_count(mapping)
    expect(mapping.locator("#passages code")).to_have_text(
        "* accomplished activities=128 : The 2024 forum had 128 activities."
    )
    press(mapping, "Split the rest into sentences")
    select(mapping, WORDING)
    mapping.get_by_label("Wording as printed").fill(WORDING)
    press(mapping, "Preview")
    result = mapping.locator("#preview-result")
    expect(result).to_contain_text("It cannot be written yet.", timeout=PATIENCE)
    expect(result).to_contain_text("No statement, role holding or article rests on the passage")
    with mapping.expect_download() as downloading:
        press(mapping, "Download the worksheet")
    downloading.value.save_as(tmp_path / "made.map")

    bodies = [f"{request.url} {request.post_data or ''} {request.headers}" for request in sent]
    posted = [request for request in sent if request.method == "POST"]
    assert [request.url.rpartition("/")[2] for request in posted] == ["map"]
    assert runs_of_text("\n".join(bodies)) == []
    worksheet = (tmp_path / "made.map").read_text(encoding="utf-8")
    mapped = map_worksheet(worksheet, TEXT, MappingDataset.read())
    errors = {problem.message[:35] for problem in mapped.problems if not problem.is_warning}
    assert errors == {"No statement, role holding or artic"}
    assert downloading.value.suggested_filename == "haidian-weekly-2024-04-30.map"


def runs_of_text(sent: str) -> list[str]:
    """Return the runs of four words of the text, or six Chinese characters, that were sent."""
    words = re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9]+", TEXT.content)
    runs = [words[start : start + 4] for start in range(len(words) - 3)]
    english = [" ".join(run) for run in runs if all(word.isascii() for word in run)]
    chinese = re.findall(r"(?=([\u4e00-\u9fff]{6}))", TEXT.content)
    own = "Haidian Weekly after the 2024 forum had 128 activities"
    return [run for run in (*english, *chinese) if run in sent and run not in own]


def test_preview_of_a_whole_article_shows_what_it_contradicts(mapping: Page) -> None:
    """A worksheet without errors gives the relations with the statements of the graph."""
    describe(mapping)
    mapping.get_by_label("Part").select_option("body")
    mapping.get_by_label("Omitted as").select_option("background")
    before, _, after = TEXT.content.partition(COUNT)
    for words in (before.strip(), after.strip()):
        mapping.evaluate(
            "([start, end]) => document.getElementById('article-text').setSelectionRange(start, end)",
            [TEXT.content.index(words), TEXT.content.index(words) + len(words)],
        )
        press(mapping, "Add the selected words")
    mapping.get_by_label("Omitted as").select_option("")
    select(mapping, COUNT)
    press(mapping, "Add the selected words")
    state_count(mapping)
    press(mapping, "Preview")

    result = mapping.locator("#preview-result")
    expect(result).to_contain_text("No errors.", timeout=PATIENCE)
    expect(result.get_by_role("heading", name="Contradicts")).to_be_visible()
    expect(result).to_contain_text(
        "Almost 120 activities are planned for the 2024 forum. (china-daily-2024-04-25/14)"
    )
    expect(result).to_be_focused()


def test_paraphrase_that_copies_the_text_is_refused_before_anything_is_sent(mapping: Page) -> None:
    """Eight words in a row of the text are no paraphrase; the form says which."""
    select(mapping, "In the technology trade, almost 3,000 projects were on offer,")
    press(mapping, "Add the selected words")
    expect(mapping.locator("#passage-result")).to_have_text("Passage 1 is added.")
    mapping.get_by_label("Paraphrase, in").fill(
        "In the technology trade almost 3,000 projects were on offer there."
    )
    mapping.keyboard.press("Enter")

    expect(mapping.locator("#statement-result")).to_have_text(
        "The paraphrase copies the text: “in the technology trade almost 3 000 projects”. "
        "Write it in your own words."
    )
    expect(mapping.get_by_label("Paraphrase, in")).to_be_focused()
    assert mapping.locator("#passages code").count() == 0


def test_list_of_a_field_has_what_is_typed(mapping: Page) -> None:
    """What is typed in a field fills its list; the lists of values and speakers follow what is stated."""
    ministry = "organization:ministry-of-science-and-technology"

    mapping.get_by_label("Publisher", exact=True).press_sequentially("science ministry")
    expect(mapping.locator("#organizations option")).to_have_count(1)
    assert mapping.locator("#organizations option").get_attribute("value") == ministry
    mapping.get_by_label("Said by").press_sequentially("as=organization:ministry-of-sci")
    expect(mapping.locator("#speakers option")).to_have_count(1)
    assert mapping.locator("#speakers option").get_attribute("value") == f"as={ministry}"
    mapping.get_by_label("States").select_option("figure")
    mapping.get_by_label("Which", exact=True).focus()
    expect(mapping.locator('#values option[value="indicator:exhibitors"]')).to_be_attached()
    mapping.get_by_label("States").select_option("theme")
    expect(mapping.locator("#values option")).to_have_count(0)


def test_statement_has_its_chinese_and_its_note(mapping: Page) -> None:
    """The paraphrase in Chinese and the note become lines of the worksheet below the statement."""
    press(mapping, "Split the rest into sentences")
    mapping.get_by_label("The paraphrase in Chinese").fill("2024年论坛有128项活动。")
    mapping.get_by_label("A curator’s note").fill("Counted at the end.")
    mapping.get_by_label("The note in Chinese").fill("会后统计。")
    state_count(mapping)

    expect(mapping.locator("#worksheet")).to_contain_text(
        "  * accomplished activities=128 : The 2024 forum had 128 activities.\n"
        "  : 2024年论坛有128项活动。 @zh\n  # Counted at the end.\n  # 会后统计。 @zh\n"
    )


@pytest.mark.parametrize("content", ["with\r\nCRLF", "\ufeffwith a mark"])
def test_text_that_an_editor_changed_is_refused(visit: Callable[..., Page], content: str) -> None:
    """Offsets count the characters of the very text: line ends and marks are not silently dropped."""
    page = visit("/map")
    page.get_by_label("Drop the text here").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": content.encode()}
    )

    expect(page.locator("#text-result")).to_contain_text("save it without them")
    expect(page.locator("#work")).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_page_with_a_text_has_no_flaws(visitor: Visit, width: int) -> None:
    """With passages and a statement, the page breaks no rule of axe and fits the screen."""
    page = visitor(width=width).open("/map")
    choose(page)
    press(page, "Split the rest into sentences")
    state_count(page)

    assert flaws(page, width) == []
    assert page.evaluate(TOUCHING_BUTTONS) == []
    widths = "list => [...list.querySelectorAll('li > p')].map(words => words.clientWidth / list.clientWidth)"
    assert min(page.locator("#passages").evaluate(widths)) > 0.8


def test_page_without_scripts_names_the_commands(visit: Callable[..., Page]) -> None:
    """Without scripts the page says what does the same."""
    page = visit("/map", javascript=False)

    expect(page.locator("#no-script")).to_contain_text(
        "forumkg new and forumkg map do the same on the command line"
    )
    expect(page.locator("#map-app")).to_be_hidden()


def test_in_chinese(visit: Callable[..., Page]) -> None:
    """The messages of the script are in Chinese, and what the server says in English is tagged."""
    page = visit("/zh/map")
    page.set_default_timeout(PATIENCE)
    page.locator("#text-file").set_input_files(
        {"name": TEXT.name, "mimeType": "text/plain", "buffer": TEXT.content.encode()}
    )
    expect(page.locator("#text-result")).to_contain_text("只留在本页")
    press(page, "其余按句切分")
    expect(page.locator("#passage-result")).to_have_text(re.compile(r"^已添加\d+个文段。$"))
    press(page, "添加陈述")
    expect(page.locator("#statement-result")).to_contain_text("请填写转述")
    press(page, "预览")
    expect(page.locator("#preview-result")).to_contain_text("尚不能写入图谱。", timeout=PATIENCE)
    expect(page.locator("#preview-result [lang=en]").first).to_be_visible()
    assert flaws(page, 1280) == []
