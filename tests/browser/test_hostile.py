"""Pages of data that mean harm, in a real browser: nothing of them runs, asks or opens anything."""

from collections.abc import Iterator

import hostile_dataset
import pytest
from servers import SCRIPTS, Server, forumkg_server

from browser.conftest import Visit


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the hostile dataset."""
    folder = tmp_path_factory.mktemp("hostile")
    root = hostile_dataset.write(folder / "root")
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", str(folder / "data")]
    options = ["--root", str(root), "--client-seconds", "0", "--client-errors", "0"]
    with forumkg_server(command + options) as server:
        yield server


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_pages(hostile_site: Server, visitor: Visit, width: int) -> None:
    """No page of hostile data opens a dialog, complains, asks another origin, or is wider than the screen."""
    person = visitor(site=hostile_site, width=width)
    page = person.open("/")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    wide = []
    for path in hostile_dataset.PATHS:
        page.goto(person.origin + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)

    assert (dialogs, wide) == ([], [])
    assert page.locator("img").count() == 0
