"""Proposals for a text in both languages: passages, figures with hedges, names, stances, speakers."""

from pathlib import Path

import worksheets

from bench.proposals import measure
from forumkg.dataset.files import source_files
from forumkg.mapping.indicator_guess import IndicatorGuesser
from forumkg.mapping.proposer import ArticleFacts, Proposer
from forumkg.mapping.writer import write_worksheet
from forumkg.rdf.reading import parse
from forumkg.texts.reading import Text, read_texts

# In one place: an article prints the same words around it.
COUNTED = "countries and regions"


def proposals(content: str) -> str:
    """Return the worksheet that is proposed for a text, without the lines about the article."""
    known = worksheets.shipped_things()
    triples = [
        triple for file in source_files() if file.name.startswith("articles/") for triple in parse(file.path)
    ]
    proposer = Proposer(known, IndicatorGuesser.read(known, triples))
    worksheet = proposer.propose(Text.of("a.txt", content), ArticleFacts(issued="2024-04-30"))
    return write_worksheet(worksheet).partition("\n\n")[2]


def test_propose_english_text() -> None:
    """A known person in a known post, a hedged figure, days, a theme and a host are found."""
    proposed = proposals(
        "BEIJING, April 30 (Agency) -- The 2024 Zhongguancun Forum was hosted by the Chinese Academy of "
        "Sciences.\n\n"
        "It lasted from April 25 to 29.\n\n"
        "Over 650 exhibitors came, said Wu Zhaohui, vice minister of science and technology.\n"
    )

    assert proposed == (
        "role wu-zhaohui-2024-04-30 person:wu-zhaohui post:vice-minister-of-science-and-technology "
        'wu-zhaohui "vice minister of science and technology"\n\n'
        "[dateline attest] BEIJING, April 30 (Agency) --\n"
        "[body] The 2024 Zhongguancun Forum was hosted by the Chinese Academy of Sciences.\n"
        "  ? accomplished host=organization:chinese-academy-of-sciences : Among the hosts of the 2024 "
        "forum was the Chinese Academy of Sciences.\n"
        "[body] It lasted from April 25 to 29.\n"
        "  ? accomplished period=period:2024-04-25--2024-04-29 : The 2024 forum lasted from 25 to "
        "29 April 2024.\n"
        "[body] Over 650 exhibitors came,\n"
        "  ? accomplished +wu-zhaohui as=wu-zhaohui-2024-04-30 exhibitors>650 : The 2024 forum had more than "
        "650 exhibitors.\n"
        "[body #wu-zhaohui] said Wu Zhaohui, vice minister of science and technology.\n"
    )


def test_propose_chinese_text() -> None:
    """Hedges and speakers are read by sign, and what has no English name leaves a place for it."""
    proposed = proposals(
        "2024中关村论坛年会近日在北京闭幕，吸引了来自100多个国家和地区的嘉宾。\n"
        "组委会办公室副主任林海燕表示，展览面积约3万平方米。\n"
    )

    assert proposed == (
        'new person:speaker-1 "NAME"@en "林海燕"@zh\n'
        'new post:post-of-speaker-1 "NAME"@en "组委会办公室副主任"@zh in="organization:NAME"\n\n'
        "role speaker-1-2024-04-30 person:speaker-1 post:post-of-speaker-1 speaker-1 "
        '"组委会办公室副主任"\n\n'
        "[body] 2024中关村论坛年会近日在北京闭幕，\n"
        "  ? accomplished place=place:beijing : The 2024 forum was held in Beijing.\n"
        "[body] 吸引了来自100多个国家和地区的嘉宾。\n"
        "  ? accomplished countries-represented>100 : Participants of the 2024 forum came from more than 100 "
        f"{COUNTED}.\n"
        "[body #speaker-1] 组委会办公室副主任林海燕表示，\n"
        "[body] 展览面积约3万平方米。\n"
        "  ? accomplished +speaker-1 as=speaker-1-2024-04-30 exhibition-area~30000m2 : The exhibition of the "
        "2024 forum covered about 30,000 square metres.\n"
    )


def test_proposals_for_the_articles_of_the_graph_are_as_good_as_measured(sources: Path) -> None:
    """The shares that docs/mapping.md gives are not lower: ends of passages, hedged figures, stances."""
    scores = measure(read_texts(sources))

    assert scores["ends of passages"].share >= 0.86
    assert scores["figures with their hedges"].share >= 0.91
    assert scores["stances"].share >= 0.75
