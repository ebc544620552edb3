"""That no test of the suites is forgotten, and that the list of known failures is in order."""

import pyoxigraph as ox
import pytest

from forumkg.errors import QueryError
from forumkg.sparql.evaluation import evaluate
from w3c.dataset import query
from w3c.manifest import LEFT_OUT, SUITES, Case, left_out
from w3c.suite import EVALUATION, NEGATIVE, POSITIVE, ROOT, cases, known

pytestmark = [
    pytest.mark.w3c,
    pytest.mark.skipif(not cases(), reason=f"no test suites in {ROOT}"),
]

RUN = EVALUATION | POSITIVE | NEGATIVE


def test_every_test_has_its_place() -> None:
    """Each test is run, or is left out for a stated reason, and each reason is needed."""
    leaving = [case for case in cases() if left_out(case)]

    assert {case.type for case in cases() if not left_out(case)} == RUN
    assert {key for key in LEFT_OUT for case in leaving if key in {case.type, *case.needs}} == set(LEFT_OUT)


def test_number_of_tests() -> None:
    """As many tests are run, and left out, as the suites have at their commit ad541a5 of August 2026."""

    def numbers(*types: str) -> list[int]:
        return [sum(case.suite == suite and what(case) in types for case in cases()) for suite in SUITES]

    def what(case: Case) -> str:
        return "left out" if left_out(case) else case.type

    assert {
        "evaluation": numbers(*EVALUATION),
        "valid": numbers(*POSITIVE),
        "invalid": numbers(*NEGATIVE),
        "left out": numbers("left out"),
    } == {
        "evaluation": [283, 235, 63],
        "valid": [149, 63, 102],
        "invalid": [50, 48, 81],
        "left out": [0, 279, 23],
    }


def test_known_failures_are_tests() -> None:
    """Each known failure is a test that is run, and names its reason and where more is said."""
    names = {case.name for case in cases() if not left_out(case)}

    assert set(known()) - names == set()
    assert all(failure.reason.endswith(".") for failure in known().values())
    assert all(failure.reference.startswith("https://") for failure in known().values())


def test_federated_queries_are_refused() -> None:
    """Each federated query of the suites is refused before it is evaluated."""
    for case in cases():
        if "SERVICE" in case.needs:
            with pytest.raises(QueryError, match="SERVICE is refused: this endpoint calls no other server"):
                evaluate(ox.Store(), query(ROOT, case))
