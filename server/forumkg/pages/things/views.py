"""The page of a thing: the sections of its kind, and all facts."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from forumkg.namespaces import SHAPES
from forumkg.pages.class_views import View, page_of
from forumkg.pages.languages import N_, gettext, root_of_site, translate
from forumkg.pages.names import short_name
from forumkg.pages.page_queries import PageQuery
from forumkg.pages.paging import current_lists
from forumkg.pages.rendering import page
from forumkg.pages.statements import Statement, statements_together
from forumkg.pages.things.kinds import KINDS, STATEMENT_KIND, Kind
from forumkg.pages.things.linked_data import statement_json_ld, thing_json_ld
from forumkg.pages.things.neighbourhood import choose_neighbours
from forumkg.pages.things.radial_layout import Drawing, lay_out
from forumkg.pages.things.sections import StatementSection
from forumkg.pages.things.statement import read_statement_page
from forumkg.pages.things.statement_listing import ListedSource, Narrowing
from forumkg.pages.things.thing import Thing, read_thing
from forumkg.pages.translated_text import TranslatedText, plain, tag_of, width_in_letters
from forumkg.pages.worker_graph import current_graph
from forumkg.rdf.terms import named
from forumkg.sparql.identifiers import DOCUMENTS, path_of

__all__ = ["blueprint", "show_thing", "thing_page"]

_ANY: Final = Kind(N_("Thing"))
_WEB: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]{1,500}")
_LANGUAGES: Final = {"zh": N_("Chinese"), "en": N_("English")}
# No drawing for fewer neighbours.
_FEW_NEIGHBOURS: Final = 3
_BREAKS: Final = re.compile(r"(?<=:)|(?<=[a-z])(?=[A-Z])")
_N_TRIPLES: Final = DOCUMENTS[1]


blueprint = Blueprint("things", __name__)


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """Give the templates of an application what the pages of things use."""
    app = state.app
    app.jinja_env.globals.update(because=_because, rest_query=_rest_query)
    app.jinja_env.filters.update(
        breakable=_breakable,
        language_name=_language_name,
        statements_together=statements_together,
        width_in_letters=width_in_letters,
    )
    app.jinja_env.tests.update(web_address=lambda text: bool(_WEB.fullmatch(text)))


def _breakable(name: str) -> Markup:
    """Return a prefixed name that may be broken behind its prefix, and before the capitals in it."""
    return Markup("<wbr>").join(_BREAKS.split(name))


def _language_name(code: str) -> str:
    return translate(_LANGUAGES.get(code, code))


def show_thing(iri: str, class_name: str = "") -> Response:
    """Show a thing: with the sections for its class, a prefixed name, or with its facts alone."""
    kind = KINDS.get(class_name, _ANY)
    shown = read_thing(current_graph(), iri, kind.sections)
    context = {"json_ld": thing_json_ld(shown, class_name), "statement_lists": _statement_lists(iri)}
    return thing_page(shown, kind, context=context)


def _statement_lists(iri: str) -> tuple[tuple[ListedSource, int], ...]:
    """Return the lists of the statements that a thing publishes or makes, and how many each has."""
    lists = current_lists()
    names = {
        Narrowing(source).list_name: source
        for source in (ListedSource(kind, iri) for kind in ("publisher", "speaker"))
    }
    numbers = lists.numbers(names)
    return tuple((source, numbers[name]) for name, source in names.items() if name in numbers)


def thing_page(  # noqa: PLR0913 (what the page of a thing has besides the thing)
    shown: Thing,
    kind: Kind,
    template: str = "things/thing.html",
    *,
    queries: Iterable[PageQuery] = (),
    statement: Statement | None = None,
    context: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """Return the page of a thing, with what its template shows besides."""
    title, description = _head(shown, kind, statement)
    asked = [
        *queries,
        *dict.fromkeys(section.query for section in shown.sections),
        shown.facts.query,
        shown.inbound.query,
    ]
    return page(
        template,
        title=title,
        description=description,
        about=shown.iri,
        queries=asked,
        shown=shown,
        kind=kind,
        drawing=_drawing(shown),
        whole_text=root_of_site() + path_of(shown.iri, _N_TRIPLES),
        **context,
    )


@page_of("zgc:Statement")
def statement(iri: str) -> Response:
    """Show a statement with its evidence, what follows from it, and related statements."""
    found = read_statement_page(current_graph(), iri)
    shown = read_thing(current_graph(), iri, STATEMENT_KIND.sections)
    if found is None:
        return thing_page(shown, STATEMENT_KIND)
    return thing_page(
        shown,
        STATEMENT_KIND,
        "things/statement.html",
        queries=found.queries,
        statement=found.statement,
        context={"details": found, "json_ld": statement_json_ld(found.statement)},
    )


def _drawing(shown: Thing) -> Drawing | None:
    """Return the drawing of what is near a thing; None where that is next to nothing."""
    neighbours = choose_neighbours(shown.facts, shown.inbound)
    return lay_out(shown.name.text, neighbours) if len(neighbours) >= _FEW_NEIGHBOURS else None


def _head(shown: Thing, kind: Kind, statement: Statement | None) -> tuple[str, str]:
    """Return title and description; a statement has that of its article, since several print the same.

    A quantity has those of its statement, since the same number is printed of several things.
    """
    name = TranslatedText(shown.name.text, shown.name.language)
    if statement is not None:
        text = gettext("%(headline)s Paraphrase of %(article)s: its passage, and what others say.")
        return _statement_title(statement), _filled(text, statement)[:300]
    stating = [
        each.statements for each in shown.sections if isinstance(each, StatementSection) and each.statements
    ]
    if kind is KINDS["zgc:Quantity"] and stating:
        statement = stating[0][0]
        text = gettext("%(headline)s The figure %(name)s, in %(article)s.")
        return _statement_title(statement, name), _filled(text, statement, name)[:300]
    meaning = shown.meaning[0].text if shown.meaning else ""
    text = gettext("%(kind)s: what the Zhongguancun Forum graph says about %(name)s, with sources.")
    described = text % {"kind": gettext(kind.name), "name": name}
    return name, f"{meaning} {described}".strip()[:300]


def _statement_title(statement: Statement, name: str = "") -> str:
    """Return the title of a statement: its paraphrase where that is in the language of the page."""
    place = plain(statement.article_name)
    if tag_of(statement.says):
        number = statement.iri.rpartition("/")[2]
        article = (
            short_name(statement.article).rpartition("/")[2] if tag_of(statement.article_name) else place
        )
        place = gettext("statement %(number)s of %(article)s") % {"number": number, "article": article}
        return gettext("%(figure)s, %(statement)s") % {"figure": name, "statement": place} if name else place
    place = f"{name}{gettext('; ')}{place}" if name else place
    headline = statement.shown_headline.removesuffix(".").removesuffix("。")
    return gettext("%(headline)s (%(place)s)") % {"headline": headline, "place": place}


def _filled(text: str, statement: Statement, name: str = "") -> str:
    parts = {"headline": statement.shown_headline, "article": plain(statement.article_name)}
    return text % (parts | ({"name": name} if name else {}))


def _because(name: str, iri: str, other: str) -> tuple[str, str, str]:
    """Return the fact that a prefixed name relates a thing to another; after `^`, the other to the thing."""
    property_ = named(name.removeprefix("^")).value
    return (other, property_, iri) if name.startswith("^") else (iri, property_, other)


def _rest_query(iri: str, property_: str, towards: bool) -> str:
    """Return the query for all values of a property, or for all things that point by it."""
    thing = f"?thing <{property_}> <{iri}>" if towards else f"<{iri}> <{property_}> ?value"
    where = f"GRAPH ?graph {{ {thing} }}" if iri.startswith(SHAPES) else thing
    variable = "?thing" if towards else "?value"
    return f"SELECT DISTINCT {variable}\nWHERE {{ {where} }}\nORDER BY {variable}\n"


def _view(class_name: str) -> View:
    def view(iri: str) -> Response:
        return show_thing(iri, class_name)

    return view


for _class_name in KINDS:
    page_of(_class_name)(_view(_class_name))
