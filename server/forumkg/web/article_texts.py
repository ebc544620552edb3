"""Show the texts of articles to the reader who has them, and to no other.

They are not ours to publish: a server has texts only while it listens on its own machine alone. Pages of
other sites, which the reader's browser may show at the same time, must not read them either.
"""

from collections.abc import Iterable
from typing import Final

from flask import Flask, Response, current_app

from forumkg.texts.reading import Text
from forumkg.web.headers import CORS

__all__ = ["keep_texts", "text_of"]

_KEY: Final = "forumkg-texts"


def keep_texts(app: Flask, texts: Iterable[Text]) -> None:
    """Let an application show texts; its pages are then closed to other origins.

    Called before the headers that every response has are registered, as functions for responses run from the
    last to the first.
    """
    app.extensions[_KEY] = {text.sha256: text for text in texts}
    if app.extensions[_KEY]:
        app.after_request(_close)


def text_of(digest: str) -> Text | None:
    """Return the text with a digest, where the application of this request has it."""
    found = current_app.extensions[_KEY].get(digest)
    return found if isinstance(found, Text) else None


def _close(response: Response) -> Response:
    if response.mimetype == "text/html":
        for name in CORS:
            response.headers.pop(name, None)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
