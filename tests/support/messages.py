"""Extract the messages of the pages, and compile the catalogues; `make messages` runs it.

https://babel.pocoo.org/en/latest/messages.html
"""

import io
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from forumkg.pages import languages

__all__ = ["TRANSLATIONS", "catalogue", "compiled", "extracted", "path_of"]

TRANSLATIONS: Final = ("zh",)
_PAGES: Final = Path(languages.__file__).parent
_METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS: Final = {"**.html": {"trimmed": "true"}}


def extracted() -> Catalog:
    """Return the messages that the pages have, without translations."""
    found = Catalog(charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(
        _PAGES, method_map=_METHODS, options_map=_OPTIONS
    ):
        found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return found


def path_of(tag: str, ending: str) -> Path:
    """Return the path of a catalogue: `po` for people, `mo` for gettext."""
    return languages.LOCALE / tag / "LC_MESSAGES" / f"{languages.DOMAIN}.{ending}"


def catalogue(tag: str) -> Catalog:
    """Return the translations into a language."""
    with path_of(tag, "po").open("rb") as file:
        return read_po(file, locale=tag, domain=languages.DOMAIN)


def compiled(found: Catalog) -> bytes:
    """Return a catalogue in the form that gettext reads."""
    file = io.BytesIO()
    write_mo(file, found)
    return file.getvalue()


def _update(tag: str) -> None:
    found = catalogue(tag)
    # The same messages give the same bytes.
    created = found.creation_date
    found.update(extracted(), no_fuzzy_matching=True)
    found.creation_date = created
    found.obsolete.clear()
    with path_of(tag, "po").open("wb") as file:
        write_po(file, found, width=110, omit_header=False, no_location=True, sort_output=True)
    path_of(tag, "mo").write_bytes(compiled(found))


if __name__ == "__main__":
    for each in TRANSLATIONS:
        _update(each)
