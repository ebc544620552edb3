"""The pages of articles: what they hold, how passages are ordered, and which text they show to whom."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from made_up_articles import ARTICLE, TEXT, made_up_files, span, write_made_up
from shipped import shipped_store

from forumkg.app.application import create_app
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import Version, in_memory, open_version
from forumkg.namespaces import BASE, ID
from forumkg.pages.article_list import Article, list_articles, read_articles
from forumkg.pages.articles.article import Metadata, Named, TextPiece, mark_text, read_article
from forumkg.pages.graph import Graph, StoreGraph
from forumkg.pages.passages import Attested, Passage, PassageKind
from forumkg.texts.reading import Text, digest, read_texts
from forumkg.web.query_service import QueryService
from forumkg.workers.pool import Pool

SHIPPED = StoreGraph(shipped_store())
ARTICLES = [article.iri for article in list_articles(SHIPPED)]
NAME = "The Gazette on the kite fair"


@pytest.fixture(scope="module")
def made_up_version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Open a version of the made-up dataset."""
    folder = tmp_path_factory.mktemp("made-up")
    return open_version(
        folder / "data", made_up_files(folder / "root"), ontology_dir=folder / "root/ontology"
    )


@pytest.fixture(scope="module")
def made_up(made_up_version: Version) -> Graph:
    """Ask the made-up dataset."""
    return StoreGraph(made_up_version.store)


@pytest.fixture(scope="module")
def pool(made_up_version: Version) -> Iterator[Pool]:
    """Run workers on the made-up dataset."""
    with Pool(made_up_version.path / "store") as pool:
        yield pool


@pytest.fixture(scope="module")
def client(made_up_version: Version, pool: Pool) -> FlaskClient:
    """Return a client of the application on the made-up dataset."""
    return create_app(made_up_version, QueryService(pool, made_up_version.info.digest)).test_client()


@pytest.fixture(scope="module")
def reader(made_up_version: Version, pool: Pool) -> FlaskClient:
    """Return a client of an application that has the text, and one that no article has."""
    texts = (TEXT, Text.of("other.txt", "Nothing is known of this."))
    answering = QueryService(pool, made_up_version.info.digest)
    return create_app(made_up_version, answering, texts=texts).test_client()


