"""What things are called in sentences."""

import pytest

from forumkg.pages.names import article_for, cut


@pytest.mark.parametrize(
    ("label", "article"),
    [("agent", "an"), ("Edition", "an"), ("forum", "a"), ("unit", "a"), ("论坛", "a"), ("", "a")],
)
def test_article_for(label: str, article: str) -> None:
    """A label has the article that people say before it."""
    assert article_for(label) == article


def test_cut() -> None:
    """A text that is cut is as long as it may be, dots and all."""
    assert (cut("abcd", 4), cut("abcde", 4)) == ("abcd", "abc…")
