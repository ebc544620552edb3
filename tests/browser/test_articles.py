"""The text of an article that a reader drops into its page: shown, checked, and sent nowhere."""

import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

import pytest
from made_up_articles import TEXT, span, write_made_up
from playwright.sync_api import FileChooser, Page, expect
from servers import SCRIPTS, Server, forumkg_server
from shipped import shipped_store

from browser.conftest import Visit
from forumkg.pages.article_list import read_articles
from forumkg.pages.graph import StoreGraph

PATH = "/id/article/kites.html"
STANDING = "6 of 6 passages are where the graph says."
CONTENT = TEXT.content.encode()


@pytest.fixture(scope="module")
def made_up_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the made-up dataset, and beside it a folder with its text."""
    root = write_made_up(tmp_path_factory.mktemp("made-up") / "root")
    (root.parent / "texts").mkdir()
    (root.parent / "texts" / TEXT.name).write_bytes(CONTENT)
    return root


def serving(root: Path, *options: str) -> AbstractContextManager[Server]:
    """Serve a root, whose store lies beside it."""
    command = [str(SCRIPTS / "forumkg"), "serve", "--port", "0", "--data", str(root.parent / "data")]
    return forumkg_server([*command, "--root", str(root), *options])


@pytest.fixture(scope="module")
def made_up_site(made_up_root: Path) -> Iterator[Server]:
    """Serve the made-up dataset."""
    with serving(made_up_root) as server:
        yield server


@pytest.fixture
def article(visitor: Visit, made_up_site: Server) -> Page:
    """Open the page of the made-up article, and wait until it has all that it needs."""
    page = visitor(site=made_up_site).open(PATH)
    page.wait_for_load_state("networkidle")
    return page


def give(page: Page, content: bytes, name: str = TEXT.name) -> None:
    """Choose a file, as by the keyboard."""
    page.get_by_label("Drop the text here").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )


def drop(page: Page, content: bytes) -> None:
    """Drop a file onto the page, beside the field."""
    transfer = page.evaluate_handle(
        """([name, data]) => {
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            transfer.items.add(new File([bytes], name, { type: "text/plain" }));
            return transfer;
        }""",
        [TEXT.name, base64.b64encode(content).decode()],
    )
    page.dispatch_event("h1", "dragover", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_have_class("drop over")
    page.dispatch_event("h1", "drop", {"dataTransfer": transfer})


def shown(page: Page) -> str:
    """Return the text that the page shows."""
    return str(page.locator(".article-text").evaluate("element => element.textContent"))


@pytest.mark.parametrize("way", [give, drop])
def test_text_is_shown_and_sent_nowhere(article: Page, way: Callable[[Page, bytes], None]) -> None:
    """The text is shown as it is, each passage is checked, and no request leaves the page."""
    sent: list[str] = []
    article.on("request", lambda request: sent.append(request.url))
    way(article, CONTENT)

    expect(article.get_by_role("status")).to_contain_text(STANDING)
    expect(article.get_by_role("status")).to_contain_text(f"{TEXT.name} is the mapped text")
    assert shown(article) == TEXT.content
    article.wait_for_load_state("networkidle")
    assert sent == []


def test_passages_are_marked(article: Page) -> None:
    """Passages that nest and overlap are marked by stretches, in code points; each leads to the shortest."""
    give(article, CONTENT)
    expect(article.get_by_role("status")).to_contain_text(STANDING)
    marks = article.locator(".article-text a").evaluate_all(
        "links => links.map((link) => [link.textContent, link.getAttribute('href'), link.className])"
    )

    def anchor(name: str) -> str:
        return "#char-{}-{}".format(*span(name))

    assert [tuple(mark) for mark in marks] == [
        ("Kites 🪁🪁 over the lake", anchor("headline"), "supporting"),
        ("By A. Nobody", anchor("byline"), "metadata"),
        ("Over 40 kites", anchor("figure"), "supporting deep"),
        (" flew in June, ", anchor("sentence"), "supporting"),
        ("said A. Nobody.", anchor("across"), "supporting deep"),
        (" Fifty are planned.", anchor("across"), "supporting"),
        ("Share <b>this</b>", anchor("share"), "omitted"),
    ]


def test_from_the_text_to_the_statements_and_back(article: Page) -> None:
    """A mark leads to what stands on the passage, and from there a link leads back into the text."""
    give(article, CONTENT)
    start, end = span("figure")
    article.locator(".article-text").get_by_role("link", name="Over 40 kites").click()

    target = article.locator(":target")
    expect(target).to_have_attribute("id", f"char-{start}-{end}")
    expect(target).to_be_in_viewport()
    target.get_by_role("link", name="in the text").click()
    assert article.evaluate("location.hash") == f"#text-{start}-{end}"
    expect(article.locator(":target")).to_be_in_viewport()
    following = "element => element.nextElementSibling.nextElementSibling.textContent"
    assert article.locator(":target").evaluate(following) == "Over 40 kites"


@pytest.mark.parametrize(
    ("content", "how"),
    [
        (b"\xef\xbb\xbf" + CONTENT, "begins with a byte order mark"),
        (CONTENT.replace(b"\n", b"\r\n"), "has CRLF line ends"),
        (b"\xef\xbb\xbf" + CONTENT.replace(b"\n", b"\r\n"), "begins with a byte order mark and has CRLF"),
        (CONTENT + b"\n", "has an extra final line end"),
        (CONTENT.removesuffix(b"\n"), "lacks its final line end"),
    ],
)
def test_text_in_another_spelling(article: Page, content: bytes, how: str) -> None:
    """The page reports what editors and downloads did to a text, and shows the text as it was mapped."""
    give(article, content)

    expect(article.get_by_role("status")).to_contain_text(STANDING)
    expect(article.get_by_role("status")).to_contain_text(f"{TEXT.name} is the mapped text, but it {how}")
    assert shown(article) == TEXT.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CONTENT.replace(b"40", b"50"), f"{TEXT.name} is another text."),
        (CONTENT.replace(b"40", b"50"), f"It has {TEXT.code_point_length} characters and SHA-256"),
        (b"\xff\xfe", f"{TEXT.name} is not UTF-8 text."),
        (b"x" * 5_000_000, "It has 5,000,000 bytes."),
    ],
)
def test_another_text(article: Page, content: bytes, words: str) -> None:
    """Another text is refused with the reason and not shown; the right one is shown at once."""
    give(article, content)
    expect(article.get_by_role("status")).to_contain_text(words)
    assert article.locator(".article-text").count() == 0

    give(article, CONTENT)
    expect(article.get_by_role("status")).to_contain_text(STANDING)


def test_file_by_keyboard(article: Page) -> None:
    """The field is reached by the keyboard, and opens the dialogue for files."""
    field = article.locator("#text-file")
    expect(field).to_be_visible()
    field.focus()
    expect(field).to_be_focused()
    chosen: list[FileChooser] = []
    # Playwright marks its handlers, and a method of a list cannot be marked.
    article.on("filechooser", lambda chooser: chosen.append(chooser))  # noqa: PLW0108
    # Chromium, when it is busy, now and then loses the key.
    for _ in range(5):
        article.keyboard.press("Space")
        article.wait_for_timeout(2000)
        if chosen:
            break
    chosen[0].set_files({"name": TEXT.name, "mimeType": "text/plain", "buffer": CONTENT})

    expect(article.get_by_role("status")).to_contain_text(STANDING)


def test_without_scripts(visitor: Visit, made_up_site: Server) -> None:
    """Without scripts a sentence says what would be there, and commands do the same."""
    page = visitor(site=made_up_site, javascript=False).open(PATH)

    expect(page.locator("#no-script")).to_be_visible()
    expect(page.locator("#drop")).to_be_hidden()
    page.get_by_text("Check it in a terminal").click()
    expect(page.get_by_text("forumkg check --texts FOLDER")).to_be_visible()


def test_address_is_not_secure(visitor: Visit, made_up_site: Server) -> None:
    """Where the browser computes no digests, the page says so, and where it would."""
    person = visitor(site=made_up_site)
    person.context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page = person.open(PATH)
    give(page, CONTENT)

    expect(page.get_by_role("status")).to_contain_text("Your browser does not compute SHA-256 on this page.")


def test_server_with_texts(visitor: Visit, made_up_root: Path) -> None:
    """A server that was given the text shows it without a script, and to its own machine's names alone."""
    folder, data = str(made_up_root.parent / "texts"), str(made_up_root.parent / "data")
    root = str(made_up_root)
    command = [
        str(SCRIPTS / "forumkg"),
        "serve",
        "--port",
        "0",
        "--data",
        data,
        "--root",
        root,
        "--texts",
        folder,
    ]
    with forumkg_server(command) as server:
        page = visitor(site=server, javascript=False).open(PATH)
        expect(page.get_by_text(STANDING)).to_be_visible()
        assert shown(page) == TEXT.content
        page.close()
        assert server.request("GET", PATH, Host="kites.example")[0] == 421


def test_shipped_texts(visit: Callable[..., Page], sources: Path) -> None:
    """All passages of all articles are where the graph says, and another article's text is recognized."""
    texts = {sha256(path.read_bytes()).hexdigest(): path for path in sources.glob("*.txt")}
    articles = read_articles(StoreGraph(shipped_store()))
    for article, other in zip(articles, articles[1:] + articles[:1], strict=True):
        page = visit(f"/id/article/{article.iri.rpartition('/')[2]}.html")
        count = len(article.passages)
        page.get_by_label("Drop the text here").set_input_files(texts[article.digest])
        expect(page.get_by_role("status")).to_contain_text(
            f"{count} of {count} passages are where the graph says."
        )
        assert sha256(shown(page).encode()).hexdigest() == article.digest
        page.get_by_label("Drop the text here").set_input_files(texts[other.digest])
        expect(page.get_by_role("link", name=f"Open {other.name}")).to_be_visible()
        page.close()
