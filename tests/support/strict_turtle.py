"""Read Turtle and TriG as a store does that knows no escapes in prefixed names."""

from forumkg.rdf.turtle.tokens import tokens

__all__ = ["assert_plain_names"]


def assert_plain_names(text: str) -> None:
    """Fail where a prefixed name has a backslash, or where the text has something that is not a token."""
    end = 0
    for token in tokens(text):
        assert token.kind != "name" or "\\" not in token.text, f"line {token.line}: {token.text}"
        assert not text[end : token.start].strip(), f"line {token.line}: {text[end : token.start]!r}"
        end = token.start + len(token.text)
    assert not text[end:].strip(), text[end : end + 100]
