"""Find the files for download of the version that is served.

They lie beside its store. A version that has none, made by an earlier release, is packed when they are first
wanted.
"""

import threading
from typing import Final

from flask import current_app
from flask.sansio.app import App

from forumkg.dataset.downloads import DOWNLOADS, MAX_TRIPLES, Download, make_downloads, read_downloads
from forumkg.web.state import served

__all__ = ["downloads", "prepare"]

_KEY: Final = "forumkg.downloads"


class _Kept:
    """The files, or none yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.files: tuple[Download, ...] | None = None


def prepare(app: App) -> None:
    """Give an application a place for its files."""
    app.extensions[_KEY] = _Kept()


def downloads() -> tuple[Download, ...]:
    """Return the files of the version that is served; none where it is too large to be packed."""
    kept: _Kept = current_app.extensions[_KEY]
    with kept.lock:
        if kept.files is None:
            kept.files = _find()
        return kept.files


def _find() -> tuple[Download, ...]:
    version = served()
    if version.info.triples > MAX_TRIPLES:
        return ()
    found = read_downloads(version.path / DOWNLOADS)
    return make_downloads(version.store) if found is None else found
