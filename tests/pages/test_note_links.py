"""Web addresses in the notes of curators."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from forumkg.pages.note_links import linked, with_paths


def link(address: str) -> str:
    """Return the link to an address that needs no escapes."""
    return f'<a href="{address}" rel="nofollow noopener">{address}</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No address at all.", "No address at all."),
        ("See https://example.org/a.html", f"See {link('https://example.org/a.html')}"),
        ("See http://example.org/a. Then b.", f"See {link('http://example.org/a')}. Then b."),
        ("(https://example.org/a?b=1), c", f"({link('https://example.org/a?b=1')}), c"),
        ("https://a.example https://b.example", f"{link('https://a.example')} {link('https://b.example')}"),
        ("https://", "https://"),
    ],
)
def test_addresses_in_a_note(text: str, shown: str) -> None:
    """An address leads where it says, without the marks of the sentence around it."""
    assert linked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "javascript:https://example.org/",
        "ftp://example.org/",
        "www.example.org",
        "xhttps://example.org/",
        "//example.org/",
    ],
)
def test_no_link_to_other_than_the_web(text: str) -> None:
    """Nothing but http and https becomes a link; the rest is escaped."""
    assert linked(text) == escape(text)


def test_markup_in_an_address() -> None:
    """Markup within or behind an address stays text."""
    assert linked('https://a.example/?x=1&y=2"><script>') == (
        '<a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener">https://a.example/?x=1&amp;y=2</a>'
        "&#34;&gt;&lt;script&gt;"
    )


@given(st.text(alphabet="htps:/.a<>&\"' ()中\u202e", max_size=60))
def test_any_note_keeps_its_text(text: str) -> None:
    """Whatever a note holds, its text is shown whole, and it brings no element but links."""
    shown = linked(text)

    assert shown.striptags() == " ".join(escape(text).unescape().split())
    assert shown.count("<") == 2 * shown.count("<a href=")


def test_get_pages_with_an_address_in_a_note(shipped_client: FlaskClient) -> None:
    """Each page that shows the note on the 500 countries leads to the address in it."""
    address = link("https://www.zgcforum.com.cn/en/ennewsltdt/20210930/4206.html")

    for path in (
        "/disagreements",
        "/compare/countries-of-representatives",
        "/id/article/china-daily-2021.html",
        "/id/edition/2021.html",
        "/id/statement/china-daily-2021/8.html",
    ):
        assert address in shipped_client.get(path).get_data(as_text=True), path


@pytest.mark.parametrize(
    ("message", "markup"),
    [
        (
            "No page at /a: look at /search, or at /.",
            'No page at <code>/a</code>: look at <a href="/search">/search</a>, or at <a href="/">/</a>.',
        ),
        (
            "There is no <https://example.org/x>.",
            'There is no <a href="https://example.org/x">https://example.org/x</a>.',
        ),
        ("1/2 of <b> & </p>", "1/2 of &lt;b&gt; &amp; &lt;/p&gt;"),
    ],
)
def test_addresses_in_messages_are_links(message: str, markup: str) -> None:
    """Paths and IRIs of a message lead somewhere, but for that of the page itself; all else is text."""
    assert with_paths(message, lambda iri: iri, "/a") == markup
