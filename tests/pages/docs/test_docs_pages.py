"""The documentation as pages: all of it, with links that lead somewhere."""

import re
from collections import Counter
from html import unescape

import pytest
from flask.testing import FlaskClient

from forumkg import resources
from forumkg.pages.docs.markdown import render

BROWSER = {"Accept": "text/html"}


def main(client: FlaskClient, path: str) -> str:
    """Return the content of a page."""
    response = client.get(path, headers=BROWSER)
    assert response.status_code == 200, path
    return response.text.partition("<main")[2].partition("</main>")[0]


def test_get_docs(shipped_client: FlaskClient) -> None:
    """The index leads to each document, by its title."""
    text = main(shipped_client, "/docs")
    names = [name for name in resources.documents() if "/" not in name]

    assert set(re.findall(r'href="/docs/([\w-]+)"', text)) == set(names)
    assert "HTTP" in text


@pytest.mark.parametrize("name", resources.documents())
def test_get_document(shipped_client: FlaskClient, name: str) -> None:
    """A document is shown whole: its title, and each word of its text."""
    page = main(shipped_client, f"/docs/{name}").replace("<wbr>", "")
    text = unescape(re.sub("<[^>]+>", " ", page))
    source = resources.documents()[name].read_text(encoding="utf-8")
    # Targets of links, languages of code, numbers of lists and comments are not text.
    source = re.sub(r"\]\([^)]*\)|^ *```\w*|^ *\d+\.|^<!--.*-->$", " ", source, flags=re.MULTILINE)

    shown = set(re.findall(r"\w+", text))
    assert [word for word in re.findall(r"\w+", source) if word not in shown] == []


def test_links_of_documents_lead_somewhere(shipped_client: FlaskClient) -> None:
    """Each link to this site, also to a heading of a document, is answered."""
    pages = {f"/docs/{name}": main(shipped_client, f"/docs/{name}") for name in resources.documents()}
    broken = []
    for path, text in pages.items():
        for target in map(unescape, re.findall(r'href="([^"]*)"', text)):
            address, _, fragment = target.partition("#")
            if "://" in address:
                continue
            address = address or path
            if address not in pages:
                pages_of_site = shipped_client.get(address, headers=BROWSER)
                broken += [] if pages_of_site.status_code == 200 else [(path, target)]
            elif fragment and f'id="{fragment}"' not in pages[address]:
                broken.append((path, target))

    assert broken == []


@pytest.mark.parametrize(
    "name", ["nothing", "../README", "decisions", "..%2f..%2fpyproject", "clients.md.md"]
)
def test_get_document_unknown(shipped_client: FlaskClient, name: str) -> None:
    """What is not a document is answered 404, with where the list is."""
    response = shipped_client.get(f"/docs/{name}")

    assert response.status_code == 404


def test_render() -> None:
    """Headings have ids, tables and code scroll, links are resolved, HTML is text, comments are left out."""
    shown = render(
        "# Title\n\nA [b](c.md#d) [e](https://f.example/).\n\n## One *more*\n\n## One more\n\n<b>x</b>\n\n"
        "<!-- written by -->\n\n"
        "| a | c |\n|---|--:|\n| b | 1 |\n\n```sh\nls <x>\n```\n",
        lambda target: f"/docs/{target.removesuffix('.md')}",
    )

    assert shown.title == "Title"
    assert re.findall(r'<h2 id="([^"]*)"', shown.body) == ["one-more", "one-more-1"]
    assert '<a href="/docs/c#d">b</a> <a href="https://f.example/">e</a>' in shown.body
    assert "&lt;b&gt;x&lt;/b&gt;" in shown.body
    assert "written by" not in shown.body
    assert '<div class="scroll" tabindex="0" role="region" aria-label="Table 1"><table>' in shown.body
    assert '<td>b</td>\n<td class="number">1</td>' in shown.body
    assert (
        '<pre tabindex="0" role="region" aria-label="Code 1"><code class="language-sh">ls &lt;x&gt;'
        in shown.body
    )


def test_get_notebook(shipped_client: FlaskClient) -> None:
    """The page of the notebook leads to the notebook, which is sent as Jupyter's format."""
    assert 'href="/docs/notebook.ipynb"' in main(shipped_client, "/docs/notebook")

    response = shipped_client.get("/docs/notebook.ipynb")
    assert response.headers["Content-Type"] == "application/x-ipynb+json"
    assert response.get_json(force=True)["nbformat"] == 4


def test_changelog_is_whole() -> None:
    """No merge of two versions of the changelog has left half a sentence, or a line twice."""
    text = resources.documents()["changelog"].read_text(encoding="utf-8")
    lines = Counter(line for line in text.splitlines() if line)

    assert re.findall(r"(?<=[.!?])\s+[a-z]\w*", text) == []
    assert [line for line, number in lines.items() if number > 1] == []


@pytest.mark.parametrize("name", sorted(resources.documents()))
def test_tables_of_documents_are_whole(shipped_client: FlaskClient, name: str) -> None:
    """No row of a table is read as a paragraph: a blank line in a table ends it."""
    assert "<p>|" not in main(shipped_client, f"/docs/{name}")


def test_render_long_name_breaks_behind_its_signs() -> None:
    """A long name in code may be broken behind its signs; a short one, and code in blocks, may not."""
    long, short = "pages/test_docs_pages.py::test_of_something", "a/b_c"

    body = render(f"`{long}` `{short}`\n\n    {long}\n", lambda target: target).body

    assert f"<code>{short}</code>" in body
    assert f"{long}\n</code></pre>" in body
    broken = "pages/<wbr>test_<wbr>docs_<wbr>pages.py::<wbr>test_<wbr>of_<wbr>something"
    assert f'<code class="test">{broken}</code>' in body


def test_render_code_with_options() -> None:
    """An option and a variable in code are not broken behind their signs; a file has no link."""
    body = render("`forumkg serve --no-build -h`, `?edition`, `server/forumkg/formats.py`", str).body

    option, short, variable = (
        f'<span class="unbroken">{each}</span>' for each in ("--no-build", "-h", "?edition")
    )
    assert f"<code>forumkg serve {option} {short}</code>, <code>{variable}</code>" in body
    assert "<code>server/<wbr>forumkg/<wbr>formats.py</code>" in body


def test_render_code_block_without_empty_lines_at_its_end() -> None:
    """The empty line by which an example of Python ends is not shown."""
    body = render("```python\n>>> 1\n1\n\n```\n", str).body

    assert "&gt;&gt;&gt; 1\n1\n</code></pre>" in body


def test_get_decision(shipped_client: FlaskClient) -> None:
    """The page of a decision leads back to the list of decisions, and the list to each by its title."""
    back = '<a href="/docs/decisions/README">Decisions</a>'
    decisions = [
        name for name in resources.documents() if name.startswith("decisions/") and "README" not in name
    ]

    listed = main(shipped_client, "/docs/decisions/README")
    assert back not in listed
    assert len(decisions) > 1
    for name in decisions:
        page = main(shipped_client, f"/docs/{name}")
        title = re.findall(r"<h1>\d+\. (.*)</h1>", page)
        assert back in page
        assert [f'<a href="/docs/{name}">{each}</a>' in listed for each in title] == [True]
