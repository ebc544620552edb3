"""Read the sections of a Turtle file from its comments, and the subjects in each.

A store keeps neither order nor comments; the file has both.
https://www.w3.org/TR/turtle/#sec-grammar-comments
"""

from collections.abc import Iterator
from dataclasses import dataclass

from forumkg.rdf.turtle.tokens import TurtleToken, tokens, unescape_local

__all__ = ["OutlineSection", "outline"]


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A section: the words of the comment `## …` above it, and the IRIs that are described in it."""

    title: str
    subjects: tuple[str, ...]


def outline(text: str) -> tuple[OutlineSection, ...]:
    """Return the sections of a Turtle file in their order, without those that have no named subject."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    prefixes: dict[str, str] = {}
    for statement in _statements(text):
        first = statement[0]
        if first.kind == "comment":
            sections.append((first.text.removeprefix("##").strip(), []))
        elif first.kind == "at":
            prefixes[statement[1].text] = statement[2].text[1:-1]
        elif first.kind in {"name", "iri"}:
            sections[-1][1].append(_resolve(first, prefixes))
    return tuple(
        OutlineSection(title, tuple(dict.fromkeys(subjects))) for title, subjects in sections if subjects
    )


def _statements(text: str) -> Iterator[list[TurtleToken]]:
    """Yield the tokens of each statement; a heading between statements is one by itself."""
    statement: list[TurtleToken] = []
    for token in tokens(text):
        if token.kind == "comment":
            if not statement and token.text.startswith("## "):
                yield [token]
            continue
        statement.append(token)
        if token.text == "." and token.kind == "mark":
            if len(statement) > 2:  # noqa: PLR2004 (the fewest tokens of a statement)
                yield statement
            statement = []


def _resolve(token: TurtleToken, prefixes: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(f"{prefix}:", "") + unescape_local(local)
