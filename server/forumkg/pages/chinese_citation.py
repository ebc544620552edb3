"""The citation of a statement for running text in Chinese."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from forumkg.pages.languages import translate
from forumkg.pages.stances import stance_of
from forumkg.pages.statements import CitedPassage, Statement
from forumkg.pages.translated_text import plain, tag_of

__all__ = ["chinese_in_text", "chinese_reference", "chinese_title"]

_SITE: Final = "中关村论坛知识图谱"
# How many differing statements are named.
_RIVALS: Final = 3


def chinese_in_text(statement: Statement, url: str, version: str, rivals: Sequence[Statement] = ()) -> str:
    """Return sentences in Chinese that cite a statement; empty where the graph has not all of it in Chinese.

    Args:
        statement: what is cited, read in Chinese.
        url: the address of its page.
        version: of the dataset.
        rivals: the statements that it differs from.
    """
    named = rivals[:_RIVALS]
    if any(tag_of(each.says) for each in (statement, *named)):
        return ""
    publisher = plain(statement.publisher_name or statement.article_name)
    carriers = "、".join(map(plain, statement.republishers))
    speakers = "、".join(plain(speaker.name) for speaker in statement.speakers)
    source = (
        f"据{publisher}{_day(statement.issued)}报道",
        f"{carriers}转载" if carriers else "",
        f"援引{speakers}的说法" if speakers else "",
    )
    how = (
        translate(stance_of(statement.stance).cited),
        f"由“{_SITE}”第{version.partition(' ')[0]}版转述，{url}",
    )
    said = f"{'，'.join(filter(None, source))}：{_says(statement)}（{'；'.join(filter(None, how))}）。"
    return f"{said}{_judged(statement)}{_differing(statement, rivals)}"


def chinese_title(statement: Statement) -> str:
    """Return the paraphrase in Chinese, marked as one, and what the curators judge; empty without one."""
    if tag_of(statement.says):
        return ""
    judgement = f"［本图谱编者：{statement.judgement}］" if statement.judgement else ""
    return f"{_says(statement)}［转述］{judgement}"


def chinese_reference(statement: Statement, url: str, version: str) -> str:
    """Return the full reference of a statement in Chinese; empty where its paraphrase is in English alone."""
    title = chinese_title(statement)
    if not title:
        return ""
    publisher = plain(statement.publisher_name or statement.article_name)
    carriers = "、".join(map(plain, statement.republishers))
    speakers = "、".join(plain(speaker.name) for speaker in statement.speakers)
    source = (_day(statement.issued).strip("（）"), *map(_span, statement.passages))
    notes = (
        f"援引{speakers}的说法" if speakers else "",
        statement.stance_words,
        f"{carriers}转载" if carriers else "",
    )
    number, _, digest = version.partition(" ")
    inputs = f"，输入的 SHA-256：{digest.rpartition(' ')[2].rstrip(')')}" if digest else ""
    return (
        f"{publisher}（{'；'.join(source)}）：{title}"
        f"［{'；'.join(filter(None, notes))}］。{_SITE}，第{number}版{inputs}。{url}"
    )


def _span(passage: CitedPassage) -> str:
    return f"{plain(passage.part)}第{passage.start:,}至{passage.end:,}字符"


def _judged(statement: Statement) -> str:
    """Return what the curators judge, and why, where their note is in Chinese."""
    if not statement.english_judgement:
        return ""
    judgement = "有误" if statement.disputed else "不可能成立"
    reasons = (plain(note).partition("。")[0] for note in statement.notes if not tag_of(note))
    reason = next((f"：{each}" for each in reasons), "")
    return f"本图谱编者判定此说{judgement}{reason}。"


def _differing(statement: Statement, rivals: Sequence[Statement]) -> str:
    if not rivals:
        return ""
    named = "；".join(_rival(statement, each) for each in rivals[:_RIVALS])
    more = f"；等共{len(rivals)}条" if len(rivals) > _RIVALS else ""
    return f"另有陈述与此不同：{named}{more}。"


def _rival(statement: Statement, rival: Statement) -> str:
    is_same = rival.article == statement.article
    how = (
        "同一篇文章"
        if is_same
        else f"{plain(rival.publisher_name or rival.article_name)}{_day(rival.issued)}",
        "、".join(dict.fromkeys(plain(each.part) for each in rival.passages if each.part)),
        translate(stance_of(rival.stance).cited),
        "编者判定有误" if rival.disputed else "",
    )
    return f"{_says(rival)}（{'，'.join(filter(None, how))}）"


def _says(statement: Statement) -> str:
    return plain(statement.says).rstrip("。")


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "（未注明日期）"
