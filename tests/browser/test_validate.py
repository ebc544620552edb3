"""The page that validates documents, in a browser: paste, upload, look, fix."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Scheme, Visit
from browser.test_pages import flaws
from forumkg.pages.validate.examples import EXAMPLES

# Milliseconds in which a machine that has much else to do checks a document, its first one too.
PATIENCE = 120_000
REFUSED = "the server responded with a status of 400"

HOSTILE = (
    "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
    '<javascript:alert(1)> zgc:paraphrase "</textarea></code><img src=x onerror=alert(2)>\u202egnp.exe" ;\n'
    f'    zgc:wording "{"long" * 25_000}" .\n'
)


@pytest.fixture
def form(visit: Callable[..., Page]) -> Page:
    """Return the page with the form, without scripts: it needs none."""
    page = visit("/validate", javascript=False)
    page.set_default_timeout(PATIENCE)
    return page


def send(page: Page, text: str) -> None:
    """Paste a text and send it."""
    page.get_by_label("Paste it here").fill(text)
    page.get_by_role("button", name="Validate").click()


def test_paste_and_fix(form: Page) -> None:
    """A finding leads to its line and back; the corrected text has no problems."""
    send(form, EXAMPLES["misspelt-property"].text)

    expect(form.get_by_role("heading", name="1 violation")).to_be_focused()
    assert form.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none"
    expect(form).to_have_title(re.compile("^1 violation in pasted.ttl – Validate"))
    assert "did you mean zgc:hasStance?" in form.locator("#finding-1").inner_text()
    form.get_by_role("link", name="Line 44").click()
    line = form.locator(":target")
    expect(line).to_be_in_viewport()
    assert "zgc:hasStanze" in line.inner_text()
    line.get_by_role("link", name="Finding 1").click()
    expect(form.locator("#finding-1")).to_be_in_viewport()

    box = form.get_by_label("Paste it here")
    send(form, box.input_value().replace("hasStanze", "hasStance"))
    expect(form.get_by_role("heading", name="No problems found")).to_be_visible()
    assert form.locator(".marked").count() == 0


HOLD = """() => document.querySelector("form.submission")
    .addEventListener("submit", (event) => event.preventDefault(), { once: true })"""


def test_validation_under_way(visitor: Visit) -> None:
    """While a text is validated, the page says so and takes no other; Cancel ends that and keeps the text."""
    text = EXAMPLES["misspelt-property"].text
    page = visitor().open("/validate")
    page.set_default_timeout(PATIENCE)
    button, status = page.get_by_role("button", name="Validate"), page.get_by_role("status")
    cancel = page.get_by_role("button", name="Cancel")
    expect(status).to_be_empty()
    page.get_by_label("Paste it here").fill(text)

    # Nothing is sent, so that the page can be looked at as long as it waits.
    page.evaluate(HOLD)
    button.click()
    expect(status).to_have_text("Validating your text with the graph. This takes some seconds.")
    expect(button).to_be_disabled()
    expect(cancel).to_be_focused()

    page.keyboard.press("Enter")
    expect(status).to_have_text("Cancelled: nothing was validated. Your text is still here.")
    expect(button).to_be_focused()
    expect(cancel).to_have_count(0)
    expect(page.get_by_label("Paste it here")).to_have_value(text)

    button.click()
    expect(page.get_by_role("heading", name="1 violation")).to_be_visible(timeout=PATIENCE)


def test_upload(form: Page, tmp_path: Path) -> None:
    """A file is checked under its name."""
    path = tmp_path / "mine.ttl"
    path.write_text(EXAMPLES["wrong-date"].text, encoding="utf-8")

    form.get_by_label("or choose a file").set_input_files(path)
    form.get_by_role("button", name="Validate").click()

    expect(form.get_by_role("heading", name="Validation of mine.ttl", exact=True)).to_be_visible()
    assert "26 April 2024" in form.locator(".marked").inner_text()


def test_example(form: Page) -> None:
    """An example is one click away, shows its findings, and can be taken home."""
    form.get_by_role("link", name=re.compile("Try it.*without a passage")).click()

    expect(form.get_by_role("heading", name="2 violations")).to_be_visible()
    with form.expect_download() as download:
        form.get_by_role("link", name=re.compile("Download.*missing-passage")).click()
    assert download.value.suggested_filename == "missing-passage.ttl"
    assert Path(download.value.path()).read_text(encoding="utf-8") == EXAMPLES["missing-passage"].text


def test_keyboard(visit: Callable[..., Page]) -> None:
    """The form is filled and sent by keys alone."""
    page = visit("/validate")
    page.set_default_timeout(PATIENCE)

    page.get_by_label("Paste it here").focus()
    page.keyboard.type("zgc:a")
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Validate"
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Line 1", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_results_are_for_everybody(visitor: Visit, width: int, scheme: Scheme) -> None:
    """No result breaks a rule of axe: with findings, without, refused, hostile."""
    person = visitor(width=width, scheme=scheme)
    person.expected.append(REFUSED)
    page = person.open("/validate")
    page.set_default_timeout(PATIENCE)
    texts = [EXAMPLES["label-without-language"].text, EXAMPLES["valid"].text, "", HOSTILE]

    broken = {}
    for number, text in enumerate(texts):
        page.goto(f"{person.origin}/validate")
        send(page, text)
        page.wait_for_selector(".verdict, .refused")
        if found := flaws(page, width):
            broken[number] = found

    assert broken == {}


def test_hostile_document(visitor: Visit) -> None:
    """Markup, addresses of scripts, marks that turn the direction and endless words do no harm."""
    person = visitor()
    page = person.open("/validate")
    page.set_default_timeout(PATIENCE)
    page.on("dialog", lambda dialog: person.errors.append(dialog.message))

    send(page, HOSTILE)
    page.wait_for_selector(".verdict")

    assert page.locator("main img, main script").count() == 0
    assert page.locator('main a[href^="javascript"]').count() == 0
    assert page.get_by_label("Paste it here").input_value() == HOSTILE
