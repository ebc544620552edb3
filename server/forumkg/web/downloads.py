"""Keep the files for download of the version that is served: made once, when they are first wanted."""

import threading
from typing import Final

from flask import Flask, current_app
from flask.sansio.app import App

from forumkg.model.downloads import MAX_TRIPLES, Download, make_downloads
from forumkg.web.state import served

__all__ = ["downloads", "make_ahead", "prepare"]

_KEY: Final = "forumkg.downloads"


class _Kept:
    """The files, or none yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.files: tuple[Download, ...] | None = None


def prepare(app: App) -> None:
    """Give an application a place for its files."""
    app.extensions[_KEY] = _Kept()


def make_ahead(app: Flask) -> None:
    """Begin to make the files of an application, so that the first who wants them need not wait."""
    # A thread that nobody waits for: the server may end before it does.
    threading.Thread(target=_make, args=(app,), name="downloads", daemon=True).start()


def _make(app: Flask) -> None:
    with app.app_context():
        downloads()


def downloads() -> tuple[Download, ...]:
    """Return the files of the version that is served; none where it is too large to be packed here."""
    kept = current_app.extensions[_KEY]
    with kept.lock:
        if kept.files is None:
            version = served()
            kept.files = make_downloads(version.store) if version.info.triples <= MAX_TRIPLES else ()
        return tuple(kept.files)
