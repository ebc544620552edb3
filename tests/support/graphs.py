"""The two graphs that tests know: the frozen copy of five articles, and the one that is shipped and grows.

Tests run on the frozen copy, whose answers were checked by hand, so that a new article changes none of them.
The shipped graph has invariants (tests/graph/test_shipped_graph.py) and answers that `make answers` records.
"""

from pathlib import Path
from typing import Final

__all__ = ["FIVE", "SHIPPED"]

_TESTS: Final = Path(__file__).resolve().parents[1]
FIVE: Final = _TESTS / "data" / "five"
# The folder with ontology/, graph/ and shapes/.
SHIPPED: Final = _TESTS.parent