def page(client: FlaskClient, iri: str) -> str:
    """Return the page of a thing."""
    response = client.get(f"/{iri.removeprefix(BASE)}.html", headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.text


def data_of(text: str) -> dict[str, object]:
    """Return what a page hands to its script."""
    pattern = r'<script type="application/json" id="article-data">(.*?)</script>'
    found: dict[str, object] = json.loads(re.findall(pattern, text)[0])
    return found


def passage(name: str, part: str, kind: PassageKind, statements: tuple[int, ...] = ()) -> Passage:
    """Return a passage of the made-up article."""
    start, end = span(name)
    return Passage(
        iri=f"{ARTICLE}/char={start},{end}",
        article=ARTICLE,
        start=start,
        end=end,
        digest=digest(TEXT.content[start:end]),
        part=part,
        omitted=kind == PassageKind.OMITTED,
        reason="navigation" if kind == PassageKind.OMITTED else "",
        reason_meaning="It is a link, a menu or the name of a web site."
        if kind == PassageKind.OMITTED
        else "",
        statements=tuple(f"{ID}statement/kites/{number}" for number in statements),
        attested=(Attested(ARTICLE, NAME, is_article=True),) if kind == PassageKind.METADATA else (),
    )


def passages() -> tuple[Passage, ...]:
    """Return the passages of the made-up article, in the order of the text, the longer before the shorter."""
    return (
        passage("headline", "headline", PassageKind.SUPPORTING, (1,)),
        passage("byline", "byline", PassageKind.METADATA),
        passage("sentence", "body", PassageKind.SUPPORTING, (1, 2)),
        passage("figure", "body", PassageKind.SUPPORTING, (2,)),
        passage("across", "body", PassageKind.SUPPORTING, (10,)),
        passage("share", "furniture", PassageKind.OMITTED),
    )


def test_articles(made_up: Graph) -> None:
    """The page of an article has its publisher, day and kind of English, and its passages in order."""
    assert read_articles(made_up) == (
        Article(
            iri=ARTICLE,
            name=NAME,
            length=TEXT.code_point_length,
            digest=TEXT.sha256,
            publisher=f"{ID}organization/gazette",
            publisher_name="The Gazette",
            issued=date(1999, 6, 30),
            quality="edited English",
            quality_meaning="Written or edited in English by the publisher.",
            passages=passages(),
        ),
    )


def test_article_parts(made_up: Graph) -> None:
    """A statement is listed where it first occurs; later passages name it again."""
    shown = read_article(made_up, list_articles(made_up)[0])

    def numbers(statements: tuple[object, ...]) -> list[str]:
        return [str(getattr(statement, "iri", "")).rpartition("/")[2] for statement in statements]

    found = [
        (
            part.passage.part,
            numbers(part.statements),
            numbers(part.again),
            [each.part for each in part.around],
        )
        for part in shown.parts
    ]
    assert found == [
        ("headline", ["1"], [], []),
        ("byline", [], [], []),
        ("body", ["2"], ["1"], []),
        ("body", [], ["2"], ["body"]),
        ("body", ["10"], [], []),
        ("furniture", [], [], []),
    ]
    assert shown.accepted == {f"{ID}statement/kites/1"}
    assert shown.metadata == Metadata(
        writers=(Named(f"{ID}person/a-nobody", "A. Nobody"),),
        addresses=(Named("", "https://gazette.example/kites"),),
    )


def test_article_strip(made_up: Graph) -> None:
    """The strip is the whole text, from its start to its end, and its shares make up one."""
    (article,) = read_articles(made_up)
    starts = [mark.start for mark in article.marks]

    assert [*starts, article.length] == [0, *(mark.end for mark in article.marks)]
    assert [mark.kind for mark in article.marks] == [
        PassageKind.SUPPORTING,
        None,
        PassageKind.METADATA,
        None,
        *[PassageKind.SUPPORTING] * 4,
        None,
        PassageKind.OMITTED,
        None,
    ]
    told = sum(end - start for start, end in (span("headline"), span("sentence"))) + len(
        " Fifty are planned."
    )
    assert article.covered(PassageKind.SUPPORTING) == told
    assert article.share(PassageKind.SUPPORTING) == told / article.length


def test_marked_text() -> None:
    """A text is its pieces in order; each passage is opened once, and stands where its digest says."""
    marked = mark_text(TEXT, passages())

    assert "".join(piece.words for piece in marked.pieces) == TEXT.content
    assert [each for piece in marked.pieces for each in reversed(piece.opened)] == list(passages())
    assert marked.misplaced == ()
    sentence, across = passages()[2], passages()[4]
    assert TextPiece("said A. Nobody.", (across, sentence), (across,)) in marked.pieces


@given(
    content=st.text(max_size=30),
    spans=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_marked_text_is_the_text(content: str, spans: list[tuple[int, int]]) -> None:
    """Whatever the passages are, the pieces are the text; each passage has the words between its offsets."""
    marked = mark_text(
        Text.of("any.txt", content),
        [Passage(f"urn:{index}", ARTICLE, *span, digest="") for index, span in enumerate(spans)],
    )

    assert "".join(piece.words for piece in marked.pieces) == content
    for index, (start, end) in enumerate(spans):
        within = (piece for piece in marked.pieces if f"urn:{index}" in {each.iri for each in piece.passages})
        assert "".join(piece.words for piece in within) == content[start:end]


def test_marked_text_misplaced() -> None:
    """A passage with other words is reported."""
    first, *others = passages()
    text = Text.of("kites.txt", TEXT.content.replace("lake", "pond"))

    assert mark_text(text, (first, *others)).misplaced == (first,)


def test_list_page(client: FlaskClient) -> None:
    """The list says of each article who printed it and when, and how much of it is mapped or left out."""
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", client.get("/articles").text)).split())
    length = TEXT.code_point_length

    assert f"The Gazette , 30 June 1999 · edited English {NAME}" in words
    assert "3 statements 5 passages" in words
    assert (
        f"of {length} characters mapped {100 * (span('share')[1] - span('share')[0]) / length:.1f}% left out"
        in words
    )


def test_article_page_has_no_text(client: FlaskClient) -> None:
    """Without the text, the page holds digests and offsets for the script, and none of the words."""
    text = page(client, ARTICLE)

    assert data_of(text) == {
        "name": NAME,
        "sha256": TEXT.sha256,
        "length": TEXT.code_point_length,
        "passages": [
            {"start": each.start, "end": each.end, "sha256": each.digest, "kind": each.kind}
            for each in passages()
        ],
        "others": [],
    }
    assert "article-text.js" in text
    assert "said A. Nobody" not in text


def test_article_page_with_text(reader: FlaskClient) -> None:
    """With the text, the page shows it whole and escaped, marks its passages, and needs no script."""
    text = page(reader, ARTICLE)
    shown = re.findall(r'<div class="article-text">(.*?)</div>', text, re.DOTALL)[0]

    assert unescape(re.sub(r"<[^>]*>", "", shown)) == TEXT.content
    assert re.findall(r'<span id="text-(\d+)-(\d+)">', shown) == [
        (str(each.start), str(each.end)) for each in sorted(passages(), key=lambda p: (p.start, p.end))
    ]
    assert "6 of 6 passages are where the graph says." in text
    assert "article-text.js" not in text
    assert "Nothing is known of this." not in text


def test_text_is_closed_to_other_origins(client: FlaskClient, reader: FlaskClient) -> None:
    """Pages of a server that has texts cannot be read by other sites; those of others can, and all data."""
    path = f"/{ARTICLE.removeprefix(BASE)}"

    def policy(client: FlaskClient, ending: str) -> tuple[str | None, str | None]:
        headers = client.get(path + ending).headers
        return headers.get("Access-Control-Allow-Origin"), headers.get("Cross-Origin-Resource-Policy")

    assert policy(client, ".html") == ("*", "cross-origin")
    assert policy(reader, ".html") == (None, "same-origin")
    assert policy(reader, ".ttl") == ("*", "cross-origin")


def test_passage_page(client: FlaskClient, reader: FlaskClient) -> None:
    """The page of a passage shows what cites it, leads to its place, and has its words if it can."""
    start, end = span("sentence")
    iri = f"{ARTICLE}/char={start},{end}"
    text = page(client, iri)

    assert re.findall(r'id="statement-kites-(\d+)"', text) == ["2", "1"]
    assert f'href="/id/article/kites.html#char-{start}-{end}"' in text
    assert "The frame marks this passage." in text
    assert "Over 40 kites" not in text
    assert "Over 40 kites flew in June, said A. Nobody." in page(reader, iri)


def test_omitted_passage_page(client: FlaskClient) -> None:
    """The page of a passage that was left out says why."""
    start, end = span("share")

    assert "A passage that was left out: navigation." in page(client, f"{ARTICLE}/char={start},{end}")


def test_json_ld(client: FlaskClient) -> None:
    """Search engines learn who printed the article and when; no headline, and no words of it."""
    found = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page(client, ARTICLE), re.DOTALL
    )

    assert [json.loads(each) for each in found] == [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": ARTICLE,
            "name": NAME,
            "inLanguage": "en",
            "publisher": {
                "@type": "NewsMediaOrganization",
                "@id": f"{ID}organization/gazette",
                "name": "The Gazette",
            },
            "datePublished": "1999-06-30",
            "url": "https://gazette.example/kites",
            "author": [{"@type": "Person", "@id": f"{ID}person/a-nobody", "name": "A. Nobody"}],
            "subjectOf": {
                "@type": "WebPage",
                "url": "http://localhost/id/article/kites.html",
                "inLanguage": "en",
                "isBasedOn": ARTICLE,
            },
        }
    ]


