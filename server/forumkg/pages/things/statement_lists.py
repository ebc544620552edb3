"""Statements in brief, those together that the same people make in the same article."""

from collections.abc import Iterable

from forumkg.pages.statements import Speaker, Statement

__all__ = ["statements_together"]


def statements_together(statements: Iterable[Statement]) -> tuple[tuple[Statement, ...], ...]:
    """Return statements by article and speakers, in the order of the first of each."""
    groups: dict[tuple[str, tuple[Speaker, ...]], list[Statement]] = {}
    for statement in statements:
        groups.setdefault((statement.article, statement.speakers), []).append(statement)
    return tuple(map(tuple, groups.values()))
