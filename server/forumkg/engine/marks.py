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
from forumkg.engine.stored import engine_dataset, short
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
    others = {digest: [url for url in urls if url != engine.url] for digest, urls in _read(path).items()}
    known = {digest: urls for digest, urls in others.items() if urls}
    known[info.digest] = sorted({*known.get(info.digest, ()), engine.url})
    replace_file(path, json.dumps(known, indent=2) + "\n")


def require_loaded(directory: Path, engine: Engine, info: VersionInfo) -> None:
    """Require that an engine has the version: it was verified, still says so, and has as many triples.

    Raises:
        StoreError: it has not.
        EngineError: it cannot be reached.
    """
    command = f"forumkg engine load {engine.url} --profile {engine.profile.name} --data {directory}"
    if engine.url not in _read(directory / MARKS).get(info.digest, ()):
        raise StoreError(
            f"{engine.url} was not verified to have version {info.number} of {directory}: run `{command}`."
        )
    held = engine_dataset(engine)
    if held is None or not held.holds(info):
        raise StoreError(
            f"{engine.url} holds {held.describe() if held else 'no such dataset'}, and version {info.number} "
            f"of {directory} is version {short(info.digest)} in {info.triples:,} triples: run `{command}`."
        )
