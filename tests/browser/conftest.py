"""A real browser, a real server on the shipped graph, and pages that must not misbehave."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from servers import SCRIPTS, Server, forumkg_server

Scheme = Literal["light", "dark"]

# What Chromium would ask the network for by itself, and what it cannot do as root.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

# A busy machine may take longer than the five seconds of Playwright.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: it needs a browser, and takes its time."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start Chromium, for this folder alone: as long as it is driven, no other event loop can run."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def browser_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the shipped graph without limits for a client, since all tests of a suite are one."""
    data = str(tmp_path_factory.mktemp("data"))
    unlimited = ["--client-seconds", "0", "--client-errors", "0"]
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", data, *unlimited]
    with forumkg_server(command) as server:
        yield server


@dataclass
class Visitor:
    """A visitor of the site, who records what a page must not do.

    Attributes:
        errors: what the console complained of, and errors of scripts.
        strangers: the requests that went to another origin.
        expected: words of complaints that a test expects, such as the status of a refused query.
    """

    context: BrowserContext
    origin: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the site, and watch it."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)
        page.goto(self.origin + path)
        return page

    def check(self) -> None:
        """Fail where a page did what it must not."""
        unexpected = [error for error in self.errors if not any(word in error for word in self.expected)]
        assert (unexpected, self.strangers) == ([], [])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and f"{url.scheme}://{url.netloc}" != self.origin:
            self.strangers.append(request.url)


Visit = Callable[..., Visitor]


@pytest.fixture
def visitor(chromium: Browser, browser_site: Server) -> Iterator[Visit]:
    """Return a function that makes visitors of the shipped site; at the end their pages must have behaved.

    Its arguments: `width` and `height` in pixels, `scheme` (light or dark), `javascript`, `site`.
    """
    made: list[Visitor] = []
    with ExitStack() as contexts:

        def make(
            *,
            width: int = 1280,
            height: int = 900,
            scheme: Scheme = "light",
            javascript: bool = True,
            site: Server = browser_site,
        ) -> Visitor:
            context = contexts.enter_context(
                chromium.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,
                    java_script_enabled=javascript,
                    accept_downloads=True,
                )
            )
            made.append(Visitor(context, site.url.rstrip("/")))
            return made[-1]

        yield make
        for each in made:
            each.check()


@pytest.fixture
def visit(visitor: Visit) -> Callable[..., Page]:
    """Return a function that opens a page of the shipped site: `visit(path, width=…, scheme=…, …)`."""

    def open_page(path: str, **options: object) -> Page:
        return visitor(**options).open(path)

    return open_page