@pytest.mark.parametrize("iri", ARTICLES)
def test_shipped_article_page(shipped_client: FlaskClient, iri: str) -> None:
    """Each passage and each statement of an article is one element, where links from other pages lead."""
    article = next(each for each in read_articles(SHIPPED) if each.iri == iri)
    ids = Counter(re.findall(r'\bid="([^"]+)"', page(shipped_client, iri)))

    statements = {each.removeprefix(ID).replace("/", "-") for each in article.statements}
    assert {each for each in ids if each.startswith("statement-")} == statements
    assert {each for each in ids if each.startswith("char-")} == {each.anchor for each in article.passages}
    assert max(ids.values()) == 1


@pytest.mark.parametrize("iri", ARTICLES)
def test_shipped_links_within_the_page(shipped_client: FlaskClient, iri: str) -> None:
    """Each link to a place on the page leads to one."""
    text = page(shipped_client, iri)

    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(re.findall(r'\bid="([^"]+)"', text))


def test_shipped_texts(shipped_version: Version, sources: Path) -> None:
    """The page of each article shows its text, code point for code point, and all passages stand in it."""
    texts = {text.sha256: text for text in read_texts(sources)}
    with Pool(shipped_version.path / "store") as pool:
        answering = QueryService(pool, shipped_version.info.digest)
        reader = create_app(shipped_version, answering, texts=texts.values()).test_client()
        for article in read_articles(SHIPPED):
            text = page(reader, article.iri)
            shown = re.findall(r'<div class="article-text">(.*?)</div>', text, re.DOTALL)[0]
            assert digest(unescape(re.sub(r"<[^>]*>", "", shown))) == article.digest
            count = len(article.passages)
            assert f"{count} of {count} passages are where the graph says." in text


def test_hostile_names(tmp_path: Path) -> None:
    """A name that would end a script or a tag is shown and handed to scripts as it is, and does nothing."""
    name = "</script><img src=x onerror=alert(1)>\u202e"
    root = write_made_up(tmp_path / "root")
    path = root / "graph" / "articles" / "kites.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace(NAME, name), encoding="utf-8")
    version = open_version(tmp_path / "data", source_files(root), ontology_dir=root / "ontology")
    with Pool(version.path / "store") as pool:
        client = create_app(version, QueryService(pool, version.info.digest)).test_client()
        text = page(client, ARTICLE)
        assert "<img" not in text + client.get("/articles").text + page(client, passages()[0].iri)
    assert data_of(text)["name"] == name


def test_in_memory_is_the_same(tmp_path: Path, made_up: Graph) -> None:
    """A build in memory says the same of the article."""
    assert read_articles(StoreGraph(in_memory(made_up_files(tmp_path / "root")))) == read_articles(made_up)
