"""The languages of the interface: `/zh/…` is a page in Chinese, any other address a page in English.

The catalogue of a language is compiled from its `.po` file by `make messages`:
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

import gettext as catalogues
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, has_request_context, redirect, request
from werkzeug.test import EnvironBuilder

from forumkg.sparql.identifiers import HTML, split
from forumkg.web.paths import LANGUAGE_PREFIXES, without_language

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = [
    "DEFAULT",
    "DOMAIN",
    "LOCALE",
    "MAP_DOMAIN",
    "N_",
    "SCRIPT_DOMAIN",
    "TRANSLATED",
    "address_in",
    "environ_in",
    "gettext",
    "language",
    "language_attribute",
    "language_of",
    "ngettext",
    "pgettext",
    "root_of_site",
    "script_messages",
    "serve_languages",
    "translate",
]

DEFAULT: Final = "en"
DOMAIN: Final = "forumkg"
SCRIPT_DOMAIN: Final = "editor"
MAP_DOMAIN: Final = "map"
LOCALE: Final = Path(__file__).with_name("locale")
# The endpoints whose pages are whole in each language: links and the switch lead to no others.
TRANSLATED: Final = frozenset(
    {
        "about.about",
        "articles.articles",
        "cite.cite",
        "compare.comparison",
        "compare.overview",
        "contribute.contribute",
        "contribute.report",
        "data.data",
        "disagreements.disagreements",
        "docs.index",
        "edition_comparison.compare",
        "editions.editions",
        "editor.completions",
        "feed.feeds",
        "gaps.gaps",
        "home.home",
        "ids.identify",
        "listings.organizations",
        "listings.people",
        "listings.themes",
        "search.results",
        "map.preview",
        "map.show",
        "map.things",
        "sparql.sparql",
        "statements.statements",
        "timeline.timeline",
        "questions.question",
        "questions.questions",
        "validate.form",
        "validate.validate",
        "wellknown.prefixes_as",
        "why.why",
    }
)
# The endpoint and the ending of the one file that people read; programs read the others.
_WORKBOOK: Final = ("data.figures", "xlsx")
# The variable of the WSGI environment with the language of the address.
_LANGUAGE: Final = "forumkg.language"
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN: Final = re.compile(r"[A-Za-z]")


class _Languages:
    """A WSGI application that moves the language of an address from its path to its environment."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        name, path = without_language(environ.get("PATH_INFO", ""))
        if name:
            environ[_LANGUAGE] = name
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + LANGUAGE_PREFIXES[name]
            environ["PATH_INFO"] = path
        return self._app(environ, start_response)


def environ_in(tag: str) -> "WSGIEnvironment":
    """Return the environment of a request for the first page in a language; of English for an empty tag."""
    found = EnvironBuilder("/", environ_base={_LANGUAGE: tag} if tag else {}).get_environ()
    return found | ({"SCRIPT_NAME": LANGUAGE_PREFIXES[tag]} if tag else {})


def serve_languages(app: Flask) -> None:
    """Let an application answer in all languages; pages without translation redirect to English."""
    app.wsgi_app = _Languages(app.wsgi_app)  # type: ignore[method-assign] # as the documentation of Flask has it
    app.before_request(_to_translated)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]


def _to_translated() -> Response | None:
    if language() == DEFAULT or _is_translated():
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    # A 302 lets a client ask again with GET.
    status = 302 if request.method in {"GET", "HEAD"} else 307
    return redirect(f"{root_of_site()}{request.path}{query}", status)  # type: ignore[return-value]


def _is_translated() -> bool:
    """Whether the address is that of a page that is translated, or of the workbook: other files are not."""
    ending = (request.view_args or {}).get("ending", "html")
    if (request.endpoint, ending) == _WORKBOOK:
        return True
    document = split(request.path.removeprefix("/"))
    is_page = ending == "html" and (document is None or document[1] == HTML)
    # An address that leads to no endpoint has an error page.
    return request.endpoint is None or (request.endpoint in TRANSLATED and is_page)


def language() -> str:
    """Return the language of the page that is asked for, as a tag of BCP 47."""
    return str(request.environ.get(_LANGUAGE, DEFAULT)) if has_request_context() else DEFAULT


def root_of_site() -> str:
    """Return where the site is mounted, without the prefix of a language."""
    return request.script_root.removesuffix(LANGUAGE_PREFIXES.get(language(), ""))


def address_in(name: str) -> str | None:
    """Return the address of this page in another language; None where it has no such page."""
    if not _is_translated():
        return None
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return f"{root_of_site()}{LANGUAGE_PREFIXES.get(name, '')}{request.path}{query}"


def language_attribute(tag: str) -> str:
    """Return the tag that an element needs for a text of a language: none in a page of that language."""
    return "" if tag in {"", language()} else tag


def language_of(text: str) -> str:
    """Return the language of a text without a tag by its letters: Chinese, English, or empty for neither."""
    if _HAN.search(text):
        return "zh"
    return DEFAULT if _LATIN.search(text) else ""


def gettext(message: str) -> str:
    """Return a message in the language of the page."""
    return _catalogue(language()).gettext(message)


def pgettext(context: str, message: str) -> str:
    """Return a message that needs a context to be translated, in the language of the page."""
    return _catalogue(language()).pgettext(context, message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return a message about a number of things in the language of the page."""
    return _catalogue(language()).ngettext(singular, plural, number)


def script_messages(domain: str = SCRIPT_DOMAIN) -> dict[str, str]:
    """Return the translations of the messages of a script; none where the page is in English."""
    return {} if language() == DEFAULT else _script_catalogue(language(), domain)


def translate(word: str) -> str:
    """Return the translation of an English word of the graph or of a page; the empty string for itself."""
    return gettext(word) if word else ""


def N_(message: str) -> str:  # noqa: N802 (the name by which messages are found)
    """Return a message that is translated later, and mark it for the catalogue."""
    return message


# The words of figures that come from the graph, and what the first page counts.
_WORDS: Final = (
    N_("judged wrong"), N_("impossible"),
    N_("headline"), N_("caption"), N_("body"), N_("byline"), N_("dateline"), N_("picture credit"), N_("text"),
    N_("statements"), N_("figures"), N_("passages"), N_("articles"),
    N_("more than"), N_("at least"), N_("nearly"), N_("at most"), N_("about"),
    N_("asserted"), N_("derived"), N_("entailed"),
    N_("broader"), N_("narrower"), N_("comparable"), N_("counts more, with these"),
    N_("counts some of these"),
    N_("countries"), N_("years"), N_("days"), N_("hours"), N_("m²"),
)  # fmt: skip


@cache
def _script_catalogue(name: str, domain: str) -> dict[str, str]:
    path = LOCALE / name / "LC_MESSAGES" / f"{domain}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _catalogue(name: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, LOCALE, [name], fallback=name == DEFAULT)
