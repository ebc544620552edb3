"""The findings of `forumkg check` that are not SHACL's: each has a wrong and a right example."""

import ast
import re
from pathlib import Path

import pytest
from finding_examples import EXAMPLES, Example

import forumkg.validation

VALIDATION = Path(forumkg.validation.__file__).parent
NAME = re.compile("[a-z]+(?:-[a-z]+)+")


def name(example: Example) -> str:
    """Return the name of an example in the list of tests."""
    return f"{example.check}: {example.text}"


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_wrong_example_has_its_finding(example: Example) -> None:
    """The wrong side has the finding of the example, and no violation beside it."""
    findings = example.findings("wrong")
    found = [(f.rule, f.severity) for f in findings if f.rule == example.check]

    assert found == [(example.check, example.severity)]
    assert [f.rule for f in findings if f.severity == "violation" and f.rule != example.check] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_right_example_has_no_finding(example: Example) -> None:
    """The right side has none."""
    assert example.findings("right") == []


def test_every_check_of_evidence_has_an_example() -> None:
    """Each name of a check in the modules of evidence is that of an example."""
    named = {
        node.value
        for module in ("passages", "evidence", "grounding", "usage")
        for node in ast.walk(ast.parse((VALIDATION / f"{module}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }

    assert named - {"utf-8", "text-missing"} == {e.check for e in EXAMPLES} - {"undeclared-term", "uncovered"}
