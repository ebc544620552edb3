"""The text of a worksheet: what is written is read back, and what cannot be read is reported by line."""

from dataclasses import replace
from decimal import Decimal

import pytest
import worksheets
from hypothesis import given
from hypothesis import strategies as st

from forumkg.mapping.figures import Bounds, bounds_of, figure_of, read_figure, write_figure
from forumkg.mapping.parser import parse_worksheet
from forumkg.mapping.worksheet import (
    OPERATORS,
    Worksheet,
    WorksheetFigure,
    WorksheetPassage,
    WorksheetStatement,
)
from forumkg.mapping.writer import number_statements, write_worksheet


@given(worksheets.WORKSHEETS)
def test_parse_reads_back_what_is_written(worksheet: Worksheet) -> None:
    """Any worksheet survives writing and reading; labels of passages and numbers are tested below."""
    assert parse_worksheet(write_worksheet(worksheet)) == (worksheet, ())


@given(st.lists(worksheets.STATEMENTS, min_size=1, max_size=3), worksheets.LABELS)
def test_parse_reads_back_numbers_and_labels(statements: list[WorksheetStatement], label: str) -> None:
    """Numbers of statements and labels of passages are kept."""
    numbered = tuple(replace(one, number=number) for number, one in enumerate(statements))
    passage = WorksheetPassage("words", label=label, statements=numbered)
    worksheet = Worksheet(passages=(passage,))

    assert parse_worksheet(write_worksheet(worksheet)) == (worksheet, ())


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_parse_of_any_text_reports_and_never_fails(text: str) -> None:
    """Every text gives a worksheet and problems with lines of the text."""
    _, problems = parse_worksheet(text)

    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)


@given(worksheets.FIGURES)
def test_figure_token_keeps_bounds(figure: WorksheetFigure) -> None:
    """The token of a figure has its bounds, so its number has as many digits."""
    read = read_figure(write_figure(figure))

    assert read == figure
    assert read is not None
    assert bounds_of(read) == bounds_of(figure)


@given(worksheets.FIGURES)
def test_figure_of_bounds_has_these_bounds(figure: WorksheetFigure) -> None:
    """A quantity's number and bounds give a figure that means the same."""
    bounds = bounds_of(figure)
    made = figure_of(
        figure.indicator, OPERATORS[figure.operator], figure.number, figure.unit, bounds, figure.as_of
    )

    assert bounds_of(made) == bounds
    assert (made.number, made.operator, made.unit) == (figure.number, figure.operator, figure.unit)


@pytest.mark.parametrize(
    ("token", "bounds"),
    [
        ("activities=128", Bounds(Decimal(128), False, Decimal(128), False)),
        ("activities>30", Bounds(Decimal(30), True, None, False)),
        ("activities<120", Bounds(None, False, Decimal(120), True)),
        ("activities>=30", Bounds(Decimal(30), False, None, False)),
        ("activities<=30", Bounds(None, False, Decimal(30), False)),
        ("activities>20,<30", Bounds(Decimal(20), True, Decimal(30), True)),
        ("fund-size~1.55e9USD", Bounds(Decimal(1545000000), False, Decimal(1555000000), True)),
        ("fund-size=100亿CNY", Bounds(Decimal(10**10), False, Decimal(10**10), False)),
        ("participants>1.5万", Bounds(Decimal(15000), True, None, False)),
        ("participants>1,000", Bounds(Decimal(1000), True, None, False)),
    ],
)
def test_figure_operator_gives_bounds(token: str, bounds: Bounds) -> None:
    """Each operator gives the bounds that the vocabulary says."""
    figure = read_figure(token)

    assert figure is not None
    assert bounds_of(figure) == bounds


PROBLEMS = [
    ("publsher organization:x", "A line cannot begin with 'publsher'; do you mean publisher?"),
    ("label", "`label` has no value."),
    ("  * planned x=1 : Text.", "A statement stands before the first passage."),
    ("[body words", "The head of the passage is not closed."),
    ("[body]", "The passage has no words."),
    ("[body theme=theme:x] words", "A passage's head has what belongs to a statement."),
    ("[body] w\n  * plannd : Text.", "The statement begins with 'plannd'; do you mean planned?"),
    ("[body] w\n  * planned activities=1", "The statement has no stance or no paraphrase."),
    ("[body] w\n  * planned them=x : T.", "'them=x' is neither a figure nor a known key; do you mean theme?"),
    ("[body] w\n  * planned big : Text.", "'big' is not a part of a statement."),
    (
        '[body] w\n  * planned w="open : Text.',
        "A quotation mark is not closed, or text follows it: 'w=\"open : Text.'.",
    ),
    ("[body] w\n  * planned rank=good : T.", "There is no rank 'good'."),
    ("[body] w\n  * planned theme=theme/x : T.", "'theme:theme/x' is not a name."),
    ("[body] w\n  + planned : T.", "'+ planned : T.' is not a statement."),
    ("  # note", "A note stands below no statement and no role."),
    ("[body] w\n  * planned : T.\n  #", "The note is empty."),
    ("[body] w\n  * planned : T.\n  # @zh", "The note is empty."),
    (
        "[body] w\n  * planned : T.\n  : 无标签",
        "The translation of a paraphrase does not end with its language.",
    ),
    ("[body] w\n  : 无陈述@zh", "A translation stands below no statement, or is the second one."),
    (
        "[body] w\n  * planned : T.\n  : 一@zh\n  : 二@zh",
        "A translation stands below no statement, or is the second one.",
    ),
    ("role li-meng person:li-meng", "The role is not complete."),
    ("new", "`new` names nothing."),
    ('new topic:x "X"@en color=red', "'color=red' says nothing about a thing."),
    ("[body #a] w\n[body #a] w", "The label #a is given twice."),
    ("[body] w\n  *1 planned : T.\n  -1 planned : T.", "The number 1 is given twice."),
    ("[body] w\x07", "The line has the control character U+0007."),
]


@pytest.mark.parametrize(("text", "message"), PROBLEMS)
def test_parse_reports_line_and_what_to_write(text: str, message: str) -> None:
    """What cannot be read is reported on its line, with what is wrong and what to write."""
    _, problems = parse_worksheet(text)

    assert [(problem.line, problem.message) for problem in problems] == [(text.count("\n") + 1, message)]
    assert all(problem.advice.endswith((".", ")", "`")) for problem in problems)


def test_parse_goes_on_after_a_problem() -> None:
    """One run shows all problems, and keeps what can be read."""
    worksheet, problems = parse_worksheet("x\n[body] w\ny\n  * planned : A text.\n")

    assert [problem.line for problem in problems] == [1, 3]
    assert [one.paraphrase for one in worksheet.statements] == ["A text."]


def test_comments_blank_lines_and_line_ends_mean_nothing() -> None:
    """A worksheet may have comments, blank lines, a byte order mark and line ends of Windows."""
    plain = "article a-1\n[body] some words\n  * planned : A text.\n"

    assert parse_worksheet("\ufeff// why\r\n\r\n" + plain.replace("\n", "\r\n")) == parse_worksheet(plain)


def test_number_statements_changes_only_the_marks() -> None:
    """Numbers are written after the marks of their lines; comments and spaces stay."""
    text = "// 1\n[body] w\n  *  planned : * planned\n  - ongoing : B.\n"

    numbered = number_statements(text, {3: 7, 4: 8})

    assert numbered == "// 1\n[body] w\n  *7  planned : * planned\n  -8 ongoing : B.\n"
