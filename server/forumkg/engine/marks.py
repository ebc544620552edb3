"""The engines that have a version of a data directory, whole and verified.

A file of the directory names them. `forumkg engine load` writes it last, so that a server never asks an
engine that has only a part.
"""

import json
from pathlib import Path
from typing import Any, Final

from forumkg.dataset.disk import replace_file
from forumkg.dataset.version_info import VersionInfo
from forumkg.engine.connection import Engine
from forumkg.engine.loading import count_triples
from forumkg.errors import StoreError

__all__ = ["MARKS", "mark_loaded", "require_loaded"]

MARKS: Final = "engines.json"


def _read(path: Path) -> dict[str, list[str]]:
    """Return the addresses of engines by the digests of the versions that they have.

    Raises:
        StoreError: the file is damaged.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        return {str(digest): [*map(str, urls)] for digest, urls in document.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError) as error:
        raise StoreError(f"{path} is damaged: delete it, and run `forumkg engine load`.") from error


def mark_loaded(directory: Path, engine: Engine, info: VersionInfo) -> None:
    """Record that an engine has a version, after it was verified.

    Raises:
        OSError: the directory cannot be written.
        StoreError: the file is damaged.
    """
    path = directory / MARKS
    known = _read(path)
    known[info.digest] = sorted({*known.get(info.digest, ()), engine.url})
    replace_file(path, json.dumps(known, indent=2) + "\n")


def require_loaded(directory: Path, engine: Engine, info: VersionInfo) -> None:
    """Require that an engine has the version: it was verified, and it still has as many triples.

    Raises:
        StoreError: it has not.
        EngineError: it cannot be reached.
    """
    if engine.url not in _read(directory / MARKS).get(info.digest, ()):
        raise StoreError(
            f"{engine.url} was not verified to have version {info.number} of {directory}: run "
            f"`forumkg engine load {engine.url} --profile {engine.profile.name} --data {directory}`."
        )
    count = count_triples(engine)
    if count != info.triples:
        raise StoreError(
            f"{engine.url} has {count or 0:,} triples, and version {info.number} has {info.triples:,}: load "
            "the version into an empty dataset with `forumkg engine load`."
        )
