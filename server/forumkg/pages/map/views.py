"""The page that maps an article text in the browser, the things of its lists, and the preview of a worksheet.

The text stays in the browser: what comes here are offsets, digests, paraphrases, and names as they are typed.
"""

import json
import threading
from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, request

from forumkg.dataset.search_index import SEARCH_INDEX, SearchIndex
from forumkg.errors import BadRequest, UnsupportedMediaType
from forumkg.formats import WORKSHEET, Format
from forumkg.mapping.worksheet import FACT_KEYS, OPERATORS, STANCES
from forumkg.pages.languages import DEFAULT, MAP_DOMAIN, N_, gettext, language, script_messages
from forumkg.pages.map.things import AGENTS, KINDS, SUBJECTS, find_things
from forumkg.pages.page_queries import page_query
from forumkg.pages.rendering import page
from forumkg.pages.translated_text import plain, tag_of
from forumkg.pages.worker_graph import current_graph
from forumkg.validation.document import Document
from forumkg.web.documents import document
from forumkg.web.paths import MAP_PATH
from forumkg.web.rate_limits import current_client
from forumkg.web.state import served, validation_service
from forumkg.web.wsgi_bridge import GONE

__all__ = ["blueprint"]

_DESCRIPTION: Final = N_(
    "Map an article about the Zhongguancun Forum in the browser: mark passages, write statements, see what "
    "they contradict. The text stays on your machine."
)
_THINGS_PATH: Final = f"{MAP_PATH}/things.json"
_JSON: Final = Format("json", "JSON", "application/json", "json")
# What is typed in a field, in characters: longer names do not occur.
_LONGEST: Final = 100
_SCHEMES: Final = ("source-part", "omission-reason", "language-quality")

# What a statement states, by the key of the worksheet.
_KEYS: Final = {
    "theme": N_("a theme"),
    "topic": N_("a topic"),
    "period": N_("a period"),
    "founded": N_("when it was founded"),
    "place": N_("a place"),
    "location": N_("where a place lies"),
    "outcome": N_("an outcome"),
    "host": N_("a host"),
    "cohost": N_("a co-host"),
    "organizer": N_("an organizer"),
    "attendee": N_("an attendee"),
    "invitee": N_("an invited guest"),
    "speaker": N_("a speaker"),
    "exhibitor": N_("an exhibitor"),
    "supporter": N_("a supporter"),
    "participant": N_("another participant"),
}

blueprint = Blueprint("map", __name__)


@blueprint.get(MAP_PATH)
def show() -> Response:
    """Show the page, with the codes of the graph; things are listed as their names are typed."""
    query = page_query("map/codes")
    rows = current_graph().select(query.text)
    names = {row.text("name"): row.text("label") for row in rows}
    codes = {
        scheme: [row.text("name") for row in rows if row.text("scheme") == scheme] for scheme in _SCHEMES
    }
    return page(
        "map/map.html",
        title=gettext("Map an article"),
        description=gettext(_DESCRIPTION),
        queries=[query],
        codes=codes,
        code_names={name: _name(name, label) for name, label in names.items()},
        messages=script_messages(MAP_DOMAIN),
        stances=STANCES,
        operators=list(OPERATORS.items()),
        key_names={key: gettext(_KEYS.get(key, key)) for key in FACT_KEYS},
        kinds={
            "organizations": ["organization"],
            "subjects": SUBJECTS,
            "speakers": AGENTS,
            "values": {
                "figure": ["indicator"],
                **{key: [fact.prefix] if fact.prefix else AGENTS for key, fact in FACT_KEYS.items()},
            },
        },
        longest=_LONGEST,
        preview=request.script_root + MAP_PATH,
        things=request.script_root + _THINGS_PATH,
    )


@blueprint.get(_THINGS_PATH)
def things() -> Response:
    """List the things that what was typed in a field may mean."""
    typed = " ".join(request.args.get("q", "").split())
    if len(typed) > _LONGEST:
        raise BadRequest(f"q has {len(typed):,} characters: send at most {_LONGEST}.")
    kinds = tuple(dict.fromkeys(request.args.getlist("kind"))) or KINDS
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise BadRequest(f"Unknown kind {unknown[0]!r}: send one of {', '.join(KINDS)}.")
    found = find_things(current_graph(), SearchIndex(served().path / SEARCH_INDEX), typed, kinds)
    return document(json.dumps([asdict(each) for each in found], ensure_ascii=False) + "\n", _JSON)


def _name(code: str, label: str) -> str:
    """Return what a choice is called: the word of the worksheet, or its name in the language of the page."""
    return code if language() == DEFAULT or tag_of(label) else plain(label)


@blueprint.post(MAP_PATH)
def preview() -> Response:
    """Preview the worksheet in the request."""
    media_type = (request.content_type or "").partition(";")[0].strip().casefold()
    if media_type != WORKSHEET.media_type:
        raise UnsupportedMediaType(
            f"Unsupported Content-Type {media_type!r}: send the worksheet as {WORKSHEET.media_type}."
        )
    try:
        worksheet = request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The worksheet is not UTF-8 (byte {error.start}): send it in UTF-8.") from error
    if not worksheet.strip():
        raise BadRequest("The worksheet is empty: send lines about the article, passages and statements.")
    gone = request.environ.get(GONE) or threading.Event()
    document = Document(worksheet, WORKSHEET, "worksheet.map")
    found = validation_service().preview(document, current_client(), gone.is_set)
    body = json.dumps(found, ensure_ascii=False) + "\n"
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
