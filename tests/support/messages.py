"""Extract the messages of pages and of the editor's script, and compile them; `make messages` runs it.

https://babel.pocoo.org/en/latest/messages.html
"""

import io
import json
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from forumkg import resources
from forumkg.pages import languages
from forumkg.pages.docs.markdown import title_of
from forumkg.pages.why.proof_words import rule_text
from forumkg.rdf.reading import read_text
from forumkg.rdf.terms import named
from forumkg.rdf.turtle.outline import outline
from forumkg.reasoning.derivation import load_rules

__all__ = ["DOMAINS", "TRANSLATIONS", "catalogue", "compiled", "extracted", "path_of"]

TRANSLATIONS: Final = ("zh",)
_PAGES: Final = Path(languages.__file__).parent
_SCRIPT: Final = _PAGES.parents[1] / "editor" / "src"
_STATIC: Final = _PAGES.parent / "web" / "static"
_OPTIONS: Final = {"**.html": {"trimmed": "true"}, "**.js": {"parse_template_string": "true"}}
# What has a translation in the catalogue, not in the graph.
_TEXTS: Final = {
    named(name)
    for name in ("sh:message", "skos:definition", "skos:example", "skos:scopeNote", "zgc:editorialNote")
}
# For each catalogue the folder of its messages, with their methods, and the ending of its compiled form.
DOMAINS: Final = {
    languages.DOMAIN: (_PAGES, [("**.py", "python"), ("**.html", "jinja2")], "mo"),
    languages.SCRIPT_DOMAIN: (_SCRIPT, [("**.js", "javascript")], "json"),
    languages.MAP_DOMAIN: (_STATIC, [("map.js", "javascript")], "json"),
}


def extracted(domain: str = languages.DOMAIN) -> Catalog:
    """Return the messages of the pages and the shapes, or of the script of the editor, untranslated."""
    folder, methods, _ = DOMAINS[domain]
    found = Catalog(charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(
        folder, method_map=methods, options_map=_OPTIONS
    ):
        found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    if domain == languages.DOMAIN:
        for message in (
            *_texts_of_graph(),
            *_titles_of_queries(),
            *_titles_of_documents(),
            *_reasons_of_rules(),
        ):
            found.add(message)
    return found


def path_of(tag: str, ending: str, domain: str = languages.DOMAIN) -> Path:
    """Return the path of a catalogue: `po` for people, `mo` for gettext, `json` for the script."""
    return languages.LOCALE / tag / "LC_MESSAGES" / f"{domain}.{ending}"


def _texts_of_graph() -> list[str]:
    """Return the messages of the shapes, with their variables, and what the ontology says of its terms."""
    core = resources.ontology_dir() / "core.ttl"
    paths = [core, core.with_name("vocabulary.ttl"), *resources.shapes_dir().glob("*.ttl")]
    texts = {
        quad.object.value
        for path in paths
        for quad in ox.parse(path=path)
        if quad.predicate in _TEXTS and isinstance(quad.object, ox.Literal) and quad.object.language == "en"
    }
    titles = {section.title for section in outline(read_text(core)) if section.title}
    return sorted(texts | titles)


def _titles_of_queries() -> list[str]:
    """Return the titles of the queries that pages show."""
    files = [*_PAGES.glob("**/queries/*.rq"), *_PAGES.parent.glob("dataset/lists/gaps-*.rq")]
    return sorted({read_text(path).partition("\n")[0].removeprefix("# ") for path in files})


def _titles_of_documents() -> list[str]:
    """Return the titles of the documents that `/docs` lists."""
    documents = resources.documents().items()
    return [title_of(read_text(path)) for name, path in documents if name.partition("/")[2] in {"", "README"}]


def _reasons_of_rules() -> list[str]:
    """Return what the rules say of themselves."""
    return [rule_text(rule.query) for rule in load_rules()]


def catalogue(tag: str, domain: str = languages.DOMAIN) -> Catalog:
    """Return the translations into a language."""
    with path_of(tag, "po", domain).open("rb") as file:
        return read_po(file, locale=tag, domain=domain)


def compiled(found: Catalog, domain: str = languages.DOMAIN) -> bytes:
    """Return a catalogue in the form that gettext reads, or the script of the editor."""
    if DOMAINS[domain][2] == "json":
        return _as_json(found)
    file = io.BytesIO()
    write_mo(file, found)
    return file.getvalue()


def _as_json(found: Catalog) -> bytes:
    """Return the translation of each message, by its singular; Chinese has one form for all numbers."""
    if found.num_plurals != 1:
        raise ValueError(f"The script of the editor reads one plural form, and {found.locale} has more.")
    pairs = [(message.id, message.string) for message in found if message.id and message.string]
    flat = {
        (key if isinstance(key, str) else key[0]): (text if isinstance(text, str) else text[0])
        for key, text in pairs
    }
    return (json.dumps(flat, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode()


def _update(tag: str, domain: str) -> None:
    found = catalogue(tag, domain)
    # The same messages give the same bytes.
    created = found.creation_date
    found.update(extracted(domain), no_fuzzy_matching=True)
    found.creation_date = created
    found.obsolete.clear()
    with path_of(tag, "po", domain).open("wb") as file:
        write_po(file, found, width=110, omit_header=False, no_location=True, sort_output=True)
    path_of(tag, DOMAINS[domain][2], domain).write_bytes(compiled(found, domain))


if __name__ == "__main__":
    for each in TRANSLATIONS:
        for name in DOMAINS:
            _update(each, name)
