"""The page of promises: each is held by tests that exist."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PAGE = (TESTS.parent / "docs" / "promises.md").read_text(encoding="utf-8")
PROMISES = [line for line in PAGE.splitlines() if line.startswith("| **")]


@cache
def names_in(path: Path) -> set[str]:
    """Return the names of the tests in a file, those of a class behind its name."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {
            prefix + test.name
            for test in inside
            if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test_")
        }
    return found


def test_each_promise_stands_once() -> None:
    """No merge of two versions of the page has left a promise twice."""
    named = Counter(line.split("**")[1] for line in PROMISES)

    assert [promise for promise, number in named.items() if number > 1] == []


def test_each_promise_names_its_tests() -> None:
    """No promise stands without a test."""
    assert PROMISES
    assert [line for line in PROMISES if not re.search(r"`[\w/]+\.py::[\w:]+`", line)] == []


def test_named_tests_exist() -> None:
    """Each test that the page names is one of ours."""
    named = re.findall(r"`([\w/]+\.py)::([\w:]+)`", PAGE)

    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (TESTS / file).is_file() or test not in names_in(TESTS / file)
    ]
    assert missing == []
