"""The citation of a statement in Chinese."""

from datetime import date

from flask import Flask

from forumkg.pages.chinese_citation import chinese_in_text
from forumkg.pages.languages import environ_in
from forumkg.pages.statements import Speaker, Statement
from forumkg.pages.translated_text import TranslatedText

RIVAL = Statement(
    iri="a:2",
    says=TranslatedText("Over 50 came.", "en", "与会者来自50多个国家。"),
    article="a:article",
    article_name="article",
    stance="accomplished",
)
STATEMENT = Statement(
    iri="a:1",
    says=TranslatedText("Over 500 come.", "en", "受邀者来自500多个国家。"),
    article="a:article",
    article_name="article",
    publisher_name=TranslatedText("Xinhua", "en", "新华通讯社"),
    issued=date(2021, 9, 15),
    stance="planned",
    rank="deprecated",
    speakers=(Speaker("a:speaker", TranslatedText("organizers", "en", "主办方")),),
    notes=(TranslatedText("There are not that many.", "en", "国家没有这么多。另见原文。"),),
)


def in_chinese(statement: Statement, *rivals: Statement) -> str:
    """Return the citation as a page in Chinese has it."""
    with Flask(__name__).request_context(environ_in("zh")):
        return chinese_in_text(statement, "http://localhost/id/a", "4 (SHA-256 …)", rivals)


def test_sentence_names_source_judgement_and_rival() -> None:
    """The sentence is Chinese as a whole: names, day, stance, judgement with its reason, what differs."""
    assert in_chinese(STATEMENT, RIVAL) == (
        "据新华通讯社2021年9月15日报道，援引主办方的说法：受邀者来自500多个国家"
        "（计划；由“中关村论坛知识图谱”第4版转述，http://localhost/id/a）。"
        "本图谱编者判定此说有误：国家没有这么多。"
        "另有陈述与此不同：与会者来自50多个国家（同一篇文章）。"
    )


def test_no_sentence_without_a_translation() -> None:
    """Where the graph has a paraphrase only in English, no sentence mixes two languages."""
    untranslated = Statement("a:3", TranslatedText("Over 40.", "en"), "a:article", "article")

    assert in_chinese(untranslated) == ""
    assert in_chinese(STATEMENT, untranslated) == ""
