"""Static files at addresses that change with their content, so that browsers may keep them forever.

https://www.rfc-editor.org/rfc/rfc8246
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Response, request

__all__ = ["keep_forever", "static_url"]

_FOLDER: Final = Path(__file__).with_name("static")
_YEAR: Final = 365 * 24 * 60 * 60


def static_url(name: str) -> str:
    """Return the path of a static file, with the digest of its content."""
    return f"{request.script_root}/static/{name}?v={_digest(name)}"


def keep_forever(response: Response) -> Response:
    """Let browsers keep a static file whose address names the content that it has."""
    if request.endpoint == "static" and request.view_args and response.status_code in {200, 304}:
        response.cache_control.no_cache = None
        if request.args.get("v") == _digest(request.view_args["filename"]):
            response.cache_control.public = True
            response.cache_control.max_age = _YEAR
            response.cache_control.immutable = True
        else:
            response.cache_control.no_cache = True
    return response


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:12]
