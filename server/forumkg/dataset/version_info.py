"""The inputs of a version of the dataset, and the content of its `version.json`."""

import json
import operator
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from forumkg.dataset.files import LAYOUT, SourceFile

__all__ = [
    "SOURCE",
    "STORE",
    "VERSION_FILE",
    "Before",
    "Inputs",
    "VersionInfo",
    "read_info",
    "unreadable_layout",
]

# Names in the folder of a version.
VERSION_FILE: Final = "version.json"
STORE: Final = "store"
SOURCE: Final = "source"

# Responses have both in their headers.
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{1,40}")


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """The content of `version.json`.

    Attributes:
        number: counts up from 1.
        digest: of its inputs.
        parent: the number of the previous version, if there was one.
        time: when it was built, in UTC (ISO 8601).
        author: who built it.
        message: why it was built.
        triples: the number of triples of its default graph.
        basis: digest of its inputs but the Turtle files; empty in versions of forumkg that had none.
        layout: of its files, `LAYOUT` of the forumkg that wrote them.
    """

    number: int
    digest: str
    parent: int | None
    time: str
    author: str
    message: str
    triples: int
    basis: str = ""
    layout: int = 0

    @property
    def label(self) -> str:
        """The number and the digest, as each response has them."""
        return f"{self.number}; {self.digest}"


def unreadable_layout(info: VersionInfo) -> str:
    """Return why the files of a version cannot be served; empty where they can."""
    if info.layout == LAYOUT:
        return ""
    return (
        f"has layout {info.layout}, and this forumkg reads layout {LAYOUT}: build it anew with this one, "
        f"or serve it with the one that wrote it ({info.author})."
    )


def read_info(data: bytes) -> VersionInfo:
    """Read a `version.json`.

    Raises:
        ValueError: it is not one.
    """
    try:
        info = VersionInfo(**json.loads(data))
        info = replace(info, number=operator.index(info.number), triples=operator.index(info.triples))
        is_sound = info.number > 0 and info.triples >= 0 and _DIGEST.fullmatch(info.digest)
        if not (is_sound and _TIME.fullmatch(info.time)):
            raise ValueError("not the description of a version")
    except (TypeError, RecursionError) as error:
        raise ValueError("not the description of a version") from error
    return info


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build reads, and the data directory that it is for.

    Attributes:
        directory: the data directory.
        files: the Turtle files.
        digest: of all that the version depends on.
        basis: of what it depends on but the Turtle files.
        ontology_dir: the folder of `rules/` and `questions/`, if not that of the package.
    """

    directory: Path
    files: tuple[SourceFile, ...]
    digest: str
    basis: str
    ontology_dir: Path | None


@dataclass(frozen=True, slots=True)
class Before:
    """The previous version.

    Attributes:
        path: its folder.
        triples: the number of triples of its default graph.
    """

    path: Path
    triples: int
