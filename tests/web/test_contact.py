"""The contact of a server: a page or a mail address, and nothing that a browser would run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.web.contact import parse_contact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.org/issues",
        "http://localhost:3000/forum/kg/issues?state=open",
        "mailto:curators@example.org",
        "mailto:first.last+zgc@mail.example.org",
    ],
)
def test_contact_is_kept_as_it_is_written(text: str) -> None:
    """The address of a page, one mail address, and none."""
    assert parse_contact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "curators@example.org",
        "example.org",
        "https://",
        "https://example.org/a b",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:",
        "mailto:a@b,c@d",
        "mailto:a@example.org?subject=x",
        "mailto:a@example.org\nBcc:b@example.org",
        "https://example.org/" + "x" * 500,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """The message has the value, and what to write instead."""
    with pytest.raises(ValueError, match="write the address of a page") as raised:
        parse_contact(text)
    assert repr(text) in str(raised.value)


@given(st.text(max_size=40))
def test_contact_has_one_of_three_schemes(text: str) -> None:
    """Whatever is written, a browser follows it to a page or to a mail program."""
    try:
        kept = parse_contact(text)
    except ValueError:
        return
    assert kept == "" or kept.startswith(("http://", "https://", "mailto:"))
