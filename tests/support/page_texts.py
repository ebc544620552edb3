"""The texts of a page, each with the language that it is tagged with."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

__all__ = ["HAN", "texts_of", "untagged_english"]

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3,}")
# Proper names of technology and of files, which Chinese texts write in Latin letters.
NAMES = re.compile(
    r"\b(?:SPARQL|SELECT|ASK|CONSTRUCT|DESCRIBE|JSON|XML|CSV|TSV|Turtle|Triples|JSON-LD|RDF|IRI|CC BY|"
    r"SVG|PNG|HTTP|forumkg|curl|Python|JavaScript|SPARQLWrapper|pandas|GET|POST|"
    r"SHA-256|BibTeX|MIT|WCAG|cookie|TriG|N-Quads|gzip|CSVW|VoID|DCAT|Croissant|XLSX|Parquet|OWL|"
    r"[\w-]+\.ttl|SHACL|KiB|UCUM|ISO|Unicode|UTF-8|SKOS|true|false|"
    r"Excel|LibreOffice|Numbers|polars|DuckDB|Spark|rdflib|Oxigraph|Apache Jena Fuseki|GraphDB|"
    r"RIS|CSL-JSON|Zotero|Mendeley|EndNote|JabRef|Citavi|Unicode|OWL 2 RL|true|false|CNY|USD|"
    # Prefixed names, the names of articles and of rules, addresses.
    r"[a-z]+:[A-Za-z]+|[a-z-]+-[0-9]{4}(?:-[0-9]{2}-[0-9]{2})?|[0-9]{2}-[a-z-]+|https?://\S+)\b\S*"
)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
# Elements whose text is not language, or is not shown.
NO_LANGUAGE = {"code", "kbd", "pre", "script", "style", "textarea"}


class _Texts(HTMLParser):
    """Collects the texts of a page, also those in attributes, with the language that each is tagged with."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        language = values.get("lang") or (self._open[-1][1] if self._open else "")
        for name in ("aria-label", "title", "placeholder", "alt"):
            if values.get(name):
                self._keep(str(values[name]), language)
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Skip the empty elements of a drawing."""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and not any(tag in NO_LANGUAGE for tag, _ in self._open):
            self._keep(data, self._open[-1][1])

    def _keep(self, text: str, language: str) -> None:
        if text.strip():
            self.found.append((language, text.strip()))


def texts_of(page: str) -> list[tuple[str, str]]:
    """Return the texts of a page, also those in attributes, each with its language."""
    parser = _Texts()
    parser.feed(page)
    return parser.found


def untagged_english(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return the texts that are not tagged as English, yet have words in Latin letters."""
    return [text for language, text in found if language != "en" and LATIN.search(NAMES.sub("", text))]
