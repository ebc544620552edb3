"""The depth of a JSON document, which is limited while it is read in pieces."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.engine.json_depth import DEEPEST, DepthLimited

TEXTS = st.text(alphabet='{}[]"\\a', max_size=9)
DOCUMENTS = st.recursive(
    TEXTS | st.none(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3)
)


def read(data: bytes, size: int) -> bytes:
    """Read a document in pieces."""
    limited = DepthLimited(BytesIO(data))
    pieces = []
    while piece := limited.read(size):
        pieces.append(piece)
    assert limited._open == b""
    return b"".join(pieces)


@given(DOCUMENTS, st.integers(1, 20), st.integers(0, DEEPEST - 20))
def test_document_passes(document: Any, size: int, depth: int) -> None:  # noqa: ANN401 (any JSON)
    """A document passes as it is, whatever its strings have and wherever it is divided."""
    data = b"[" * depth + json.dumps(document).encode() + b"]" * depth

    assert read(data, size) == data


@pytest.mark.faults
@given(TEXTS, st.integers(1, 5000), st.sampled_from(["[", '{"a":', '[{"[":']))
def test_deep_document(text: str, size: int, opening: str) -> None:
    """A document that is nested too deep is an error, whether or not its brackets are closed in the piece."""
    closing = "".join({"[": "]", "{": "}"}.get(character, "") for character in opening.replace('"["', ""))[
        ::-1
    ]
    opened = json.dumps(text) + "," + opening * 3 * DEEPEST
    for data in (f"[{opened}", f"[{opened}1{closing * 3 * DEEPEST}]"):
        with pytest.raises(ValueError, match="within each other"):
            read(data.encode(), size)
