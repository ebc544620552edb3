"""The syntax tests of the W3C: which queries are taken, and which are refused."""

import pyoxigraph as ox
import pytest

from forumkg.errors import QueryError
from forumkg.sparql.evaluation import evaluate
from w3c.dataset import query
from w3c.manifest import Case
from w3c.suite import NEGATIVE, POSITIVE, ROOT, DeviationError, parameters

pytestmark = pytest.mark.w3c


@pytest.mark.parametrize("case", parameters(POSITIVE))
def test_valid_query(case: Case) -> None:
    """A query that follows the grammar is no syntax error."""
    error = _syntax_error(case)
    if error:
        raise DeviationError(f"{case.query.name} is refused: {error}")


@pytest.mark.parametrize("case", parameters(NEGATIVE))
def test_invalid_query(case: Case) -> None:
    """A query that breaks the grammar is refused."""
    if not _syntax_error(case):
        raise DeviationError(f"{case.query.name} is taken")


def _syntax_error(case: Case) -> QueryError | None:
    """Return the error of a query that cannot be parsed; a function that we do not have is no such error."""
    try:
        evaluate(ox.Store(), query(ROOT, case))
    except QueryError as error:
        return None if isinstance(error.__cause__, RuntimeError) else error
    return None
