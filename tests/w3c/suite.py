"""The tests of the suites as parameters of ours, with the failures that we know of."""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from w3c.manifest import Case, left_out, read

__all__ = [
    "EVALUATION",
    "KNOWN",
    "NEGATIVE",
    "POSITIVE",
    "ROOT",
    "DeviationError",
    "Known",
    "cases",
    "known",
    "parameters",
]

EVALUATION: Final = frozenset({"CSVResultFormatTest", "QueryEvaluationTest"})
POSITIVE: Final = frozenset({"PositiveSyntaxTest", "PositiveSyntaxTest11"})
NEGATIVE: Final = frozenset({"NegativeSyntaxTest", "NegativeSyntaxTest11"})

ROOT: Final = (
    Path(os.environ.get("FORUMKG_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    / "w3c/rdf-tests/sparql"
)
KNOWN: Final = Path(__file__).with_name("known-failures.toml")


class DeviationError(AssertionError):
    """The engine does not do what a test of the W3C expects."""


@dataclass(frozen=True, slots=True)
class Known:
    """Why a test fails, where more is said, and whether it passes when numbers are compared by value."""

    reason: str
    reference: str
    by_value: bool


@cache
def cases() -> tuple[Case, ...]:
    """Return all tests of all suites; none where the suites are not there."""
    return tuple(read(ROOT)) if ROOT.is_dir() else ()


@cache
def known() -> dict[str, Known]:
    """Return the known failures by the name of the test.

    Raises:
        ValueError: a test is listed twice.
    """
    failures: dict[str, Known] = {}
    for group in tomllib.loads(KNOWN.read_text(encoding="utf-8"))["failure"]:
        for name in group["tests"]:
            if name in failures:
                raise ValueError(f"{KNOWN.name} lists {name} twice")
            failures[name] = Known(group["reason"], group["reference"], group.get("by_value", False))
    return failures


def parameters(types: frozenset[str]) -> list[object]:
    """Return the tests of some types that are run, each marked as a failure where it is known to be one."""
    if not cases():
        reason = f"no test suites in {ROOT}: set FORUMKG_SHARED to the folder that has w3c/rdf-tests"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [
        pytest.param(case, id=case.name, marks=[*_marks(known().get(case.name))])
        for case in cases()
        if case.type in types and not left_out(case)
    ]


def _marks(failure: Known | None) -> Iterator[pytest.MarkDecorator]:
    if failure and not failure.by_value:
        yield pytest.mark.xfail(reason=failure.reason, strict=True, raises=DeviationError)
