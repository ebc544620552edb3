"""The interface in several languages: whole catalogues, pages without mixtures, addresses that lead on."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

import pytest
from babel.messages.catalog import Message
from flask.testing import FlaskClient
from messages import DOMAINS, TRANSLATIONS, catalogue, compiled, extracted, path_of
from page_texts import HAN, texts_of, untagged_english

from forumkg.dataset.questions import load_questions
from forumkg.namespaces import ID, ZGC
from forumkg.pages.rendering import problem_page_of
from forumkg.sparql.problem import Problem

# What a Chinese text does not have: spaces at digits or full-width marks, and half-width marks.
CHINESE_FLAWS = re.compile(
    r"[\u4e00-\u9fff] (?:%\((?:number|num|count|total)\)s|\d[\d,.]*(?:$|[\u4e00-\u9fff，。；]))"
    r"|(?:%\((?:number|num|count|total)\)s|(?<![\w.-])(?<![A-Za-z0-9] )\d[\d,.]*) [\u4e00-\u9fff]"
    r"|[\u4e00-\u9fff][，。；：？！、）] +\S|\S +[，。；：？！、）]"
    r"|[\u4e00-\u9fff][,;:?!()]|[,;?!()][\u4e00-\u9fff]"
)
# What stands in a text as a name does; the title of a page ends with the name of the site.
MARKUP = re.compile(r"<[^>]*>|`[^`]*`| – .*")
# Pages in English with Chinese names.
ENGLISH = (
    "/", "/compare", "/compare/exhibitors", "/editions", "/timeline", "/id/edition/2021.html", "/themes",
    "/organizations", "/articles", "/disagreements", "/questions", "/ontology.html", "/search?q=forum",
    "/about", "/data",
)  # fmt: skip
CHINESE = (
    "/zh/",
    "/zh/articles", "/zh/people", "/zh/organizations", "/zh/themes", "/zh/editions", "/zh/gaps",
    "/zh/gaps?kind=omitted", "/zh/disagreements", "/zh/compare", "/zh/compare/exhibitors",
    "/zh/compare/countries-represented", "/zh/editions/compare?a=2021&b=2023",
    *(f"/zh/search{query}" for query in ("", "?q=北京", "?q=论坛", "?q=无此")),
    *(f"/zh/cite?of={of}" for of in ("/compare", f"{ID}statement/china-daily-2021/8")),
    "/zh/timeline", "/zh/contribute", f"/zh/contribute/report?of={ID}statement/china-daily-2021/8",
    "/zh/about", "/zh/data", "/zh/docs", "/zh/prefixes.html",
    "/zh/questions", "/zh/ontology.html", "/zh/shapes.html", "/zh/ontology/Statement.html",
    "/zh/ontology/isAbout.html",
    "/zh/ontology/isSectionOf.html", "/zh/ontology/corroborates.html", "/zh/ontology/unit.html",
    *(f"/zh/questions/{question.slug}" for question in load_questions()),
    "/zh/sparql", "/zh/sparql?query=SELECT+%28%22%E6%95%B0%22+AS+%3Fn%29+%7B%7D", "/zh/sparql?query=SELECT",
    *(f"/zh/id/{name}.html" for name in (
        "article/china-daily-2021", "article/china-daily-2021/char=49,156", "code/attendee", "edition/2021",
        "forum/zgc", "group/2021-organizers", "indicator/exhibitors", "organization/xinhua",
        "outcome/2023-achievements", "period/2021-09-15", "person/li-meng", "place/beijing",
        "post/vice-minister-of-science-and-technology", "quantity/china-daily-2021/8",
        "role/li-meng-2021-09-15", "scheme/stance", "section/2021-exhibition", "theme/2021-annual",
        "topic/robotics",
        *(f"statement/{each}" for each in ("china-daily-2021/8", "xinhua-2023-05-24/44")),
    )),
    *(f"/zh/why?s={ID}{s}&p={ZGC}{p}&o={ID}{o}" for s, p, o in (
        ("statement/china-daily-2021/25", "differsFrom", "statement/china-daily-2021/8"),
        ("statement/china-daily-2021/8", "exceedsPossible", "indicator/countries-of-representatives"),
    )),
)  # fmt: skip


def texts(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    """Return the texts of a page, each with its language."""
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code in {200, 400}
    return texts_of(response.text)


def messages(tag: str, domain: str) -> Iterator[Message]:
    """Return the messages of a catalogue, without its head."""
    return (message for message in catalogue(tag, domain) if message.id)


def _forms(message: Message) -> Iterable[str]:
    return message.string if isinstance(message.string, tuple | list) else (message.string or "",)


@pytest.mark.parametrize("tag", TRANSLATIONS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_catalogue_has_each_message(domain: str, tag: str) -> None:
    """Each message of the pages, and of the editor's script, is translated, and no other.

    `make messages` adds those that are new.
    """
    wanted = {str(message.id) for message in extracted(domain) if message.id}

    assert {str(message.id) for message in messages(tag, domain)} == wanted
    assert [message.id for message in messages(tag, domain) if message.fuzzy or not message.string] == []
    assert [
        message.id
        for message in messages(tag, domain)
        if isinstance(message.string, tuple) and not all(message.string)
    ] == []


@pytest.mark.parametrize("tag", TRANSLATIONS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_have_the_same_placeholders(domain: str, tag: str) -> None:
    """A translation names each value that its message has, and no other."""
    for message in messages(tag, domain):
        if isinstance(message.id, str):
            values = [sorted(re.findall(r"%\(\w+\)s", str(text))) for text in (message.id, message.string)]
            assert values[0] == values[1], message.id
            variables = [set(re.findall(r"\{\?\w+\}", str(text))) for text in (message.id, message.string)]
            assert variables[0] == variables[1], message.id


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_translations_are_set_by_one_rule(domain: str) -> None:
    """Marks are full-width, without spaces; a space divides Chinese from Latin letters, not from digits."""
    strings = {str(text) for message in messages("zh", domain) for text in _forms(message)}

    assert [text for text in strings if CHINESE_FLAWS.search(MARKUP.sub("■", text))] == []


@pytest.mark.parametrize("tag", TRANSLATIONS)
@pytest.mark.parametrize("domain", DOMAINS)
def test_compiled_catalogue_is_up_to_date(domain: str, tag: str) -> None:
    """What gettext and the script read was compiled from the catalogue; `make messages` compiles it."""
    ending = DOMAINS[domain][2]

    assert path_of(tag, ending, domain).read_bytes() == compiled(catalogue(tag, domain), domain)


@pytest.mark.parametrize("path", CHINESE)
def test_chinese_page_has_no_english_without_its_tag(shipped_client: FlaskClient, path: str) -> None:
    """English on a Chinese page is a quotation from the graph, and tagged; the page itself is in Chinese."""
    found = texts(shipped_client, path)

    assert untagged_english(found) == []
    assert [text for language, text in found if language == "en" and HAN.search(text)] == []
    assert [text for _, text in found if "<span" in text] == []
    chinese = [text for language, text in found if language == "zh"]
    assert [text for text in chinese if CHINESE_FLAWS.search(MARKUP.sub("■", text))] == []
    assert sum(language == "zh" and bool(HAN.search(text)) for language, text in found) > 20


@pytest.mark.parametrize("path", ENGLISH)
def test_english_page_has_no_chinese_without_its_tag(shipped_client: FlaskClient, path: str) -> None:
    """Chinese on an English page is tagged."""
    found = texts(shipped_client, path)

    assert [text for language, text in found if language != "zh" and HAN.search(text)] == []


@pytest.mark.parametrize("path", ["/", "/compare/exhibitors", "/disagreements", "/id/person/wu-zhaohui.html"])
def test_english_page_names_articles_in_english(shipped_client: FlaskClient, path: str) -> None:
    """Articles with names in both languages have the English one on English pages."""
    links = re.findall(
        r'<a href="/id/article/[^"#]+"[^>]*>(.*?)</a>', shipped_client.get(path).text, re.DOTALL
    )

    assert links
    assert [link for link in links if HAN.search(link)] == []


def test_languages_lead_to_each_other(shipped_client: FlaskClient) -> None:
    """Each version of a page names all of them, and has a switch to the other."""
    links = [
        re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', shipped_client.get(path).text)
        for path in ("/", "/zh/")
    ]

    assert (
        links[0]
        == links[1]
        == [
            ("en", "http://localhost/"),
            ("zh", "http://localhost/zh/"),
            ("x-default", "http://localhost/"),
        ]
    )
    assert '<a class="language" href="/zh/" hreflang="zh" lang="zh">中文</a>' in shipped_client.get("/").text
    assert (
        '<a class="language" href="/" hreflang="en" lang="en">English</a>' in shipped_client.get("/zh").text
    )


def test_page_without_translation_redirects_to_english(
    shipped_client: FlaskClient,
) -> None:
    """No switch leads to a half translated page; its address leads to the English one, with its query."""
    assert "hreflang" not in shipped_client.get("/docs/promises").text
    response = shipped_client.get("/zh/docs/promises?q=a%26b", base_url="http://localhost/under")

    assert (response.status_code, response.headers["Location"]) == (302, "/under/docs/promises?q=a%26b")
    assert shipped_client.get("/zhang").status_code == 404


def test_other_method_at_a_page_without_translation(shipped_client: FlaskClient) -> None:
    """A redirect keeps the method of the request: after a 302, clients would send a GET."""
    response = shipped_client.delete("/zh/sparql/queries/0123456789012345678901")

    assert (response.status_code, response.headers["Location"]) == (
        307,
        "/sparql/queries/0123456789012345678901",
    )


def test_error_pages_in_chinese(shipped_client: FlaskClient) -> None:
    """An error has a Chinese page under `/zh/`: what is known in Chinese says so, all else is tagged."""
    for path, status in (
        ("/zh/nix", 404),
        ("/zh/id/person/nobody.html", 404),
        ("/zh/compare/nix", 404),
        ("/zh/articles?page=9", 404),
        ("/zh/articles?page=x", 400),
        ("/zh/editions?forum=nix", 404),
    ):
        response = shipped_client.get(path, headers={"Accept": "text/html"})
        assert (response.status_code, '<html lang="zh">' in response.text) == (status, True), path
        assert [
            text for text in untagged_english(texts_of(response.text)) if not re.search(r"[/']", text)
        ] == []


def test_error_pages_of_the_event_loop_have_the_language_of_the_path(shipped_client: FlaskClient) -> None:
    """What is answered without the application has a page in the language of its address, too."""
    pages = problem_page_of(shipped_client.application)
    problem = Problem(503, "The queue is full.")

    assert (
        '<h1>The server is busy</h1>\n<p class="lead">The queue is full.</p>'
        in pages("/compare")(problem).decode()
    )
    chinese = pages("/zh/compare")(problem).decode()
    assert '<h1>服务器繁忙</h1>\n<p class="lead" lang="en">The queue is full.</p>' in chinese
    assert 'href="/zh/editions"' in chinese
    assert untagged_english(texts_of(chinese)) == []


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_pages_of_all_things_have_no_untagged_text(shipped_client: FlaskClient, prefix: str) -> None:
    """In both languages, the page of each thing of the site map has no text of the other without its tag."""
    paths = re.findall(r"<loc>http://localhost([^<]+)</loc>", shipped_client.get("/sitemap.xml").text)
    things = [unescape(path) for path in paths if path.startswith("/id/")]
    assert len(things) > 500
    for path in things:
        found = texts(shipped_client, f"{prefix}{path}")
        # A definition in English cites these characters.
        chinese = {language for language, text in found if HAN.search(text.replace("近200余", ""))}
        assert chinese <= {"zh"}, path
        if prefix:
            assert untagged_english(found) == [], path
