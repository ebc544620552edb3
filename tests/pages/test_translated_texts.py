"""Texts of the graph in the language of the page: translated, else tagged."""

import pyoxigraph as ox
import pytest
from flask import Flask
from markupsafe import Markup, escape

from forumkg.pages.graph import Row, StoreGraph
from forumkg.pages.languages import environ_in
from forumkg.pages.translated_graph import TranslatedGraph
from forumkg.pages.translated_text import TranslatedText, capitalized, literal, plain, tag_of

STORE = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>
INSERT DATA {
    <https://example.org/a> skos:prefLabel "Beijing"@en, "北京"@zh .
    <https://example.org/b> skos:prefLabel "host"@en, "主办"@zh .
    <https://example.org/c> skos:prefLabel "host"@en, "主机"@zh .
    <https://example.org/d> skos:prefLabel "alone"@en ; skos:altLabel "独"@zh .
    <https://example.org/s> zgc:paraphrase "It rains."@en ; zgc:translatedParaphrase "下雨了。"@zh ;
        zgc:editorialNote "Said in the rain."@en ; zgc:translatedNote "在雨中所说。"@zh .
    <https://example.org/e> skos:prefLabel "minister"@en, "部长"@zh ; zgc:wording "minister"@en .
}
"""


@pytest.fixture
def graph() -> TranslatedGraph:
    """Return a graph of a few names, for pages in Chinese."""
    store = ox.Store()
    store.update(STORE)
    return TranslatedGraph(StoreGraph(store), "zh")


def rows(graph: TranslatedGraph, variable: str, property_: str) -> dict[str, str]:
    """Return the values of a property, each with its translation."""
    found = graph.select(f"SELECT ?{variable} {{ ?thing {property_} ?{variable} }}")
    texts = [row.text(variable) for row in found]
    return {str(text): text.translation for text in texts if isinstance(text, TranslatedText)}


def test_text_has_the_translation_of_its_thing(graph: TranslatedGraph) -> None:
    """The translation is the value of the same property; a text with several, or with none, stays."""
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    found = rows(graph, "name", label)

    assert {text: found[text] for text in ("Beijing", "host", "alone")} == {
        "Beijing": "北京",
        "host": "",
        "alone": "",
    }


@pytest.mark.parametrize(
    ("property_", "texts"),
    [("paraphrase", {"It rains.": "下雨了。"}), ("editorialNote", {"Said in the rain.": "在雨中所说。"})],
)
def test_paraphrases_and_notes_have_translations_of_their_own(
    graph: TranslatedGraph, property_: str, texts: dict[str, str]
) -> None:
    """One row for each, as before: the translation has a property of its own."""
    assert rows(graph, "text", f"<https://w3id.org/zgc-forum/ontology/{property_}>") == texts


@pytest.mark.parametrize("variable", ["wording", "printed"])
def test_wording_is_not_translated(graph: TranslatedGraph, variable: str) -> None:
    """What a source prints is shown as it is printed, also where a thing is called so."""
    wording = "<https://w3id.org/zgc-forum/ontology/wording>"

    assert rows(graph, variable, wording) == {"minister": ""}
    assert rows(graph, "other", wording) == {"minister": "部长"}


@pytest.mark.parametrize(
    ("tag", "text", "shown"),
    [
        ("", TranslatedText("a < b", "en"), "a &lt; b"),
        ("", TranslatedText("北京", "zh"), '<span lang="zh">北京</span>'),
        ("zh", TranslatedText("a < b", "en"), '<span lang="en">a &lt; b</span>'),
        ("zh", TranslatedText("Beijing", "en", "北京"), "北京"),
        ("zh", TranslatedText("北京", "zh"), "北京"),
    ],
)
def test_text_in_markup(tag: str, text: TranslatedText, shown: str) -> None:
    """A text is escaped, and tagged where it is not in the language of the page."""
    with Flask(__name__).request_context(environ_in(tag)):
        assert escape(text) == shown
        assert (tag_of(text) != "") == ("lang=" in shown)


def test_text_in_other_forms() -> None:
    """Code compares the literal; attributes have the words of the page, and no markup."""
    text = TranslatedText("beijing", "en", "北京")
    with Flask(__name__).request_context(environ_in("zh")):
        assert text == "beijing"
        assert plain(text) == "北京"
        assert literal(text) == "beijing"
        assert capitalized(text) == "Beijing"
        assert plain(capitalized(text)) == "北京"
        assert plain(text.cut(5)) == "北京"
        assert plain(Markup("<b>a</b>")) == "a"


def test_row_without_translations() -> None:
    """A row knows the language of its texts, and nothing else of them."""
    text = Row({"name": ox.Literal("北京", language="zh")}).text("name")

    assert isinstance(text, TranslatedText)
    assert (text.language, text.translation) == ("zh", "")
