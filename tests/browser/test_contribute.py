"""A report that is edited on the page, and the mail that takes it along."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from servers import SCRIPTS, Server, forumkg_server

from browser.conftest import Visit

REPORT = "/contribute/report?of=/id/statement/china-daily-2021/8"


@pytest.fixture(scope="module")
def with_contact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped graph with an address for reports."""
    data = str(tmp_path_factory.mktemp("data"))
    contact = ["--contact", "mailto:curators@example.org"]
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data, *contact]
    with forumkg_server(command) as server:
        yield server


def test_mail_takes_along_what_was_typed(visitor: Visit, with_contact: Server) -> None:
    """The mail has the text as it was edited, with line breaks, and the note on scripts goes."""
    page = visitor(site=with_contact).open(REPORT)
    typed = "50 & 500, 1+1 = 2?\n“第二行” 100%"

    page.locator("#report-text").fill(typed)

    address = page.locator("a[data-mail]").get_attribute("href") or ""
    query = parse_qs(urlsplit(address).query.replace("+", "%2B"))
    assert address.startswith("mailto:curators@example.org?subject=Report")
    assert query["body"] == [typed.replace("\n", "\r\n")]
    expect(page.locator("[data-without-script]")).to_be_hidden()


def test_mail_without_scripts_says_what_it_has(visitor: Visit, with_contact: Server) -> None:
    """Without scripts the mail has the prefilled text, and the page says so."""
    page = visitor(site=with_contact, javascript=False).open(REPORT)

    assert "&body=" in (page.locator("a[data-mail]").get_attribute("href") or "")
    expect(page.locator("[data-without-script]")).to_be_visible()
