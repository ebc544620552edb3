"""Every kind of page: for everybody, on every screen, with and without scripts."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from servers import Server

# What is asked of a page that all share, in the words of axe: https://www.w3.org/WAI/standards-guidelines/act/
SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]

Open = Callable[..., Page]


def kind(path: str) -> tuple[str, ...]:
    """Return what a page has in common with others of its kind."""
    parts = path.strip("/").split("/")
    if parts[0] == "id":
        return ("id", parts[1], "passage" if "char=" in path else "thing")
    return (parts[0], *("…" for _ in parts[1:]))


@pytest.fixture(scope="session")
def paths(browser_site: Server) -> list[str]:
    """Return a page of each kind that the sitemap has, and some that it has not."""
    status, _, body = browser_site.request("GET", "/sitemap.xml")
    assert status == 200
    tree = ElementTree.fromstring(body)  # noqa: S314 (the document of our own server)
    found = ["/" + url.text.split("/", 3)[3] for url in tree.iter() if url.tag.endswith("}loc") and url.text]
    kinds = {kind(path): path for path in reversed(found)}
    return sorted({*kinds.values(), "/search?q=robot", "/search?q=nothing-like-this", "/nowhere"})


@pytest.mark.parametrize(("width", "scheme"), SCREENS, ids=str)
def test_pages_are_for_everybody(paths: list[str], visit: Open, width: int, scheme: str) -> None:
    """No page breaks a rule of axe, runs out of the screen, complains, or asks another origin."""
    broken = {}
    page = visit("/", width=width, scheme=scheme)
    for path in paths:
        page.goto(
            path
            if path.startswith("http")
            else page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path
        )
        found = [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in Axe().run(page).response["violations"]
            for node in rule["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("wider than the screen")
        if page.locator("h1").count() != 1:
            found.append("not one h1")
        if found:
            broken[path] = found

    assert broken == {}
