"""Statements in brief, those together that the same people make in the same article."""

from collections.abc import Iterable

from forumkg.pages.statements import Claim, Speaker

__all__ = ["claims_together"]


def claims_together(claims: Iterable[Claim]) -> tuple[tuple[Claim, ...], ...]:
    """Return statements by article and speakers, in the order of the first of each."""
    groups: dict[tuple[str, tuple[Speaker, ...]], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.article, claim.speakers), []).append(claim)
    return tuple(map(tuple, groups.values()))
