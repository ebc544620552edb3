"""Serve the OpenAPI document."""

import json
from typing import Final

from flask import Blueprint, Response, current_app, request

from forumkg.formats import Format
from forumkg.pages.openapi.document import openapi
from forumkg.web.documents import document, open_to_all

__all__ = ["blueprint"]

blueprint = Blueprint("openapi", __name__)
blueprint.after_request(open_to_all)

_JSON: Final = Format("json", "JSON", "application/json", "json")


@blueprint.get("/openapi.json")
def description() -> Response:
    """Return the description of the interface of this application."""
    described = openapi(current_app.url_map, request.script_root or "/")
    return document(f"{json.dumps(described, ensure_ascii=False, indent=1)}\n", _JSON)
