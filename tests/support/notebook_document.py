"""The notebook of the documentation: its cells in `docs/notebook.md`, and the same as a Jupyter notebook.

https://nbformat.readthedocs.io/en/latest/format_description.html
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["MARKDOWN", "Cell", "cells", "notebook"]

MARKDOWN: Final = Path(__file__).resolve().parents[2] / "docs" / "notebook.md"
_CODE: Final = re.compile(
    r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<printed>.*?)^```\n)?", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: text in Markdown, or code with what it prints."""

    text: str
    is_code: bool = False
    printed: str = ""


def cells(markdown: str) -> tuple[Cell, ...]:
    """Return the cells of a document: its blocks of Python, and the text between them."""
    found: list[Cell] = []
    start = 0
    for match in _CODE.finditer(markdown):
        found += [Cell(markdown[start : match.start()]), Cell(match["code"], True, match["printed"] or "")]
        start = match.end()
    found.append(Cell(markdown[start:]))
    return tuple(cell for cell in found if cell.text.strip())


def notebook() -> str:
    """Return `docs/notebook.md` as a Jupyter notebook."""
    document = {
        "cells": [
            _cell(number, cell) for number, cell in enumerate(cells(MARKDOWN.read_text(encoding="utf-8")), 1)
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _cell(number: int, cell: Cell) -> dict[str, Any]:
    common = {"id": f"cell-{number}", "metadata": {}, "source": _lines(cell.text.strip("\n"))}
    if not cell.is_code:
        return {"cell_type": "markdown", **common}
    output = {"name": "stdout", "output_type": "stream", "text": _lines(cell.printed)}
    outputs = [output] if cell.printed else []
    return {"cell_type": "code", "execution_count": None, "outputs": outputs, **common}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
