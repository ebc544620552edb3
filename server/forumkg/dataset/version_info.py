"""What a version of the dataset says of itself: the content of its `version.json`."""

import json
import operator
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["SOURCE", "STORE", "VERSION_FILE", "VersionInfo", "read_info"]

# Names in the folder of a version.
VERSION_FILE: Final = "version.json"
STORE: Final = "store"
SOURCE: Final = "source"


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """The content of `version.json`.

    Attributes:
        number: counts up from 1.
        digest: of its inputs.
        parent: the number of the version before it, if there was one.
        time: when it was built, in UTC (ISO 8601).
        author: who built it.
        message: why it was built.
        triples: the number of triples of its default graph.
    """

    number: int
    digest: str
    parent: int | None
    time: str
    author: str
    message: str
    triples: int

    @property
    def label(self) -> str:
        """The number and the digest, as each response has them."""
        return f"{self.number}; {self.digest}"


def read_info(data: bytes) -> VersionInfo:
    """Read a `version.json`.

    Raises:
        ValueError: it is not one.
    """
    try:
        info = VersionInfo(**json.loads(data))
        return replace(info, number=operator.index(info.number), triples=operator.index(info.triples))
    except TypeError as error:
        raise ValueError("not the description of a version") from error
