"""Articles, passages and texts as values: reading them from triples, and verifying spans against a text."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from forumkg.errors import DataError
from forumkg.texts.reading import Text, digest, read_text, read_texts
from forumkg.validation.passages import (
    ArticleMetadata,
    PassageSelector,
    check_selectors,
    read_articles,
    read_passages,
    verify,
)

ARTICLE = "https://w3id.org/zgc-forum/id/article/invented"
# The dragon and the flag take one code point each, but four bytes, and two code units in UTF-16.
STORY = "Café 龍🐉 opened.\nIt served 1.5 litres.\n"


def article_of(text: Text) -> ArticleMetadata:
    """Return what a graph would know of a text."""
    return ArticleMetadata(ARTICLE, text.sha256, text.code_point_length)


def passage_of(text: str, start: int, end: int) -> PassageSelector:
    """Return a passage with the digest that the span has."""
    return PassageSelector(
        f"{ARTICLE}/char={start},{end}", ARTICLE, start, end, digest(text[start:end]), supports=True
    )


def test_read_articles_and_passages_from_triples() -> None:
    """Articles and passages come out of a graph as values, with the coded values as IRIs."""
    graph = Graph().parse(
        data=f"""
        @prefix zgc: <https://w3id.org/zgc-forum/ontology/> .
        @prefix code: <https://w3id.org/zgc-forum/id/code/> .
        @prefix oa: <http://www.w3.org/ns/oa#> .
        <{ARTICLE}> a zgc:Article ; zgc:sha256 "ab" ; zgc:codePointLength 9 .
        <{ARTICLE}/char=4,9> a zgc:OmittedPassage ; zgc:hasOmissionReason code:furniture ; zgc:sha256 "ef" ;
            zgc:hasSourcePart code:caption ; oa:hasSource <{ARTICLE}> ;
            oa:hasSelector <{ARTICLE}/char=4,9/selector> .
        <{ARTICLE}/char=4,9/selector> oa:start 4 ; oa:end 9 .
        <{ARTICLE}/char=0,3> a zgc:Passage ; zgc:sha256 "cd" ; zgc:hasSourcePart code:body ;
            oa:hasSource <{ARTICLE}> ; oa:hasSelector <{ARTICLE}/char=0,3/selector> .
        <{ARTICLE}/char=0,3/selector> oa:start 0 ; oa:end 3 .
        <urn:s> zgc:isSupportedBy <{ARTICLE}/char=0,3> .
        """
    )
    code = "https://w3id.org/zgc-forum/id/code/"

    assert read_articles(graph) == (ArticleMetadata(ARTICLE, "ab", 9),)
    assert read_passages(graph) == (
        PassageSelector(f"{ARTICLE}/char=0,3", ARTICLE, 0, 3, "cd", f"{code}body", supports=True),
        PassageSelector(
            f"{ARTICLE}/char=4,9",
            ARTICLE,
            4,
            9,
            "ef",
            f"{code}caption",
            omitted=True,
            reason=f"{code}furniture",
        ),
    )


def test_read_passages_without_selector_digest_or_article() -> None:
    """What lacks a part is left to SHACL, and what has an offset that is no integer too."""
    graph = Graph().parse(
        data=f"""
        @prefix zgc: <https://w3id.org/zgc-forum/ontology/> .
        @prefix oa: <http://www.w3.org/ns/oa#> .
        <urn:a> a zgc:Passage ; oa:hasSource <{ARTICLE}> ; zgc:sha256 "cd" .
        <urn:b> a zgc:Passage ; oa:hasSource <{ARTICLE}> ; oa:hasSelector <urn:s> .
        <urn:c> a zgc:Passage ; zgc:sha256 "cd" ; oa:hasSelector <urn:s> .
        <urn:d> a zgc:Passage ; oa:hasSource <{ARTICLE}> ; zgc:sha256 "cd" ; oa:hasSelector <urn:t> .
        <urn:s> oa:start 0 ; oa:end 3 .
        <urn:t> oa:start "0" ; oa:end true .
        <urn:e> a zgc:Article .
        """
    )

    assert read_passages(graph) == ()
    assert read_articles(graph) == ()


def test_verify_own_text() -> None:
    """Spans in code points verify, whatever the number of bytes before them."""
    text = Text.of("story.txt", STORY)
    passages = [passage_of(STORY, 5, 7), passage_of(STORY, 8, 15), passage_of(STORY, 0, len(STORY))]

    assert STORY[5:7] == "龍🐉"
    assert verify(article_of(text), passages, text) == ()


def test_verify_another_text() -> None:
    """Another text is reported with both digests and lengths, and no span is looked at."""
    article = article_of(Text.of("story.txt", STORY))
    other = Text.of("other.txt", "Something else.")
    (problem,) = verify(article, [passage_of(STORY, 0, 4)], other)

    assert (problem.iri, problem.check) == (ARTICLE, "another-text")
    assert problem.message == (
        f"other.txt is another text: it has 15 code points and the SHA-256 {other.sha256}, "
        f"the article has {len(STORY)} and {article.sha256}."
    )
    assert problem.advice == (
        "Offsets and digests hold for that one text only: give the text that was mapped, "
        "or map this one as an article of its own."
    )


@pytest.mark.parametrize(
    ("content", "how"),
    [
        ("\ufeff" + STORY, "save it without a byte order mark"),
        (STORY.replace("\n", "\r\n"), "save it with LF line ends"),
        ("\ufeff" + STORY.replace("\n", "\r\n"), "save it with LF line ends and without a byte order mark"),
        (STORY + "\n", "remove the line end at its end"),
        (STORY.removesuffix("\n"), "end it with a line end"),
    ],
)
def test_verify_text_that_an_editor_changed(content: str, how: str) -> None:
    """A text that differs by its mark or line ends is another text, and the advice says how to fix it."""
    article = article_of(Text.of("story.txt", STORY))
    (problem,) = verify(article, [], Text.of("story.txt", content))

    assert problem.advice == f"To make it the same text, {how}."


def test_verify_span_with_other_digest() -> None:
    """A span that moved by one code point no longer has its digest."""
    text = Text.of("story.txt", STORY)
    moved = PassageSelector(f"{ARTICLE}/char=1,5", ARTICLE, 1, 5, digest(STORY[0:4]))
    problems = verify(article_of(text), [passage_of(STORY, 0, 4), moved], text)

    assert [(p.iri, p.check) for p in problems] == [(moved.iri, "passage-digest")]
    assert problems[0].message == f"The span 1,5 of the text does not have the SHA-256 {digest(STORY[0:4])}."


@pytest.mark.parametrize(
    ("iri", "start", "end", "checks"),
    [
        ("/char=0,4", 0, 4, []),
        ("/char=0,4", 0, 5, ["selector-disagrees"]),
        ("/first", 0, 5, ["selector-disagrees"]),
        ("/char=0,39", 0, 39, ["selector-bounds"]),
        ("/char=4,4", 4, 4, ["selector-bounds"]),
        ("/char=4,3", 4, 3, ["selector-bounds"]),
    ],
)
def test_check_selectors(iri: str, start: int, end: int, checks: list[str]) -> None:
    """The IRI and the selector agree, and the span is one of the text."""
    article = article_of(Text.of("story.txt", STORY))
    passage = PassageSelector(f"{ARTICLE}{iri}", ARTICLE, start, end, "")

    assert article.code_point_length == 38
    assert [problem.check for problem in check_selectors(article, [passage])] == checks


@given(st.text(st.characters(exclude_categories=["Cs"])), st.data())
def test_verify_any_span_of_any_text(content: str, data: st.DataObject) -> None:
    """Whatever the text, each of its spans verifies with its own digest and fails with another."""
    text = Text.of("any.txt", content)
    start = data.draw(st.integers(0, max(0, len(content) - 1)))
    end = data.draw(st.integers(start, len(content)))
    good = passage_of(content, start, end)
    bad = PassageSelector(good.iri, good.article, start, end, digest(content[start:end] + "x"))

    assert verify(article_of(text), [good], text) == ()
    assert len(verify(article_of(text), [bad], text)) == (1 if start < end else 0)


def test_read_text_keeps_every_code_point(tmp_path: Path) -> None:
    """Reading translates no line end and drops no byte order mark, and the digest is that of the bytes."""
    content = "\ufeffOne\r\ntwo\rthree\n\u2028é e\u0301"
    path = tmp_path / "exact.txt"
    path.write_bytes(content.encode())
    text = read_text(path)

    assert text.content == content
    assert text.code_point_length == len(content)
    assert text.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_read_text_not_utf8(tmp_path: Path) -> None:
    """A file that is not UTF-8 is an error that says at which byte."""
    path = tmp_path / "latin.txt"
    path.write_bytes("Caf\xe9".encode("latin-1"))

    with pytest.raises(DataError, match=r"latin\.txt is not UTF-8 \(byte 3\)"):
        read_text(path)


def test_read_text_missing(tmp_path: Path) -> None:
    """A file that is not there is an error that names it."""
    with pytest.raises(DataError, match=r"Cannot read .*none\.txt: No such file"):
        read_text(tmp_path / "none.txt")


def test_read_texts_of_a_folder(tmp_path: Path) -> None:
    """The texts of a folder are its files that end in .txt, by name."""
    for name in ("b.txt", "a.txt", "README.md"):
        (tmp_path / name).write_text(name, encoding="utf-8")

    assert [text.name for text in read_texts(tmp_path)] == ["a.txt", "b.txt"]
