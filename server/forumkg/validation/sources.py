"""Turn what the evidence room says of articles and passages into findings with file and line."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from forumkg.namespaces import shorten
from forumkg.validation.coverage import check_coverage, check_roles
from forumkg.validation.findings import Finding
from forumkg.validation.passages import (
    Article,
    Passage,
    Problem,
    check_selectors,
    read_articles,
    read_passages,
    stands_in,
    verify,
)
from forumkg.validation.texts import Text, respelling
from forumkg.validation.workspace import Workspace

__all__ = ["check_passages", "check_texts"]


def check_passages(workspace: Workspace) -> Iterator[Finding]:
    """Yield what is wrong with articles and passages as far as it can be told without their texts."""
    for article, passages in _articles(workspace):
        for problem in (*check_selectors(article, passages), *check_roles(passages)):
            yield _finding(workspace, problem)


def check_texts(workspace: Workspace, texts: Sequence[Text]) -> Iterator[Finding]:
    """Yield where the texts contradict the passages, words that no passage has, and articles without a text.

    Args:
        workspace: its given files are the ones that need their texts; all files do where none is given.
        texts: those at hand, found for their article by their SHA-256.
    """
    by_digest = {text.sha256: text for text in texts}
    articles = list(_articles(workspace))
    spare = [text for text in texts if text.sha256 not in {article.sha256 for article, _ in articles}]
    needed = {iri for file in workspace.given for iri in file.articles} if workspace.given else None
    for article, passages in articles:
        text = by_digest.get(article.sha256)
        if text is not None:
            problems = (*verify(article, passages, text), *check_coverage(article, passages, text))
            yield from (_finding(workspace, problem) for problem in problems)
        elif needed is None or article.iri in needed:
            yield _without_text(workspace, article, passages, spare)


def _articles(workspace: Workspace) -> Iterator[tuple[Article, tuple[Passage, ...]]]:
    passages = groupby(read_passages(workspace.data), key=lambda passage: passage.article)
    by_article = {iri: tuple(group) for iri, group in passages}
    for article in read_articles(workspace.data):
        yield article, by_article.get(article.iri, ())


def _without_text(
    workspace: Workspace, article: Article, passages: Sequence[Passage], spare: Sequence[Text]
) -> Finding:
    """Report the spare text that looks like the article's own but is another, or that there is none."""

    def likeness(text: Text) -> tuple[bool, int]:
        is_respelt = respelling(text, article.sha256) is not None
        return is_respelt, sum(stands_in(passage, text) for passage in passages)

    nearest = max(spare, key=likeness, default=None)
    if nearest is not None and any(likeness(nearest)):
        return _finding(workspace, verify(article, passages, nearest)[0])
    wanted = f"{article.code_point_length} code points, SHA-256 {article.sha256}"
    message = f"None of the texts is that of {shorten(article.iri)} ({wanted})."
    if spare:
        message += " Texts of no article: " + ", ".join(
            f"{text.name} ({text.code_point_length} code points, SHA-256 {text.sha256})" for text in spare
        )
    advice = "Correct zgc:sha256 and zgc:codePointLength if one of them is meant, or add the text."
    problem = Problem(article.iri, "another-text" if spare else "text-missing", message, advice)
    return _finding(workspace, problem, is_warning=not spare)


def _finding(workspace: Workspace, problem: Problem, *, is_warning: bool = False) -> Finding:
    file = workspace.file_of(problem.iri)
    return Finding(
        "warning" if is_warning else "violation",
        file.shown if file else "",
        file.locations.line(problem.iri) if file else None,
        problem.iri,
        problem.check,
        problem.message,
        problem.advice,
        excerpt=problem.excerpt,
    )
